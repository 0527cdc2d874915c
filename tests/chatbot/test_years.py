from __future__ import annotations

from datetime import date

import pytest

from chatbot.years import Years, years_in

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("question", "wants_list", "expected"),
    [
        ("2016년 혁신 사례를 모두 알려 주세요", True, Years(2016, 2016)),
        ("2019년부터 2021년까지의 사례를 모두 찾아줘", True, Years(2019, 2021)),
        ("최근 3년 사례를 보여줘", True, Years(2024, 2026)),
        ("작년 사례를 모두 알려줘", True, Years(2025, 2025)),
        ("'22년까지 생애주기 서비스를 몇 종으로 늘리나요?", False, Years(mentioned=(2022,))),
        ("2022년 UN 전자정부평가 순위는?", False, Years(mentioned=(2022,))),
        ("18년 기준 지방세 종이고지서는 몇 건인가요?", False, Years(mentioned=(2018,))),
        ("작년에 몇 명이 이용했나요?", False, Years(mentioned=(2025,), relative=((("작년", "지난해", "전년"), 2025),))),
        ("작년보다 과일값이 싸졌나요?", False, Years()),
        ("지난해 대비 얼마나 늘었나요?", False, Years()),
        ("30년 된 제도를 고친 사례가 있나요?", True, Years()),
        ("처리 기간은 며칠인가요?", False, Years()),
    ],
)
def test_a_year_restricts_only_a_list_of_cases(question: str, wants_list: bool, expected: Years) -> None:
    assert years_in(question, today=TODAY, wants_list=wants_list) == expected
