from __future__ import annotations

from index.chunking import chunk_header, chunk_sentences
from index.document import Case, Chunk, Sentence
from index.segment import TermedSentence

TEXT = "가가가가.나나나나.다다다다.라라라라."
CASE = Case("d-1", "d", "여권 안내", "가람시 민원과", 2024, 0, len(TEXT))


def sentences(*paths: tuple[str, ...]) -> list[TermedSentence]:
    return [
        TermedSentence(Sentence("d", "d-1", n, n * 5, n * 5 + 5, TEXT[n * 5 : n * 5 + 5], path), ())
        for n, path in enumerate(paths or ((),) * 4)
    ]


def chunks(*paths: tuple[str, ...], limit: int = 10, case: Case = CASE, text: str = TEXT) -> list[Chunk]:
    return chunk_sentences(case, sentences(*paths), text, max_chunk_chars=limit, first_ordinal=7)


def test_whole_sentences_up_to_the_limit_numbered_on() -> None:
    assert [(c.chunk_id, c.start, c.end, c.text) for c in chunks()] == [
        ("d#7", 0, 10, "가가가가.나나나나."),
        ("d#8", 10, 20, "다다다다.라라라라."),
    ]


def test_a_sentence_over_the_limit_is_a_chunk_of_its_own() -> None:
    assert [chunk.text for chunk in chunks(limit=4)] == ["가가가가.", "나나나나.", "다다다다.", "라라라라."]


def test_no_sentences_no_chunks() -> None:
    assert chunk_sentences(CASE, [], TEXT, max_chunk_chars=100, first_ordinal=0) == []


def test_the_heading_path_is_what_all_sentences_share() -> None:
    (chunk,) = chunks(("가", "나"), ("가", "다"), ("가",), limit=100)
    assert chunk.heading_path == ("가",)


def test_case_title_agency_and_year_stand_beside_the_text() -> None:
    chunk = chunks()[0]
    assert (chunk.case_title, chunk.agency, chunk.year) == ("여권 안내", "가람시 민원과", 2024)
    assert chunk_header(chunk) == "여권 안내 · 가람시 민원과 · 2024년"
    assert chunk_header(chunk) not in chunk.text


def test_the_digest_covers_all_that_the_embedding_sees_and_nothing_else() -> None:
    base = chunks(limit=100)[0].digest
    other_text = TEXT.replace("가", "하")
    changed = {
        chunks(limit=100, text=other_text)[0].digest,
        chunks(("절",), ("절",), ("절",), ("절",), limit=100)[0].digest,
        chunks(limit=100, case=Case("d-1", "d", "다른 제목", CASE.agency, CASE.year, 0, 20))[0].digest,
        chunks(limit=100, case=Case("d-1", "d", CASE.title, "다른 기관", CASE.year, 0, 20))[0].digest,
        chunks(limit=100, case=Case("d-1", "d", CASE.title, CASE.agency, None, 0, 20))[0].digest,
    }
    assert len(changed | {base}) == 6
    renamed = Case("e-9", "e", CASE.title, CASE.agency, CASE.year, 0, 20)
    assert chunks(limit=100, case=renamed)[0].digest == base
