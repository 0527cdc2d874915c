"""The part of a question that asks, without what its writer tells first."""

from __future__ import annotations

import pytest

from chatbot.asking import asking_part


@pytest.mark.parametrize(
    ("question", "asking"),
    [
        ("주차 로봇은 언제 도입되었나요?", "주차 로봇은 언제 도입되었나요?"),
        ("3년째 어머니를 모시고 있어요. 어디에 신청하면 되나요?", "어디에 신청하면 되나요?"),
        ("가게를 접은 지 몇 달 됐는데 지금 신청해도 받을 수 있나요?", "지금 신청해도 받을 수 있나요?"),
        ("서로 얼마를 주기로 했거든요. 이 금액도 법원이 정해 주나요?", "이 금액도 법원이 정해 주나요?"),
        ("드론을 몇 대 샀는지 궁금한데 알려 주세요", "드론을 몇 대 샀는지 궁금한데 알려 주세요"),
        ("예산이 얼마인지 알려 주세요. 급합니다.", "예산이 얼마인지 알려 주세요."),
        ("주차 로봇 예산", "주차 로봇 예산"),
        ("어머니가 편찮으십니다.", "어머니가 편찮으십니다."),
        ("", ""),
    ],
)
def test_what_is_told_first_is_no_part_of_what_is_asked(question: str, asking: str) -> None:
    assert asking_part(question) == asking
