"""``POST /ask`` and ``POST /ask/stream``: a question in, an answer out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from chatbot.answer import Answer, Event, Filters, Question, Turn
from chatbot.api.middleware import log_failure
from chatbot.api.problems import ProblemError, problem
from chatbot.api.services import PlaceDep, Services, ServicesDep

router = APIRouter(prefix="/api/v1", tags=["ask"])


class AskRequest(BaseModel):
    """The body of both routes: :class:`~chatbot.answer.Question` under the public names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1, max_length=4_000, pattern=r"\S")
    history: tuple[Turn, ...] = Field(default=(), max_length=50)
    filters: Filters = Filters()

    def to_question(self) -> Question:
        """The same, as the pipeline takes it."""
        return Question(text=self.question, history=self.history, filters=self.filters)


@router.post("/ask", response_model_exclude_none=False)
async def ask(body: AskRequest, shared: ServicesDep, place: PlaceDep) -> Answer:
    """The whole answer in one response."""
    question = body.to_question()
    started = time.perf_counter()
    try:
        answer = await shared.workers.run(lambda: shared.chatbot.answer(question), place, shared.timeout_seconds)
    except TimeoutError:
        raise ProblemError(504) from None
    shared.metrics.count_answer(answer.status, time.perf_counter() - started)
    return answer


@router.post("/ask/stream", response_class=EventSourceResponse)
async def ask_stream(body: AskRequest, shared: ServicesDep, place: PlaceDep) -> AsyncIterator[ServerSentEvent]:
    """Events ``status``, ``token``, ``citation`` and, last, ``answer``; ``error`` with a problem if all else fails."""
    question = body.to_question()
    started = time.perf_counter()
    events = shared.workers.stream(lambda: shared.chatbot.stream(question), place)
    async with aclosing(events):
        try:
            async for event in events:
                _count(event, shared, time.perf_counter() - started)
                yield ServerSentEvent(event=event.name, data=event.data)
        except Exception as error:  # the response has begun, so the problem travels as an event
            log_failure(error)
            yield ServerSentEvent(event="error", data=problem(500).model_dump(exclude_none=True))


def _count(event: Event, shared: Services, seconds: float) -> None:
    if event.name == "answer":
        data: dict[str, Any] = event.data
        shared.metrics.count_answer(str(data.get("status", "unknown")), seconds)
