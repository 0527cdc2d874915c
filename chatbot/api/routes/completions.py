"""``/v1/chat/completions`` and ``/v1/models``: the same answers for clients that speak OpenAI's interface.

Only what the user asks is taken from a request: system messages, tools, temperature and the model's name change
nothing, so that a client cannot switch the grounding off.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal
from urllib.parse import urljoin

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from chatbot.answer import Answer, Citation, Event, Question, Turn
from chatbot.api.middleware import log_failure
from chatbot.api.problems import ProblemError, problem
from chatbot.api.routes.ask import ask_all, events
from chatbot.api.services import ServicesDep
from chatbot.api.workers import BusyError

router = APIRouter(prefix="/v1", tags=["openai"])

MODEL = "gov-case-chatbot"
MAX_QUESTION_CHARS = 4_000
MAX_TURNS = 50
NO_QUESTION = "messages에 사용자(user)의 질문이 없습니다. 마지막에 질문을 넣어 주십시오."


class Part(BaseModel):
    """A piece of a message; what is not text is passed over."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: str = Field(description="text만 읽는다")
    text: str = Field(default="", description="글")


class Message(BaseModel):
    """One message. Only those of the user and the assistant are read."""

    model_config = ConfigDict(extra="allow", frozen=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(description="누구의 말인지")
    content: str | tuple[Part, ...] | None = Field(default=None, description="글")

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream tells besides."""

    model_config = ConfigDict(extra="allow", frozen=True)

    include_usage: bool = Field(default=False, description="끝에 사용량을 보낼지")


class CompletionRequest(BaseModel):
    """What clients send; fields that only a language model knows are passed over."""

    model_config = ConfigDict(extra="allow", frozen=True)

    model: str = Field(default=MODEL, max_length=200, description="모델 이름. 무엇이든 같은 챗봇이 답한다")
    messages: tuple[Message, ...] = Field(min_length=1, max_length=200, description="대화")
    stream: bool | None = Field(default=None, description="답을 나누어 받을지")
    stream_options: StreamOptions | None = Field(default=None, description="나누어 받을 때의 선택")

    def to_question(self) -> Question:
        """The last message of the user with those before it. Raises ProblemError where there is none."""
        spoken = [message for message in self.messages if message.role in ("user", "assistant")]
        if not spoken or spoken[-1].role != "user" or not spoken[-1].text.strip():
            raise ProblemError(422, NO_QUESTION)
        if len(spoken[-1].text) > MAX_QUESTION_CHARS:
            raise ProblemError(422, f"질문은 {MAX_QUESTION_CHARS}자를 넘을 수 없습니다. 줄여서 다시 보내 주십시오.")
        before = [_turn(message) for message in spoken[:-1][-MAX_TURNS:]]
        return Question(text=spoken[-1].text, history=tuple(before))


def _turn(message: Message) -> Turn:
    return Turn(role="user" if message.role == "user" else "assistant", content=message.text[:20_000])


@router.post(
    "/chat/completions",
    response_model=None,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}, "text/event-stream": {}}}},
)
async def complete(body: CompletionRequest, request: Request, shared: ServicesDep) -> JSONResponse | StreamingResponse:
    """The answer with its references as a completion, whole or in chunks."""
    question = body.to_question()
    base = str(request.base_url)
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        chunks = _chunks(events(question, shared), base, usage)
        return StreamingResponse(
            chunks, media_type="text/event-stream", headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        )
    [answer] = await ask_all([question], shared, request)
    message = {"role": "assistant", "content": answer.text + _references(answer, base), "refusal": None}
    return JSONResponse(
        {
            **_head(answer.answer_id, "chat.completion"),
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": _USAGE,
            **_extra(answer),
        }
    )


@router.get("/models")
def list_models() -> dict[str, Any]:
    """The one model."""
    return {"object": "list", "data": [_model()]}


@router.get("/models/{model}")
def get_model(model: Annotated[str, Path(max_length=200, description="모델 이름")]) -> dict[str, Any]:
    """The one model, under its name."""
    if model != MODEL:
        raise ProblemError(404, f"그런 모델은 없습니다. {MODEL}을(를) 써 주십시오.")
    return _model()


async def _chunks(events: AsyncGenerator[Event], base: str, usage: bool) -> AsyncIterator[bytes]:
    """The events of an answer as completion chunks; the references come last, with the answer as an extra field."""
    head = _head(f"chatcmpl-{time.time_ns():x}", "chat.completion.chunk")
    yield _line({**head, "choices": [_choice({"role": "assistant", "content": ""})]})
    try:
        async with aclosing(events):
            async for event in events:
                if event.name == "token":
                    yield _line({**head, "choices": [_choice({"content": event.data["text"]})]})
                elif event.name == "answer":
                    answer = Answer.model_validate(event.data)
                    if references := _references(answer, base):
                        yield _line({**head, "choices": [_choice({"content": references})]})
                    yield _line({**head, "choices": [_choice({}, "stop")], **_extra(answer)})
    except (BusyError, TimeoutError) as error:
        late = problem(503 if isinstance(error, BusyError) else 504)
        yield _line({"error": {"message": late.detail, "type": "server_error", "param": None, "code": None}})
    except Exception as error:
        error_id = log_failure(error)
        message = f"답을 만들지 못했습니다. 잠시 뒤 다시 시도해 주십시오. (오류 번호 {error_id})"
        yield _line({"error": {"message": message, "type": "server_error", "param": None, "code": None}})
    if usage:
        yield _line({**head, "choices": [], "usage": _USAGE})
    yield b"data: [DONE]\n\n"


# The format asks for token counts; an extractive answer has none, and nothing is charged by them.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def _head(completion_id: str, kind: str) -> dict[str, Any]:
    return {"id": completion_id, "object": kind, "created": int(time.time()), "model": MODEL}


def _choice(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}


def _extra(answer: Answer) -> dict[str, Any]:
    """What OpenAI's format has no place for, as fields of our own."""
    dumped = answer.model_dump(mode="json")
    return {name: dumped[name] for name in ("status", "citations", "contacts", "nearest_cases", "confidence")}


def _references(answer: Answer, base: str) -> str:
    """The sources as lines below the answer, for clients that show nothing but the text."""
    if not answer.citations:
        return ""
    return "\n\n출처\n" + "\n".join(_reference(citation, base) for citation in answer.citations)


def _reference(citation: Citation, base: str) -> str:
    about = ", ".join(filter(None, [citation.agency, f"{citation.year}년" if citation.year else ""]))
    address = urljoin(base, citation.url.lstrip("/"))
    return f"[{citation.number}] {citation.case_title}{f' ({about})' if about else ''} {address}"


def _line(chunk: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}
