from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Visit
from tests.chatbot.fake_chatbot import HOSTILE, FakeChatbot

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting"),  # Gradio's use of pandas
]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
DARK = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}

VISIBLE = """selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
}"""

NAMELESS = """() => [...document.querySelectorAll('button, a, input, textarea, [role=combobox]')]
  .filter(e => e.offsetParent && !(e.ariaLabel || e.innerText?.trim() || e.labels?.[0]?.innerText || e.labels?.length))
  .map(e => e.outerHTML.slice(0, 120))"""

CONTRASTS = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => { const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length && c[3] !== 0) return c; } return [255, 255, 255]; };
  const bad = [];
  for (const e of document.querySelectorAll('h1, h2, h3, p, li, dd, dt, button, a, mark, span')) {
    if (!e.offsetParent || e.closest('.sr-only') || !e.innerText?.trim()) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(`${e.className || e.tagName} ${e.innerText.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return bad;
}"""


def test_nothing_leaves_the_machine_and_the_browser_has_no_complaint(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.click(".chip >> nth=1")
    visit.page.get_by_label("다음 출처").click()
    visit.ask("없는 내용은?")
    hosts = {urlsplit(url).hostname for url in visit.requested if not url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
    assert visit.complaints == []


def test_the_page_is_korean_and_says_what_it_knows(visit: Visit) -> None:
    assert visit.page.get_attribute("html", "lang") == "ko"
    assert visit.page.title() == "정부 문서 질의응답"
    assert "문서 3건, 사례 3건" in visit.page.inner_text("#header")
    assert visit.page.locator("#source [data-case]").count() == 3


def test_an_answer_comes_with_its_source_opened_at_the_cited_sentence(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    assert visit.page.inner_text(".short") == "평균 2일"
    assert "9일에서 2일로" in visit.page.inner_text("#source mark")
    assert visit.page.evaluate(VISIBLE, "#source mark")


@pytest.mark.parametrize("window", [{"viewport": {"width": 1280, "height": 500}}], ids=["low"])
def test_in_a_low_window_the_cited_sentence_is_scrolled_into_the_panel(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.wait_for_function(f"({VISIBLE})('#source mark')")
    visit.page.locator(".text .chip >> nth=1").click()
    visit.page.wait_for_function("document.querySelector('#source mark').innerText.includes('1,240건')")
    visit.page.wait_for_function(f"({VISIBLE})('#source mark')")


def test_a_chip_and_the_pager_switch_the_source(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.get_by_role("button", name="출처 2 원문 보기: 공영자전거 고장 신고 개선").click()
    visit.page.wait_for_function("document.querySelector('#source mark').innerText.includes('1,240건')")
    assert visit.page.locator(".text .chip[aria-current]").inner_text() == "[2]"
    visit.page.get_by_label("앞 출처").click()
    visit.page.wait_for_function("document.querySelector('#source mark').innerText.includes('9일에서')")
    assert visit.page.locator(".text .chip[aria-current]").inner_text() == "[1]"


def test_everything_works_from_the_keyboard(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("질문", exact=True).focus()
    page.keyboard.type("첫 줄")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("둘째 줄")
    assert page.locator(".turn").count() == 0
    page.keyboard.press("Enter")
    visit.finished(1)
    assert page.inner_text(".question p") == "첫 줄\n둘째 줄"
    page.locator(".text .chip >> nth=1").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#source mark').innerText.includes('1,240건')")


def test_a_syllable_being_composed_is_not_sent(visit: Visit) -> None:
    box = visit.page.get_by_label("질문", exact=True)
    box.fill("수리 기")
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Input.imeSetComposition", {"text": "간", "selectionStart": 1, "selectionEnd": 1})
    composing = {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", composing)
    visit.page.wait_for_timeout(300)
    assert visit.page.locator(".turn").count() == 0


def test_an_example_and_a_follow_up_ask_with_one_press(visit: Visit) -> None:
    visit.page.locator(".examples button >> nth=0").click()
    visit.finished(1)
    assert "공영자전거 고장 신고 개선" in visit.page.inner_text(".question")
    visit.page.get_by_role("button", name="담당 부서는 어디인가요?").click()
    visit.finished(2)


def test_a_question_is_asked_again_or_mended(visit: Visit, chatbot: FakeChatbot) -> None:
    visit.ask("수리 기간은?")
    visit.page.get_by_role("button", name="다시 묻기").click()
    visit.finished(2)
    assert chatbot.asked[-1].text == "수리 기간은?"
    visit.page.get_by_role("button", name="질문 고치기").first.click()
    box = visit.page.get_by_label("질문", exact=True)
    assert box.input_value() == "수리 기간은?"
    visit.page.keyboard.type(" 자세히")
    visit.page.keyboard.press("Enter")
    visit.finished(3)
    assert chatbot.asked[-1].text == "수리 기간은? 자세히"


def test_an_answer_can_be_stopped_and_the_next_question_works(visit: Visit, chatbot: FakeChatbot) -> None:
    chatbot.gate.clear()
    visit.page.get_by_label("질문", exact=True).fill("오래 걸리는 질문")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("text=자료를 찾고 있습니다")
    visit.page.get_by_role("button", name="멈추기").click()
    visit.page.wait_for_selector("text=답변을 멈췄습니다")
    chatbot.gate.set()
    visit.page.get_by_role("button", name="보내기").wait_for()
    visit.ask("수리 기간은?")
    assert visit.page.inner_text(".short") == "평균 2일"


def test_what_is_typed_while_an_answer_grows_stays(visit: Visit, chatbot: FakeChatbot) -> None:
    chatbot.gate.clear()
    box = visit.page.get_by_label("질문", exact=True)
    box.fill("수리 기간은?")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("text=자료를 찾고 있습니다")
    box.fill("다음에 물어볼 것")
    chatbot.gate.set()
    visit.finished(1)
    assert box.input_value() == "다음에 물어볼 것"


def test_a_new_conversation_forgets_the_old_one(visit: Visit, chatbot: FakeChatbot) -> None:
    visit.ask("수리 기간은?")
    visit.page.get_by_role("button", name="새 대화").click()
    visit.page.wait_for_selector(".welcome")
    assert visit.page.locator("#source mark").count() == 0
    visit.ask("다시 묻습니다")
    assert chatbot.asked[-1].history == ()


def test_chosen_filters_reach_the_pipeline(visit: Visit, chatbot: FakeChatbot) -> None:
    visit.page.get_by_label("연도").click()
    visit.page.get_by_role("option", name="2023년").click()
    visit.page.get_by_label("기관").click()
    visit.page.get_by_role("option", name="새빛시 도서관과").click()
    visit.ask("이용자는?")
    assert (chatbot.asked[-1].filters.year, chatbot.asked[-1].filters.agency) == (2023, "새빛시 도서관과")


def test_a_refusal_shows_near_cases_that_open_beside_it(visit: Visit) -> None:
    visit.ask("없는 내용은?")
    visit.page.locator("#conversation").get_by_role("button", name="밤에도 여는 작은도서관").click()
    visit.page.wait_for_function("document.querySelector('#source')?.innerText.includes('밤 10시')")


def test_a_case_opens_from_the_list_and_the_list_comes_back(visit: Visit) -> None:
    visit.page.locator("#source").get_by_role("button", name="공영자전거 고장 신고 개선").click()
    visit.page.wait_for_function("document.querySelector('#source').innerText.includes('한 달 1,240건')")
    visit.page.get_by_role("button", name="사례 목록").click()
    visit.page.wait_for_selector("#source .contents")


def test_an_opinion_is_sent_and_shown_as_given(visit: Visit, data_dir: Path) -> None:
    visit.ask("수리 기간은?")
    with visit.page.expect_response("**/api/v1/feedback") as response:
        visit.page.get_by_label("도움이 되었습니다").click()
    assert response.value.status == 204
    assert visit.page.get_attribute("[data-rate=up]", "aria-pressed") == "true"
    visit.ask("없는 내용은?")
    assert visit.page.get_attribute("[data-rate=up]", "aria-pressed") == "true"
    last = (data_dir / "feedback" / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["rating"] == "up"
    assert "question" not in json.loads(last)


def test_the_answer_and_the_source_are_copied_with_where_they_come_from(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask("수리 기간은?")
    visit.page.get_by_role("button", name="답변 복사").click()
    visit.page.wait_for_selector("text=복사했습니다")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("평균 2일")
    assert "[1] 공영자전거 고장 신고 개선, 새빛시, bike.md" in copied
    visit.page.get_by_role("button", name="원문 복사").click()
    visit.page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('- 큐알코드'))")


def test_a_hostile_document_runs_nothing(visit: Visit) -> None:
    dialogs: list[str] = []
    visit.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visit.ask(f"공격 {HOSTILE}")
    visit.page.wait_for_selector("#source mark")
    assert visit.page.title() == "정부 문서 질의응답"
    assert visit.page.locator("#conversation img, #source img, #conversation script").count() == 0
    assert HOSTILE in visit.page.inner_text("#source .source-text")
    assert dialogs == []


def test_every_control_has_a_name(visit: Visit) -> None:
    assert visit.page.evaluate(NAMELESS) == []
    visit.ask("수리 기간은?")
    assert visit.page.evaluate(NAMELESS) == []
    assert visit.page.inner_text("#announcer [role=status]") == "답변이 왔습니다. 평균 2일 출처 2건."


@pytest.mark.parametrize("window", [{"viewport": {"width": 1280, "height": 800}}, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(visit: Visit) -> None:
    assert visit.page.evaluate(CONTRASTS) == []
    visit.ask("수리 기간은?")
    assert visit.page.evaluate(CONTRASTS) == []
    visit.ask("없는 내용은?")
    assert visit.page.evaluate(CONTRASTS) == []


@pytest.mark.parametrize("window", [DARK], ids=["dark"])
def test_a_dark_system_gets_a_dark_page(visit: Visit) -> None:
    red = visit.page.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert red < 60


@pytest.mark.parametrize("window", [PHONE, NARROW], ids=["390", "320"])
def test_a_phone_never_scrolls_sideways(visit: Visit) -> None:
    assert visit.overflow <= 0
    for question in ("수리 기간은?", f"공격 {HOSTILE}", "없는 내용은?", "띄어쓰기없는아주긴질문" * 20):
        visit.ask(question)
        assert visit.overflow <= 0


@pytest.mark.parametrize("window", [PHONE], ids=["390"])
def test_on_a_phone_a_chip_goes_to_the_source_and_back(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.wait_for_timeout(600)
    assert not visit.page.evaluate(VISIBLE, "#source mark"), "the answer comes first"
    for chip in (1, 0):
        visit.page.locator(".text .chip").nth(chip).click()
        visit.page.wait_for_function(f"({VISIBLE})('#source mark')")
        visit.page.get_by_role("button", name="답변으로").click()
        visit.page.wait_for_function(f"({VISIBLE})('.question')")
    visit.page.locator(".text .chip").nth(0).click()
    visit.page.wait_for_function(f"({VISIBLE})('#source mark')")


@pytest.mark.parametrize("window", [PHONE], ids=["390"])
def test_on_a_phone_the_question_box_stays_in_view(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    visit.page.wait_for_timeout(600)
    assert visit.page.evaluate(VISIBLE, "#composer textarea")


def test_a_source_page_opens_at_the_mark_or_at_the_line_that_the_address_names(visit: Visit) -> None:
    visit.ask("수리 기간은?")
    with visit.page.expect_popup() as popup:
        visit.page.get_by_role("link", name="전체 문서").click()
    page = popup.value
    page.wait_for_load_state()
    assert page.evaluate(VISIBLE, "main mark")
    start = int(page.get_attribute("main mark", "id") or "-1")
    page.goto(f"{visit.base}/documents/bike#{start + 3}")
    page.wait_for_selector(".target")
    assert "9일에서 2일로" in page.inner_text(".target")
    assert page.evaluate(CONTRASTS) == []
