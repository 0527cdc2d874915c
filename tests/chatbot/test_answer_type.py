from __future__ import annotations

import pytest

from chatbot.answer_type import counter_of, holds
from chatbot.kinds import AskedFor


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("상담원이 몇 명이에요?", "명"),
        ("로봇이 몇 대 운행 중인가요?", "대"),
        ("몇 개월 걸렸나요?", "개월"),
        ("얼마인가요?", ""),
    ],
)
def test_the_counting_word_of_a_question(question: str, unit: str) -> None:
    assert counter_of(question) == unit


@pytest.mark.parametrize(
    ("asked_for", "counter", "text", "expected"),
    [
        (AskedFor.COUNT, "명", "상담원(9,450명)의 근무환경을 개선", True),
        (AskedFor.COUNT, "명", "21인에게 서비스를 제공", True),
        (AskedFor.COUNT, "대", "자율주행 로봇을 운행", False),
        (AskedFor.COUNT, "명", "예산 3억 원을 절감", False),
        (AskedFor.AMOUNT, "", "약 1.8억 원을 절감", True),
        (AskedFor.AMOUNT, "", "온라인은 무료", True),
        (AskedFor.AMOUNT, "", "예산을 절감", False),
        (AskedFor.DATE, "", "2025년 9월 26일 화재", True),
        (AskedFor.DATE, "", "올해 안에 시행", False),
        (AskedFor.DURATION, "", "약 3일 수준으로 단축", True),
        (AskedFor.PHONE, "", "044-202-4448", True),
        (AskedFor.OTHER, "", "아무 문장", None),
    ],
)
def test_whether_a_sentence_holds_the_kind_of_thing(
    asked_for: AskedFor, counter: str, text: str, expected: bool | None
) -> None:
    assert holds(asked_for, counter, text) is expected
