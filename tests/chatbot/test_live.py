"""A running server goes on with each version that is published, and loses no request over it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from chatbot.answer import Question
from chatbot.api.app import create_app
from chatbot.live import LiveChatbot
from chatbot.startup import bind
from chatbot.ui import case_pages, export_routes, source_pages
from index.settings import IndexSettings
from index.versions import VersionFolder
from tests.chatbot.live_index import FIRST, SECOND, folders, live_chatbot, publish, wait_for

QUESTION = "복수여권 수수료는 얼마인가요?"


@pytest.fixture
def live(settings: IndexSettings) -> LiveChatbot:
    publish(settings, fee=FIRST)
    return live_chatbot(settings)


@pytest.fixture
def client(live: LiveChatbot) -> Iterator[httpx.Client]:
    """A real server over the live chatbot."""
    listening = bind("127.0.0.1", 0)
    listening.listen()
    app = create_app(live, live.settings)
    for pages in (source_pages, case_pages, export_routes):
        app.include_router(pages.router)
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    live.follow(0.1)
    with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=30) as client:
        wait_for(lambda: server.started)
        yield client
    live.stop()
    server.should_exit = True
    thread.join(timeout=30)
    live.library.close()


def version(client: httpx.Client) -> str:
    return str(client.get("/readyz").json()["index_version"])


def ask(client: httpx.Client) -> dict[str, object]:
    return dict(client.post("/api/v1/ask", json={"question": QUESTION}).json())


def test_a_running_server_answers_from_each_version_that_is_published(
    client: httpx.Client, settings: IndexSettings
) -> None:
    first = version(client)
    former = ask(client)
    assert "53,000원" in str(former["text"])
    listed = client.get("/api/v1/cases")
    known = {"If-None-Match": listed.headers["ETag"]}
    assert client.get("/api/v1/cases", headers=known).status_code == 304

    second = publish(settings, fee=SECOND, other="# 주차 안내\n\n주차장은 무료라고 밝혔다.\n")
    wait_for(lambda: version(client) == second)
    answer = ask(client)
    assert "47,000원" in str(answer["text"])
    assert answer["provenance"]["index_version"] == second  # type: ignore[index]
    assert client.get("/api/v1/cases", headers=known).json()["total"] == 2
    assert "47,000원" in client.get(str(answer["citations"][0]["url"])).text  # type: ignore[index]
    assert second in client.get("/metrics").text

    VersionFolder(settings.index_dir).activate(first)
    wait_for(lambda: version(client) == first)
    assert ask(client)["text"] == former["text"]


def test_an_answer_of_the_former_version_can_be_exported_while_its_words_still_stand(
    client: httpx.Client, settings: IndexSettings
) -> None:
    def export(answer: dict[str, object]) -> int:
        body = {"format": "md", "turns": [{"question": QUESTION, "answer": answer}]}
        return client.post("/export/conversation", json=body).status_code

    former = ask(client)
    second = publish(settings, fee=FIRST, other="# 주차 안내\n\n주차장은 무료라고 밝혔다.\n")
    wait_for(lambda: version(client) == second)
    assert export(former) == 200
    third = publish(settings, fee=SECOND)
    wait_for(lambda: version(client) == third)
    assert export(former) == 409
    fourth = publish(settings, other="# 주차 안내\n\n주차장은 무료라고 밝혔다.\n")
    wait_for(lambda: version(client) == fourth)
    assert export(former) == 409


def test_what_began_on_a_version_ends_on_it_and_then_it_is_let_go(live: LiveChatbot, settings: IndexSettings) -> None:
    first = live.library.version
    begun = live.stream(Question(text=QUESTION))
    next(begun)
    second = publish(settings, fee=SECOND)
    assert live.refresh()
    assert live.library.version == second
    VersionFolder(settings.index_dir).prune(1)
    assert folders(settings) == {first, second}
    *_, last = begun
    assert "53,000원" in last.data["text"]
    assert last.data["provenance"]["index_version"] == first
    del begun
    VersionFolder(settings.index_dir).prune(1)
    assert folders(settings) == {second}
    assert "47,000원" in live.answer(Question(text=QUESTION)).text
    live.library.close()


def test_a_version_that_cannot_be_opened_is_told_once_and_the_former_goes_on(
    live: LiveChatbot, settings: IndexSettings, caplog: pytest.LogCaptureFixture
) -> None:
    first = live.library.version
    damaged = publish(settings, fee=SECOND)
    manifest = settings.index_dir / "versions" / damaged / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"chunks": 1', '"chunks": 7'), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert not live.refresh()
        assert not live.refresh()
    assert [record.getMessage().count(first) for record in caplog.records] == [1]
    assert "53,000원" in live.answer(Question(text=QUESTION)).text
    third = publish(settings, fee=SECOND, other="# 주차 안내\n\n주차장은 무료라고 밝혔다.\n")
    assert live.refresh()
    assert live.library.version == third
    live.library.close()


def test_the_newest_edition_answers_and_says_what_it_replaced(client: httpx.Client, settings: IndexSettings) -> None:
    both = publish(settings, fee=FIRST, fee_수정=FIRST.replace("53,000원", "51,000원"))
    wait_for(lambda: version(client) == both)
    answer = ask(client)
    assert "51,000원" in str(answer["text"])
    [cited] = {(one["source"], *one["replaces"]) for one in answer["citations"]}  # type: ignore[attr-defined]
    assert cited == ("fee_수정.md", "fee.md")
    newest = str(answer["citations"][0]["document_id"])  # type: ignore[index]
    assert "fee.md" in client.get(f"/documents/{newest}").text
    documents = {case["document_id"] for case in client.get("/api/v1/cases").json()["items"]}
    [former] = documents - {newest}
    assert client.get(f"/api/v1/documents/{former}").json()["replaced_by"] == newest
    page = client.get(f"/documents/{former}").text
    assert "이전 판입니다" in page
    assert f"/documents/{newest}" in page
