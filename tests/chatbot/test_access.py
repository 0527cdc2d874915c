from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from chatbot.access import tokens
from chatbot.access.__main__ import app as command
from chatbot.access.file import AccessFile, AccessFileError, new_secret, write_access
from chatbot.access.keys import new_api_key
from chatbot.access.model import AccessList, ApiKey, Scope, Site
from chatbot.api.app import create_app
from chatbot.settings import Settings
from index.settings import IndexSettings
from tests.aside import run_aside
from tests.chatbot.fake_chatbot import FakeChatbot

ORIGIN = "https://www.saebit.go.kr"
SITE = Site(key="site_a", name="새빛시", origins=(ORIGIN,))
EMPTY_SITE = Site(key="site_nobody")
QUESTION = {"question": "수리 기간은?"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=IndexSettings(index_dir=tmp_path / "index"), access_file=tmp_path / "access.json")


def write(settings: Settings, *keys: ApiKey, sites: tuple[Site, ...] = (SITE, EMPTY_SITE)) -> AccessList:
    access = AccessList(token_secrets=(new_secret(),), sites=sites, api_keys=keys)
    write_access(settings.access_file, access)
    return access


def opened(fake_chatbot: FakeChatbot, settings: Settings, **changed: Any) -> TestClient:
    return TestClient(create_app(fake_chatbot, settings.model_copy(update=changed)), raise_server_exceptions=False)


@pytest.fixture
def client(fake_chatbot: FakeChatbot, settings: Settings) -> Iterator[TestClient]:
    write(settings)
    with opened(fake_chatbot, settings) as client:
        yield client


def session(client: TestClient, origin: str = ORIGIN, key: str = "site_a", **more: str) -> Any:
    return client.post("/api/v1/widget/session", json={"site_key": key, **more}, headers={"origin": origin})


def visitor(client: TestClient) -> dict[str, str]:
    return {"origin": ORIGIN, "authorization": f"Bearer {session(client).json()['token']}"}


