"""A request sent again with its key is done once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Response
from fastapi.testclient import TestClient

from chatbot.access.file import new_secret, write_access
from chatbot.access.keys import new_api_key
from chatbot.access.model import AccessList, Scope
from chatbot.api.app import create_app
from chatbot.api.caller import Caller
from chatbot.api.feedback import Feedback
from chatbot.api.idempotency import Attempt, IdempotencyKeys
from chatbot.api.problems import ProblemError
from chatbot.settings import Settings
from index.settings import IndexSettings
from tests.aside import run_aside
from tests.chatbot.fake_chatbot import FakeChatbot

QUESTION = {"question": "수리 기간은?"}
OTHER = {"question": "신고 건수는?"}
OPINION = {"answer_id": "a1", "rating": "up"}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=IndexSettings(index_dir=tmp_path / "index"), access_file=tmp_path / "access.json", workers=1)


@pytest.fixture
def client(fake_chatbot: FakeChatbot, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(fake_chatbot, settings), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body", "times"), [("ask", QUESTION, 1), ("ask/batch", {"questions": [QUESTION, OTHER]}, 2)]
)
def test_the_same_request_gets_the_same_answer_and_is_answered_once(
    client: TestClient, fake_chatbot: FakeChatbot, path: str, body: Any, times: int
) -> None:
    first, again = [client.post(f"/api/v1/{path}", json=body, headers=KEY) for _ in range(2)]
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(fake_chatbot.asked) == times
    without = client.post(f"/api/v1/{path}", json=body)
    assert "idempotency-replayed" not in without.headers
    assert len(fake_chatbot.asked) == 2 * times


def test_an_opinion_sent_twice_is_kept_once(client: TestClient, settings: Settings) -> None:
    codes = [client.post("/api/v1/feedback", json=OPINION, headers=KEY).status_code for _ in range(2)]
    assert codes == [204, 204]
    kept = settings.index.index_dir.parent / "feedback" / "feedback.jsonl"
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 1


def test_the_key_with_another_body_is_refused_in_korean(client: TestClient, fake_chatbot: FakeChatbot) -> None:
    client.post("/api/v1/ask", json=QUESTION, headers=KEY)
    refused = client.post("/api/v1/ask", json=OTHER, headers=KEY)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "새 키" in refused.json()["detail"]
    assert len(fake_chatbot.asked) == 1


@pytest.mark.parametrize("key", ["", " ", "가", "a b", "x" * 201])
def test_a_key_that_is_none_is_422(client: TestClient, key: str) -> None:
    got = client.post("/api/v1/ask", json=QUESTION, headers={b"idempotency-key": key.encode()})  # type: ignore[dict-item]
    assert got.status_code == 422


def test_the_same_key_on_another_route_is_another_thing(client: TestClient) -> None:
    assert client.post("/api/v1/ask", json=QUESTION, headers=KEY).status_code == 200
    assert client.post("/api/v1/feedback", json=OPINION, headers=KEY).status_code == 204


def test_the_keys_of_two_callers_do_not_meet(fake_chatbot: FakeChatbot, settings: Settings) -> None:
    made = [new_api_key(name, list(Scope)) for name in ("가", "나")]
    write_access(
        settings.access_file, AccessList(token_secrets=(new_secret(),), api_keys=tuple(entry for _, entry in made))
    )
    with TestClient(create_app(fake_chatbot, settings)) as client:
        for key, _ in made:
            headers = {**KEY, "authorization": f"Bearer {key}"}
            assert "idempotency-replayed" not in client.post("/api/v1/ask", json=QUESTION, headers=headers).headers
    assert len(fake_chatbot.asked) == 2


def test_two_at_the_same_time_are_answered_once(client: TestClient, fake_chatbot: FakeChatbot) -> None:
    fake_chatbot.gate.clear()
    got: list[Any] = []

    def ask() -> None:
        got.append(client.post("/api/v1/ask", json=QUESTION, headers=KEY).json())

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    while not fake_chatbot.asked:
        pass
    fake_chatbot.gate.set()
    for thread in asking:
        thread.join()
    assert got[0] == got[1]
    assert len(fake_chatbot.asked) == 1


def test_what_failed_is_tried_again(client: TestClient) -> None:
    codes = [client.post("/api/v1/ask", json={"question": "폭발하는 질문"}, headers=KEY).status_code for _ in range(2)]
    assert codes == [500, 500]
    assert client.post("/api/v1/ask", json=QUESTION, headers=KEY).status_code == 200


def attempt(key: str, comment: str = "") -> Attempt:
    return Attempt(key, Caller("127.0.0.1"), "feedback", Feedback(answer_id="a", rating="up", comment=comment))


def test_memory_is_bounded_by_number_weight_and_age(monkeypatch: pytest.MonkeyPatch) -> None:
    async def done(keys: IdempotencyKeys, key: str) -> bool:
        """Whether it was done anew."""
        times = 0

        async def work() -> Feedback:
            nonlocal times
            times += 1
            return Feedback(answer_id="a", rating="up", comment="가" * 100)

        await keys.once(attempt(key), Response(), work)
        await asyncio.sleep(0)
        return bool(times)

    async def fill() -> list[list[bool]]:
        few, light, fresh = IdempotencyKeys(max_keys=3), IdempotencyKeys(max_bytes=1_000), IdempotencyKeys()
        found = []
        for keys in (few, light):
            for name in "abcdef":
                assert await done(keys, name)
            found.append([await done(keys, "f"), await done(keys, "a")])
        await done(fresh, "a")
        monkeypatch.setattr("chatbot.api.idempotency.time.monotonic", lambda: 10**9)
        found.append([await done(fresh, "a")])
        assert few._bytes >= 0
        assert light._bytes <= 1_000
        return found

    assert run_aside(fill) == [[False, True], [False, True], [True]]


def test_it_is_done_although_the_first_who_asked_has_gone() -> None:
    async def leave() -> list[str]:
        keys, told = IdempotencyKeys(), []
        hold = asyncio.Event()

        async def work() -> None:
            await hold.wait()
            told.append("done")

        first = asyncio.ensure_future(keys.once(attempt("a"), Response(), work))
        await asyncio.sleep(0)
        first.cancel()
        hold.set()
        await keys.once(attempt("a"), Response(), work)
        with pytest.raises(ProblemError):
            await keys.once(attempt("a", "다른 말"), Response(), work)
        return told

    assert run_aside(leave) == ["done"]
