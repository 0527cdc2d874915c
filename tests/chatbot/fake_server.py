"""A server that speaks as much of the OpenAI protocol as a chat needs, and misbehaves when told to."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chatbot.generate import build_composer
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from index.library import Library

TOKEN_CHARS = 4
ANSWER = "수리 기간을 9일에서 2일로 줄였습니다.[1]"


class CompatibleServer(ThreadingHTTPServer):
    """Says ``answer``; ``mode`` is how it misbehaves: fails, silent, empty, or in the middle: breaks, stalls.

    ``[?]`` in the answer becomes the number of the source that holds 9일에서 2일로, ``[!]`` that of 1,240건. In the
    middle is behind ``middle`` characters; there a server that stalls waits for ``release`` and then goes on.
    ``tokens_a_second`` is how fast it writes; ``gone`` is set when the client hangs up before the end.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "well"
        self.answer = ANSWER
        self.requests: list[dict[str, Any]] = []
        self.release = threading.Event()
        self.middle = 12
        self.tokens_a_second = 0.0
        self.gone = threading.Event()

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
            self._stream(self._answer(body))
        else:
            message = {"role": "assistant", "content": self._answer(body)}
            self._send(200, _completion({"message": message}, "chat.completion"))

    def _answer(self, body: dict[str, Any]) -> str:
        if self.server.mode == "empty":
            return ""
        asked = body["messages"][-1]["content"]
        answer = self.server.answer
        for mark, passage in (("[?]", "9일에서 2일로"), ("[!]", "1,240건")):
            found = re.search(rf"\[(\d)\][^\n]*{passage}", asked)
            answer = answer.replace(mark, f"[{found.group(1)}]" if found else "")
        return answer

    def _send(self, status: int, content: dict[str, Any]) -> None:
        payload = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(payload)

    def _stream(self, answer: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for start in range(0, len(answer), TOKEN_CHARS):
                if self.server.mode == "breaks" and start >= self.server.middle:
                    self.close_connection = True
                    return
                if self.server.mode == "stalls" and start >= self.server.middle:
                    self.server.release.wait(10)
                if self.server.tokens_a_second:
                    time.sleep(1 / self.server.tokens_a_second)
                delta = {"content": answer[start : start + TOKEN_CHARS]}
                self._event(json.dumps(_completion({"delta": delta}, "chat.completion.chunk")))
            self._event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
            self.server.gone.set()

    def _event(self, data: str) -> None:
        payload = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
        self.wfile.flush()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        return


def _completion(choice: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 1, "model": "m", "choices": [{"index": 0, **choice}]}


@contextmanager
def compatible_server() -> Iterator[CompatibleServer]:
    """A running server on a free local port."""
    server = CompatibleServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def connected(library: Library, server: CompatibleServer, **changes: Any) -> Chatbot:
    """A chatbot over ``library`` with the server's model; ``changes`` are settings."""
    values: dict[str, Any] = {
        "chat_provider": "openai",
        "chat_model": "m",
        "chat_base_url": server.url,
        "use_refusal": False,  # the two tiny cases have no reader to be sure of them
        **changes,
    }
    settings = Settings(_env_file=None, **values)
    return Chatbot(settings, library, None, build_composer(settings, library))