class TestSessions:
    def test_a_page_of_a_listed_origin_gets_a_token_and_may_read_the_answer(self, client: TestClient) -> None:
        got = session(client)
        assert got.status_code == 200
        assert got.headers["access-control-allow-origin"] == ORIGIN
        assert "origin" in got.headers["vary"].lower()
        assert got.headers["cache-control"] == "no-store"
        assert got.json()["expires_in"] == 900
        assert any("공영자전거" in text for text in got.json()["suggestions"])

    @pytest.mark.parametrize(
        ("origin", "key"),
        [
            ("https://attacker.example", "site_a"),
            ("https://www.saebit.go.kr.attacker.example", "site_a"),
            ("http://www.saebit.go.kr", "site_a"),
            ("null", "site_a"),
            (ORIGIN, "site_nobody"),
            (ORIGIN, "unknown"),
            (ORIGIN, "demo"),
        ],
    )
    def test_every_other_origin_and_key_is_refused(self, client: TestClient, origin: str, key: str) -> None:
        got = session(client, origin, key)
        assert got.status_code == 403
        assert "token" not in got.text
        if origin != ORIGIN:
            assert "access-control-allow-origin" not in got.headers

    def test_a_page_without_an_origin_is_refused(self, client: TestClient) -> None:
        assert client.post("/api/v1/widget/session", json={"site_key": "site_a"}).status_code == 403

    def test_the_demo_is_for_our_own_pages(self, client: TestClient) -> None:
        assert session(client, "http://testserver", "demo").status_code == 200

    @pytest.mark.parametrize(
        ("origin", "path", "allowed"),
        [
            (ORIGIN, "/api/v1/ask/stream", True),
            ("https://attacker.example", "/api/v1/ask/stream", False),
            (ORIGIN, "/api/v1/documents/bike", False),
            (ORIGIN, "/v1/chat/completions", False),
        ],
    )
    def test_a_preflight_is_granted_to_listed_origins_on_the_paths_of_visitors(
        self, client: TestClient, origin: str, path: str, allowed: bool
    ) -> None:
        asked = {"origin": origin, "access-control-request-method": "POST"}
        got = client.options(path, headers=asked)
        assert got.status_code == (204 if allowed else 403)
        assert ("access-control-allow-origin" in got.headers) is allowed
        assert "access-control-allow-credentials" not in got.headers
        if allowed:
            assert "last-event-id" in got.headers["access-control-allow-headers"].lower()

    def test_with_a_token_a_page_of_the_site_may_ask_and_say_its_opinion_and_nothing_else(
        self, client: TestClient
    ) -> None:
        headers = visitor(client)
        assert client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code == 200
        opinion = {"answer_id": "a1", "rating": "up"}
        assert client.post("/api/v1/feedback", json=opinion, headers=headers).status_code == 204
        assert client.get("/api/v1/documents/bike", headers=headers).status_code == 403

    def test_a_token_is_good_for_its_origin_its_time_and_its_secret_only(
        self, client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        headers = visitor(client)
        for stolen in (
            {**headers, "origin": "https://attacker.example"},
            {"authorization": headers["authorization"]},
            {**headers, "authorization": headers["authorization"][:-2] + "xx"},
        ):
            assert client.post("/api/v1/ask", json=QUESTION, headers=stolen).status_code == 401
        now = time.time
        with monkeypatch.context() as later:
            later.setattr(time, "time", lambda: now() + tokens.TOKEN_SECONDS + 1)
            assert client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code == 401
        assert client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code == 200
        write(settings)
        assert client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code == 401

    def test_a_site_that_is_taken_off_the_list_is_out_at_once(self, client: TestClient, settings: Settings) -> None:
        headers = visitor(client)
        held = AccessFile(settings.access_file).current()
        write_access(settings.access_file, held.model_copy(update={"sites": ()}))
        assert client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code == 401
        settings.access_file.unlink()
        assert session(client).status_code == 403

    def test_a_token_is_renewed_within_its_session_and_not_beyond(self, client: TestClient, settings: Settings) -> None:
        secrets = AccessFile(settings.access_file).current().token_secrets
        first = session(client).json()["token"]
        renewed = tokens.verify(session(client, token=first).json()["token"], secrets)
        before = tokens.verify(first, secrets)
        assert before and renewed
        assert renewed.session_id == before.session_id
        old = tokens.sign(before.model_copy(update={"begun": before.begun - tokens.SESSION_SECONDS}), secrets)
        again = tokens.verify(session(client, token=old).json()["token"], secrets)
        assert again and again.session_id != before.session_id

    def test_after_a_rotation_the_old_secret_verifies_once_more(self, settings: Settings) -> None:
        access = write(settings)
        token = tokens.sign(tokens.new_visitor("site_a", ORIGIN), access.token_secrets)
        rotated = (new_secret(), access.token_secrets[0])
        assert tokens.verify(token, rotated)
        assert tokens.verify(token, rotated[:1]) is None
        assert tokens.verify(tokens.sign(tokens.new_visitor("site_a", ORIGIN), rotated), rotated[:1])


class TestKeys:
    def test_where_keys_are_required_only_a_key_with_the_scope_gets_in(
        self, fake_chatbot: FakeChatbot, settings: Settings
    ) -> None:
        asking, entry = new_api_key("묻기", [Scope.ASK])
        write(settings, entry)
        with opened(fake_chatbot, settings, require_api_key=True) as client:
            refused = client.post("/api/v1/ask", json=QUESTION)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
            key = {"authorization": f"Bearer {asking}"}
            assert client.post("/api/v1/ask", json=QUESTION, headers=key).status_code == 200
            assert client.get("/api/v1/cases", headers=key).status_code == 403
            assert client.post("/api/v1/ask", json=QUESTION, headers=visitor(client)).status_code == 200
            assert client.get("/healthz").status_code == 200
            assert client.get("/api/v1/openapi.json").status_code == 200
            write(settings)
            assert client.post("/api/v1/ask", json=QUESTION, headers=key).status_code == 401

    def test_a_key_in_a_page_of_another_site_is_refused(self, fake_chatbot: FakeChatbot, settings: Settings) -> None:
        key, entry = new_api_key("샌 키", list(Scope))
        write(settings, entry)
        with opened(fake_chatbot, settings) as client:
            headers = {"authorization": f"Bearer {key}", "origin": "https://attacker.example"}
            assert client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code == 403

    def test_the_file_holds_no_key_and_is_the_owners(self, settings: Settings) -> None:
        key, entry = new_api_key("시험", list(Scope))
        write(settings, entry)
        kept = settings.access_file.read_text(encoding="utf-8")
        assert key not in kept
        assert key.rpartition("_")[2] not in kept
        assert settings.access_file.stat().st_mode & 0o077 == 0

    def test_a_broken_list_is_one_line_at_the_start_and_keeps_the_last_good_one_later(self, settings: Settings) -> None:
        settings.access_file.write_text('{"sites": []}', encoding="utf-8")
        with pytest.raises(AccessFileError, match="token_secrets"):
            AccessFile(settings.access_file)
        write(settings)
        access = AccessFile(settings.access_file)
        settings.access_file.write_text("{", encoding="utf-8")
        assert access.site("site_a") == SITE


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "limit"), [("session", "limit_session"), ("origin", "limit_origin"), ("address", "limit_address")]
    )
    def test_each_limit_of_a_visitor_ends_in_429(
        self, fake_chatbot: FakeChatbot, settings: Settings, name: str, limit: str
    ) -> None:
        write(settings)
        with opened(fake_chatbot, settings, **{limit: "3/minute"}) as client:
            headers = visitor(client)
            codes = [client.post("/api/v1/ask", json=QUESTION, headers=headers).status_code for _ in range(4)]
            assert codes[:2] == [200, 200]
            assert codes[-1] == 429
            refused = client.post("/api/v1/ask", json=QUESTION, headers=headers)
            assert refused.headers["ratelimit-policy"] == f'"{name}";q=3;w=60'
            assert refused.headers["ratelimit"].startswith(f'"{name}";r=0;t=')
            assert 0 < int(refused.headers["retry-after"]) <= 60
            assert refused.headers["access-control-allow-origin"] == ORIGIN
            assert refused.headers["content-type"] == "application/problem+json"

    def test_two_keys_of_one_address_do_not_take_from_each_other(
        self, fake_chatbot: FakeChatbot, settings: Settings
    ) -> None:
        made = [new_api_key(name, list(Scope)) for name in ("가", "나")]
        write(settings, *(entry for _, entry in made))
        with opened(fake_chatbot, settings, limit_key="2/minute", limit_address="1/minute") as client:
            for key, _ in made:
                headers = {"authorization": f"Bearer {key}"}
                codes = [client.get("/api/v1/cases", headers=headers).status_code for _ in range(3)]
                assert codes == [200, 200, 429]

    def test_what_is_left_is_told_before_it_is_gone(self, client: TestClient) -> None:
        first, second = [client.get("/api/v1/cases").headers["ratelimit"] for _ in range(2)]
        assert first.startswith('"address";r=299;')
        assert second.startswith('"address";r=298;')

    def test_a_batch_costs_as_many_requests_as_it_has_questions(
        self, fake_chatbot: FakeChatbot, settings: Settings
    ) -> None:
        with opened(fake_chatbot, settings, limit_address="5/minute") as client:
            batch = {"questions": [QUESTION] * 4}
            assert client.post("/api/v1/ask/batch", json=batch).status_code == 200
            assert client.post("/api/v1/ask/batch", json=batch).status_code == 429

    def test_the_neighbours_in_one_network_of_ipv6_share_a_limit(
        self, fake_chatbot: FakeChatbot, settings: Settings
    ) -> None:
        app = create_app(fake_chatbot, settings.model_copy(update={"limit_address": "2/minute"}))
        with TestClient(app) as client:
            codes = []
            for host in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"):
                neighbour = TestClient(app, client=(host, 1))
                neighbour.portal = client.portal
                codes.append(neighbour.get("/api/v1/cases").status_code)
        assert codes == [200, 200, 429, 200]

    def test_where_the_counts_cannot_be_reached_people_are_answered(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        from limits.errors import StorageError

        async def dead(*_: object, **__: object) -> bool:
            raise StorageError(ConnectionError())

        monkeypatch.setattr("limits.aio.strategies.MovingWindowRateLimiter.hit", dead)
        assert client.get("/api/v1/cases").status_code == 200
        assert "ConnectionError" in caplog.text


def events_of(text: str) -> list[dict[str, str]]:
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]


