"""Damage of each part of a version is found and named, and repaired from the documents."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build_index
from index.errors import IndexNotBuiltError, IndexVersionError
from index.lexical import LexicalIndex
from index.settings import IndexSettings
from index.store import open_store
from index.verify import verify
from index.versions import VersionFolder
from tests.fake_embedder import FakeEmbedder


@pytest.fixture
def folder(settings: IndexSettings, corpus_dir: Path) -> Path:
    """A fresh version of the ten documents."""
    return VersionFolder(settings.index_dir).path(build_index([corpus_dir], settings, embedder=FakeEmbedder()).version)


def sql(statement: str) -> Callable[[Path], None]:
    def run(folder: Path) -> None:
        with sqlite3.connect(folder / "catalog.sqlite") as connection:
            connection.execute(statement)

    return run


def lose_vector(folder: Path) -> None:
    store = open_store(folder, folder.name, "")
    store.remove([min(store.chunk_ids())])
    store.close()


def lose_case(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as connection:
        (case_id,) = connection.execute("SELECT MIN(case_id) FROM cases").fetchone()
    LexicalIndex(folder / "lexical").remove([case_id])


def test_a_sound_version_has_no_problems(settings: IndexSettings, folder: Path) -> None:
    found = verify(settings)
    assert found.problems == ()
    assert (found.version, found.documents) == (folder.name, 10)
    assert found.chunks > 10


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lose_vector, "벡터 색인에 없는 청크가 1개"),
        (lose_case, "형태소 색인에 없는 청크가"),
        (sql("UPDATE documents SET text = substr(text, 2) WHERE source LIKE '02%'"), "위치가 맞지 않는 곳이"),
        (sql("UPDATE chunks SET start = start + 1 WHERE rowid = 3"), "위치가 맞지 않는 곳이 1개"),
        (sql("UPDATE sentences SET end = end + 1000000 WHERE ordinal = 0"), "위치가 맞지 않는 곳이"),
        (sql("DELETE FROM chunks WHERE rowid = 1"), "벡터 색인에만 있는 청크가 1개"),
        (sql("DELETE FROM cases WHERE rowid = 1"), "사례가"),
        (sql("DELETE FROM documents WHERE rowid = 1"), "문서가 10건이어야 하는데 9건"),
    ],
)
def test_each_damage_is_found_and_repaired(
    settings: IndexSettings, folder: Path, corpus_dir: Path, damage: Callable[[Path], None], said: str
) -> None:
    damage(folder)
    assert any(said in problem for problem in verify(settings).problems), verify(settings).problems
    report = build_index([corpus_dir], settings, embedder=FakeEmbedder(), anew=True)
    assert report.embedded == 0
    assert verify(settings).problems == ()


def test_a_version_that_does_not_open_is_told(settings: IndexSettings, folder: Path) -> None:
    (folder / "catalog.sqlite").write_bytes(b"damaged" * 100)
    with pytest.raises(IndexVersionError, match="repair"):
        verify(settings)


def test_without_an_index_there_is_nothing_to_verify(settings: IndexSettings) -> None:
    with pytest.raises(IndexNotBuiltError):
        verify(settings)
