from __future__ import annotations

from math import log
from pathlib import Path

import pytest
import tantivy

from index.errors import IndexWriteError
from index.lexical import BIGRAMS, MORPHEMES, LexicalEntry, LexicalIndex
from index.morphemes import bigrams
from tests.index.builders import chunk

K1, B = 1.2, 0.75
"""As in Lucene and tantivy; Robertson and Zaragoza 2009, doi:10.1561/1500000019."""

TERMS = {
    0: ("주차", "로봇", "주차", "도입"),
    1: ("주차", "요금", "감면"),
    2: ("여권", "수수료", "여권", "민원", "시청", "안내"),
    3: ("로봇", "안내", "로봇"),
}


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    """Chunks 0 and 1 are case a, 2 is b, 3 is c."""
    made = LexicalIndex(tmp_path)
    cases = ("a", "a", "b", "c")
    made.add(LexicalEntry(chunk(n, case_id=cases[n]), terms, ()) for n, terms in TERMS.items())
    return made


def bm25(terms: tuple[str, ...], document: tuple[str, ...], corpus: list[tuple[str, ...]]) -> float:
    average = sum(map(len, corpus)) / len(corpus)
    score = 0.0
    for term in terms:
        n = sum(term in other for other in corpus)
        idf = log(1 + (len(corpus) - n + 0.5) / (n + 0.5))
        tf = document.count(term)
        score += idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * len(document) / average))
    return score


@pytest.mark.parametrize("query", [("주차",), ("로봇", "안내"), ("여권", "수수료", "주차"), ("로봇", "없는말")])
def test_scores_are_bm25_as_written_out(index: LexicalIndex, query: tuple[str, ...]) -> None:
    corpus = list(TERMS.values())
    by_hand = {f"d#{n}": bm25(query, terms, corpus) for n, terms in TERMS.items() if set(query) & set(terms)}
    found = index.search_chunks(MORPHEMES, query, 10)
    assert found == pytest.approx(by_hand, rel=1e-5)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_case_scores_are_bm25_over_all_chunks_of_a_case(index: LexicalIndex) -> None:
    corpus = [(*TERMS[0], *TERMS[1]), TERMS[2], TERMS[3]]
    by_hand = {"a": bm25(("주차", "로봇"), corpus[0], corpus), "c": bm25(("주차", "로봇"), corpus[2], corpus)}
    assert index.search_cases(["주차", "로봇"], 10) == pytest.approx(by_hand, rel=1e-5)


def test_a_word_that_is_asked_twice_counts_once(index: LexicalIndex) -> None:
    assert index.search_chunks(MORPHEMES, ["주차", "주차"], 10) == index.search_chunks(MORPHEMES, ["주차"], 10)


def test_the_joined_name_of_an_agency_finds_the_spaced_one(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    texts = ("개인정보 보호위원회는 상담한다", "개인 사업자의 정보를 보호한다", "위원회를 열었다")
    index.add(LexicalEntry(chunk(n, case_id=str(n)), (), tuple(bigrams(text))) for n, text in enumerate(texts))
    for query in ("개인정보보호위원회", "개인정보 보호위원회", "개인정보보호 위원회"):
        assert next(iter(index.search_chunks(BIGRAMS, bigrams(query), 3))) == "d#0"


@pytest.mark.parametrize("term", ["제15조", "02-555-0101", "d+4", "e5-small", "o'clock", '"따옴"', "a:b", "(괄호)"])
def test_a_term_with_marks_is_one_term(tmp_path: Path, term: str) -> None:
    index = LexicalIndex(tmp_path)
    index.add([LexicalEntry(chunk(0), (term,), ()), LexicalEntry(chunk(1), ("제14조", "15"), ())])
    assert list(index.search_chunks(MORPHEMES, [term], 5)) == ["d#0"]
    assert index.document_frequency(term) == 1


@pytest.mark.parametrize(
    ("allowed", "found"), [(None, {"d#0", "d#3"}), ({"c"}, {"d#3"}), ({"b"}, set()), (set(), set()), ({"없음"}, set())]
)
def test_only_allowed_cases_are_found_with_unchanged_scores(
    index: LexicalIndex, allowed: set[str] | None, found: set[str]
) -> None:
    everything = index.search_chunks(MORPHEMES, ["로봇"], 10)
    narrowed = index.search_chunks(MORPHEMES, ["로봇"], 10, allowed)
    assert set(narrowed) == found
    assert narrowed == pytest.approx({key: everything[key] for key in found})
    assert set(index.search_cases(["로봇"], 10, {"c"})) == {"c"}


def test_top_k_is_kept(index: LexicalIndex) -> None:
    assert len(index.search_chunks(MORPHEMES, ["주차", "로봇", "안내"], 2)) == 2


def test_nothing_asked_nothing_found(index: LexicalIndex) -> None:
    assert index.search_chunks(MORPHEMES, [], 10) == {}
    assert index.search_chunks(MORPHEMES, ["없는말"], 10) == {}


def test_removed_cases_are_gone_from_both_levels(index: LexicalIndex) -> None:
    index.remove(["a"])
    assert index.size == 2
    assert index.search_chunks(MORPHEMES, ["주차"], 10) == {}
    assert index.search_cases(["주차"], 10) == {}
    assert (index.document_frequency("주차"), index.document_frequency("로봇")) == (0, 1)
    assert list(index.search_cases(["로봇"], 10)) == ["c"]


def test_what_was_added_is_there_after_opening_again(index: LexicalIndex, tmp_path: Path) -> None:
    again = LexicalIndex(tmp_path)
    assert again.size == 4
    assert again.search_chunks(MORPHEMES, ["여권"], 1) == index.search_chunks(MORPHEMES, ["여권"], 1)


def test_a_second_writer_in_the_same_folder_is_refused_in_one_line(index: LexicalIndex, tmp_path: Path) -> None:
    writer = tantivy.Index.open(str(tmp_path / "chunks")).writer()
    with pytest.raises(IndexWriteError, match="쓰기 권한"):
        index.add([LexicalEntry(chunk(9), ("새말",), ())])
    del writer
