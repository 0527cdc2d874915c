"""A server that speaks as much of the OpenAI protocol as a chat needs, and misbehaves when told to."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = "수리 기간을 9일에서 2일로 줄였습니다.[1]"


class CompatibleServer(ThreadingHTTPServer):
    """Says ``answer``; ``mode`` is how it misbehaves: fails, breaks (in the middle), silent, empty.

    ``[?]`` in the answer becomes the number of the source that holds 9일에서 2일로.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "well"
        self.answer = ANSWER
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
            self._stream(self._answer(body))
        else:
            message = {"role": "assistant", "content": self._answer(body)}
            self._send(200, _completion({"message": message}, "chat.completion"))

    def _answer(self, body: dict[str, Any]) -> str:
        if self.server.mode == "empty":
            return ""
        asked = body["messages"][-1]["content"]
        found = re.search(r"\[(\d)\][^\n]*9일에서 2일로", asked)
        return self.server.answer.replace("[?]", f"[{found.group(1)}]" if found else "")

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
        tokens = [answer[start : start + 4] for start in range(0, len(answer), 4)]
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
