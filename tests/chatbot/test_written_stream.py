"""What a user sees while a chat model at the end of a real HTTP connection is still writing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai import OpenAI

from chatbot.answer import Answer, AnswerStatus, Event, Question
from chatbot.api.app import create_app
from chatbot.decision import Decision
from chatbot.draft import Draft, DraftSentence
from chatbot.draft_check import DraftCheck
from chatbot.error_report import ErrorReports
from chatbot.pipeline import Chatbot
from chatbot.run import Run
from chatbot.ui.conversation import Conversation
from chatbot.ui.handlers import Handlers
from chatbot.ui.labels import Language, labels
from index.library import Library
from tests.browser.widget_host import served
from tests.chatbot.fake_model import tiny_library
from tests.chatbot.fake_server import CompatibleServer, compatible_server, connected

ASKED = Question(text="자전거 수리 기간이 얼마나 줄었나요?")
FIRST = "자전거 수리 기간은 평균 9일에서 2일로 줄었습니다."
SECOND = "자전거 신고 건수는 한 달 1,240건으로 늘었습니다."
BEHIND_FIRST = len(FIRST) + 8
WAIT_SECONDS = 5.0


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = tiny_library(tmp_path_factory.mktemp("tiny"))
    yield library
    library.close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CompatibleServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with compatible_server() as server:
        server.answer = f"{FIRST}[?] {SECOND}[!]"
        server.middle = BEHIND_FIRST
        yield server


def whole(events: list[Event]) -> Answer:
    """The answer of a stream that keeps what the interface promises."""
    *before, last = events
    names = [event.name for event in before]
    assert last.name == "answer"
    assert set(names) <= {"status", "token", "citation"}
    assert "status" not in names[names.index("token") :]
    answer = Answer.model_validate(last.data)
    assert text_of(before) == answer.text
    assert tuple(event.data["number"] for event in before if event.name == "citation") == tuple(
        citation.number for citation in answer.citations
    )
    return answer


def text_of(events: list[Event]) -> str:
    return "".join(event.data["text"] for event in events if event.name == "token")


def until_first(bot: Chatbot) -> tuple[list[Event], Iterator[Event]]:
    """The events up to the first sentence, and the rest as they come."""
    stream, seen = bot.stream(ASKED), []
    for event in stream:
        seen.append(event)
        if event.name == "token":
            break
    return seen, stream


def test_a_sentence_is_shown_while_the_next_one_is_still_unwritten(library: Library, server: CompatibleServer) -> None:
    server.mode = "stalls"
    seen, rest = until_first(connected(library, server))
    assert not server.release.is_set()
    assert text_of(seen) == f"{FIRST}[1]"
    assert [event.data["step"] for event in seen[:-1]] == ["understand", "retrieve", "rerank", "compose", "verify"]
    server.release.set()
    answer = whole([*seen, *rest])
    assert answer.text.startswith(f"{FIRST}[1] {SECOND}[2]\n근거: 「")
    assert answer.provenance.answerer == "generative"


def test_a_citation_comes_with_the_sentence_that_it_belongs_to(library: Library, server: CompatibleServer) -> None:
    events = [event for event in connected(library, server).stream(ASKED) if event.name in ("token", "citation")]
    assert [event.name for event in events[:4]] == ["token", "citation", "token", "citation"]
    for token, citation in zip(events[:4:2], events[1:4:2], strict=True):
        assert f"[{citation.data['number']}]" in token.data["text"]


def test_what_its_source_does_not_say_is_left_out_between_two_that_are_shown(
    library: Library, server: CompatibleServer
) -> None:
    server.answer = f"{FIRST}[?] 국토교통부가 5억 원을 지원했습니다.[?] {SECOND}[!]"
    assert whole(list(connected(library, server).stream(ASKED))).text.startswith(f"{FIRST}[1] {SECOND}[2]\n")


def test_a_refusal_of_the_model_behind_a_sentence_leaves_the_sentence(
    library: Library, server: CompatibleServer
) -> None:
    server.answer = f"{FIRST}[?] [근거 없음] {SECOND}[!]"
    answer = whole(list(connected(library, server).stream(ASKED)))
    assert answer.text.startswith(f"{FIRST}[1]\n근거:")
    assert answer.status is AnswerStatus.ANSWERED


@pytest.mark.parametrize("mode", ["breaks", "stalls"])
def test_what_was_shown_before_a_model_breaks_off_stays_and_is_completed_from_the_documents(
    mode: str, library: Library, server: CompatibleServer
) -> None:
    server.mode = mode
    bot = connected(library, server, answer_timeout_seconds=1.6)
    without = Chatbot(bot.settings, library, None).answer(ASKED)
    answer = whole(list(bot.stream(ASKED)))
    assert answer.text.startswith(f"{FIRST}[1]")
    assert {citation.quote for citation in without.citations} <= {citation.quote for citation in answer.citations}
    assert (answer.status, answer.provenance.answerer) == (AnswerStatus.ANSWERED, "generative")
    assert len({citation.quote for citation in answer.citations}) == len(answer.citations)


def test_a_failure_of_our_own_behind_a_sentence_makes_it_a_part_of_an_answer(
    library: Library, server: CompatibleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = DraftCheck.is_supported

    def breaks(self: DraftCheck, sentence: DraftSentence, run: Run) -> bool:
        if sentence.text == SECOND:
            raise RuntimeError("disk gone")
        return check(self, sentence, run)

    monkeypatch.setattr(DraftCheck, "is_supported", breaks)
    answer = whole(list(connected(library, server).stream(ASKED)))
    assert (answer.text, answer.status) == (f"{FIRST}[1]", AnswerStatus.ANSWERED_PARTIAL)


def test_a_question_that_is_refused_shows_nothing_of_what_the_model_wrote(
    library: Library, server: CompatibleServer
) -> None:
    answer = whole(list(connected(library, server, use_refusal=True, refusal_threshold=1.0).stream(ASKED)))
    assert answer.status is AnswerStatus.NOT_IN_SOURCES
    assert "9일" not in answer.text
    assert not answer.citations


class Deciding:
    """Refuses drafts whose last sentence is ``never``, and all that are shorter than ``least`` sentences."""

    def __init__(self, least: int, never: str = "") -> None:
        self.least, self.never = least, never

    def decide(self, run: Run, draft: Draft) -> Decision:
        return Decision(draft, len(draft.sentences) < self.least or draft.sentences[-1].text == self.never, "까닭")


def test_sentences_are_held_back_until_together_they_may_be_shown(library: Library, server: CompatibleServer) -> None:
    bot = connected(library, server)
    bot._writing._decider = Deciding(least=2)  # type: ignore[union-attr,assignment]
    server.mode = "stalls"
    server.release.set()
    assert whole(list(bot.stream(ASKED))).text.startswith(f"{FIRST}[1] {SECOND}[2]\n")


def test_a_sentence_that_would_take_the_answer_back_is_not_shown(library: Library, server: CompatibleServer) -> None:
    bot = connected(library, server)
    bot._writing._decider = Deciding(least=1, never=SECOND)  # type: ignore[union-attr,assignment]
    assert whole(list(bot.stream(ASKED))).text.startswith(f"{FIRST}[1]\n근거:")


def test_an_explanation_comes_before_the_whole_answer(library: Library, server: CompatibleServer) -> None:
    events = list(connected(library, server).stream(ASKED.model_copy(update={"explain": True})))
    assert [event.name for event in events[-2:]] == ["explanation", "answer"]


def sse(lines: Iterator[str]) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Id, name and data of server-sent events."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields["id"], fields["event"], json.loads(fields.pop("data"))


@pytest.fixture
def address(library: Library, server: CompatibleServer, tmp_path: Path) -> Iterator[str]:
    server.mode = "stalls"
    bot = connected(library, server, access_file=tmp_path / "access.json", workers=1, chat_queue_size=1)
    with served(lambda: create_app(bot, bot.settings)) as address:
        yield address


def test_the_stream_of_the_api_sends_a_sentence_at_once_and_can_be_taken_up_again(
    address: str, server: CompatibleServer
) -> None:
    body = {"question": ASKED.text}
    with httpx.Client(timeout=20) as client:
        with client.stream("POST", f"{address}/api/v1/ask/stream", json=body) as response:
            last = next(place for place, name, _ in sse(response.iter_lines()) if name == "token")
        server.release.set()
        headers = {"Last-Event-ID": last}
        with client.stream("POST", f"{address}/api/v1/ask/stream", json=body, headers=headers) as response:
            rest = list(sse(response.iter_lines()))
    names = [name for _, name, _ in rest]
    assert names[0] == "citation"
    assert names[-1] == "answer"
    tokens = [data["text"] for _, name, data in rest if name == "token"]
    assert f"{FIRST}[1]" + "".join(map(str, tokens)) == rest[-1][2]["text"]


def test_who_stops_an_answer_gives_its_worker_back_while_the_model_is_silent(
    address: str, server: CompatibleServer
) -> None:
    server.tokens_a_second = 20.0
    begun = time.monotonic()
    with httpx.Client(timeout=20) as client:
        with client.stream("POST", f"{address}/api/v1/ask/stream", json={"question": ASKED.text}) as response:
            place = next(place for place, name, _ in sse(response.iter_lines()) if name == "token")
        assert client.delete(f"{address}/api/v1/ask/stream/{place.rpartition(':')[0]}").status_code == 204
        # The only worker is free again: a question that ends at a guard gets its turn.
        assert client.post(f"{address}/api/v1/ask", json={"question": "안녕하세요"}).status_code == 200
        assert time.monotonic() - begun < WAIT_SECONDS
        server.release.set()
        assert server.gone.wait(WAIT_SECONDS)


def test_an_openai_client_gets_a_sentence_while_the_next_one_is_unwritten(
    address: str, server: CompatibleServer
) -> None:
    client = OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
    chunks = client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": ASKED.text}], stream=True, timeout=20
    )
    said = ""
    for chunk in chunks:
        said += chunk.choices[0].delta.content or ""
        if said and not server.release.is_set():
            assert said == f"{FIRST}[1]"
            server.release.set()
    assert re.match(rf"{re.escape(FIRST)}\[1\] {re.escape(SECOND)}\[2\]\n근거: .*\n\n출처\n\[1\] ", said)


def test_the_page_paints_a_sentence_while_the_next_one_is_unwritten(
    library: Library, server: CompatibleServer, tmp_path: Path
) -> None:
    server.mode = "stalls"
    handlers = Handlers(
        connected(library, server), ErrorReports(tmp_path / "reports.jsonl", {}), labels(Language.KOREAN)
    )
    painted = 0
    for screen in handlers.ask(ASKED.text, "", "", Conversation()):
        turn = screen.conversation.turns[-1]
        if turn.partial and turn.working and not server.release.is_set():
            assert FIRST in screen.log
            painted += 1
            server.release.set()
    assert painted == 1
    assert SECOND in screen.log
    assert not screen.working
