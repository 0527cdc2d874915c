from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from kiwipiepy import Kiwi

from chatbot.api.app import create_app
from chatbot.settings import Settings
from chatbot.themes import MIN_CASES, ThemeFinder, case_words
from chatbot.ui import case_pages
from index.document import Case
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import FakeChatbot

TEXTS = [
    *("주차장 로봇으로 주차 공간을 찾습니다. 주차 요금도 로봇이 받습니다. 올해의 드론.",) * 6,
    *("도서관 야간 개방으로 책을 빌립니다. 도서관 열람실에서 책을 읽습니다.",) * 6,
    *("여권 발급 수수료를 온라인으로 냅니다. 여권 신청도 온라인으로 합니다.",) * 6,
    *("하천 수달 서식지를 복원합니다. 하천 수달 보호 구역입니다.",) * 6,
]
CASES = [
    Case(f"c{number}", f"d{number}", f"사례 {number}", "기관", 2024 if number < 6 else 2020, 0, 1)
    for number in range(len(TEXTS))
]


def test_cases_fall_into_themes_named_by_their_own_words(kiwi: Kiwi) -> None:
    words = case_words(CASES, TEXTS, kiwi)
    themes = {name: theme.case_ids for theme in words.themes for name in theme.name.split("·")}
    assert themes["도서관"] == frozenset(f"c{number}" for number in range(6, 12))
    assert themes["수달"] == frozenset(f"c{number}" for number in range(18, 24))
    everyone = [case_id for theme in words.themes for case_id in theme.case_ids]
    assert len(everyone) == len(set(everyone)) == len(CASES)
    assert case_words(CASES, TEXTS, kiwi) == words


def test_a_years_words_are_those_of_its_own_cases(kiwi: Kiwi) -> None:
    (newest, telling), (oldest, others) = case_words(CASES, TEXTS, kiwi).years
    assert (newest, oldest) == (2024, 2020)
    assert {"로봇", "주차"} <= set(telling)
    assert not {"로봇", "주차"} & set(others)


@pytest.mark.parametrize("texts", [TEXTS[: MIN_CASES - 1], [""] * 20, ["같은 말"] * 20, ["1234 !?"] * 20])
def test_too_little_to_tell_is_told_as_nothing(kiwi: Kiwi, texts: list[str]) -> None:
    assert case_words(CASES[: len(texts)], texts, kiwi).themes == ()


def test_a_theme_filters_the_table_and_the_export(tmp_path: Path) -> None:
    chatbot = FakeChatbot()
    app = create_app(chatbot, Settings(index=IndexSettings(index_dir=tmp_path / "index")))
    bikes = [Case(f"{n}", "bike", "자전거", "", 2024, 0, 1) for n in range(18)]

    def text_of(case: Case) -> str:
        return TEXTS[int(case.case_id) if case.case_id.isdecimal() else -1]

    app.state.themes = ThemeFinder(lambda: "1", lambda: [*bikes, *chatbot.library.cases()], text_of)
    words = app.state.themes.words(wait=True)
    app.include_router(case_pages.router)
    client = TestClient(app)
    [library] = [theme.name for theme in words.themes if "bike-1" in theme.case_ids]
    page = client.get("/cases", params={"theme": library}).text
    assert "주제별 사례" in page
    assert f"조건 빼기: {library}" in page
    assert page.count('<li class="card">') == 3
    assert client.get("/cases", params={"theme": "그런 주제는 없음"}).text.count('<li class="card">') == 0
