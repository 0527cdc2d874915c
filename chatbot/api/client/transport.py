"""What every operation of the client has in common: JSON out and in, problems as exceptions, streams taken up again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter

from . import models

RESUME_AFTER_SECONDS = (0.5, 1.5, 4.0)
Values = Mapping[str, str | int | None]
T = TypeVar("T")


class ApiError(Exception):
    """The server refused; its reason in Korean is the message. ``retry_after`` in seconds, where it says so."""

    def __init__(self, problem: models.Problem, retry_after: int | None) -> None:
        super().__init__(f"{problem.title}: {problem.detail}")
        self.problem = problem
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a streamed answer; ``name`` is status, token, citation, answer or error."""

    event_id: str
    name: str
    data: dict[str, Any]

    @property
    def answer(self) -> models.Answer:
        """The whole answer, of the event of that name."""
        return models.Answer.model_validate(self.data)


class Transport:
    """A connection to one server; use it as a context manager, or call :meth:`close`."""

    def __init__(self, base_url: str, api_key: str = "", *, timeout_seconds: float = 120.0) -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()

    def call(
        self,
        result: type[T],
        method: str,
        path: str,
        *,
        query: Values | None = None,
        headers: Values | None = None,
        body: BaseModel | None = None,
    ) -> T:
        """The response as ``result``. Raises :class:`ApiError` and ``httpx.TransportError``."""
        response = self._http.send(self._request(method, path, query, headers, body))
        _check(response)
        if result is str:
            return response.text  # type: ignore[return-value]  # that is T
        return TypeAdapter(result).validate_json(response.content or b"null")

    def events(self, method: str, path: str, *, headers: Values | None = None, body: BaseModel) -> Iterator[Event]:
        """The events of a stream as they come; a line that is cut is taken up where it was. Raises as ``call``."""
        held = {name.lower(): value for name, value in (headers or {}).items()}
        failures = 0
        while True:
            response = None
            try:
                response = self._http.send(self._request(method, path, None, held, body), stream=True)
                if not response.is_success:
                    response.read()
                _check(response)
                for event in _events(response.iter_lines()):
                    failures, held["last-event-id"] = 0, event.event_id
                    yield event
                    if event.name in ("answer", "error"):
                        return
                raise httpx.RemoteProtocolError("the stream ended before its answer")
            except httpx.TransportError:
                if not held.get("last-event-id") or failures == len(RESUME_AFTER_SECONDS):
                    raise
                time.sleep(RESUME_AFTER_SECONDS[failures])
                failures += 1
            finally:
                if response is not None:
                    response.close()

    def _request(
        self, method: str, path: str, query: Values | None, headers: Values | None, body: BaseModel | None
    ) -> httpx.Request:
        # What was not given is not sent, so that the server's own defaults hold.
        return self._http.build_request(
            method,
            path,
            params=_given(query),
            headers={name: str(value) for name, value in _given(headers).items()},
            json=body.model_dump(mode="json", exclude_unset=True) if body is not None else None,
        )


def escaped(value: str) -> str:
    """A value inside a path; the ids of documents and cases may hold slashes."""
    return quote(value, safe="/")


def _given(values: Values | None) -> dict[str, str | int]:
    return {name: value for name, value in (values or {}).items() if value is not None}


def _check(response: httpx.Response) -> None:
    if response.is_success:
        return
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = models.Problem.model_validate_json(response.content)
    else:  # a proxy between here and the server
        problem = models.Problem(title=response.reason_phrase, status=response.status_code, detail=response.text[:200])
    later = response.headers.get("retry-after", "")
    raise ApiError(problem, int(later) if later.isdecimal() else None)


def _events(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif not line and "event" in fields:
            yield Event(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
            fields = {}
