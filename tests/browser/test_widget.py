from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from chatbot.api.app import create_app
from chatbot.settings import Settings
from chatbot.widget.build import BUILT, bundle
from index.settings import IndexSettings
from tests.browser.widget_host import SITE_KEY, Line, agency_page, list_site, served
from tests.chatbot.fake_chatbot import FakeChatbot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAX_GZIPPED_BYTES = 40_000
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FOUR_HUNDRED_PERCENT = {"viewport": {"width": 320, "height": 256}}
NO_STORAGE = """for (const name of ["sessionStorage", "localStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""
FOCUSED = "document.querySelector('gov-chat').shadowRoot.activeElement?.className ?? document.activeElement.tagName"


@pytest.fixture(scope="module")
def access_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("access") / "access.json"


@pytest.fixture(scope="module")
def server(chatbot: FakeChatbot, access_file: Path) -> Iterator[str]:
    settings = Settings(index=IndexSettings(index_dir=access_file.parent / "index"), access_file=access_file)
    with served(lambda: create_app(chatbot, settings)) as address:
        yield address


@pytest.fixture(scope="module")
def line(server: str) -> Iterator[Line]:
    """The way by which the page reaches the server."""
    line = Line(server)
    yield line
    line.close()


@pytest.fixture(scope="module")
def agency(line: Line, access_file: Path) -> Iterator[str]:
    """A page of another origin that is on the list of its site."""
    with served(lambda: agency_page(f"{line.address}/widget.js")) as address:
        list_site(access_file, address)
        yield address


class Chat:
    """The widget on a page, and what the browser had to complain of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def open(self) -> None:
        self.page.click("gov-chat .launcher")
        self.page.click("gov-chat .agree")

    def ask(self, question: str) -> None:
        before = self.page.locator("gov-chat .turn").count()
        self.page.fill("gov-chat textarea", question)
        self.page.keyboard.press("Enter")
        self.page.locator("gov-chat .answer[aria-busy=false]").nth(before).wait_for()

    def text(self, selector: str) -> str:
        return self.page.locator(f"gov-chat {selector}").last.inner_text()

    def token(self) -> str:
        found: str = self.page.evaluate("document.querySelector('gov-chat').client.token")
        return found


@pytest.fixture
def window() -> dict[str, Any]:
    return DESK


@pytest.fixture
def chat(browser: Browser, agency: str, window: dict[str, Any]) -> Iterator[Chat]:
    context = browser.new_context(locale="ko-KR", **window)
    page = context.new_page()
    page.set_default_timeout(15_000)
    chat = Chat(page)
    page.goto(agency)
    page.wait_for_selector("gov-chat .launcher")
    yield chat
    context.close()


def test_the_script_is_what_the_sources_give_and_is_small() -> None:
    assert BUILT.read_text(encoding="utf-8") == bundle()
    assert len(gzip.compress(BUILT.read_bytes(), 9)) < MAX_GZIPPED_BYTES


