"""Before the service starts: what is there to answer from, and whether the index is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.startup import documents_to_serve, is_indexed
from index.build import build_index
from index.errors import DocumentsNotFoundError
from index.readers.sandbox import Sandbox
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder
from tests.index.readers.makers import PRESS_RELEASE, make_docx


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    return IndexSettings(index_dir=tmp_path / "index")


def test_an_office_file_is_read_once_over_many_starts(
    tmp_path: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.docx").write_bytes(make_docx(PRESS_RELEASE))
    read = []
    in_sandbox = Sandbox.read
    monkeypatch.setattr(Sandbox, "read", lambda self, path: read.append(path.name) or in_sandbox(self, path))
    assert not is_indexed(documents_to_serve([docs], settings), settings)
    build_index([docs], settings, embedder=FakeEmbedder())
    assert is_indexed(documents_to_serve([docs], settings), settings)
    assert read == ["a.docx"]
    (docs / "b.txt").write_text("나중에 온 글이다.", encoding="utf-8")
    assert not is_indexed([docs], settings)


def test_folders_without_documents_are_told_before_anything_is_built(tmp_path: Path, settings: IndexSettings) -> None:
    with pytest.raises(DocumentsNotFoundError, match="없습니다"):
        documents_to_serve([tmp_path / "missing"], settings)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DocumentsNotFoundError, match="비어 있습니다"):
        documents_to_serve([tmp_path / "empty"], settings)


def test_the_bundled_documents_are_served_until_there_are_others(tmp_path: Path, settings: IndexSettings) -> None:
    (bundled,) = documents_to_serve([], settings)
    assert list(bundled.rglob("*.md"))
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "own.txt").write_text("기관의 글이다.", encoding="utf-8")
    build_index([docs], settings, embedder=FakeEmbedder())
    assert documents_to_serve([], settings) == []
