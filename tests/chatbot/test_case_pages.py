"""The case browser over HTTP."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from chatbot.case_sheet import Aspect, case_sheet
from chatbot.ui.bars import Count, bar_chart
from tests.chatbot.fake_chatbot import BIKE, HOSTILE, FakeLibrary


def titles(html: str) -> list[str]:
    return [unescape(title) for title in re.findall(r'<h3><a href="[^"]+">([^<]+)', html)]


def test_a_case_has_its_aspects_figures_and_contacts() -> None:
    library = FakeLibrary()
    sheet = case_sheet(library, library.case("bike-1"))
    assert sheet.text(Aspect.PURPOSE) == "- 고장 난 자전거를 신고해도 수리까지 평균 9일이 걸렸습니다."
    assert sheet.figures[0].quantities == ("9일", "2일")
    assert "1,240건" in sheet.figure_lines
    for lines in sheet.aspects.values():
        assert all(BIKE[said.start : said.end] == said.text for said in lines)


def test_all_cases_are_listed_newest_first_with_counts_that_filter(pages_client: TestClient) -> None:
    html = pages_client.get("/cases").text
    assert titles(html)[:2] == ["공영자전거 고장 신고 개선", "밤에도 여는 작은도서관"]
    assert 'href="/cases?year=2024" aria-label="2024년 1건"' in html
    assert "3" in html.partition('class="total"')[2][:60]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("year=2023", ["밤에도 여는 작은도서관"]),
        ("agency=도서관과", ["밤에도 여는 작은도서관"]),
        ("kind=case_card", ["공영자전거 고장 신고 개선"]),
        ("q=큐알코드", ["공영자전거 고장 신고 개선"]),
        ("q=작은도서관&year=2024", []),
    ],
)
def test_words_and_filters_narrow_the_list(pages_client: TestClient, query: str, expected: list[str]) -> None:
    assert titles(pages_client.get(f"/cases?{query}").text) == expected


def test_a_chosen_filter_is_taken_back_with_one_press_and_keeps_the_others(pages_client: TestClient) -> None:
    html = pages_client.get("/cases?q=도서관&year=2023").text
    assert 'aria-label="조건 빼기: 2023년"' in html
    chip = re.search(r'<a href="/cases\?([^"]*)" aria-label="조건 빼기: 2023년"', html)
    assert chip is not None
    assert chip[1] == "q=%EB%8F%84%EC%84%9C%EA%B4%80"


def test_other_years_stay_in_the_counts_of_a_chosen_year(pages_client: TestClient) -> None:
    html = pages_client.get("/cases?year=2023").text
    assert 'aria-label="2023년 1건" aria-current="true"' in html
    assert 'href="/cases?year=2024"' in html


@pytest.mark.parametrize(("sort", "first"), [("title", "공영자전거"), ("oldest", "나쁜 문서"), ("agency", "나쁜 문서")])
def test_the_order_can_be_chosen(pages_client: TestClient, sort: str, first: str) -> None:
    assert titles(pages_client.get(f"/cases?sort={sort}").text)[0].startswith(first)


def test_the_table_has_the_same_cases_as_the_cards(pages_client: TestClient) -> None:
    html = pages_client.get("/cases?view=table").text
    assert re.findall(r'<th scope="row"><a href="/cases/([^"]+)"', html) == ["bike-1", "night-library-1", "evil-1"]


def test_nothing_found_says_what_to_do(pages_client: TestClient) -> None:
    html = pages_client.get("/cases?year=1999").text
    assert "조건 모두 빼기" in html
    assert "export/cases" not in html.partition('id="basket"')[0]


def test_a_page_beyond_the_last_is_the_last(pages_client: TestClient) -> None:
    assert len(titles(pages_client.get("/cases?page=99").text)) == 3


def test_one_case_shows_its_parts_and_opens_its_sentences(pages_client: TestClient) -> None:
    html = pages_client.get("/cases/bike-1").text
    assert re.findall(r"<section><h2>([^<]+)", html) == ["수치", "목적", "결과", "연락처"]
    assert "tel:02-000-1234" in html
    link = re.search(r'class="said" href="(/documents/bike\?[^"]+)"', html)
    assert link is not None
    assert "<mark" in pages_client.get(unescape(link[1])).text
    assert titles(html) == ["밤에도 여는 작은도서관", f"나쁜 문서 {HOSTILE}"]


def test_cases_stand_side_by_side(pages_client: TestClient) -> None:
    html = pages_client.get("/compare?case=bike-1&case=night-library-1").text
    assert re.findall(r'<th scope="row">([^<]+)', html)[:2] == ["기관", "연도"]
    assert "한 달 1,240건" in html
    assert "밤 10시" in html
    assert "자료에 없습니다" in html


@pytest.mark.parametrize("path", ["/cases/nothing", "/compare?case=bike-1&case=nothing"])
def test_an_unknown_case_is_404(pages_client: TestClient, path: str) -> None:
    assert pages_client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/cases", "/cases?view=table", "/cases/evil-1", "/compare?case=bike-1&case=evil-1"])
def test_a_hostile_document_stays_text_under_a_strict_policy(pages_client: TestClient, path: str) -> None:
    response = pages_client.get(path)
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "<img" not in response.text
    assert response.text.count("<script") == response.text.count('<script src="/pages/') == 2
    assert HOSTILE in unescape(response.text)
    assert 'style="' not in response.text


def test_the_longest_bar_fills_the_room_and_long_names_are_cut() -> None:
    chart = bar_chart("기관", [Count("과학기술정보통신부 우정사업본부", 40, "?a"), Count("새빛시", 1, "?b")])
    assert chart.bars[0].width == max(bar.width for bar in chart.bars)
    assert chart.bars[0].label.endswith("…")
    assert chart.bars[1].width > 0
    assert bar_chart("없음", []).bars == ()
