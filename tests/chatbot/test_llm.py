from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel

from chatbot.errors import ChatModelError
from chatbot.llm import MAX_ANSWER_TOKENS, build_chat_model, read_within
from chatbot.prompt import load_prompt
from chatbot.settings import Settings

ANSWER = "수리 기간을 9일에서 2일로 줄였습니다.[1]"
VALUES = {"sources": "[1] 수리 기간을 9일에서 2일로 줄임", "question": "수리 기간은?"}


class CompatibleServer(ThreadingHTTPServer):
    """Speaks as much of the OpenAI protocol as a chat needs; ``mode`` says how it misbehaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "well"
        self.requests: list[dict[str, Any]] = []
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: CompatibleServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({"path": self.path, "authorization": self.headers["Authorization"], **body})
        if self.server.mode == "fails":
            self._send(500, {"error": {"message": "out of memory"}})
        elif self.server.mode == "silent":
            self.server.release.wait(10)
            self.close_connection = True
        elif body.get("stream"):
            self._stream()
        else:
            self._send(200, _completion({"message": {"role": "assistant", "content": ANSWER}}, "chat.completion"))

    def _send(self, status: int, content: dict[str, Any]) -> None:
        payload = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(payload)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        tokens = [ANSWER[start : start + 4] for start in range(0, len(ANSWER), 4)]
        for token in tokens[:3] if self.server.mode == "breaks" else tokens:
            self._event(json.dumps(_completion({"delta": {"content": token}}, "chat.completion.chunk")))
        if self.server.mode == "breaks":
            self.close_connection = True
            return
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, data: str) -> None:
        payload = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
        self.wfile.flush()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        return


def _completion(choice: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 1, "model": "m", "choices": [{"index": 0, **choice}]}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CompatibleServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = CompatibleServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


def settings(**changes: object) -> Settings:
    values: dict[str, Any] = {"chat_provider": "openai", "chat_model": "m", "chat_timeout_seconds": 5.0, **changes}
    return Settings(_env_file=None, **values)


def connected(server: CompatibleServer, **changes: object) -> BaseChatModel:
    model = build_chat_model(settings(chat_base_url=server.url, **changes))
    assert model is not None
    return model


def read(model: BaseChatModel, seconds: float = 5.0) -> list[str]:
    return list(read_within(load_prompt("answer").template | model, VALUES, seconds))


def test_without_a_provider_there_is_no_model() -> None:
    assert build_chat_model(settings(chat_provider="")) is None


def test_a_compatible_server_answers_in_one_piece(server: CompatibleServer) -> None:
    assert connected(server).invoke("수리 기간은?").text == ANSWER
    assert server.requests[0]["path"] == "/v1/chat/completions"
    assert not server.requests[0].get("stream")


def test_a_compatible_server_answers_token_by_token(server: CompatibleServer) -> None:
    tokens = [token for token in read(connected(server)) if token]
    assert "".join(tokens) == ANSWER
    assert len(tokens) > 3
    assert server.requests[0]["stream"] is True


def test_the_server_is_asked_with_our_prompt_and_our_limits(server: CompatibleServer) -> None:
    read(connected(server, chat_model="qwen", chat_temperature=0.3))
    (request,) = server.requests
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("qwen", 0.3, MAX_ANSWER_TOKENS)
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert VALUES["sources"] in request["messages"][1]["content"]


@pytest.mark.parametrize(("key", "sent"), [("", "Bearer none"), ("비밀-아님-1".encode().hex(), None)])
def test_only_the_configured_key_is_sent(
    key: str, sent: str | None, server: CompatibleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-somebody-else")
    read(connected(server, chat_api_key=key))
    assert server.requests[0]["authorization"] == (sent or f"Bearer {key}")


def test_a_failing_server_is_asked_once_and_reported(server: CompatibleServer) -> None:
    server.mode = "fails"
    with pytest.raises(ChatModelError, match="APIError"):
        read(connected(server))
    assert len(server.requests) == 1


def test_a_connection_lost_in_the_middle_is_an_error(server: CompatibleServer) -> None:
    server.mode = "breaks"
    got: list[str] = []
    with pytest.raises(ChatModelError):
        got.extend(read_within(load_prompt("answer").template | connected(server), VALUES, 5.0))
    assert "".join(got) == ANSWER[:12]


def test_a_silent_server_is_given_up_after_the_time_limit(server: CompatibleServer) -> None:
    server.mode = "silent"
    with pytest.raises(ChatModelError, match=r"0\.3초"):
        read(connected(server, chat_timeout_seconds=5.0), seconds=0.3)


def test_the_client_itself_gives_a_silent_server_up(server: CompatibleServer) -> None:
    server.mode = "silent"
    with pytest.raises(ChatModelError, match="Timeout"):
        read(connected(server, chat_timeout_seconds=0.3), seconds=5.0)


def test_a_server_that_is_not_there_is_an_error_at_the_first_question_and_not_before() -> None:
    model = build_chat_model(settings(chat_base_url="http://127.0.0.1:9/v1"))
    assert model is not None
    with pytest.raises(ChatModelError, match="Connection"):
        read(model)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"chat_model": "", "chat_base_url": "http://127.0.0.1:8000/v1"}, "CHATBOT_CHAT_MODEL"),
        ({"chat_base_url": ""}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_base_url": "127.0.0.1:8000"}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_base_url": "ftp://127.0.0.1/v1"}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_provider": "ollama", "chat_base_url": "localhost"}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_provider": "llamacpp", "chat_model": "없는/모델.gguf"}, "없는/모델.gguf"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ChatModelError) as raised:
        build_chat_model(settings(**changes))
    assert named in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    weights = tmp_path / "model.gguf"
    weights.touch()
    with pytest.raises(ChatModelError, match=r"\[ollama\]"):
        build_chat_model(settings(chat_provider="ollama", chat_model="gemma3:4b"))
    with pytest.raises(ChatModelError, match=r"\[local-llm\]"):
        build_chat_model(settings(chat_provider="llamacpp", chat_model=str(weights)))
