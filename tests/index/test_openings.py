"""What a document lists side by side are its cases, each under a name that says what it is."""

from __future__ import annotations

import pytest

from index.cases import CaseDraft, split_cases
from index.numbered import numbered_headings
from index.outline import read_lines

LAW = """가람시 주차 조례 시행규칙

제1조(목적) 이 규칙은 주차를 정한다.
제2조(신청) ① 신청하려는 사람은 별지 제1호서식을 낸다.
② 결과는 열흘 안에 알린다.
제3조(요금) 요금은 별표와 같다. 제2조(신청)에 따른 사람은 절반이다.

부칙
이 규칙은 공포한 날부터 시행한다.

[별표]
주차 요금(제3조 관련)
구분\t요금
낮\t1,000원

[별지 제1호서식]
주차 신청서
"""
FAQ = "월세 지원 문답\n\nQ1. 누가 받나요?\n청년이 받습니다.\n\nQ2. 얼마인가요?\n이십만 원입니다.\n"
MINUTES = """제2차 회의록

[안건 1] 주차장 축소
(과장) 스무 면을 줄이려 한다.
의결: 원안 가결.
[안건 2] 매점 임대료
(과장) 절반으로 낮추려 한다.
의결: 원안 가결.
"""
STORIES = (
    "■ 사례 1. 폐교를 병원으로 (물빛군)\n- 열 달 동안 썼다.\n■ 사례 2. 아침밥 배달 (솔빛군)\n- 하루 사백 명이 썼다.\n"
)
ONE = "청렴 계획\n\n□ 추진 근거\n○ 법에 따른다.\n□ 추진 방향\n○ 교육을 두 번 한다.\n"


def cases(text: str) -> list[CaseDraft]:
    title = text.split("\n", 1)[0]
    return split_cases(text, title, numbered_headings(text, list(read_lines(text))))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (FAQ, ["월세 지원 문답: 누가 받나요?", "월세 지원 문답: 얼마인가요?"]),
        (MINUTES, ["제2차 회의록: 주차장 축소", "제2차 회의록: 매점 임대료"]),
        (STORIES, ["폐교를 병원으로", "아침밥 배달"]),
        (ONE, ["청렴 계획"]),
    ],
    ids=["questions", "agenda", "stories", "one matter"],
)
def test_each_of_several_things_is_a_case(text: str, titles: list[str]) -> None:
    assert [case.title for case in cases(text)] == titles


def test_the_agency_behind_a_title_is_the_agency_of_the_case() -> None:
    assert [case.agency for case in cases(STORIES)] == ["물빛군", "솔빛군"]


def test_appendices_and_forms_are_tied_to_their_articles() -> None:
    assert [case.title for case in cases(LAW)] == [
        "가람시 주차 조례 시행규칙",
        "가람시 주차 조례 시행규칙: [별표] 주차 요금(제3조 관련) · 제3조(요금)",
        "가람시 주차 조례 시행규칙: [별지 제1호서식] · 제2조(신청)",
    ]


def test_an_article_is_a_heading_and_a_reference_to_one_is_not() -> None:
    headings = [LAW[line.start : line.end] for line in read_lines(LAW) if line.label == "조"]
    assert headings == ["제1조(목적)", "제2조(신청)", "제3조(요금)"]
    assert [line.label for line in read_lines("제2조(신청)에 따른 사람은 절반이다.")] == [""]


WORDS = (
    "사례 3건을 뽑았다",
    "문의: 가람시 교통과",
    "전략 2026을 세웠다",
    "과제 2\t예산",
    "Q&A",
    "안건 1은 다음에 다룬다.",
)


@pytest.mark.parametrize("said", WORDS)
def test_words_that_only_look_like_numbered_units_are_text(said: str) -> None:
    assert all(not line.label for line in read_lines(said))
