from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chatbot.api.app import create_app
from chatbot.conversations.store import ConversationStore
from chatbot.settings import Settings
from chatbot.ui import history_routes
from chatbot.ui.browser_cookie import NAME, BrowserCookie, owner_of
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import HOSTILE, FakeChatbot
from tests.chatbot.test_conversations import turn
from tests.chatbot.test_ui import assert_harmless

MINE, THEIRS = "m" * 43, "t" * 43


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    found = ConversationStore(tmp_path / "conversations.sqlite", days=90)
    found.append(owner_of({NAME: MINE}) or "", "c1", turn("수리 기간은?"))
    yield found
    found.close()


@pytest.fixture
def app(tmp_path: Path, store: ConversationStore) -> FastAPI:
    app = create_app(FakeChatbot(), Settings(index=IndexSettings(index_dir=tmp_path / "index")))
    app.state.conversations = store
    app.include_router(history_routes.router)
    return app


@pytest.fixture
def mine(app: FastAPI) -> TestClient:
    return TestClient(app, cookies={NAME: MINE})


@pytest.fixture
def theirs(app: FastAPI) -> TestClient:
    return TestClient(app, cookies={NAME: THEIRS})


def test_a_browser_lists_searches_renames_pins_and_deletes_its_own(mine: TestClient) -> None:
    listed = mine.get("/conversations")
    assert listed.headers["cache-control"] == "no-store"
    [entry] = listed.json()["conversations"]
    assert entry["title"] == "수리 기간은?"
    assert mine.get("/conversations", params={"q": "도서관"}).json()["conversations"] == []
    assert mine.patch("/conversations/c1", json={"title": "자전거", "pinned": True}).status_code == 204
    [entry] = mine.get("/conversations").json()["conversations"]
    assert (entry["title"], entry["pinned"]) == ("자전거", True)
    assert mine.delete("/conversations/c1").status_code == 204
    assert mine.delete("/conversations/c1").status_code == 404


def test_another_browser_and_none_at_all_get_nothing(theirs: TestClient, app: FastAPI) -> None:
    for client in (theirs, TestClient(app), TestClient(app, cookies={NAME: "kurz"})):
        assert client.get("/conversations").json() == {"kept": True, "conversations": []}
        assert client.patch("/conversations/c1", json={"pinned": True}).status_code == 404
        assert client.delete("/conversations/c1").status_code == 404
        assert client.post("/conversations/c1/share").status_code == 404
        assert client.delete("/conversations/c1/share").status_code == 404


@pytest.mark.parametrize("body", [{"title": ""}, {"title": "  "}, {"title": "a" * 81}, {"owner": "x"}, [], None])
def test_a_change_that_is_none_is_refused(mine: TestClient, body: object) -> None:
    assert mine.patch("/conversations/c1", json=body).status_code == 422


def test_another_site_changes_nothing(mine: TestClient) -> None:
    refused = mine.delete("/conversations/c1", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert mine.get("/conversations").json()["conversations"]


def test_a_shared_link_shows_the_same_numbers_and_sentences_without_a_cookie(mine: TestClient, app: FastAPI) -> None:
    link = mine.post("/conversations/c1/share").json()["url"]
    page = TestClient(app).get(link)
    assert page.status_code == 200
    assert "수리 기간을 평균 9일에서 2일로 줄였습니다." in page.text
    assert '<a class="mark" href="#q1-2">[2]</a>' in page.text
    assert "<blockquote>- 신고 건수는 한 달 1,240건으로 늘었습니다.</blockquote>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    mine.delete("/conversations/c1/share")
    assert TestClient(app).get(link).status_code == 404


def test_a_hostile_conversation_stays_text_in_a_shared_page(mine: TestClient, store: ConversationStore) -> None:
    store.append(owner_of({NAME: MINE}) or "", "c2", turn(f"공격 {HOSTILE}"))
    page = mine.get(mine.post("/conversations/c2/share").json()["url"]).text
    assert_harmless(re.sub(r'<script src="/pages/\w+\.js" defer></script>', "", page))


def test_an_installation_that_keeps_nothing_says_so(app: FastAPI, mine: TestClient) -> None:
    app.state.conversations = None
    assert mine.get("/conversations").json() == {"kept": False, "conversations": []}
    assert mine.delete("/conversations/c1").status_code == 404


def test_a_browser_gets_one_cookie_that_cannot_be_guessed_or_read_by_scripts() -> None:
    app = FastAPI()
    app.get("/")(lambda: "쪽")
    client = TestClient(BrowserCookie(app), base_url="https://testserver")
    first = client.get("/", headers={"Accept": "text/html"}).headers["set-cookie"]
    assert all(part in first for part in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"))
    assert owner_of(client.cookies)
    assert "set-cookie" not in client.get("/", headers={"Accept": "text/html"}).headers
    other = TestClient(BrowserCookie(app)).get("/", headers={"Accept": "text/html"}).headers["set-cookie"]
    assert other.split(";")[0] != first.split(";")[0]
    assert "set-cookie" not in TestClient(BrowserCookie(app)).get("/", headers={"Accept": "image/png"}).headers
