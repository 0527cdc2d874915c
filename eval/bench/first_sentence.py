"""How soon a chat model's first sentence is shown: ``python -m eval.bench.first_sentence``.

Asks the model that ``CHATBOT_CHAT_…`` names, or, with ``--tokens-a-second``, a server in this process that copies the
first three sentences of its prompt at that pace: what it writes is supported, so that the way is measured and not a
model.
"""

from __future__ import annotations

import json
import re
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from chatbot.pipeline import Chatbot

QUESTIONS = (
    "미국행 국제우편은 왜 멈췄나요?",
    "불법 전화번호 이용중지 처리 기간이 며칠로 줄었나요?",
    "보이는 ARS로 민원 처리 시간이 몇 초로 줄었나요?",
)
TOKEN_CHARS = 2
"""Korean characters that a token of today's models holds, about."""
SENTENCES = 3
_SOURCE = re.compile(r"^\[(\d+)\] (?:\([^()]*\) )?(.+?)[.。]?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the question to three moments; ``first`` is ``None`` where nothing is shown before the end.

    ``asked``: retrieval and reading are done, the model is asked; ``first``: its first sentence is shown.
    """

    asked: float | None
    first: float | None
    whole: float
    answerer: str
    chars: int


class PacedServer(ThreadingHTTPServer):
    """Speaks OpenAI's streaming protocol and writes ``tokens_a_second``."""

    daemon_threads = True

    def __init__(self, tokens_a_second: float) -> None:
        super().__init__(("127.0.0.1", 0), _Copying)
        self.tokens_a_second = tokens_a_second


class _Copying(BaseHTTPRequestHandler):
    server: PacedServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = _SOURCE.findall(body["messages"][-1]["content"])[:SENTENCES]
        answer = "\n".join(f"{text}.[{number}]" for number, text in found) or "[근거 없음]"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for start in range(0, len(answer), TOKEN_CHARS):
            time.sleep(1 / self.server.tokens_a_second)
            self._send(json.dumps(_chunk(answer[start : start + TOKEN_CHARS])))
        self._send("[DONE]")

    def _send(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())

    def log_request(self, code: object = "-", size: object = "-") -> None:
        return


def _chunk(text: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "copy", "choices": [choice]}


@contextmanager
def paced_server(tokens_a_second: float) -> Iterator[str]:
    """The address of a server that writes at that pace."""
    server = PacedServer(tokens_a_second)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def timed(chatbot: Chatbot, question: str) -> Timing:
    """One question through the stream that every edge uses."""
    from chatbot.answer import Answer, Question

    begun, asked, first = time.perf_counter(), None, None
    for event in chatbot.stream(Question(text=question)):
        if event.name == "status" and event.data["step"] == "compose":
            asked = time.perf_counter() - begun
        if event.name == "token" and first is None:
            first = time.perf_counter() - begun
        if event.name == "answer":
            answer = Answer.model_validate(event.data)
    return Timing(asked, first, time.perf_counter() - begun, answer.provenance.answerer, len(answer.text))


def main(
    index_dir: Annotated[Path, typer.Option("--index-dir", help="색인 폴더")],
    tokens_a_second: Annotated[
        float, typer.Option("--tokens-a-second", min=0, help="이 빠르기로 베껴 쓰는 서버에 묻는다. 0이면 설정한 모델")
    ] = 0.0,
    question: Annotated[list[str] | None, typer.Option("--question", help="물을 것. 여러 번 쓸 수 있다")] = None,
) -> None:
    """질문을 보낸 때부터 첫 문장이 보일 때까지와 답이 끝날 때까지를 잽니다."""
    from chatbot.pipeline import build_chatbot
    from chatbot.settings import Settings
    from index.settings import IndexSettings

    settings = Settings(index=IndexSettings(index_dir=index_dir))
    if not tokens_a_second:
        _report(build_chatbot(settings), question or list(QUESTIONS))
        return
    with paced_server(tokens_a_second) as address:
        model = {"chat_provider": "openai", "chat_model": "copy", "chat_base_url": address}
        _report(build_chatbot(settings.model_copy(update=model)), question or list(QUESTIONS))


def _report(chatbot: Chatbot, questions: list[str]) -> None:
    from chatbot.answer import Question

    chatbot.trace(Question(text=questions[0]))  # what is loaded at the first question is not measured
    for question in questions:
        timing = timed(chatbot, question)
        asked, first = (f"{one:.2f}초" if one is not None else "-" for one in (timing.asked, timing.first))
        typer.echo(f"{question} ({timing.answerer}, {timing.chars}자)")
        typer.echo(f"  모델에 묻기까지 {asked}, 첫 문장 {first}, 답 전체 {timing.whole:.2f}초")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    typer.echo(f"이 프로세스의 최대 메모리: {peak:,.0f} MiB")


if __name__ == "__main__":
    typer.run(main)
