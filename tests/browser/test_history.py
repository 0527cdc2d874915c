"""Conversations that a browser keeps: opened again, searched, pinned, shared, deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visit
from tests.browser.test_chat import NAMELESS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting"),  # Gradio's use of pandas
]


def listed(page: Page) -> list[str]:
    page.get_by_role("button", name="대화 목록").click()
    page.wait_for_selector("#history li")
    return page.locator("#history li a").all_inner_texts()


def press(page: Page, name: str) -> None:
    page.locator("#history").get_by_role("button", name=name).click()


def test_reloading_shows_the_same_numbers_and_sentences(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.wait_for_function("location.search.startsWith('?c=')")
    before = visit.page.inner_text(".turn .text"), visit.page.inner_text("#source mark")
    visit.page.reload()
    visit.finished(1)
    visit.page.wait_for_selector("#source mark")
    assert (visit.page.inner_text(".turn .text"), visit.page.inner_text("#source mark")) == before
    visit.ask("없는 내용은?")
    visit.page.reload()
    visit.finished(2)
    visit.page.get_by_role("button", name="새 대화").click()
    visit.page.wait_for_selector(".welcome")
    assert "?c=" not in visit.page.url
    assert visit.complaints == []


def test_conversations_are_named_searched_pinned_and_deleted(visit: Visit, data_dir: Path) -> None:
    page = visit.page
    visit.ask("수리 기간은 얼마나 되나요?")
    page.get_by_role("button", name="새 대화").click()
    page.wait_for_selector(".welcome")
    visit.ask("없는 도서관 내용은?")
    assert listed(page) == ["없는 도서관 내용은?", "수리 기간은 얼마나 되나요?"]
    press(page, "고정: 수리 기간은 얼마나 되나요?")
    page.wait_for_selector("#history li.pinned")
    assert page.locator("#history li a").first.inner_text() == "수리 기간은 얼마나 되나요?"
    press(page, "이름 바꾸기: 수리 기간은 얼마나 되나요?")
    page.get_by_label("이름 바꾸기", exact=True).fill("자전거 수리")
    page.keyboard.press("Enter")
    page.wait_for_selector("#history a:has-text('자전거 수리')")
    page.get_by_label("대화에서 찾기").fill("도서관")
    page.wait_for_function("document.querySelectorAll('#history li a').length === 1")
    press(page, "지우기: 없는 도서관 내용은?")
    page.locator("#history [data-sure]").click()
    page.wait_for_selector(".welcome")
    assert listed(page) == ["자전거 수리"]
    assert "없는 도서관".encode() not in (data_dir / "conversations.sqlite").read_bytes()
    page.locator("#history a").click()
    visit.finished(1)


def test_another_browser_does_not_open_the_address_but_a_shared_link(visit: Visit, browser: Browser) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask("수리 기간은?")
    visit.page.wait_for_function("location.search.startsWith('?c=')")
    other = browser.new_context(locale="ko-KR").new_page()
    other.goto(visit.page.url)
    other.wait_for_selector("text=그 대화를 찾을 수 없습니다")
    listed(visit.page)
    press(visit.page, "링크 공유: 수리 기간은?")
    visit.page.wait_for_selector("text=링크를 복사했습니다")
    other.goto(visit.page.evaluate("navigator.clipboard.readText()"))
    assert "수리 기간을 평균 9일에서 2일로 줄였습니다.[1]" in other.inner_text("main")
    other.locator(".mark").first.click()
    assert other.url.endswith("#q1-1")
    assert other.evaluate(NAMELESS) == []
    press(visit.page, "공유 멈추기: 수리 기간은?")
    visit.page.wait_for_selector("text=공유를 멈췄습니다")
    assert other.reload() is not None
    assert "공유를 멈췄습니다" in other.content()
    other.context.close()
