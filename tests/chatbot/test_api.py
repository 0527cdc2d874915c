from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatbot.api.app import MAX_BODY_BYTES, create_app
from chatbot.settings import Settings
from index.document import DocumentKind, SearchFilters
from index.report import FileReport, save
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import BIKE, FakeChatbot

JSON = dict[str, Any]


@pytest.fixture
def feedback_file(tmp_path: Path) -> Path:
    return tmp_path / "feedback" / "feedback.jsonl"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=IndexSettings(index_dir=tmp_path / "index"), workers=1, queue_size=1)


@pytest.fixture
def client(fake_chatbot: FakeChatbot, settings: Settings) -> Iterator[TestClient]:
    app = create_app(fake_chatbot, settings)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def assert_problem(response: Any, status: int) -> JSON:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body: JSON = response.json()
    assert body["status"] == status
    assert any("가" <= letter <= "힣" for letter in body["title"])
    assert any("가" <= letter <= "힣" for letter in body["detail"])
    return body


def events_of(text: str) -> list[tuple[str, Any]]:
    events = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            events.append((fields["event"], json.loads(fields["data"])))
    return events


def test_ask_answers_with_citations_that_are_slices_of_the_document(client: TestClient) -> None:
    answer = client.post("/api/v1/ask", json={"question": "수리 기간이 얼마나 줄었나요?"}).json()
    assert answer["status"] == "answered"
    assert answer["short_answer"] == "평균 2일"
    for citation in answer["citations"]:
        document = client.get(f"/api/v1/documents/{citation['document_id']}").json()
        assert document["replaces"] == ["옛 " + citation["source"]]
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_ask_hands_history_and_filters_on(client: TestClient, fake_chatbot: FakeChatbot) -> None:
    history = [{"role": "user", "content": "앞 질문"}, {"role": "assistant", "content": "앞 답"}]
    body = {"question": "그럼 신고 건수는?", "history": history, "filters": {"year": 2024, "agency": "새빛시"}}
    assert client.post("/api/v1/ask", json=body).status_code == 200
    [question] = fake_chatbot.asked
    assert [turn.content for turn in question.history] == ["앞 질문", "앞 답"]
    assert (question.filters.year, question.filters.agency) == (2024, "새빛시")


def test_stream_sends_status_tokens_citations_and_the_whole_answer_last(client: TestClient) -> None:
    response = client.post("/api/v1/ask/stream", json={"question": "수리 기간은?"})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert names[0] == "status"
    assert names[-1] == "answer"
    assert names.count("citation") == 2
    tokens = "".join(data["text"] for name, data in events if name == "token")
    assert tokens == events[-1][1]["text"]


def test_stream_that_breaks_ends_with_an_error_event_without_the_question(client: TestClient) -> None:
    response = client.post("/api/v1/ask/stream", json={"question": "폭발하는 질문"})
    name, data = events_of(response.text)[-1]
    assert (name, data["status"]) == ("error", 500)
    assert "폭발" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/documents/nothing", 404),
        ("GET", "/api/v1/cases/nothing", 404),
        ("GET", "/api/v1/ask", 405),
        ("POST", "/healthz", 405),
        ("GET", "/api/v1/search", 422),
        ("GET", "/api/v1/cases?limit=0", 422),
        ("GET", "/api/v1/cases?year=abc", 422),
    ],
)
def test_errors_are_korean_problem_documents(client: TestClient, method: str, path: str, status: int) -> None:
    body = assert_problem(client.request(method, path), status)
    assert body["instance"] == path.partition("?")[0]


def test_405_names_the_methods_that_work(client: TestClient) -> None:
    assert client.get("/api/v1/ask").headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": "   "}, "question"),
        ({"question": "가" * 4001}, "question"),
        ({"question": "가", "extra": 1}, "extra"),
        ({"question": "가", "filters": {"year": 1}}, "filters.year"),
        ({"question": "가", "history": [{"role": "system", "content": "나"}]}, "history.0.role"),
    ],
)
def test_an_invalid_body_names_the_field_and_never_repeats_what_was_sent(
    client: TestClient, body: JSON, field: str
) -> None:
    response = client.post("/api/v1/ask", json=body)
    problem = assert_problem(response, 422)
    [error] = problem["errors"]
    assert error["field"] == field
    assert any("가" <= letter <= "힣" for letter in error["message"])
    assert "가가가" not in response.text


