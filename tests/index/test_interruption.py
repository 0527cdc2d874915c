"""kill -9 in the middle of a build: the former version goes on answering, and the next build finishes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.build import BuildReport, build_index
from index.library import open_library
from index.settings import IndexSettings
from index.versions import VersionFolder
from tests.fake_embedder import FakeEmbedder

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("INTERRUPTIONS", "5"))
BUILD = """
import os, signal, sys, time
from pathlib import Path
from index import build, versions
from index.morphemes import shared_kiwi
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

docs, index, kill_at = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
if kill_at:
    module = build if hasattr(build, kill_at) else versions.VersionFolder
    setattr(module, kill_at, lambda *arguments, **named: os.kill(os.getpid(), signal.SIGKILL))
embedder = FakeEmbedder()
embedder.before_batch = lambda: time.sleep(0.02)
shared_kiwi()
print("ready", flush=True)
build.build_index([docs], IndexSettings(index_dir=index, embedding_batch=4, chroma_url=""), embedder=embedder)
"""


def start(docs: Path, index: Path, kill_at: str = "") -> subprocess.Popen[str]:
    """A build in a process of its own, loaded and about to begin."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(docs), str(index), kill_at], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed_at(docs: Path, index: Path, step: str) -> None:
    with start(docs, index, step) as process:
        assert process.wait() == -signal.SIGKILL


def write_round(docs: Path, number: int) -> None:
    """A new text and a changed one, long enough for several batches."""
    lines = "\n".join(f"{number}차 점검의 {n}번 항목은 이상이 없었다. " * 8 for n in range(12))
    (docs / f"점검_{number:02}.txt").write_text(lines, encoding="utf-8")
    (docs / "일지.txt").write_text(f"오늘은 {number}차 점검을 하였다.", encoding="utf-8")


def answers(index: Path) -> tuple[str, str]:
    """The version that answers, after its self-test, and what it says the last check was."""
    library = open_library(IndexSettings(index_dir=index, chroma_url=""), FakeEmbedder())
    try:
        library.self_test()
        diary = next(document for document in library.documents() if document.source == "일지.txt")
        assert library.search("주차 로봇")[0].chunk.case_title.startswith("주차 로봇")
        return library.version, diary.text
    finally:
        library.close()


def built(docs: Path, index: Path) -> BuildReport:
    settings = IndexSettings(index_dir=index, embedding_batch=4, chroma_url="")
    return build_index([docs], settings, embedder=FakeEmbedder())


@pytest.fixture
def docs(tmp_path: Path, corpus_dir: Path) -> Path:
    copied = shutil.copytree(corpus_dir, tmp_path / "docs")
    write_round(copied, 0)
    return copied


@pytest.mark.slow
@pytest.mark.timeout(60 + 30 * KILLS)
def test_builds_killed_at_random_moments(docs: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    built(docs, index)
    write_round(docs, 1)
    with start(docs, index) as process:
        started = time.monotonic()
        assert process.wait() == 0
        whole = time.monotonic() - started
    random.seed(20)
    for number in range(2, KILLS + 2):
        version, said = answers(index)
        write_round(docs, number)
        with start(docs, index) as process:
            time.sleep(random.uniform(0, whole))
            process.send_signal(signal.SIGKILL)
            killed = process.wait() == -signal.SIGKILL
        now, says = answers(index)
        if now == version:
            assert killed
            assert says == said
        else:
            assert says == f"오늘은 {number}차 점검을 하였다."
    report = built(docs, index)
    assert answers(index) == (report.version, f"오늘은 {KILLS + 1}차 점검을 하였다.")
    fresh = built(docs, tmp_path / "fresh")
    assert (report.documents, report.cases, report.chunks) == (fresh.documents, fresh.cases, fresh.chunks)
    left = {path.name for path in (index / "versions").iterdir()}
    assert left == set(VersionFolder(index).complete())


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("_add", marks=pytest.mark.slow),
        pytest.param("_probe_terms", marks=pytest.mark.slow),
        pytest.param("publish", marks=pytest.mark.slow),
        "activate",
        pytest.param("prune", marks=pytest.mark.slow),
    ],
)
def test_a_build_killed_at_a_step(docs: Path, tmp_path: Path, moment: str) -> None:
    index = tmp_path / "index"
    first = built(docs, index)
    write_round(docs, 1)
    killed_at(docs, index, moment)
    version, _ = answers(index)
    assert (version == first.version) == (moment != "prune")
    report = built(docs, index)
    missing = report.chunks - first.chunks + report.changed
    assert report.embedded == (missing if moment == "_add" else 0)
    assert answers(index) == (report.version, "오늘은 1차 점검을 하였다.")


def test_a_first_build_that_is_killed_leaves_no_index_and_is_taken_up_again(docs: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    killed_at(docs, index, "publish")
    assert VersionFolder(index).current() is None
    report = built(docs, index)
    assert report.embedded == 0
    answers(index)
