"""Search in the reader's order: what was read goes by both words, what was not keeps its place below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.build import build_index
from index.library import Library, open_library
from index.rerank import Passage, PassageScore
from index.reranked_search import READ_CHUNKS, RerankedSearch
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

CASES = {
    f"c{n}": f"# 주차 사업 {n}\n\n주차 로봇 {n}호가 차를 옮긴다. 주차 로봇은 {n}월에 들어왔다." for n in range(1, 9)
}


class FakeReranker:
    """Finds the answer in the passages that hold ``word``."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.read: list[Passage] = []

    def score(self, question: str, passages: Sequence[Passage]) -> list[PassageScore]:
        self.read += passages
        return [
            PassageScore((0.5,) * len(passage.sentences), float(any(self.word in s for s in passage.sentences)), None)
            for passage in passages
        ]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("reranked")
    (folder / "docs").mkdir()
    for name, text in CASES.items():
        (folder / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
    settings = IndexSettings(index_dir=folder / "index")
    build_index([folder / "docs"], settings, embedder=FakeEmbedder())
    opened = open_library(settings, FakeEmbedder())
    yield opened
    opened.close()


def test_the_passage_in_which_the_reader_finds_the_answer_comes_first(library: Library) -> None:
    plainly = library.search("주차 로봇", top_k=8)
    wanted = plainly[READ_CHUNKS - 1].chunk
    reranker = FakeReranker(wanted.text.split("\n")[-1][:8])
    found = RerankedSearch(library, reranker).search("주차 로봇", top_k=8)  # type: ignore[arg-type]
    assert found[0].chunk == wanted
    assert [result.rank for result in found] == list(range(1, 9))
    assert {result.chunk.chunk_id for result in found} == {result.chunk.chunk_id for result in plainly}
    scores = [result.score for result in found]
    assert scores == sorted(scores, reverse=True) and min(scores) >= 0.0 and max(scores) <= 1.0
    assert [r.chunk.chunk_id for r in found[READ_CHUNKS:]] == [r.chunk.chunk_id for r in plainly[READ_CHUNKS:]]


def test_a_short_list_is_chosen_from_all_that_was_read(library: Library) -> None:
    wanted = library.search("주차 로봇", top_k=READ_CHUNKS)[-1].chunk
    reranker = FakeReranker(wanted.text.split("\n")[-1][:8])
    (only,) = RerankedSearch(library, reranker).search("주차 로봇", top_k=1)  # type: ignore[arg-type]
    assert only.chunk == wanted
    assert len(reranker.read) == READ_CHUNKS


def test_nothing_is_read_where_nothing_is_found(library: Library) -> None:
    reranker = FakeReranker("로봇")
    assert RerankedSearch(library, reranker).search("!!", top_k=3) == []  # type: ignore[arg-type]
    assert reranker.read == []