def test_broken_json_is_told_apart(client: TestClient) -> None:
    response = client.post("/api/v1/ask", content=b"{", headers={"content-type": "application/json"})
    assert "JSON" in assert_problem(response, 422)["errors"][0]["message"]


def test_a_body_over_the_limit_is_413(client: TestClient) -> None:
    assert_problem(client.post("/api/v1/ask", content=b" " * (MAX_BODY_BYTES + 1)), 413)


def test_a_body_over_the_limit_without_a_length_is_413(client: TestClient) -> None:
    chunks = (b" " * 1024 for _ in range(MAX_BODY_BYTES // 1024 + 2))
    headers = {"content-type": "application/json"}
    assert_problem(client.post("/api/v1/ask", content=chunks, headers=headers), 413)


def test_a_full_queue_is_503_with_retry_after_and_the_loop_stays_free(
    client: TestClient, fake_chatbot: FakeChatbot
) -> None:
    fake_chatbot.gate.clear()
    codes: list[int] = []

    def ask() -> None:
        codes.append(client.post("/api/v1/ask", json={"question": "수리 기간은?"}).status_code)

    waiting = [threading.Thread(target=ask) for _ in range(2)]
    for thread in waiting:
        thread.start()
    while "chatbot_answers_in_progress 2" not in client.get("/metrics").text:
        pass
    assert client.get("/healthz").json() == {"status": "ok"}
    refused = client.post("/api/v1/ask", json={"question": "수리 기간은?"})
    assert_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0
    fake_chatbot.gate.set()
    for thread in waiting:
        thread.join()
    assert codes == [200, 200]
    assert client.post("/api/v1/ask", json={"question": "수리 기간은?"}).status_code == 200


def test_an_answer_that_takes_too_long_is_504(
    fake_chatbot: FakeChatbot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.api.app.GRACE_SECONDS", 0.0)
    app = create_app(fake_chatbot, settings.model_copy(update={"answer_timeout_seconds": 0.1}))
    fake_chatbot.gate.clear()
    with TestClient(app) as client:
        assert_problem(client.post("/api/v1/ask", json={"question": "수리 기간은?"}), 504)
        fake_chatbot.gate.set()


def test_an_unexpected_failure_is_500_and_neither_log_nor_answer_repeats_the_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        response = client.post("/api/v1/ask", json={"question": "폭발하는 질문"})
        client.get("/api/v1/search", params={"q": "비밀질문"})
    assert_problem(response, 500)
    assert "폭발" not in response.text
    assert "RuntimeError" in caplog.text
    assert "/api/v1/search" in caplog.text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("chatbot"))
    assert "폭발" not in ours
    assert "비밀" not in ours


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://attacker.example"},
        {"origin": "null"},
    ],
)
def test_posts_from_another_site_are_refused(
    client: TestClient, fake_chatbot: FakeChatbot, headers: dict[str, str]
) -> None:
    assert_problem(client.post("/api/v1/ask", json={"question": "수리 기간은?"}, headers=headers), 403)
    assert not fake_chatbot.asked


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}])
def test_posts_from_our_pages_and_from_programs_pass(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/ask", json={"question": "수리 기간은?"}, headers=headers).status_code == 200


def test_every_response_has_the_security_headers_and_none_allows_another_origin(client: TestClient) -> None:
    for path in ("/healthz", "/api/v1/nothing"):
        headers = client.get(path, headers={"origin": "https://attacker.example"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "script-src-attr 'none'" in headers["content-security-policy"]
        assert not [name for name in headers if name.startswith("access-control-")]


def test_search_returns_passages_with_an_address_that_opens_them(client: TestClient) -> None:
    page = client.get("/api/v1/search", params={"q": "큐알코드", "k": 3}).json()
    [hit] = page["results"]
    assert hit["text"] == BIKE
    assert hit["url"] == f"/documents/bike?start=0&end={len(BIKE)}#0"


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("", SearchFilters()),
        ("year=2023", SearchFilters(year=2023)),
        ("year=2023&year_to=2024", SearchFilters(year=2023, year_to=2024)),
        ("year_to=2024", SearchFilters(year=1900, year_to=2024)),
        ("agency= 도서관 과 ", SearchFilters(agency="도서관 과")),
        ("kind=case_card", SearchFilters(kind=DocumentKind.CASE_CARD)),
    ],
)
def test_cases_are_asked_for_with_the_filters_of_the_query(
    client: TestClient, fake_chatbot: FakeChatbot, query: str, filters: SearchFilters
) -> None:
    assert client.get(f"/api/v1/cases?{query}").status_code == 200
    assert fake_chatbot.library.filters == filters


@pytest.mark.parametrize(
    ("query", "ids"),
    [("limit=1&offset=1", ["night-library-1"]), ("limit=2", ["bike-1", "night-library-1"]), ("offset=9", [])],
)
def test_cases_are_paged(client: TestClient, query: str, ids: list[str]) -> None:
    page = client.get(f"/api/v1/cases?{query}").json()
    assert [item["case_id"] for item in page["items"]] == ids
    assert page["total"] == 3


def test_a_case_has_its_text_and_contacts(client: TestClient) -> None:
    case = client.get("/api/v1/cases/bike-1").json()
    assert case["text"] == BIKE
    assert case["contacts"][0]["phone"] == "02-000-1234"


def test_feedback_is_one_line_each_without_the_question(client: TestClient, feedback_file: Path) -> None:
    assert client.post("/api/v1/feedback", json={"answer_id": "a1", "rating": "up"}).status_code == 204
    body = {"answer_id": "a1", "rating": "down", "reasons": ["wrong"], "comment": "숫자가\n다릅니다"}
    assert client.post("/api/v1/feedback", json=body).status_code == 204
    first, second = [json.loads(line) for line in feedback_file.read_text(encoding="utf-8").splitlines()]
    assert "question" not in first
    assert (second["rating"], second["comment"]) == ("down", "숫자가\n다릅니다")
    assert feedback_file.stat().st_mode & 0o077 == 0


def test_feedback_that_cannot_be_kept_is_503(client: TestClient, feedback_file: Path) -> None:
    feedback_file.parent.write_text("이 자리에는 폴더를 만들 수 없습니다")
    assert_problem(client.post("/api/v1/feedback", json={"answer_id": "a1", "rating": "up"}), 503)


def test_readiness_tells_what_is_loaded(client: TestClient) -> None:
    assert client.get("/readyz").json() == {
        "status": "ready",
        "index_version": "20260101-fake",
        "documents": 3,
        "cases": 3,
    }


def test_metrics_count_requests_by_route_and_answers_by_status(client: TestClient) -> None:
    client.post("/api/v1/ask", json={"question": "수리 기간은?"})
    client.post("/api/v1/ask/stream", json={"question": "없는 내용은?"})
    client.get("/api/v1/documents/bike")
    text = client.get("/metrics").text
    assert 'chatbot_answers_total{status="answered"} 1' in text
    assert 'chatbot_answers_total{status="unanswerable_not_in_sources"} 1' in text
    assert 'route="/api/v1/documents/{document_id:path}",status="200"} 1' in text
    assert "chatbot_answer_seconds_count 2" in text
    assert "수리" not in text


def test_the_description_of_the_interface_is_served_without_pages_that_need_a_network(client: TestClient) -> None:
    assert "/api/v1/ask" in client.get("/api/v1/openapi.json").json()["paths"]
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def test_the_report_of_the_last_build_shows_what_was_skipped(client: TestClient, settings: Settings) -> None:
    nothing = {"read": 0, "skipped": 0, "limit": 1000, "offset": 0, "items": []}
    assert client.get("/api/v1/files").json() == nothing
    settings.index.index_dir.mkdir(parents=True)
    broken = "'b.pdf': PDF 파일이 손상되어 읽을 수 없습니다. 건너뜁니다."
    save(settings.index.index_dir, [FileReport("a.hwp", "HWP", 120), FileReport("b.pdf", error=broken)])
    body = client.get("/api/v1/files").json()
    assert (body["read"], body["skipped"]) == (1, 1)
    assert [(item["source"], item["error"]) for item in body["items"]] == [("a.hwp", ""), ("b.pdf", broken)]
    second = client.get("/api/v1/files", params={"limit": 1, "offset": 1})
    assert [item["source"] for item in second.json()["items"]] == ["b.pdf"]
    assert second.json()["skipped"] == 1
    assert second.headers["link"].endswith('offset=0&limit=1>; rel="prev"')
