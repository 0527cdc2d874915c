"""Lists and numbers inside one case, over a real index of two short guides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatbot.compose_contact import with_number_first
from chatbot.compose_list import MAX_ITEMS, announces, compose_announced, compose_list
from chatbot.evidence import Evidence
from index.build import build_index
from index.document import Chunk
from index.library import Library, open_library
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

GUIDE = """# 작은 가게 지원 안내

다음의 서류를 구청 경제과에 내야 합니다(「작은 가게 조례」 제4조제1항).
사업자등록증 사본
임대차 계약서
- 최근 1년의 매출 자료
접수한 날부터 14일 안에 결과를 알려 드립니다.
문의: 가게지원센터(☎1375)

# 가게 앞 의자 두기

앉을 의자
비를 막는 지붕
손이 닿는 콘센트
주민이 직접 고른 색
"""
NUMBERS = "# 구역 목록\n\n지정한 구역은 다음과 같습니다.\n" + "\n".join(f"{n}번 구역 일대" for n in range(1, 21)) + "\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("lists")
    (folder / "docs").mkdir()
    (folder / "docs" / "guide.md").write_text(GUIDE, encoding="utf-8")
    (folder / "docs" / "numbers.md").write_text(NUMBERS, encoding="utf-8")
    settings = IndexSettings(index_dir=folder / "index")
    build_index([folder / "docs"], settings, embedder=FakeEmbedder())
    opened = open_library(settings, FakeEmbedder())
    yield opened
    opened.close()


def evidence(library: Library, *beginnings: str) -> list[Evidence]:
    """The sentences that begin so, the first the best."""
    found = []
    for rank, beginning in enumerate(beginnings):
        case, sentence = next(
            (case, one)
            for case in library.cases()
            for one in library.sentences(case.case_id)
            if one.text.startswith(beginning)
        )
        chunk = Chunk("", case.document_id, case.case_id, case.title, "", None, (), 0, 0, "", "")
        score = 0.9 - 0.1 * rank
        found.append(Evidence(sentence, case, chunk, 1.0, 1.0, score, score, 0.0, 0.0, None, score))
    return found


def lines(library: Library, *beginnings: str) -> list[str]:
    draft = compose_list(evidence(library, *beginnings), library)
    for sentence in draft.sentences:
        assert sentence.passages
    return [sentence.text for sentence in draft.sentences]


WHOLE = [
    "다음의 서류를 구청 경제과에 내야 합니다(「작은 가게 조례」 제4조제1항).",
    "- 사업자등록증 사본",
    "- 임대차 계약서",
    "- 최근 1년의 매출 자료",
]


def test_an_announced_list_is_given_whole_and_ends_where_sentences_go_on(library: Library) -> None:
    said = lines(library, "다음의 서류")
    assert said[:-1] == WHOLE
    assert said[-1].startswith("근거: 「")


def test_one_item_brings_the_line_that_announces_it_and_its_neighbours(library: Library) -> None:
    assert lines(library, "임대차")[:-1] == WHOLE


def test_a_candidate_behind_the_best_may_be_the_one_that_stands_in_a_list(library: Library) -> None:
    assert lines(library, "접수한 날부터", "임대차")[:-1] == WHOLE


def test_items_that_nothing_announces_are_a_list_only_together(library: Library) -> None:
    together = lines(library, "비를 막는", "앉을 의자")
    assert together[:-1] == ["- 앉을 의자", "- 비를 막는 지붕", "- 손이 닿는 콘센트", "- 주민이 직접 고른 색"]
    assert lines(library, "비를 막는") == []


def test_a_long_list_is_cut_and_says_how_much_is_left(library: Library) -> None:
    said = lines(library, "지정한 구역")
    assert len([line for line in said if line.startswith("- ")]) == MAX_ITEMS
    assert said[-2] == f"이 밖의 {20 - MAX_ITEMS}개 항목은 원문에서 보실 수 있습니다."


def test_every_line_cites_its_own_place(library: Library) -> None:
    for sentence in compose_list(evidence(library, "다음의 서류"), library).sentences[1:-1]:
        (passage,) = sentence.passages
        text = library.document(passage.case.document_id).text
        assert text[passage.start : passage.end] == sentence.text.removeprefix("- ")


def test_an_answer_to_another_kind_of_question_gets_the_list_only_when_it_announces_one(library: Library) -> None:
    assert compose_announced(evidence(library, "다음의 서류"), library).sentences
    assert not compose_announced(evidence(library, "임대차"), library).sentences
    assert not compose_announced([], library).sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("다음의 어느 하나에 해당하는 사람으로 합니다(「평생교육법 시행령」 제27조제2항).", True),
        ("지원 내용은 아래와 같습니다.", True),
        ("제출 서류:", True),
        ("신청한 다음 달부터 지급합니다.", False),
        ("다음의 사람 " + " ".join(f"{n}) 공익에 봉사하는 사람" for n in range(1, 7)), False),
        ("아래층에 안내소가 있습니다.", False),
    ],
)
def test_a_line_announces_a_list_or_speaks_for_itself(text: str, expected: bool) -> None:
    assert announces(text) is expected


def test_whom_to_call_is_told_from_the_sentence_with_the_number(library: Library) -> None:
    found = evidence(library, "다음의 서류", "임대차", "문의: 가게")
    assert [item.sentence.text[:3] for item in with_number_first(found)] == ["문의:", "다음의", "임대차"]
    assert with_number_first(found[:2]) == found[:2]
    elsewhere = evidence(library, "지정한 구역", "문의: 가게")
    assert with_number_first(elsewhere) == elsewhere
    assert with_number_first([]) == []