def test_the_script_comes_packed_to_whom_can_unpack_it_and_once(server: str) -> None:
    plain = httpx.get(f"{server}/widget.js", headers={"accept-encoding": "identity"})
    packed = httpx.get(f"{server}/widget.js", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < MAX_GZIPPED_BYTES < int(plain.headers["content-length"])
    assert plain.content == packed.content == BUILT.read_bytes()
    again = httpx.get(f"{server}/widget.js", headers={"if-none-match": packed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_on_a_page_of_another_origin_with_a_strict_policy_it_asks_streams_and_cites(chat: Chat) -> None:
    chat.open()
    chat.ask("수리 기간은?")
    assert chat.text(".short") == "평균 2일"
    assert chat.page.locator("gov-chat .quote:visible").count() == 0
    chat.page.locator("gov-chat .cite").first.click()
    assert "9일에서 2일로" in chat.text(".quote:visible blockquote")
    assert chat.text(".quote:visible a").startswith("원문 보기")
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert chat.complaints == []


@pytest.mark.parametrize("window", [PHONE], ids=["phone"])
def test_a_cited_document_that_replaced_an_earlier_one_says_so_once(chat: Chat) -> None:
    chat.open()
    chat.ask("새 판의 수리 기간은?")
    told = chat.page.get_by_text("‘공영자전거 고장 신고 개선’ 문서는 새 판입니다(이전 판: 옛 bike.md).")
    assert told.count() == 1
    assert told.is_visible()
    chat.ask("수리 기간은?")
    assert told.count() == 1
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_before_the_first_question_stands_a_notice_and_then_questions_of_the_index(chat: Chat) -> None:
    chat.page.click("gov-chat .launcher")
    assert "개인정보" in chat.text(".notice")
    assert chat.page.locator("gov-chat textarea:visible").count() == 0
    chat.page.click("gov-chat .agree")
    chat.page.locator("gov-chat .first .ask").first.click()
    chat.page.wait_for_selector("gov-chat .answer[aria-busy=false]")
    assert "공영자전거 고장 신고 개선" in chat.text(".asked p")


def test_a_refusal_names_whom_to_ask_and_what_was_found_instead(chat: Chat) -> None:
    chat.open()
    chat.ask("없는 내용은?")
    assert chat.page.get_attribute("gov-chat .contacts a", "href") == "tel:020001234"
    assert "밤에도 여는 작은도서관" in chat.text(".cases")
    assert chat.page.locator("gov-chat .cite").count() == 0


def test_what_a_document_says_is_never_markup(chat: Chat) -> None:
    chat.open()
    chat.ask("공격을 담은 문서는?")
    assert "<img src=x" in chat.text(".answer")
    assert chat.page.locator("gov-chat .cite").count() == 1, "a number without a source was shown"
    assert chat.page.title() == "새빛시청"


def test_a_line_that_is_cut_is_taken_up_again(chat: Chat, chatbot: FakeChatbot, line: Line) -> None:
    chat.open()
    chatbot.asked.clear()
    chatbot.gate.clear()
    chat.page.fill("gov-chat textarea", "수리 기간은?")
    with chat.page.expect_response("**/ask/stream"):
        chat.page.keyboard.press("Enter")
    chat.page.wait_for_timeout(300)
    with chat.page.expect_request("**/ask/stream") as again:
        line.cut()
    assert again.value.headers["last-event-id"].endswith(":1")
    chatbot.gate.set()
    chat.page.wait_for_selector("gov-chat .answer[aria-busy=false] .short")
    assert len(chatbot.asked) == 1, "the question was asked twice"
    assert chat.text(".short") == "평균 2일"


def test_without_a_connection_it_says_so_and_keeps_the_draft_even_over_a_reload(chat: Chat) -> None:
    chat.open()
    chat.page.context.set_offline(True)
    chat.page.fill("gov-chat textarea", "끊긴 뒤의 질문")
    chat.page.keyboard.press("Enter")
    assert "인터넷 연결이 끊겼습니다" in chat.text(".banner")
    chat.page.context.set_offline(False)
    chat.page.wait_for_function("!document.querySelector('gov-chat').shadowRoot.querySelector('.banner').textContent")
    chat.page.reload()
    chat.page.click("gov-chat .launcher")
    assert chat.page.input_value("gov-chat textarea") == "끊긴 뒤의 질문"
    assert chat.page.locator("gov-chat .turn").count() == 0


def test_a_request_that_fails_after_the_line_is_back_leaves_no_banner(chat: Chat) -> None:
    chat.page.evaluate(
        """() => { const plain = fetch; let first = true;
        window.fetch = async (url, options) => {
          if (!first) return plain(url, options);
          first = false;
          await new Promise((done) => setTimeout(done, 300));
          throw new TypeError("cut"); }; }"""
    )
    chat.page.click("gov-chat .launcher")
    chat.page.evaluate("() => { dispatchEvent(new Event('offline')); dispatchEvent(new Event('online')); }")
    chat.page.locator("gov-chat h2", has_text="새빛시 도우미").wait_for()
    chat.page.wait_for_timeout(600)
    assert chat.page.locator("gov-chat .banner:empty").count() == 1


def test_a_server_that_comes_back_is_found_without_being_asked_for(chat: Chat) -> None:
    chat.page.route("**/widget/session", lambda route: route.abort())
    chat.page.click("gov-chat .launcher")
    chat.page.locator("gov-chat .banner", has_text="연결하지 못했습니다").wait_for()
    chat.page.unroute("**/widget/session")
    chat.page.locator("gov-chat .banner:empty").wait_for(state="attached")
    assert chat.text("h2") == "새빛시 도우미"


HOURS = "월-금 09:00-18:00, 토 10:00-13:00"


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-11-20T09:00:00+09:00", True),  # a Friday
        ("2026-11-20T17:59:00+09:00", True),
        ("2026-11-20T18:00:00+09:00", False),
        ("2026-11-20T08:59:00+09:00", False),
        ("2026-11-21T12:00:00+09:00", True),
        ("2026-11-21T13:00:00+09:00", False),
        ("2026-11-22T12:00:00+09:00", False),
        ("2026-11-22T20:00:00-05:00", True),  # Monday morning in Korea
    ],
)
def test_out_of_hours_it_says_so_and_still_answers(chat: Chat, now: str, is_open: bool) -> None:
    chat.page.route(
        "**/widget/session",
        lambda route: route.fulfill(response=(got := route.fetch()), json={**got.json(), "hours": HOURS}),
    )
    chat.page.clock.set_fixed_time(now)
    chat.open()
    chat.page.locator("gov-chat h2", has_text="새빛시 도우미").wait_for()
    told = "" if is_open else "지금은 상담 시간이 아닙니다(월-금 09:00-18:00, 토 10:00-13:00)"
    assert (told in chat.text(".welcome")) and ("상담 시간" in chat.text(".welcome")) is not is_open
    chat.page.get_by_role("button", name="담당자 연결").click()
    assert "02-120" in chat.text(".confirm")
    assert ("상담 시간: 월-금" if is_open else told) in chat.text(".confirm")
    chat.page.keyboard.press("Escape")
    assert chat.page.locator("gov-chat .confirm:visible").count() == 0
    chat.ask("수리 기간은?")
    assert chat.text(".short") == "평균 2일"


EAR = """class Ear {
  start() { window.ear = this; }
  abort() { this.onerror({ error: "aborted" }); this.onend(); }
}
window.SpeechRecognition = window.webkitSpeechRecognition = Ear;"""


@pytest.fixture
def speaking(browser: Browser, agency: str) -> Iterator[Chat]:
    """The widget in a browser that hears what the test says."""
    context = browser.new_context(locale="ko-KR", **DESK)
    context.add_init_script(EAR)
    page = context.new_page()
    page.set_default_timeout(15_000)
    chat = Chat(page)
    page.goto(agency)
    chat.open()
    yield chat
    context.close()


def test_a_question_can_be_spoken_after_it_was_said_where_the_sound_may_go(speaking: Chat) -> None:
    page = speaking.page
    page.fill("gov-chat textarea", "공영자전거")
    page.get_by_role("button", name="말로 묻기").click()
    assert "서버에서 소리를 글로" in speaking.text(".confirm")
    assert page.evaluate("window.ear") is None
    page.get_by_role("button", name="계속하기").click()
    assert page.evaluate("ear.lang") == "ko-KR"
    page.get_by_role("button", name="듣기 멈추기").wait_for()
    page.evaluate("ear.onresult({ results: [[{ transcript: '수리 ' }], [{ transcript: '기간은' }]] })")
    page.evaluate("ear.onend()")
    assert page.input_value("gov-chat textarea") == "공영자전거 수리 기간은"
    assert page.locator("gov-chat .turn").count() == 0, "it was sent without being looked at"
    page.get_by_role("button", name="말로 묻기").click()
    page.get_by_role("button", name="듣기 멈추기").click()
    page.get_by_role("button", name="말로 묻기").wait_for()
    assert page.evaluate("document.querySelector('gov-chat').shadowRoot.querySelector('.banner').textContent") == ""


@pytest.mark.parametrize(
    ("error", "told"), [("not-allowed", "마이크 권한"), ("no-speech", "듣지 못했습니다"), ("network", "글로 적어")]
)
def test_what_the_microphone_refuses_is_said_in_words(speaking: Chat, error: str, told: str) -> None:
    speaking.page.get_by_role("button", name="말로 묻기").click()
    speaking.page.get_by_role("button", name="계속하기").click()
    speaking.page.evaluate(f"() => {{ ear.onerror({{ error: '{error}' }}); ear.onend(); }}")
    assert told in speaking.text(".banner")


@pytest.mark.parametrize("means", ["delete", "attribute"])
def test_where_there_is_no_recognition_or_none_is_wanted_there_is_no_button(
    browser: Browser, server: str, means: str
) -> None:
    page = browser.new_page()
    if means == "delete":
        page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    else:
        page.add_init_script(EAR)
        page.route(
            "**/widget/demo",
            lambda route: route.fulfill(
                response=(got := route.fetch()), body=got.text().replace(" async>", ' data-voice="off" async>')
            ),
        )
    page.goto(f"{server}/widget/demo")
    Chat(page).open()
    assert page.locator("gov-chat .mic").count() == 1
    assert page.locator("gov-chat .mic:visible").count() == 0
    page.close()


def test_an_answer_is_read_aloud_by_a_voice_of_the_machine_and_silenced_with_the_panel(
    browser: Browser, agency: str
) -> None:
    page = browser.new_page()
    page.add_init_script(
        """const said = (window.said = []);
        Object.defineProperty(window, "speechSynthesis", { value: {
          getVoices: () => [{ lang: "ko-KR", localService: true }],
          speak: (words) => said.push(words.text), cancel: () => said.push("-") } });
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };"""
    )
    page.goto(agency)
    chat = Chat(page)
    chat.open()
    chat.ask("수리 기간은?")
    page.get_by_role("button", name="소리 내어 읽기").click()
    assert "9일에서 2일로" in page.evaluate("said.at(-1)")
    assert "[1]" not in page.evaluate("said.at(-1)")
    page.get_by_role("button", name="닫기", exact=True).click()
    assert page.evaluate("said.at(-1)") == "-"
    page.close()


def test_a_question_that_is_quicker_than_the_session_is_not_lost(chat: Chat) -> None:
    chat.page.evaluate(
        """() => { const plain = fetch;
        window.fetch = async (url, options) => {
          if (url.endsWith("/widget/session")) await new Promise((done) => setTimeout(done, 800));
          return plain(url, options); }; }"""
    )
    chat.open()
    chat.ask("수리 기간은?")
    chat.page.wait_for_timeout(200)
    assert chat.text(".short") == "평균 2일"


def test_a_conversation_stays_in_its_window_until_it_is_deleted(chat: Chat) -> None:
    chat.open()
    chat.ask("수리 기간은?")
    chat.page.reload()
    chat.page.click("gov-chat .launcher")
    assert chat.text(".short") == "평균 2일"
    before = chat.page.evaluate("sessionStorage.length && Object.values(sessionStorage).join()")
    assert "수리 기간은" in before
    chat.page.get_by_role("button", name="대화 지우기").click()
    chat.page.get_by_role("button", name="지우기", exact=True).click()
    assert chat.page.locator("gov-chat .turn").count() == 0
    assert "수리 기간은" not in chat.page.evaluate("Object.values(sessionStorage).join()")
    assert chat.text(".sr[role=status]") == "대화를 지웠습니다."


def test_with_storage_refused_it_remembers_while_the_page_is_open(browser: Browser, agency: str) -> None:
    context = browser.new_context()
    context.add_init_script(NO_STORAGE)
    page = context.new_page()
    chat = Chat(page)
    page.goto(agency)
    chat.open()
    chat.ask("수리 기간은?")
    page.get_by_role("button", name="닫기").click()
    page.click("gov-chat .launcher")
    assert chat.text(".short") == "평균 2일"
    assert chat.complaints == []
    context.close()


def test_on_an_origin_that_is_not_listed_nothing_is_answered(browser: Browser, agency: str) -> None:
    page = browser.new_page()
    chat = Chat(page)
    page.goto(agency.replace("127.0.0.1", "localhost"))
    page.click("gov-chat .launcher")
    page.wait_for_function("document.querySelector('gov-chat').shadowRoot.querySelector('.banner').textContent")
    assert "연결하지 못했습니다" in chat.text(".banner")
    assert chat.token() == ""
    page.close()


def test_a_stolen_token_is_worth_nothing_on_another_origin(chat: Chat, server: str, agency: str) -> None:
    chat.open()
    chat.ask("수리 기간은?")
    token = {"Authorization": f"Bearer {chat.token()}"}
    body = {"question": "수리 기간은?"}
    url = f"{server}/api/v1/ask"
    assert httpx.post(url, json=body, headers={**token, "Origin": agency}).status_code == 200
    for thief in ({"Origin": "https://attacker.example"}, {"Origin": "null"}, {}):
        refused = httpx.post(url, json=body, headers={**token, **thief})
        assert refused.status_code == 401
        assert "access-control-allow-origin" not in refused.headers


def test_it_works_from_the_keyboard_alone_and_gives_the_focus_back(chat: Chat) -> None:
    page = chat.page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "launcher"
    page.keyboard.press("Enter")
    page.wait_for_function(f"({FOCUSED}) === 'agree'")
    page.keyboard.press("Enter")
    page.keyboard.type("수리 기간은?")
    page.keyboard.press("Enter")
    page.wait_for_selector("gov-chat .cite")
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(FOCUSED) == "cite":
            break
    page.keyboard.press("Enter")
    assert page.locator("gov-chat .quote:visible").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("gov-chat .panel:visible").count() == 0
    assert page.evaluate(FOCUSED) == "launcher"


@pytest.mark.parametrize("window", [PHONE], ids=["phone"])
def test_where_the_panel_is_all_there_is_the_focus_stays_in_it(chat: Chat) -> None:
    chat.open()
    for _ in range(12):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("document.activeElement.tagName") == "GOV-CHAT"


def test_a_screen_reader_hears_the_answer_once_and_whole(chat: Chat, chatbot: FakeChatbot) -> None:
    chat.open()
    assert chat.page.get_attribute("gov-chat .log", "role") == "log"
    assert chat.page.get_attribute("gov-chat .log", "aria-live") == "off"
    chatbot.gate.clear()
    chat.page.fill("gov-chat textarea", "수리 기간은?")
    chat.page.keyboard.press("Enter")
    chat.page.wait_for_selector("gov-chat .answer[aria-busy=true]")
    assert chat.text(".sr[role=status]") == ""
    chatbot.gate.set()
    chat.page.wait_for_selector("gov-chat .answer[aria-busy=false]")
    heard = chat.text(".sr[role=status]")
    assert heard.startswith("답변이 나왔습니다. 평균 2일.")
    assert heard.endswith("출처 2건")
    assert "[1]" not in heard


def test_what_a_screen_reader_finds(chat: Chat) -> None:
    chat.open()
    chat.ask("수리 기간은?")
    tree = chat.page.locator("gov-chat .panel").aria_snapshot()
    for said in (
        'dialog "새빛시 도우미"',
        'heading "새빛시 도우미" [level=2]',
        'button "쉬운 말"',
        'button "담당자 연결"',
        'button "대화 지우기"',
        'button "닫기"',
        'log "대화 내용"',
        'button "출처 1: 공영자전거 고장 신고 개선"',
        'link "02-000-1234"',
        'button "도움이 되었습니다"',
        'textbox "질문"',
        'button "보내기"',
    ):
        assert said in tree, f"{said}\n{tree}"


@pytest.mark.parametrize("window", [DESK, PHONE, FOUR_HUNDRED_PERCENT], ids=["desk", "phone", "400%"])
def test_axe_finds_nothing_serious_in_any_state(chat: Chat) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def assert_clean(state: str) -> None:
        found = axe.run(chat.page, context="gov-chat")
        bad = [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
        assert bad == [], f"{state}: {found.generate_report()}"

    assert_clean("closed")
    chat.page.click("gov-chat .launcher")
    assert_clean("notice")
    chat.page.click("gov-chat .agree")
    assert_clean("suggestions")
    chat.ask("수리 기간은?")
    chat.page.locator("gov-chat .cite").first.click()
    assert_clean("cited")
    chat.ask("없는 내용은?")
    assert_clean("refused")
    chat.page.get_by_role("button", name="대화 지우기").click()
    assert_clean("confirm")


@pytest.mark.parametrize("window", [DESK, PHONE, FOUR_HUNDRED_PERCENT], ids=["desk", "phone", "400%"])
def test_every_target_is_large_enough_and_nothing_needs_two_directions_of_scrolling(chat: Chat) -> None:
    chat.open()
    chat.ask("수리 기간은?")
    chat.page.locator("gov-chat .cite").first.click()
    small = chat.page.evaluate(
        """[...document.querySelector('gov-chat').shadowRoot.querySelectorAll('button, a, textarea')]
        .map(e => [e.className || e.tagName, e.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""
    )
    assert small == []
    log = "document.querySelector('gov-chat').shadowRoot.querySelector('.log')"
    assert chat.page.evaluate(f"{log}.scrollWidth <= {log}.clientWidth")


def test_labels_change_to_english_and_the_documents_stay_korean(chat: Chat) -> None:
    chat.open()
    chat.ask("수리 기간은?")
    chat.page.get_by_role("button", name="English").click()
    assert chat.page.get_attribute("gov-chat", "lang") == "en"
    assert chat.page.get_attribute("gov-chat textarea", "placeholder") == "Type your question"
    assert chat.page.locator("gov-chat .answer > [lang=ko]", has_text="큐알코드").count() > 0


def test_plain_words_explain_hard_ones(chat: Chat) -> None:
    chat.page.route(
        "**/widget/session",
        lambda route: route.fulfill(
            response=(got := route.fetch()), json={**got.json(), "easy_words": {"큐알코드": "네모난 무늬"}}
        ),
    )
    chat.open()
    chat.ask("수리 기간은?")
    assert chat.page.locator("gov-chat .words").count() == 0
    chat.page.get_by_role("button", name="쉬운 말").click()
    assert "네모난 무늬" in chat.text(".words")


def test_plain_words_give_every_sentence_a_line_of_its_own(chat: Chat) -> None:
    text = "수리 기간을 줄였습니다.[1] 값은 1.5배입니다. 신고는 늘었습니다.[2]"

    def told(route: Any) -> None:
        body = (response := route.fetch()).text()
        stream, _, last = body.rpartition("data: ")
        data, _, rest = last.partition("\n")
        answer = {**json.loads(data), "text": text}
        route.fulfill(response=response, body=f"{stream}data: {json.dumps(answer)}\n{rest}")

    chat.page.route("**/ask/stream", told)
    chat.open()
    chat.ask("수리 기간은?")
    assert chat.page.locator("gov-chat .answer > div[lang=ko]").count() == 1
    chat.page.get_by_role("button", name="쉬운 말").click()
    said = chat.page.locator("gov-chat .answer > div[lang=ko]").all_inner_texts()
    assert said == ["수리 기간을 줄였습니다.1", "값은 1.5배입니다.", "신고는 늘었습니다.2"]


def test_behind_a_proxy_that_holds_everything_back_the_answer_comes_at_once(chat: Chat) -> None:
    chat.page.route("**/ask/stream", lambda route: route.fulfill(response=route.fetch()))
    chat.open()
    chat.ask("수리 기간은?")
    assert chat.text(".short") == "평균 2일"


def test_it_works_in_a_frame_of_another_page(browser: Browser, agency: str) -> None:
    page = browser.new_page()
    page.set_content(f'<iframe src="{agency}" title="시청" width="390" height="700"></iframe>')
    frame = page.frame_locator("iframe")
    frame.locator("gov-chat .launcher").click()
    frame.locator("gov-chat .agree").click()
    frame.locator("gov-chat textarea").fill("수리 기간은?")
    frame.locator("gov-chat textarea").press("Enter")
    assert frame.locator("gov-chat .short").inner_text() == "평균 2일"
    page.close()


def test_a_policy_of_nonces_lets_it_in(browser: Browser, server: str, access_file: Path) -> None:
    page = browser.new_page()
    chat = Chat(page)
    policy = f"default-src 'none'; script-src 'nonce-n1'; connect-src {server}"
    script = f'<script nonce="n1" src="{server}/widget.js" data-site-key="demo" async></script>'
    page.route(
        f"{server}/widget/demo",
        lambda route: route.fulfill(
            body=f"<!doctype html><title>시청</title><body>{script}",
            content_type="text/html; charset=utf-8",
            headers={"content-security-policy": policy},
        ),
    )
    page.goto(f"{server}/widget/demo")
    chat.open()
    chat.ask("수리 기간은?")
    assert chat.text(".short") == "평균 2일"
    assert [said for said in chat.complaints if "favicon" not in said] == []
    page.close()


def test_an_opinion_reaches_the_server(chat: Chat, access_file: Path) -> None:
    chat.open()
    chat.ask("수리 기간은?")
    chat.page.get_by_role("button", name="도움이 되었습니다").click()
    chat.page.wait_for_selector("gov-chat .rate[aria-pressed=true]")
    kept = access_file.parent / "feedback" / "feedback.jsonl"
    assert '"rating":"up"' in kept.read_text(encoding="utf-8")


def test_the_page_can_drive_it_and_hears_of_it_without_a_word_of_what_was_asked(chat: Chat) -> None:
    chat.page.evaluate(
        """() => { window.heard = [];
        for (const name of ["open", "question", "answer", "close"])
          addEventListener(`gov-chat:${name}`, (event) => heard.push([name, JSON.stringify(event.detail)])); }"""
    )
    chat.open()
    chat.page.evaluate("GovChat.ask('수리 기간은?')")
    chat.page.wait_for_selector("gov-chat .short")
    chat.page.evaluate("GovChat.close()")
    heard = chat.page.evaluate("heard")
    assert [name for name, _ in heard] == ["open", "question", "answer", "close"]
    assert "수리" not in str(heard)
    assert '"citations":2' in str(heard)


def test_the_answer_can_be_stopped(chat: Chat, chatbot: FakeChatbot) -> None:
    chat.open()
    chatbot.gate.clear()
    chat.page.fill("gov-chat textarea", "수리 기간은?")
    with chat.page.expect_response("**/ask/stream"):
        chat.page.keyboard.press("Enter")
    chat.page.wait_for_timeout(300)
    with chat.page.expect_request(lambda request: request.method == "DELETE"):
        chat.page.get_by_role("button", name="멈추기").click()
    assert "멈췄습니다" in chat.text(".answer")
    chatbot.gate.set()
    chat.ask("수리 기간은?")
    assert chat.text(".short") == "평균 2일"


def test_the_demo_and_the_page_that_writes_the_snippet(browser: Browser, server: str) -> None:
    page = browser.new_page()
    chat = Chat(page)
    page.goto(f"{server}/widget/demo")
    chat.open()
    chat.ask("수리 기간은?")
    assert chat.text(".short") == "평균 2일"
    page.goto(f"{server}/widget/setup")
    page.fill("#site-key", SITE_KEY)
    page.fill("#name", 'ㄱ"><b>')
    page.select_option("#position", "left")
    snippet = page.inner_text("#snippet")
    assert snippet.startswith(f'<script src="{server}/widget.js" data-site-key="{SITE_KEY}"')
    assert "<b>" not in snippet
    assert 'data-position="left" async></script>' in snippet
    page.fill("#hours", "아무 때나")
    assert "data-hours" not in page.inner_text("#snippet")
    page.fill("#hours", "월-금 09:00-18:00, 토 10:00-13:00")
    page.fill("#privacy-url", "https://www.example.go.kr/privacy")
    page.select_option("#voice", "off")
    for said in ('data-hours="월-금 09:00-18:00, 토 10:00-13:00"', 'data-privacy-url="https://', 'data-voice="off"'):
        assert said in page.inner_text("#snippet")
    page.fill("#color", "#ffee00")
    assert "읽기 어렵습니다" in page.inner_text("#contrast")
    assert [said for said in chat.complaints if "favicon" not in said and "404" not in said] == []
    page.close()
