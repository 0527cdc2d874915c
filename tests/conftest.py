"""What several folders of tests share: the analyser, the browser, ten small documents and an index over them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from kiwipiepy import Kiwi

from index.build import BuildReport, build_index, embedder_for
from index.embed import Embedder
from index.library import Library, open_library
from index.morphemes import shared_kiwi
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same examples each time, however slow the machine: a failing run can be repeated.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CORPUS = Path(__file__).parent / "data" / "corpus"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kiwi() -> Kiwi:
    return shared_kiwi()


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """Ten documents: records, an award table, a plan, cards, articles, a table, CP949, CRLF."""
    return CORPUS


@pytest.fixture(scope="session")
def real_embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The bundled model; only for tests marked ``model``."""
    return embedder_for(IndexSettings(index_dir=tmp_path_factory.mktemp("unused")))


@pytest.fixture
def fake_embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    """Settings of an index that does not exist yet, small batches."""
    return IndexSettings(index_dir=tmp_path / "index", embedding_batch=4, chroma_url="")


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    return IndexSettings(index_dir=tmp_path_factory.mktemp("small") / "index", chroma_url="")


@pytest.fixture(scope="session")
def small_build(small_settings: IndexSettings) -> BuildReport:
    """The report of building the ten documents with the fake embedder."""
    return build_index([CORPUS], small_settings, embedder=FakeEmbedder())


@pytest.fixture(scope="session")
def small_library(small_settings: IndexSettings, small_build: BuildReport) -> Iterator[Library]:
    """The open index of the ten documents; read only."""
    library = open_library(small_settings, FakeEmbedder())
    yield library
    library.close()
