"""Errors as RFC 9457 problem documents in Korean. What the user sent is never echoed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from chatbot.api.presence import ClientGoneError
from index.errors import UnknownIdError

MEDIA_TYPE = "application/problem+json"
CLIENT_CLOSED_REQUEST = 499  # nginx's
OPENAI_PREFIX = "/v1/"

_TITLES: dict[int, str] = {
    400: "잘못된 요청입니다",
    401: "이용 권한을 확인하지 못했습니다",
    403: "허용되지 않은 요청입니다",
    404: "찾을 수 없습니다",
    405: "지원하지 않는 요청 방식입니다",
    406: "제공할 수 없는 형식입니다",
    409: "지금의 자료와 맞지 않습니다",
    413: "요청이 너무 큽니다",
    415: "지원하지 않는 형식입니다",
    422: "요청 내용을 확인해 주십시오",
    429: "요청이 너무 잦습니다",
    500: "처리하지 못했습니다",
    503: "지금은 처리할 수 없습니다",
    504: "시간이 너무 오래 걸렸습니다",
}

_DETAILS: dict[int, str] = {
    400: "요청의 형식을 이해하지 못했습니다.",
    401: "API 키가 필요합니다. Authorization: Bearer 머리글에 키를 넣어 주십시오.",
    403: "다른 사이트에서 보낸 요청은 받지 않습니다.",
    404: "요청하신 주소나 자료가 없습니다. 주소를 확인해 주십시오.",
    405: "이 주소에서는 그 요청 방식을 쓸 수 없습니다. Allow 머리글의 방식으로 다시 보내 주십시오.",
    413: "요청이 정해진 크기(질문은 64 KB, 내보내기는 1 MB)를 넘습니다. 내용을 줄여 다시 보내 주십시오.",
    415: "본문은 application/json 형식으로 보내 주십시오.",
    422: "아래 항목을 고쳐 다시 보내 주십시오.",
    429: "정해진 요청 횟수를 넘었습니다. Retry-After 머리글의 시간(초)이 지난 뒤 다시 시도해 주십시오.",
    500: "처리하는 중에 오류가 났습니다. 잠시 뒤 다시 시도해 주십시오.",
    503: "질문이 몰려 있습니다. 잠시 뒤 다시 시도해 주십시오.",
    504: "정해진 시간 안에 답을 만들지 못했습니다. 질문을 나누어 다시 물어봐 주십시오.",
}

# pydantic's error types -> a sentence; {name} is a value of the error's context (a limit, never the input).
_FIELD_MESSAGES: dict[str, str] = {
    "missing": "꼭 필요한 항목입니다.",
    "json_invalid": "JSON 형식이 아닙니다.",
    "extra_forbidden": "알 수 없는 항목입니다.",
    "string_too_short": "{min_length}자 이상이어야 합니다.",
    "string_too_long": "{max_length}자를 넘을 수 없습니다.",
    "too_long": "{max_length}개를 넘을 수 없습니다.",
    "greater_than_equal": "{ge} 이상이어야 합니다.",
    "less_than_equal": "{le} 이하여야 합니다.",
    "literal_error": "쓸 수 있는 값은 {expected}입니다.",
    "enum": "쓸 수 있는 값은 {expected}입니다.",
    "int_parsing": "정수여야 합니다.",
    "int_type": "정수여야 합니다.",
    "string_type": "문자열이어야 합니다.",
    "string_pattern_mismatch": "빈칸만으로는 보낼 수 없습니다.",
}


class FieldProblem(BaseModel):
    """One item of the request that has to change; ``field`` is its path, such as ``filters.year``."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457; ``type`` stays ``about:blank`` because the status says it all."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: tuple[FieldProblem, ...] | None = None


class ProblemError(Exception):
    """Raised by a route to answer with a problem document."""

    def __init__(self, status: int, detail: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(
    status: int,
    detail: str | None = None,
    *,
    instance: str | None = None,
    errors: Sequence[FieldProblem] | None = None,
) -> Problem:
    """A problem document; ``detail`` defaults to the sentence for the status."""
    family = 400 if status < 500 else 500
    return Problem(
        title=_TITLES.get(status, _TITLES[family]),
        status=status,
        detail=detail or _DETAILS.get(status, _DETAILS[family]),
        instance=instance,
        errors=tuple(errors) if errors else None,
    )


def problem_response(
    status: int,
    detail: str | None = None,
    *,
    instance: str | None = None,
    errors: Sequence[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A response that carries a problem document."""
    body = problem(status, detail, instance=instance, errors=errors)
    members = body.model_dump(exclude_none=True)
    if (instance or "").startswith(OPENAI_PREFIX):  # its clients look for their message here
        members["error"] = {"message": body.detail, "type": "invalid_request_error", "param": None, "code": None}
    return JSONResponse(
        members,
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers) if headers else None,
    )


def install_problems(app: FastAPI) -> None:
    """Makes ``app`` answer its errors, and those of the framework, with problem documents."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(UnknownIdError, _on_unknown_id)
    app.add_exception_handler(ClientGoneError, _on_client_gone)


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101  registered for this type only
    return problem_response(error.status, error.detail, instance=request.url.path, headers=error.headers)


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    return problem_response(error.status_code, instance=request.url.path, headers=error.headers)


async def _on_unknown_id(request: Request, error: Exception) -> JSONResponse:
    return problem_response(404, "그 번호의 문서나 사례가 없습니다.", instance=request.url.path)


async def _on_client_gone(request: Request, error: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)  # for the log; nobody reads it


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = [_field_problem(item) for item in error.errors()]
    return problem_response(422, instance=request.url.path, errors=fields)


def _field_problem(item: Mapping[str, Any]) -> FieldProblem:
    """One pydantic error, told in Korean; the offending input stays out."""
    place = [str(part) for part in item["loc"] if part not in ("body", "query", "path")]
    template = _FIELD_MESSAGES.get(item["type"], "값의 형식이 올바르지 않습니다.")
    context: Mapping[str, Any] = item.get("ctx") or {}
    message = re.sub(r"\{(\w+)\}", lambda m: str(context.get(m[1], "")).replace(" or ", " 또는 "), template)
    return FieldProblem(field=".".join(place) or "본문", message=message)
