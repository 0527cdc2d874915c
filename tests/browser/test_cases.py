"""The case browser, the basket and the exports in a real browser."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.test_chat import CONTRASTS, DARK, NAMELESS, NARROW, PHONE
from tests.chatbot.fake_chatbot import FakeChatbot

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting"),  # Gradio's use of pandas
]

PATHS = ("/cases", "/cases?view=table", "/cases?year=1999", "/cases/bike-1", "/compare?case=bike-1&case=evil-1")


def pick(page: Page, *titles: str) -> None:
    for title in titles:
        page.get_by_role("button", name=f"담기: {title}").first.click()


@pytest.mark.parametrize("format_", ["docx", "xlsx", "md"])
def test_an_answer_is_saved_as_a_file_that_says_what_the_page_says(visit: Visit, tmp_path: Path, format_: str) -> None:
    visit.ask("수리 기간은?")
    visit.page.locator(".export summary").click()
    with visit.page.expect_download() as download:
        visit.page.locator(f".menu [data-export={format_}][data-scope=turn]").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name.startswith("질의응답_")
    if format_ == "docx":
        text = "\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)
    elif format_ == "xlsx":
        text = "\n".join(str(cell) for row in openpyxl.load_workbook(file)["답변"].values for cell in row)
    else:
        text = file.read_text(encoding="utf-8")
    assert "수리 기간을 평균 9일에서 2일로 줄였습니다.[1]" in text
    assert "1,240건으로 늘었습니다.[2]" in text
    assert visit.complaints == []


def test_a_whole_conversation_is_saved_with_its_refusals(visit: Visit, tmp_path: Path) -> None:
    visit.ask("없는 내용은?")
    visit.ask("수리 기간은?")
    visit.page.locator(".export summary").click()
    with visit.page.expect_download() as download:
        visit.page.locator(".menu [data-export=md][data-scope=all]").click()
    download.value.save_as(tmp_path / "all.md")
    text = (tmp_path / "all.md").read_text(encoding="utf-8")
    assert text.index("1. 없는 내용은?") < text.index("2. 수리 기간은?")


def test_the_export_menu_works_from_the_keyboard_and_closes(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.locator(".export summary").focus()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.dataset.export") == "docx"
    assert visit.page.evaluate(NAMELESS) == []
    assert visit.page.evaluate(CONTRASTS) == []
    visit.page.keyboard.press("Escape")
    assert visit.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert visit.page.locator(".export[open]").count() == 0


def test_from_the_chat_to_a_case_and_its_sentence(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="사례 찾기").click()
    page.get_by_role("searchbox").fill("큐알코드")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="공영자전거 고장 신고 개선").click()
    page.locator(".figures .said").first.click()
    page.wait_for_selector("main mark")
    assert "9일에서 2일로" in page.inner_text("main mark")
    assert not [url for url in visit.requested if not url.startswith(("http://127.0.0.1", "data:"))]
    assert visit.complaints == []


def test_a_bar_filters_and_a_choice_is_sent_at_once(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.base}/cases")
    page.get_by_role("link", name="2023년 1건").click()
    page.wait_for_selector(".chosen")
    assert page.locator(".card h3").all_inner_texts()[0] == "밤에도 여는 작은도서관"
    page.get_by_role("link", name="조건 빼기: 2023년").click()
    page.get_by_label("문서 종류").select_option("case_card")
    page.wait_for_url("**kind=case_card**")
    assert page.locator(".results .card").count() == 1


def test_picked_cases_are_kept_compared_and_saved(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.goto(f"{visit.base}/cases")
    pick(page, "공영자전거 고장 신고 개선")
    assert page.get_by_text("비교는 두 건에서 다섯 건까지 됩니다").is_visible()
    pick(page, "밤에도 여는 작은도서관")
    page.reload()
    assert page.inner_text("[data-count]") == "2"
    with page.expect_download() as download:
        page.locator("#basket .export summary").click()
        page.locator("#basket [data-export=xlsx]").click()
    download.value.save_as(tmp_path / "list.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "list.xlsx")["사례"].values)
    assert [row[1] for row in rows[1:]] == ["공영자전거 고장 신고 개선", "밤에도 여는 작은도서관"]
    page.get_by_role("link", name="비교하기").click()
    page.wait_for_selector(".compare table")
    assert page.locator(".compare thead th").count() == 3
    page.locator("#basket > details summary").click()
    page.get_by_role("button", name="빼기: 밤에도 여는 작은도서관").click()
    assert page.inner_text("[data-count]") == "1"
    page.get_by_role("button", name="모두 비우기").click()
    assert not page.locator("#basket").is_visible()
    assert page.inner_text("#told") == "담은 사례를 모두 비웠습니다."


@pytest.mark.parametrize("kept", ["{", "null", '[{"id": 1}]', '"x"'])
def test_a_spoilt_basket_is_an_empty_one(visit: Visit, kept: str) -> None:
    visit.page.evaluate("kept => localStorage.setItem('cases.picked', kept)", kept)
    visit.page.goto(f"{visit.base}/cases")
    pick(visit.page, "공영자전거 고장 신고 개선")
    assert visit.page.inner_text("[data-count]") == "1"
    assert visit.complaints == []


@pytest.mark.parametrize("window", [{"viewport": {"width": 1360, "height": 900}}, DARK], ids=["light", "dark"])
def test_every_page_has_names_and_contrast(visit: Visit) -> None:
    for path in PATHS:
        visit.page.goto(visit.base + path)
        assert visit.page.evaluate(NAMELESS) == [], path
        assert visit.page.evaluate(CONTRASTS) == [], path
    visit.page.goto(f"{visit.base}/cases")
    pick(visit.page, "공영자전거 고장 신고 개선")
    visit.page.locator("#basket > details summary").click()
    assert visit.page.evaluate(CONTRASTS) == []


@pytest.mark.parametrize("window", [PHONE, NARROW], ids=["390", "320"])
def test_a_phone_never_scrolls_sideways(visit: Visit) -> None:
    assert visit.overflow <= 0
    for path in PATHS:
        visit.page.goto(visit.base + path)
        assert visit.overflow <= 0, path
    visit.page.goto(f"{visit.base}/cases")
    pick(visit.page, "공영자전거 고장 신고 개선")
    visit.page.locator("#basket > details summary").click()
    box = visit.page.locator("#basket ul").bounding_box()
    width = visit.page.evaluate("innerWidth")
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("window", [PHONE, NARROW], ids=["390", "320"])
def test_on_a_phone_the_export_menu_is_in_view(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.locator(".export summary").click()
    box = visit.page.locator(".export .menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= visit.page.evaluate("innerWidth")


def test_a_condition_read_from_the_question_is_taken_back_with_one_press(visit: Visit, chatbot: FakeChatbot) -> None:
    visit.ask("2024년 수리 기간은?")
    assert visit.page.evaluate(CONTRASTS) == []
    visit.page.get_by_role("button", name="‘2024년’ 조건을 빼고 다시 찾기").click()
    visit.finished(2)
    assert chatbot.asked[-1].any_year
    assert chatbot.asked[-1].text == "2024년 수리 기간은?"
    assert chatbot.asked[-1].history == ()
