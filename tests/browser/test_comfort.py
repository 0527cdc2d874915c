"""Languages, brightness, large type, keys and the first visit; every page before axe-core."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.test_chat import CONTRASTS, DARK, NAMELESS, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting"),  # Gradio's use of pandas
]

WIDE = {"viewport": {"width": 1280, "height": 800}}
PATHS = (
    "/cases",
    "/cases?view=table",
    "/cases?year=1999",
    "/cases/bike-1",
    "/compare?case=bike-1&case=night-library-1",
    "/documents/bike?start=40&end=60",
)


def violations(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in ("serious", "critical")
    ]


def choose(page: Page, label: str, value: str) -> None:
    page.get_by_role("button", name="설정").click()
    page.get_by_label(label).select_option(value)


@pytest.mark.parametrize("window", [WIDE, DARK, PHONE], ids=["light", "dark", "390"])
def test_axe_finds_nothing_serious_in_the_chat(visit: Visit) -> None:
    assert violations(visit.page) == []
    visit.ask("수리 기간은?")
    visit.page.get_by_text("어떻게 찾았나").click()
    visit.page.get_by_role("button", name="오류 신고").click()
    assert violations(visit.page) == []
    assert visit.page.evaluate(NAMELESS) == []
    assert visit.overflow <= 0
    visit.ask("없는 내용은?")
    visit.page.get_by_role("button", name="대화 목록").click()
    visit.page.wait_for_selector("#history li")
    assert violations(visit.page) == []


@pytest.mark.parametrize("window", [WIDE, DARK, PHONE], ids=["light", "dark", "390"])
def test_axe_finds_nothing_serious_on_the_other_pages(visit: Visit) -> None:
    for path in PATHS:
        visit.page.goto(visit.base + path)
        assert violations(visit.page) == [], path


def test_the_chat_and_the_pages_speak_english_when_asked_to(visit: Visit) -> None:
    page = visit.page
    choose(page, "언어", "en")
    page.wait_for_url("**/en/")
    page.wait_for_selector("text=What are you looking for?")
    assert page.get_attribute("html", "lang") == "en"
    page.get_by_label("Question", exact=True).fill("수리 기간은?")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2 sources")
    assert "9일에서 2일로" in page.inner_text("#source mark")
    assert page.inner_text("#announcer [role=status]") == "An answer has come. 평균 2일 2 sources."
    page.get_by_role("button", name="Helpful", exact=True).click()
    page.get_by_role("button", name="Close").last.click()
    page.reload()
    page.wait_for_selector("text=2 sources")
    assert violations(page) == []
    page.get_by_role("link", name="Browse cases").click()
    page.wait_for_selector("h1:has-text('Browse cases')")
    assert page.get_attribute("html", "lang") == "en"
    page.get_by_role("link", name="Ask").click()
    page.wait_for_url("**/en/")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Language").select_option("ko")
    page.wait_for_selector("text=무엇을 찾아 드릴까요?")
    assert visit.complaints == []


@pytest.mark.parametrize("window", [WIDE], ids=["light"])
def test_brightness_and_size_are_kept_on_every_page(visit: Visit) -> None:
    page = visit.page
    choose(page, "밝기", "dark")
    page.get_by_label("큰 글씨").check()
    page.keyboard.press("Escape")
    visit.ask("수리 기간은?")
    dark = "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]) < 60"
    assert page.evaluate(dark)
    assert page.evaluate(CONTRASTS) == []
    assert page.evaluate("document.querySelector('.turn').getBoundingClientRect().width > 0")
    for path in ("/", "/cases", "/documents/bike"):
        page.goto(visit.base + path)
        page.wait_for_selector("h1")
        assert page.evaluate(dark), path
        assert page.get_attribute("html", "data-size") == "large"
        assert visit.overflow <= 0


@pytest.mark.parametrize("window", [PHONE], ids=["390"])
def test_large_type_fits_a_phone(visit: Visit) -> None:
    visit.page.get_by_role("button", name="설정").click()
    visit.page.get_by_label("큰 글씨").check()
    visit.page.keyboard.press("Escape")
    visit.ask("수리 기간은?")
    assert visit.overflow <= 0
    visit.page.goto(f"{visit.base}/cases")
    assert visit.overflow <= 0


def test_one_key_does_what_the_help_says(visit: Visit) -> None:
    page = visit.page
    visit.ask("수리 기간은?")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("KeyJ")
    page.wait_for_function("document.querySelector('#source mark').innerText.includes('1,240건')")
    page.keyboard.press("KeyK")
    page.wait_for_function("document.querySelector('#source mark').innerText.includes('9일에서')")
    page.keyboard.press("Shift+Slash")
    assert page.get_by_role("dialog", name="단축키").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Slash")
    assert page.evaluate("document.activeElement.closest('#question') !== null")
    page.keyboard.type("n?h")
    assert page.get_by_label("질문", exact=True).input_value() == "n?h"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("KeyN")
    page.wait_for_selector(".welcome")
    page.get_by_role("button", name="설정").click()
    page.get_by_label("한 글자 단축키 쓰기").uncheck()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("KeyH")
    assert not page.locator("#history").is_visible()


def test_the_first_visit_is_shown_three_steps_once(visit: Visit) -> None:
    page = visit.page
    assert page.locator(".guide li").count() == 3
    page.get_by_role("button", name="알겠습니다").click()
    assert not page.locator(".guide").is_visible()
    page.reload()
    page.wait_for_selector(".welcome")
    assert not page.locator(".guide").is_visible()
    page.get_by_role("button", name="단축키").click()
    page.get_by_role("button", name="처음 안내 다시 보기").click()
    page.wait_for_selector(".guide:visible")


def test_the_keyboard_alone_completes_a_question(visit: Visit) -> None:
    page = visit.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Slash")
    page.keyboard.type("수리 기간은?")
    page.keyboard.press("Enter")
    visit.finished(1)
    page.wait_for_selector("#source mark")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("KeyJ")
    page.wait_for_function("document.querySelector('#source mark').innerText.includes('1,240건')")
    page.locator(".export summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".docx")


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["1280", "390"])
def test_a_server_that_is_gone_is_told_and_so_is_its_return(visit: Visit) -> None:
    page = visit.page
    notice = page.locator("#offline")
    assert notice.inner_text() == ""
    page.get_by_label("질문", exact=True).fill("적어 둔 질문")
    page.route("**/healthz", lambda route: route.abort())
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.wait_for_function("document.querySelector('#offline').textContent.includes('연결이 끊겼습니다')")
    assert visit.overflow <= 0
    assert notice.bounding_box()["height"] > 20  # type: ignore[index]
    page.unroute("**/healthz")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_function("document.querySelector('#offline').textContent === ''")
    assert page.get_by_label("질문", exact=True).input_value() == "적어 둔 질문"
