"""Whole documents through the whole path: what goes in comes out once, at the offsets that are told."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kiwipiepy import Kiwi

from index.document import Contact, DocumentKind
from index.ingest import IngestedDocument, ingest, ingest_all
from index.load import RawDocument, load_documents
from index.markup import blank_markup
from index.morphemes import shared_kiwi
from index.terms import lexical_entries

ROOT = Path(__file__).parents[2]
MARKERS = re.compile(
    r"[-–—·•∙▪○●※☞⇒→*#■\\]+|[①-⑳]|\(?\d{1,2}[.)]|[가-하][.)]|(?:[가-힣]+ ){0,3}[가-힣]* ?▶|기존|개선|효과"
)
OUTLINE = """2024
제목 ▶ 새 버스를 들이다
▶ 이름표 없는 제목
기관명 ▶ 가람시 > 교통과
혁신 목적 ▶ 걷기 어렵다. 멀다.
혁신 과정 ▶ 상인회는 상자를 내고

봉사자는 짐을 들었다. 노선은 넷이다.
# 큰 제목
## ○ 항목 같은 제목이다
□ 현황
Ⅰ. 추진 배경
○ 동그라미 항목이다
- 줄 항목이다. 둘째 문장이다.
※ 덧붙임
① 첫째
가. 나눔
<참고: 예>
**굵은 제목**
구분\t내용\t비고
\t나\t다
추진 배경 ..... 3
행안부·국정원 등
조달청,
최우수\t■ <b>전화로 받다</b> <b>기존</b> 느렸다. <b>효과</b> 빨라졌다.
제15조(감면)
교통과 김하늘 주무관(02-555-0101)
😀 웃음이다. 두 번째다.
-
**
▶"""


def documents(folder: Path) -> list[RawDocument]:
    return [item for item in load_documents([folder], max_file_bytes=10**7) if isinstance(item, RawDocument)]


def from_text(text: str, source: str = "a.txt") -> RawDocument:
    return RawDocument(source, text, "digest")


def check_round_trip(item: IngestedDocument) -> None:
    """Everything that must hold for any document."""
    text = item.document.text
    sentences = [termed.sentence for termed in item.sentences]
    position = 0
    for sentence in sentences:
        assert position <= sentence.start < sentence.end
        assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip()
        position = sentence.end
    lost = blank_markup(text)
    for sentence in sentences:
        lost = lost[: sentence.start] + " " * (sentence.end - sentence.start) + lost[sentence.end :]
    for line in lost.split("\n"):
        assert not MARKERS.sub("", line.strip()).strip(), f"in no sentence: {line.strip()!r}"
    rest = iter(sentences)
    for number, chunk in enumerate(item.chunks):
        assert chunk.chunk_id == f"{item.document.document_id}#{number}"
        assert chunk.text == text[chunk.start : chunk.end]
        inside = []
        for sentence in rest:
            inside.append(sentence)
            if sentence.end == chunk.end:
                break
        assert inside[0].start == chunk.start
        assert {sentence.case_id for sentence in inside} == {chunk.case_id}
    assert not list(rest)
    assert [case.case_id for case in item.cases] == [
        f"{item.document.document_id}-{number}" for number in range(1, len(item.cases) + 1)
    ]
    owners = {case.case_id: case for case in item.cases}
    assert all(owners[s.case_id].start <= s.start and s.end <= owners[s.case_id].end for s in sentences)


@pytest.mark.parametrize("folder", [ROOT / "tests/data/corpus", ROOT / "index/corpus"], ids=["tests", "bundled"])
def test_every_sentence_of_a_document_is_in_one_chunk_and_no_word_is_lost(kiwi: Kiwi, folder: Path) -> None:
    items = ingest_all(documents(folder), kiwi, max_chunk_chars=400)
    assert len(items) >= 10
    for item in items:
        check_round_trip(item)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(OUTLINE.split("\n")), max_size=25), st.sampled_from([100, 400]))
def test_any_order_of_lines_survives(lines: list[str], limit: int) -> None:
    check_round_trip(ingest(from_text("\n".join(lines)), shared_kiwi(), max_chunk_chars=limit))


@settings(max_examples=80)
@given(st.text(st.characters(codec="utf-8"), max_size=120))
def test_any_characters_survive(text: str) -> None:
    item = ingest(from_text(text), shared_kiwi(), max_chunk_chars=100)
    assert all(chunk.text == item.document.text[chunk.start : chunk.end] for chunk in item.chunks)


def test_many_documents_give_what_each_gives(kiwi: Kiwi, corpus_dir: Path) -> None:
    raws = documents(corpus_dir)
    assert ingest_all(raws, kiwi, max_chunk_chars=400) == [ingest(raw, kiwi, max_chunk_chars=400) for raw in raws]


def test_chunk_terms_are_those_of_its_sentences_behind_those_of_its_title(kiwi: Kiwi, corpus_dir: Path) -> None:
    items = ingest_all(documents(corpus_dir), kiwi, max_chunk_chars=100)
    entries = list(lexical_entries(items, kiwi))
    assert [entry.chunk for entry in entries] == [chunk for item in items for chunk in item.chunks]
    terms = [term for item in items for termed in item.sentences for term in termed.terms]
    sizes = zip(entries, counts(items), strict=True)
    assert [term for entry, size in sizes for term in entry.morphemes[len(entry.morphemes) - size :]] == terms
    parking = next(entry for entry in entries if "주차 로봇" in entry.chunk.case_title)
    assert parking.morphemes[:2] == ("주차", "로봇")
    assert "마루" in "".join(parking.bigrams)


def counts(items: list[IngestedDocument]) -> list[int]:
    """Numbers of sentence terms of each chunk, counted by position."""
    return [
        sum(len(t.terms) for t in item.sentences if chunk.start <= t.sentence.start < chunk.end)
        for item in items
        for chunk in item.chunks
    ]


@pytest.mark.parametrize(
    ("text", "cases", "chunks"),
    [
        ("", 0, 0),
        ("가", 1, 1),
        ("은는이가", 1, 1),
        ("\t\t\n", 0, 0),
        ("-\n※\n", 0, 0),
        ("\u200b\ufeff", 0, 0),
        ("?!", 1, 1),
    ],
)
def test_degenerate_documents(kiwi: Kiwi, text: str, cases: int, chunks: int) -> None:
    item = ingest(from_text(text), kiwi, max_chunk_chars=400)
    assert (len(item.cases), len(item.chunks)) == (cases, chunks)
    check_round_trip(item)


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("주민센터에서 서류를 접수하면 사흘 안에 알려 드립니다. " * (MEGABYTE // 78), id="sentences"),
        pytest.param("가" + " " * MEGABYTE + "나", id="spaces"),
        pytest.param("가" + "\t" * MEGABYTE + "나", id="tabs"),
        pytest.param("." * MEGABYTE + "가", id="dots"),
        pytest.param("aB1+" * (MEGABYTE // 4), id="base64"),
        pytest.param("a" * MEGABYTE, id="one letter"),
        pytest.param("(" * MEGABYTE, id="brackets"),
        pytest.param("교통과 김하늘 과장 02-555-0101 " * (MEGABYTE // 120), id="telephones"),
        pytest.param("# 가\n" * (MEGABYTE // 30), id="headings"),
    ],
)
@pytest.mark.timeout(60)
def test_a_megabyte_on_one_line_takes_seconds(kiwi: Kiwi, text: str) -> None:
    started = time.process_time()
    item = ingest(from_text(text), kiwi, max_chunk_chars=400)
    assert sum(1 for _ in lexical_entries([item], kiwi)) == len(item.chunks)
    assert time.process_time() - started < 20


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_megabyte_of_hangul_without_a_space(kiwi: Kiwi) -> None:
    item = ingest(from_text("주민센터에서서류를접수하면담당자가결과를알려주고" * 14_000), kiwi, max_chunk_chars=400)
    assert "".join(t.sentence.text for t in item.sentences) == item.document.text


def by_source(kiwi: Kiwi, folder: Path) -> dict[str, IngestedDocument]:
    items = ingest_all(documents(folder), kiwi, max_chunk_chars=400)
    return {item.document.source[:2]: item for item in items if "/" not in item.document.source}


def test_the_case_collection_of_the_test_corpus(kiwi: Kiwi, corpus_dir: Path) -> None:
    item = by_source(kiwi, corpus_dir)["01"]
    assert (item.document.kind, item.document.title) == (DocumentKind.CASE_COLLECTION, "사례 모음 4건")
    assert [(case.title, case.agency, case.year) for case in item.cases] == [
        ("빈 버스로 골목길 장보기를 돕다", "가람시 > 교통과", 2023),
        ("물길 지도로 반지하 침수를 막다", "나래군 안전총괄과", 2022),
        ("인공지능 전화로 고독사 위험을 찾다", "다온구 > 복지정책과", None),
        ("종이 없는 전입 신고", "라온도", 2024),
    ]


def test_the_press_release_of_the_test_corpus(kiwi: Kiwi, corpus_dir: Path) -> None:
    item = by_source(kiwi, corpus_dir)["02"]
    document = item.document
    assert (document.kind, document.agency, document.published_on) == (
        DocumentKind.PRESS_RELEASE,
        "한빛통신부",
        date(2025, 3, 14),
    )
    assert [case.title for case in item.cases] == [
        "한빛통신부, 적극행정 우수사례 세 건을 뽑다",
        "통신비 환급을 먼저 알리다",
        "섬마을 무선국 신고를 대신하다",
    ]
    assert {case.year for case in item.cases} == {2025}
    people = (
        Contact("혁신행정담당관", "김하늘 과장", "044-200-1111", "책임자"),
        Contact("혁신행정담당관", "박바다 사무관", "044-200-1112", "담당자"),
    )
    assert {case.contacts for case in item.cases} == {people}


def test_the_card_of_the_test_corpus_follows_its_front_matter(kiwi: Kiwi, corpus_dir: Path) -> None:
    document = by_source(kiwi, corpus_dir)["04"].document
    assert (document.kind, document.agency, document.year, document.tags) == (
        DocumentKind.CASE_CARD,
        "마루시 교통행정과",
        2024,
        ("주차", "로봇"),
    )
    assert document.text.startswith("# 주차 로봇으로")
