from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answer import Question
from chatbot.api.app import create_app
from chatbot.conversations.store import ConversationStore
from chatbot.error_report import ErrorReports
from chatbot.own_documents.collections import Collections
from chatbot.settings import Settings
from chatbot.startup import StartupError, bind
from chatbot.ui.answer_text import blocks, plain_answer
from chatbot.ui.archive import Archive
from chatbot.ui.browser_cookie import NAME, owner_of
from chatbot.ui.conversation import Conversation
from chatbot.ui.conversation_panel import announcement, conversation_html
from chatbot.ui.facets import facets_of
from chatbot.ui.handlers import Handlers, Screen
from chatbot.ui.labels import Language, labels
from chatbot.ui.mount import mount_pages
from chatbot.ui.outline import outline_of
from chatbot.ui.passage import LineKind, passage, window_around
from chatbot.ui.presses import Again, Scope, Without, again_of, filters_of, question_text, scope_of
from chatbot.ui.shell import shell
from chatbot.ui.source_panel import case_view, source_html
from index.document import Sentence
from index.report import FileReport
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import BIKE, EVIL, HOSTILE, FakeChatbot


class Tags(HTMLParser):
    """Tags and attributes of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def with_attribute(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def assert_harmless(html: str) -> None:
    """No tag or attribute of a hostile document made it into the markup."""
    page = Tags(html)
    assert not [tag for tag, _ in page.tags if tag in ("script", "img", "iframe")]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not [href for href in page.with_attribute("href") if href and href.lower().startswith("javascript")]


@pytest.fixture
def chatbot() -> FakeChatbot:
    return FakeChatbot()


@pytest.fixture
def reports(tmp_path: Path) -> ErrorReports:
    return ErrorReports(tmp_path / "feedback" / "reports.jsonl", {"read_chunks": 5})


@pytest.fixture
def handlers(chatbot: FakeChatbot, reports: ErrorReports) -> Handlers:
    return Handlers(chatbot, reports, KOREAN)


KOREAN = labels()


def ask(handlers: Handlers, text: str, conversation: Conversation | None = None) -> Screen:
    *_, last = handlers.ask(text, "전체", "전체", conversation or Conversation())
    return last


# answer text


def test_marks_become_pieces_with_the_word_before_them_and_unknown_numbers_go() -> None:
    [block] = blocks("기간을 3일로 줄였습니다.[1] 비용은 없습니다.[9]", {1})
    [row] = block.rows
    assert [(piece.lead, piece.text, piece.number) for piece in row] == [
        ("", "기간을 3일로 ", None),
        ("줄였습니다.", "[1]", 1),
        ("", " 비용은 없습니다.", None),
    ]


def test_a_run_of_marks_stays_with_the_word_before_it() -> None:
    [block] = blocks("하나[1][2] 둘[3]", {1, 2, 3})
    [row] = block.rows
    marks = [(piece.lead, piece.number, piece.first, piece.last) for piece in row if piece.number]
    assert marks == [("하나", 1, True, False), ("", 2, False, True), ("둘", 3, True, True)]


def test_lines_of_a_list_are_one_block() -> None:
    found = blocks("모두 2건입니다.\n- 하나[1]\n- 둘[2]\n\n1. 첫째\n2. 둘째", {1, 2})
    assert [(block.kind, len(block.rows)) for block in found] == [("paragraph", 1), ("bullets", 2), ("numbers", 2)]


def test_case_names_stand_out_and_the_line_of_sources_is_left_to_the_list() -> None:
    [block] = blocks("「야간 도서관」(새빛시): 4만 명입니다.[1]\n근거: 「야간 도서관」(새빛시)[2]", {1, 2})
    [row] = block.rows
    assert [piece.text for piece in row if piece.title] == ["「야간 도서관」"]
    assert [piece.number for piece in row if piece.number] == [1]


@given(st.text(), st.sets(st.integers(0, 20)))
def test_no_text_breaks_the_blocks(text: str, numbers: set[int]) -> None:
    for block in blocks(text, numbers):
        for piece in (piece for row in block.rows for piece in row):
            assert piece.number is None or piece.number in numbers


def test_the_copied_answer_holds_its_sources() -> None:
    assert plain_answer("줄였습니다.[1]", "3일", ["[1] 사례, 기관, 문서.md"]) == (
        "3일\n\n줄였습니다.[1]\n\n[출처]\n[1] 사례, 기관, 문서.md"
    )


# passage


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_a_passage_keeps_every_character_and_marks_exactly_the_range(
    text: str, first: int, length: int, window_start: int, window_length: int
) -> None:
    mark = (first, first + length)
    shown = passage(text, mark, (window_start, window_start + window_length))
    for line in shown.lines:
        joined = "".join(span.text for span in line.spans)
        assert joined == text[line.start : line.start + len(joined)]
        for span in line.spans:
            assert span.text == text[span.start : span.start + len(span.text)]
            for place in range(span.start, span.start + len(span.text)):
                assert span.marked == (mark[0] <= place < mark[1])


def test_a_whole_passage_leaves_out_only_blank_lines() -> None:
    shown = passage(BIKE, (0, 0))
    assert "\n".join("".join(span.text for span in line.spans) for line in shown.lines) == "\n".join(
        line for line in BIKE.splitlines() if line.strip()
    )
    assert not (shown.before or shown.after)


def test_lines_are_told_apart_and_markup_is_faint() -> None:
    shown = passage("# 제목\n- 항목\n가\t나\n| 다 | 라 |\n---\n**굵은** 글", (0, 0))
    kinds = [line.kind for line in shown.lines]
    assert kinds == [LineKind.HEADING, LineKind.ITEM, LineKind.ROW, LineKind.ROW, LineKind.RULE, LineKind.TEXT]
    assert [span.text for line in shown.lines for span in line.spans if span.faint] == ["# ", "**", "**"]


def test_a_window_is_the_whole_case_or_what_lies_around_the_mark() -> None:
    assert window_around((50, 60), (0, 100), 50) == (0, 100)
    assert window_around((500, 510), (0, 1000), 50) == (450, 560)
    assert window_around((10, 20), (0, 1000), 50) == (0, 70)


# conversation and source panel


def test_an_answer_shows_its_short_answer_its_chips_and_its_sources(handlers: Handlers) -> None:
    page = Tags(ask(handlers, "수리 기간이 얼마나 줄었나요?").log)
    assert page.with_attribute("data-cite") == ["1", "2", "2", "1"]
    assert "평균 2일" in page.text
    assert "교통정책과 홍길동" in page.text
    assert "tel:02-000-1234" in page.with_attribute("href")


def test_while_working_the_page_says_what_is_being_done(handlers: Handlers) -> None:
    first, second, *_ = handlers.ask("수리 기간은?", "전체", "전체", Conversation())
    assert first.working
    assert "질문을 살펴보고 있습니다" in first.log
    assert "자료를 찾고 있습니다" in second.log


def test_the_first_source_opens_at_the_cited_sentence(handlers: Handlers) -> None:
    screen = ask(handlers, "수리 기간은?")
    assert screen.source is not None
    assert "<mark>- 큐알코드 신고를 도입하여 수리 기간을 평균 9일에서 2일로 줄였습니다.</mark>" in screen.source
    assert "출처 1 / 2" in screen.source


def test_a_pressed_chip_opens_its_own_source_also_in_an_earlier_turn(handlers: Handlers) -> None:
    screen = ask(handlers, "공격", ask(handlers, "수리 기간은?").conversation)
    shown = handlers.show({"turn": 0, "number": 2}, screen.conversation)
    assert shown is not None
    assert "<mark>- 신고 건수는 한 달 1,240건으로 늘었습니다.</mark>" in shown
    other = handlers.show({"turn": 1, "number": 1}, screen.conversation)
    assert other is not None
    assert "<mark>공격을 담고</mark>" in other


@pytest.mark.parametrize(
    "request_", [{}, {"turn": 5, "number": 1}, {"turn": 0, "number": 9}, {"turn": "0", "number": []}, {"case": "없음"}]
)
def test_a_press_that_means_nothing_changes_nothing(handlers: Handlers, request_: dict[str, object]) -> None:
    assert handlers.show(request_, ask(handlers, "수리 기간은?").conversation) is None


def test_a_refusal_offers_near_cases_and_whom_to_ask(handlers: Handlers) -> None:
    screen = ask(handlers, "없는 내용은?")
    page = Tags(screen.log)
    assert page.with_attribute("data-case") == ["night-library-1"]
    assert "02-000-1234" in page.text
    assert screen.source is None
    shown = handlers.show({"case": "night-library-1"}, screen.conversation)
    assert shown is not None
    assert "밤 10시" in shown


def test_a_failure_becomes_a_sentence_and_the_next_question_works(handlers: Handlers) -> None:
    broken = ask(handlers, "폭발")
    assert "오류가 났습니다" in broken.log
    assert not broken.working
    assert "평균 2일" in ask(handlers, "수리 기간은?", broken.conversation).log


def test_stopping_ends_the_turn_and_keeps_the_rest(handlers: Handlers) -> None:
    before = ask(handlers, "수리 기간은?").conversation
    working = next(iter(handlers.ask("또 다른 질문", "전체", "전체", before)))
    stopped = handlers.stop(working.conversation)
    assert "답변을 멈췄습니다" in stopped.log
    assert "평균 2일" in stopped.log
    assert not stopped.working
    assert handlers.stop(before).conversation == before


def test_the_pipeline_gets_earlier_turns_and_the_chosen_filters(handlers: Handlers, chatbot: FakeChatbot) -> None:
    first = ask(handlers, "수리 기간은?")
    list(handlers.ask("담당은?", "2024년", "새빛시", first.conversation))
    question = chatbot.asked[-1]
    assert [turn.role for turn in question.history] == ["user", "assistant"]
    assert question.history[0].content == "수리 기간은?"
    assert (question.filters.year, question.filters.agency) == (2024, "새빛시")


def test_a_year_read_from_the_question_is_taken_back_with_one_press(handlers: Handlers, chatbot: FakeChatbot) -> None:
    first = ask(handlers, "수리 기간은?")
    assert "질문에서 읽은 조건" in first.log
    second = ask(handlers, "2024년 담당은?", first.conversation)
    page = Tags(second.log)
    assert "‘2024년’ 조건을 빼고 다시 찾기" in page.with_attribute("aria-label")
    list(handlers.ask("2024년 담당은?", "전체", "전체", second.conversation, Again(1, Without.YEARS)))
    question = chatbot.asked[-1]
    assert question.any_year
    assert [turn.content for turn in question.history if turn.role == "user"] == ["수리 기간은?"]


def test_filters_set_by_hand_are_changed_where_they_were_set(handlers: Handlers) -> None:
    *_, screen = handlers.ask("수리 기간은?", "2024년", "전체", Conversation())
    assert "적용한 조건" in screen.log
    assert "data-without" not in screen.log


def test_a_question_read_from_the_conversation_can_be_asked_alone(handlers: Handlers, chatbot: FakeChatbot) -> None:
    before = ask(handlers, "수리 기간은?").conversation
    answer = chatbot.answer(Question(text="담당은?")).model_copy(update={"rewritten_question": "공영자전거 담당은?"})
    turn = replace(before.turns[0], asked=Question(text="담당은?"), answer=answer)
    conversation = Conversation((*before.turns, turn))
    buttons = [attributes for _, attributes in Tags(conversation_html(conversation, [], KOREAN)).tags]
    [button] = [one for one in buttons if one.get("data-without") == "history"]
    assert (button["data-ask"], button["data-turn"]) == ("담당은?", "1")
    list(handlers.ask("담당은?", "전체", "전체", conversation, Again(1, Without.HISTORY)))
    assert chatbot.asked[-1].history == ()


@pytest.mark.parametrize("data", [{}, {"turn": -1, "without": "years"}, {"turn": 0, "without": "x"}, {"turn": "0"}])
def test_a_press_that_asks_nothing_again_is_a_new_question(data: dict[str, object]) -> None:
    assert again_of(data) is None


def test_a_question_is_not_its_own_history(handlers: Handlers, chatbot: FakeChatbot) -> None:
    ask(handlers, "수리 기간은?")
    assert chatbot.asked[-1].history == ()


@pytest.mark.parametrize("year", ["전체", "", "20x4년", "99999년"])
def test_what_is_not_a_year_is_no_filter(year: str) -> None:
    assert filters_of(year, "전체", KOREAN).year is None


@pytest.mark.parametrize("typed", [None, 5, "", "   ", ["질문"]])
def test_what_is_not_a_question_is_not_asked(typed: object) -> None:
    assert question_text(typed, 100) == ""


@pytest.mark.parametrize("chosen", [None, 5, "", "alles", ["own"]])
def test_what_is_no_place_to_search_is_the_common_documents(chosen: object) -> None:
    assert scope_of(chosen) is Scope.COMMON


def test_documents_that_are_gone_are_told_and_nothing_is_asked(handlers: Handlers, chatbot: FakeChatbot) -> None:
    *_, screen = handlers.ask("수리 기간은?", "전체", "전체", Conversation(), scope=Scope.OWN)
    assert "내 문서가 사라졌습니다" in screen.log
    assert chatbot.asked == []


def test_what_was_asked_over_own_documents_is_kept_nowhere(
    chatbot: FakeChatbot, reports: ErrorReports, tmp_path: Path
) -> None:
    store = ConversationStore(tmp_path / "conversations.sqlite", days=1)
    collections = Collections(chatbot.joined, lambda path: [FileReport(path.name, characters=1)])
    cookies = {NAME: "m" * 43}
    owner = owner_of(cookies) or ""
    collections.add(owner, "계획.txt", b"x")
    while collections.chatbots(owner) is None:
        time.sleep(0.01)
    handlers = Handlers(chatbot, reports, KOREAN, archive=Archive(store), collections=collections)
    *_, first = handlers.ask("비밀 예산은?", "전체", "전체", Conversation(), None, cookies, Scope.OWN)
    assert store.entries(owner) == []
    handlers.report({"turn": 0}, first.conversation)
    assert not (tmp_path / "feedback").exists()
    *_, second = handlers.ask("수리 기간은?", "전체", "전체", first.conversation, None, cookies)
    assert chatbot.asked[-1].history == ()
    [kept] = store.turns(owner, second.conversation.conversation_id)
    assert "비밀" not in kept.model_dump_json()
    *_, _third = handlers.ask("이어서 묻습니다", "전체", "전체", second.conversation, None, cookies, Scope.BOTH)
    assert [turn.content for turn in chatbot.asked[-1].history if turn.role == "user"] == [
        "비밀 예산은?",
        "수리 기간은?",
    ]
    store.close()


def test_a_screen_reader_hears_the_outcome_and_never_the_tokens(handlers: Handlers) -> None:
    heard = {screen.announced for screen in handlers.ask("수리 기간은?", "전체", "전체", Conversation())}
    assert "답변이 왔습니다. 평균 2일 출처 2건." in heard
    assert not [sentence for sentence in heard if "큐알코드" in sentence]
    assert announcement(Conversation(), KOREAN) == ""


def test_an_answer_tells_its_steps_its_synonyms_and_what_was_read_but_not_used(handlers: Handlers) -> None:
    screen = ask(handlers, "수리 기간은?")
    page = Tags(screen.log)
    assert "검색 0.02초" in " ".join(page.text.split())
    assert "따릉이" in page.text
    assert "검증에서 빠짐: ‘9일’이 근거와 다름 · 점수 0.12" in " ".join(page.text.split())
    shown = handlers.show({"turn": 0, "candidate": 0}, screen.conversation)
    assert shown is not None
    assert "<mark>- 고장 난 자전거를 신고해도" in shown
    assert handlers.show({"turn": 0, "candidate": 7}, screen.conversation) is None


def test_a_report_is_kept_once_with_all_that_is_needed_to_ask_again(handlers: Handlers, reports: ErrorReports) -> None:
    screen = ask(handlers, "제 메일은 hong@example.com입니다. 수리 기간은?")
    told = handlers.report(
        {"turn": 0, "reasons": ["wrong", "없는 까닭"], "comment": "2일이 아닙니다"}, screen.conversation
    )
    [kept] = list(reports)
    assert f"신고를 받았습니다(번호 {kept.report_id})" in told.log
    assert kept.reasons == ("wrong",)
    assert kept.comment == "2일이 아닙니다"
    assert kept.answer.short_answer == "평균 2일"
    assert kept.explanation is not None
    assert kept.settings == {"read_chunks": 5}
    assert kept.versions["kiwipiepy"]
    assert "hong" not in kept.model_dump_json()
    assert kept.masked
    handlers.report({"turn": 0}, told.conversation)
    assert len(list(reports)) == 1


@pytest.mark.parametrize("request_", [{}, {"turn": 3}, {"turn": -1}, {"turn": "0"}])
def test_a_report_about_nothing_is_not_kept(
    handlers: Handlers, reports: ErrorReports, tmp_path: Path, request_: dict[str, object]
) -> None:
    handlers.report(request_, ask(handlers, "수리 기간은?").conversation)
    assert not (tmp_path / "feedback").exists()


def test_a_report_that_cannot_be_kept_says_so(handlers: Handlers, tmp_path: Path) -> None:
    (tmp_path / "feedback").write_text("이 자리에는 폴더를 만들 수 없습니다")
    told = handlers.report({"turn": 0}, ask(handlers, "수리 기간은?").conversation)
    assert "신고를 저장하지 못했습니다" in told.log


def test_a_hostile_document_stays_text_everywhere(handlers: Handlers, chatbot: FakeChatbot) -> None:
    screen = ask(handlers, f"공격 {HOSTILE}")
    view = case_view(chatbot.library, "evil-1")
    assert view is not None
    for html in (screen.log, screen.source, source_html(view, KOREAN), handlers.start().source):
        assert html is not None
        assert_harmless(html)
        assert HOSTILE in unescape(html)


@given(st.text(min_size=1, max_size=200))
def test_whatever_is_asked_stays_text(text: str) -> None:
    html = conversation_html(Conversation().asking(Question(text=f'"><script>{text}')), [], KOREAN)
    assert_harmless(html)


# facets


def test_facets_list_years_newest_first_and_split_agencies(chatbot: FakeChatbot) -> None:
    facets = facets_of(chatbot.library.cases())
    assert facets.years == (2024, 2023, 2022)
    assert facets.agencies[0] == "새빛시"
    assert "‘공영자전거 고장 신고 개선’의 주요 내용을 요약해 주세요." in facets.examples
    assert [entry.case_id for entry in facets.cases] == ["bike-1", "night-library-1", "evil-1"]


def test_an_empty_library_has_no_facets() -> None:
    assert facets_of([]) == facets_of(())
    assert facets_of([]).examples == ()


# pages over HTTP


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("data")

    async def build() -> FastAPI:  # outside of a loop, Gradio opens loops of its own and never closes them
        chatbot = FakeChatbot()
        settings = Settings(index=IndexSettings(index_dir=folder / "index"))
        app = create_app(chatbot, settings)
        mount_pages(app, chatbot, settings)
        return app

    # In a thread of its own: the browser tests keep a loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as pool:
        app = pool.submit(lambda: asyncio.run(build())).result()
    with TestClient(app) as client:
        yield client


def test_a_source_page_marks_the_range_with_an_anchor(client: TestClient) -> None:
    start = BIKE.index("신고 건수는")
    page = client.get(f"/documents/bike?start={start}&end={start + 6}").text
    assert f'<mark id="{start}">신고 건수는</mark>' in page
    assert '<html lang="ko">' in page


@pytest.mark.parametrize("query", ["", "?start=5", "?start=9999&end=99999", "?start=20&end=3"])
def test_a_source_page_shows_the_whole_text_whatever_the_range(client: TestClient, query: str) -> None:
    page = Tags(client.get(f"/documents/bike{query}").text)
    for line in BIKE.splitlines():
        assert line in page.text


def test_the_source_page_of_a_hostile_document_is_text_under_a_strict_policy(client: TestClient) -> None:
    response = client.get(f"/documents/evil?start=0&end={len(EVIL)}")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    page = Tags(response.text)
    assert [attributes.get("src") for tag, attributes in page.tags if tag == "script"] == ["/pages/source_page.js"]
    assert not [tag for tag, _ in page.tags if tag == "img"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/documents/nothing", 404),
        ("GET", "/nothing", 404),
        ("GET", "/pages/nothing.css", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/ask", 405),
        ("POST", "/documents/bike", 405),
        ("POST", "/gradio_api/upload", 404),
        ("GET", "/documents/bike?start=-1", 422),
    ],
)
def test_errors_beside_the_chat_are_problem_documents_too(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_chat_is_korean_and_names_no_other_host(client: TestClient) -> None:
    response = client.get("/", headers={"accept-encoding": "gzip, br"})
    assert response.status_code == 200
    assert 'lang="ko"' in response.text[:200]
    head = response.text.partition("</head>")[0]
    assert 'property="og:' not in head
    assert "fonts.googleapis" not in response.text
    assert "frame-ancestors 'self'" in response.headers["content-security-policy"]


def test_posts_to_the_chat_from_another_site_are_refused(client: TestClient) -> None:
    response = client.post("/gradio_api/queue/join", json={}, headers={"origin": "https://attacker.example"})
    assert response.status_code == 403


def test_the_shell_changes_only_the_head() -> None:
    html = b'<html lang="en"><head><meta property="og:url" content="x" /><title>t</title></head><p lang="en">og:</p>'
    assert shell(html, Language.KOREAN) == b'<html lang="ko"><head><title>t</title></head><p lang="en">og:</p>'


# start


def test_a_taken_port_is_one_line_that_says_what_to_do() -> None:
    held = bind("127.0.0.1", 0)
    held.listen()
    with pytest.raises(StartupError, match="--port"):
        bind("127.0.0.1", held.getsockname()[1])
    held.close()


def test_an_address_that_is_not_ours_is_told_apart() -> None:
    with pytest.raises(StartupError, match="--host"):
        bind("192.0.2.1", 8000)


# a whole document


def test_a_document_leads_from_one_citation_to_the_next(client: TestClient) -> None:
    first, second = BIKE.index("- 큐알코드"), BIKE.index("- 신고 건수")
    ends = first + 10, second + 8
    marks = f"mark={first}-{ends[0]}&mark={second}-{ends[1]}"
    page = client.get(f"/documents/bike?start={first}&end={ends[0]}&{marks}")
    found = Tags(page.text)
    assert "인용 1 / 2" in found.text
    [following] = [attributes["href"] for tag, attributes in found.tags if attributes.get("rel") == "next"]
    assert following is not None
    after = client.get(following)
    assert "인용 2 / 2" in after.text
    assert '<mark class="other"' in page.text
    assert f'id="{second}"' in after.text


@pytest.mark.parametrize(
    "query",
    ["mark=9-2&start=0&end=5", "mark=0-99999&start=0&end=5", "start=3&end=5&mark=3-5", "start=3&end=5&mark=1-2"],
)
def test_marks_that_lead_nowhere_are_passed_over(client: TestClient, query: str) -> None:
    page = client.get(f"/documents/bike?{query}")
    assert page.status_code == 200
    assert "다음 인용" not in page.text


@pytest.mark.parametrize("query", ["mark=x", "mark=1-", "&".join(["mark=1-2"] * 61), "mark=1-9999999999"])
def test_marks_that_are_none_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/documents/bike?{query}").status_code == 422


def test_an_outline_has_each_heading_once_where_its_text_begins() -> None:
    def sentence(start: int, *path: str) -> Sentence:
        return Sentence("d", "c", 0, start, start + 1, "글", heading_path=path)

    outline = outline_of(
        [sentence(0), sentence(5, "가"), sentence(9, "가", "나"), sentence(20, "다"), sentence(30, "다")]
    )
    assert [(entry.title, entry.depth, entry.start) for entry in outline] == [("가", 1, 5), ("나", 2, 9), ("다", 1, 20)]
    assert outline_of([sentence(5, "가")], (6, 10)) == ()