class TestStreams:
    def test_a_stream_is_taken_up_after_the_last_event_that_arrived(
        self, client: TestClient, fake_chatbot: FakeChatbot
    ) -> None:
        whole = events_of(client.post("/api/v1/ask/stream", json=QUESTION).text)
        last = whole[3]["id"]
        rest = client.post("/api/v1/ask/stream", json=QUESTION, headers={"last-event-id": last})
        assert events_of(rest.text) == whole[4:]
        assert len(fake_chatbot.asked) == 1

    @pytest.mark.parametrize("last", ["unknown:3", "nonsense", "x" * 100])
    def test_a_stream_that_is_gone_is_404(self, client: TestClient, last: str) -> None:
        got = client.post("/api/v1/ask/stream", json=QUESTION, headers={"last-event-id": last})
        assert got.status_code == 404
        assert "다시 질문해" in got.json()["detail"]

    def test_a_stream_belongs_to_who_began_it(self, client: TestClient) -> None:
        mine = visitor(client)
        last = events_of(client.post("/api/v1/ask/stream", json=QUESTION, headers=mine).text)[0]["id"]
        for stranger in (visitor(client), {}):
            again = {**stranger, "last-event-id": last}
            assert client.post("/api/v1/ask/stream", json=QUESTION, headers=again).status_code == 404
            stream_id = last.partition(":")[0]
            assert client.delete(f"/api/v1/ask/stream/{stream_id}", headers=stranger).status_code == 404

    def test_a_silent_stream_beats_and_stops_when_it_is_told_to(
        self, client: TestClient, fake_chatbot: FakeChatbot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("chatbot.api.streams.HEARTBEAT_SECONDS", 0.05)
        fake_chatbot.gate.clear()
        got: list[str] = []
        asking = threading.Thread(
            target=lambda: got.append(client.post("/api/v1/ask/stream", json=QUESTION).text), daemon=True
        )
        asking.start()
        streams = client.app.state.services.streams._streams  # type: ignore[attr-defined]
        while not (streams and fake_chatbot.asked):
            pass
        threading.Event().wait(0.3)
        assert client.delete(f"/api/v1/ask/stream/{next(iter(streams))}").status_code == 204
        asking.join(timeout=5)
        assert ": ping" in got[0]
        assert "event: answer" not in got[0]

    def test_a_stream_that_nobody_follows_is_given_up(
        self, fake_chatbot: FakeChatbot, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import asyncio

        from chatbot.answer import Event
        from chatbot.api.streams import Streams

        monkeypatch.setattr("chatbot.api.streams.GRACE_SECONDS", 1.0)

        async def endless() -> Any:
            while True:
                yield Event(name="token", data={"text": "가"})
                await asyncio.sleep(0.01)

        async def leave() -> bool:
            stream = Streams().start(endless(), "", failed=print)
            followed = stream.follow(0)
            await anext(followed)
            await followed.aclose()
            await asyncio.sleep(0.05)
            soon = stream.ended
            assert stream.task is not None
            await asyncio.wait([stream.task], timeout=10)
            assert stream.task.cancelled()
            return soon

        assert run_aside(leave) is False

    def test_a_stream_that_takes_too_long_ends_with_an_error_event(
        self, fake_chatbot: FakeChatbot, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("chatbot.api.app.GRACE_SECONDS", 0.0)
        fake_chatbot.gate.clear()
        with opened(fake_chatbot, settings, answer_timeout_seconds=0.1) as client:
            last = events_of(client.post("/api/v1/ask/stream", json=QUESTION).text)[-1]
            fake_chatbot.gate.set()
        assert (last["event"], json.loads(last["data"])["status"]) == ("error", 504)


def test_a_batch_answers_in_order(client: TestClient) -> None:
    batch = {"questions": [QUESTION, {"question": "없는 내용은?"}]}
    answers = client.post("/api/v1/ask/batch", json=batch).json()["answers"]
    assert [answer["status"] for answer in answers] == ["answered", "unanswerable_not_in_sources"]
    assert client.post("/api/v1/ask/batch", json={"questions": []}).status_code == 422
    assert client.post("/api/v1/ask/batch", json={"questions": [QUESTION] * 21}).status_code == 422


@pytest.mark.parametrize("path", ["/api/v1/documents/bike", "/api/v1/cases/bike-1", "/api/v1/cases", "/api/v1/files"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, path: str) -> None:
    etag = client.get(path).headers["etag"]
    again = client.get(path, headers={"if-none-match": f'"old", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"if-none-match": '"old"'}).status_code == 200


def test_a_list_links_to_the_pages_beside_it(client: TestClient) -> None:
    links = client.get("/api/v1/cases?limit=1&offset=1&year=2022&year_to=2024").headers["link"]
    assert "offset=0" in links.split(",")[0]
    assert 'rel="prev"' in links.split(",")[0]
    assert "offset=2" in links.split(",")[1]
    assert "year=2022" in links
    assert "link" not in client.get("/api/v1/cases").headers


class TestCommand:
    def run(self, *arguments: str) -> Any:
        return CliRunner().invoke(command, arguments)

    def test_sites_and_keys_are_added_shown_and_removed(self, tmp_path: Path) -> None:
        file = str(tmp_path / "access.json")
        site = self.run("add-site", "--origin", ORIGIN + "/", "--name", "새빛시", "--file", file).stdout.strip()
        key = self.run("add-key", "--name", "통계", "--scope", "read", "--file", file).stdout.strip()
        held = AccessFile(Path(file)).current()
        assert held.sites[0].origins == (ORIGIN,)
        assert held.api_keys[0].scopes == (Scope.READ,)
        shown = self.run("list", "--file", file).stdout
        assert site in shown
        assert key not in shown
        secrets = held.token_secrets
        self.run("rotate", "--file", file)
        assert AccessFile(Path(file)).current().token_secrets[1:] == secrets
        for name in (site, key.split("_")[1]):
            assert self.run("remove", name, "--file", file).exit_code == 0
        assert self.run("list", "--file", file).stdout == ""

    @pytest.mark.parametrize("origin", ["*", "https://*.go.kr", "www.go.kr", "https://a.go.kr/path"])
    def test_what_is_no_origin_is_one_korean_line(self, tmp_path: Path, origin: str) -> None:
        ended = self.run("add-site", "--origin", origin, "--file", str(tmp_path / "access.json"))
        assert ended.exit_code == 1
        assert "누리집의 주소만" in ended.stderr
        assert len(ended.stderr.splitlines()) == 1

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--hours", "평일 9시부터"),
            ("--hours", "월-금 09:00-18:00; 토"),
            ("--hours", "월-금 29:00-18:00"),
            ("--privacy-url", "javascript:alert(1)"),
            ("--name", "가" * 61),
        ],
    )
    def test_what_does_not_fit_is_one_korean_line_that_names_the_option(
        self, tmp_path: Path, option: str, value: str
    ) -> None:
        ended = self.run("add-site", "--origin", ORIGIN, option, value, "--file", str(tmp_path / "access.json"))
        assert ended.exit_code == 1
        [line] = ended.stderr.splitlines()
        assert line.startswith(option)
        assert any("가" <= letter <= "힣" for letter in line)

    def test_the_hours_of_a_site_reach_its_widget(self, client: TestClient, settings: Settings) -> None:
        hours = "월-금 09:00-18:00, 토 10:00-13:00"
        write(settings, sites=(SITE.model_copy(update={"hours": hours}),))
        assert session(client).json()["hours"] == hours

    def test_an_unknown_name_and_a_broken_file_are_one_line(self, tmp_path: Path) -> None:
        file = tmp_path / "access.json"
        assert "목록에 없습니다" in self.run("remove", "x", "--file", str(file)).stderr
        file.write_text("{")
        assert str(file) in self.run("list", "--file", str(file)).stderr
