from __future__ import annotations

import pytest

from chatbot.answer_type import counter_of, holds, lacks_holder
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


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("기획단의 초대 단장은 누구인가요?", "새로운 기획단을 두기로 하였습니다.", True),
        ("기획단의 초대 단장은 누구인가요?", "홍길동 단장이 이끕니다.", False),
        ("시장 이름이 뭐예요?", "가람시장 김가람은 행사에 참석했습니다.", False),
        ("이 사업은 누가 맡나요?", "교통과가 맡습니다.", False),
    ],
)
def test_who_holds_an_office_needs_somebody_named_with_one(question: str, text: str, lacks: bool) -> None:
    assert lacks_holder(question, [text]) is lacks


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("입장료는 얼마인가요?", "원"),
        ("단장에게 주는 월급은 얼마예요?", "원"),
        ("지방세 종이고지서 건수가 얼마인가요?", ""),
        ("조금 전 소비를 얼마나 줄였나요?", ""),
        ("당시 수위는 몇 미터였나요?", "미터"),
        ("몇 톤을 수확하나요?", "톤"),
    ],
)
def test_money_and_measures_are_asked_for_by_their_nouns(question: str, unit: str) -> None:
    assert counter_of(question) == unit
