"""``POST /ask``, ``/ask/stream`` and ``/ask/batch``: questions in, answers out."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from chatbot.answer import Answer, Event, Filters, Question, Turn
from chatbot.api.caller import CallerDep
from chatbot.api.idempotency import Attempt, KeyHeader
from chatbot.api.middleware import log_failure
from chatbot.api.problems import ProblemError
from chatbot.api.services import Services, ServicesDep, in_worker, reserve
from chatbot.api.streams import Stream, UnknownStreamError
from chatbot.messages import queue_step

router = APIRouter(prefix="/api/v1", tags=["ask"])

MAX_BATCH = 20
GONE = "이어 받을 답이 없습니다. 다시 질문해 주십시오."


class AskRequest(BaseModel):
    """The body of both routes: :class:`~chatbot.answer.Question` under the public names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1, max_length=4_000, pattern=r"\S", description="묻고 싶은 것")
    history: tuple[Turn, ...] = Field(default=(), max_length=50, description="앞선 대화, 오래된 것부터")
    filters: Filters = Field(default=Filters(), description="답에 쓸 사례의 조건")

    def to_question(self) -> Question:
        """The same, as the pipeline takes it."""
        return Question(text=self.question, history=self.history, filters=self.filters)


class BatchRequest(BaseModel):
    """Questions that do not depend on each other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[AskRequest, ...] = Field(min_length=1, max_length=MAX_BATCH, description="서로 무관한 질문들")


class BatchAnswers(BaseModel):
    """The answers in the order of the questions."""

    answers: tuple[Answer, ...] = Field(description="질문 순서대로의 답")


@router.post("/ask", response_model_exclude_none=False)
async def ask(
    body: AskRequest,
    request: Request,
    response: Response,
    shared: ServicesDep,
    caller: CallerDep,
    idempotency_key: KeyHeader = None,
) -> Answer:
    """The whole answer in one response."""
    if idempotency_key is None:
        return (await ask_all([body.to_question()], shared, request))[0]
    attempt = Attempt(idempotency_key, caller, "ask", body)
    [answer] = await shared.idempotency.once(attempt, response, lambda: ask_all([body.to_question()], shared))
    return answer


@router.post("/ask/batch", response_model_exclude_none=False)
async def ask_batch(
    body: BatchRequest,
    request: Request,
    response: Response,
    shared: ServicesDep,
    caller: CallerDep,
    idempotency_key: KeyHeader = None,
) -> BatchAnswers:
    """All the answers in one response; a batch takes one worker, so that it cannot hold up everybody else."""
    questions = [item.to_question() for item in body.questions]

    async def answers(waiting: Request | None) -> BatchAnswers:
        allowance = await shared.rates.spend(caller, len(questions) - 1)
        if allowance and not allowance.granted:
            raise ProblemError(429, headers=allowance.headers())
        return BatchAnswers(answers=tuple(await ask_all(questions, shared, waiting)))

    if idempotency_key is None:
        return await answers(request)
    attempt = Attempt(idempotency_key, caller, "batch", body)
    return await shared.idempotency.once(attempt, response, lambda: answers(None))


async def ask_all(questions: list[Question], shared: Services, request: Request | None = None) -> list[Answer]:
    """One answer after another in one thread, which stops between two when the client of ``request`` has gone."""
    stopped = threading.Event()

    def work() -> list[Answer]:
        answers = []
        for question in questions:
            if stopped.is_set():
                break
            started = time.perf_counter()
            answers.append(shared.chatbot.answer(question))
            shared.metrics.count_answer(answers[-1].status, time.perf_counter() - started)
        return answers

    try:
        return await in_worker(shared, request, work, shared.timeout_seconds * len(questions))
    finally:
        stopped.set()


@dataclass(frozen=True, slots=True)
class Following:
    """A stream, and how many of its events the client has."""

    stream: Stream
    after: int


async def following(
    body: AskRequest,
    shared: ServicesDep,
    caller: CallerDep,
    last_event_id: Annotated[
        str, Header(max_length=100, description="마지막으로 받은 이벤트의 id. 끊긴 답을 그 뒤부터 다시 받는다")
    ] = "",
) -> Following:
    """A new stream, or the one that the client has lost."""
    if last_event_id:
        stream_id, _, number = last_event_id.rpartition(":")
        try:
            stream = shared.streams.find(stream_id, caller.owner)
        except UnknownStreamError:
            raise ProblemError(404, GONE) from None
        return Following(stream, int(number) if number.isascii() and number.isdecimal() else 0)
    stream = shared.streams.start(events(body.to_question(), shared), caller.owner, failed=log_failure)
    return Following(stream, 0)


class EventStream(StreamingResponse):
    """Server-sent events. FastAPI's own logs a stack trace for every client that goes in the middle of an answer."""

    media_type = "text/event-stream"


@router.post("/ask/stream", response_class=EventStream, response_model=None)
async def ask_stream(followed: Annotated[Following, Depends(following)]) -> EventStream:
    """Events ``status``, ``token``, ``citation`` and, last, ``answer``; ``error`` with a problem if all else fails."""
    return EventStream(_on_the_wire(followed), headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})


async def _on_the_wire(followed: Following) -> AsyncIterator[bytes]:
    async with aclosing(followed.stream.follow(followed.after)) as events:
        async for event in events:
            if event is None:
                yield KEEPALIVE_COMMENT
            else:
                data = json.dumps(event.data, ensure_ascii=False)
                yield format_sse_event(data_str=data, event=event.name, id=event.event_id)


@router.delete("/ask/stream/{stream_id}", status_code=204)
async def stop_stream(
    stream_id: Annotated[str, Path(max_length=100, description="이벤트 id의 콜론 앞부분")],
    shared: ServicesDep,
    caller: CallerDep,
) -> Response:
    """Stops an answer that nobody wants any more, at once instead of after the time to come back."""
    try:
        shared.streams.find(stream_id, caller.owner).cancel()
    except UnknownStreamError:
        raise ProblemError(404, GONE) from None
    return Response(status_code=204)


def events(question: Question, shared: Services) -> AsyncGenerator[Event]:
    """The events of an answer in a worker, with those of the queue in front. Raises ProblemError 503 at once."""

    def in_queue(in_front: int) -> Event:
        return Event(name="status", data={"step": "queue", "message": queue_step(in_front)})

    def source() -> Iterator[Event]:
        return shared.chatbot.stream(question)

    return _counted(shared.workers.stream(source, reserve(shared), shared.timeout_seconds, in_queue), shared)


async def _counted(events: AsyncGenerator[Event], shared: Services) -> AsyncGenerator[Event]:
    """The same events, with the answer among them counted."""
    started = time.perf_counter()
    async with aclosing(events):
        async for event in events:
            if event.name == "answer":
                shared.metrics.count_answer(str(event.data.get("status")), time.perf_counter() - started)
            yield event
