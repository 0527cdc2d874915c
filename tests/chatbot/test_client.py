"""The generated client against a running server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chatbot.api import client_build
from chatbot.api.app import create_app
from chatbot.api.client import ApiError, Client
from chatbot.api.client.models import AskRequest, BatchRequest, Feedback, Filters, Turn
from chatbot.settings import Settings
from index.settings import IndexSettings
from tests.browser.widget_host import Line, served
from tests.chatbot.fake_chatbot import FakeChatbot

QUESTION = AskRequest(question="수리 기간은?")


@pytest.fixture
def address(tmp_path: Path, fake_chatbot: FakeChatbot) -> Iterator[str]:
    settings = Settings(index=IndexSettings(index_dir=tmp_path / "index"), access_file=tmp_path / "access.json")
    with served(lambda: create_app(fake_chatbot, settings)) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address, timeout_seconds=20) as client:
        yield client


def test_it_is_what_the_document_gives() -> None:
    for name, text in client_build.generated(client_build.document()).items():
        kept = (client_build.HERE / name).read_text(encoding="utf-8")
        assert kept == text, f"{name} is out of date: run python -m chatbot.api.client_build"


def test_it_stands_alone() -> None:
    for path in client_build.HERE.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [
            line for line in text.splitlines() if line.startswith(("from chatbot", "from index", "import chatbot"))
        ]


def test_an_answer_comes_typed_with_citations_that_are_slices_of_the_document(client: Client) -> None:
    answer = client.ask(AskRequest(question="수리 기간은?", filters=Filters(year=2024)))
    assert answer.status == "answered"
    assert answer.short_answer == "평균 2일"
    cited = answer.citations[0]
    assert client.get_document(cited.document_id).text[cited.start : cited.end] == cited.quote
    assert client.get_case(cited.case_id).contacts[0].phone == "02-000-1234"


def test_what_is_asked_arrives(client: Client, fake_chatbot: FakeChatbot) -> None:
    history = [
        Turn(role="user", content="공영자전거 사례?"),
        Turn(role="assistant", content="고장 신고를 개선했습니다."),
    ]
    client.ask(AskRequest(question="기간은?", history=history))
    assert [turn.content for turn in fake_chatbot.asked[0].history] == [turn.content for turn in history]
    answers = client.ask_batch(BatchRequest(questions=[QUESTION, AskRequest(question="신고 건수는?")])).answers
    assert len(answers) == 2


def test_lists_take_filters_and_leave_out_what_is_not_given(client: Client) -> None:
    assert [item.case_id for item in client.list_cases(year=2023, limit=5).items] == ["night-library-1"]
    assert client.list_cases(kind="case_card").total == 1
    assert client.search(q="큐알코드", k=3).results[0].document_id == "bike"


def test_the_rest_of_the_interface_answers(client: Client) -> None:
    client.send_feedback(Feedback(answer_id="a1", rating="up"))
    assert client.healthz().status == "ok"
    assert client.readyz().documents == 3
    assert client.list_models()["data"][0]["id"] == "gov-case-chatbot"
    assert "chatbot_answers_waiting 0" in client.metrics()
    assert client.list_files().items == []


def test_a_refusal_is_an_exception_with_the_korean_reason(client: Client) -> None:
    with pytest.raises(ApiError, match="그 번호의 문서나 사례가 없습니다") as refused:
        client.get_case("없는/사례")
    assert refused.value.status == 404
    with pytest.raises(ApiError) as refused:
        client.ask(AskRequest.model_construct(question=" "))
    assert refused.value.problem.errors
    assert refused.value.problem.errors[0].field == "question"


def test_a_key_makes_a_second_attempt_the_same_answer(client: Client, fake_chatbot: FakeChatbot) -> None:
    first, again = [client.ask(QUESTION, idempotency_key="k1") for _ in range(2)]
    assert first == again
    assert len(fake_chatbot.asked) == 1


def test_a_stream_survives_a_cut_line_without_losing_or_repeating_an_event(
    address: str, fake_chatbot: FakeChatbot
) -> None:
    line = Line(address)
    with Client(line.address, timeout_seconds=20) as client:
        seen = []
        for event in client.ask_stream(QUESTION):
            seen.append(event)
            if len(seen) == 1:
                line.cut()
        assert line.cuts == 1
    line.close()
    assert [int(event.event_id.rpartition(":")[2]) for event in seen] == list(range(1, len(seen) + 1))
    assert seen[-1].answer.short_answer == "평균 2일"
    assert len(fake_chatbot.asked) == 1


def test_where_nobody_listens_the_error_is_that_of_the_transport() -> None:
    with Client("http://127.0.0.1:9", timeout_seconds=2) as client:
        with pytest.raises(httpx.TransportError):
            client.ask(QUESTION)
        with pytest.raises(httpx.TransportError):
            next(client.ask_stream(QUESTION))
