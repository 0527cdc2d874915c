"""A run of numbers with text below each is headings; a list is a list."""

from __future__ import annotations

import pytest

from index.cases import split_cases
from index.numbered import numbered_headings
from index.outline import LineKind, read_lines

PLAN = """주차 계획

1. 추진 배경
○ 골목에 차를 댈 곳이 없어 다투는 일이 잦다.
2. 추진 과제
가. 주차 로봇 도입
- 로봇 열두 대를 들여 차를 옮기게 한다.
나. 거주자 우선 주차
- 구획 삼백 면을 새로 그어 나누어 준다.
3. 일정
○ 3월에 시작하여 12월에 마친다.
"""
LISTS = {
    "short items": "필요한 서류\n1. 신청서 한 부\n2. 신분증 사본\n3. 통장 사본",
    "clauses of a law": "제3조(대상) 사람을 돕는다.\n1. 소유자\n2. 동의를 받은 사람\n② 무허가는 돕지 않는다.",
    "steps": """순서
1. 신청서를 낸다
○ 창구에서 내면 된다고 안내하고 있다.
2. 결과를 받는다
○ 열흘 안에 문자로 알려 주게 되어 있다.""",
    "in the middle of a text": "앞의 긴 글이다. " * 40
    + """
1. 첫째 조건
○ 이것은 긴 글 가운데에 있는 목록의 설명이다.
2. 둘째 조건
○ 이것도 목록의 설명이며 제목이 아니다.""",
    "rows": "표\n1 2024년 10건 20건 30건\n설명이 길게 이어지는 줄이다.\n2 2025년 11건\n설명이 길게 이어지는 줄이다.",
}


def headings(text: str) -> list[tuple[int, str]]:
    lines = numbered_headings(text, list(read_lines(text)))
    return [(line.level, text[line.start : line.end]) for line in lines if line.kind is LineKind.HEADING]


def test_numbers_and_letters_with_text_below_are_headings() -> None:
    assert headings(PLAN) == [
        (1, "추진 배경"),
        (1, "추진 과제"),
        (3, "주차 로봇 도입"),
        (3, "거주자 우선 주차"),
        (1, "일정"),
    ]


@pytest.mark.parametrize("said", LISTS.values(), ids=LISTS)
def test_lists_stay_lists(said: str) -> None:
    assert [name for _, name in headings(said) if not name.startswith("제3조")] == []


def test_the_tasks_of_a_plan_and_the_sections_beside_them_are_cases() -> None:
    text = PLAN
    lines = numbered_headings(text, list(read_lines(text)))
    titles = [case.title for case in split_cases(text, "주차 계획", lines)]
    assert titles == ["주차 계획", "주차 로봇 도입", "거주자 우선 주차", "주차 계획: 일정"]


def test_a_document_that_says_it_is_one_case_is_not_divided() -> None:
    text = PLAN
    lines = numbered_headings(text, list(read_lines(text)))
    assert len(split_cases(text, "주차 계획", lines, card=True)) == 1
