"""``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key-header-07): a request sent again is done once."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Header, Response
from pydantic import BaseModel

from chatbot.api.caller import Caller
from chatbot.api.problems import ProblemError

KEPT_SECONDS = 600.0
MAX_KEYS = 1_000
MAX_BYTES = 32 * 2**20
OTHER_BODY = "이 Idempotency-Key로 이미 다른 내용을 보내셨습니다. 새 요청에는 새 키를 써 주십시오."

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern="^[!-~]+$",
        description="같은 요청을 다시 보내도 한 번만 처리하게 하는 키",
    ),
]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request with its key; ``caller`` and ``route`` keep the keys of different people and routes apart."""

    key: str
    caller: Caller
    route: str
    body: BaseModel

    @property
    def identity(self) -> tuple[str, str, str]:
        """What two attempts at the same thing have in common."""
        return self.caller.owner or self.caller.address, self.route, self.key

    @property
    def digest(self) -> bytes:
        """SHA-256 of the body, as it was understood."""
        return hashlib.sha256(self.body.model_dump_json().encode()).digest()


@dataclass(slots=True)
class _Kept:
    digest: bytes
    task: asyncio.Task[Any]
    until: float = field(default_factory=lambda: time.monotonic() + KEPT_SECONDS)
    weight: int = 0


class IdempotencyKeys:
    """What was done for a key in the last minutes, in the memory of this process.

    What fails is forgotten, so that sending it again tries it again.
    """

    def __init__(self, *, max_keys: int = MAX_KEYS, max_bytes: int = MAX_BYTES) -> None:
        self._kept: OrderedDict[tuple[str, str, str], _Kept] = OrderedDict()
        self._max_keys = max_keys
        self._max_bytes = max_bytes
        self._bytes = 0

    async def once(self, attempt: Attempt, response: Response, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of ``work``, or that of an earlier attempt, for which it waits if need be.

        The work goes on when the client of the first attempt hangs up: that is when a second attempt comes.

        Raises:
            ProblemError: 422 for a key that was used with another body.
        """
        self._forget_old()
        kept = self._kept.get(attempt.identity)
        if kept is None:
            kept = _Kept(attempt.digest, asyncio.ensure_future(work()))
            self._kept[attempt.identity] = kept
            kept.task.add_done_callback(lambda _: self._note(attempt.identity, kept))
        elif kept.digest != attempt.digest:
            raise ProblemError(422, OTHER_BODY)
        else:
            response.headers["Idempotency-Replayed"] = "true"
        result: T = await asyncio.shield(kept.task)
        return result

    def _note(self, identity: tuple[str, str, str], kept: _Kept) -> None:
        """Weighs what is done, and drops what failed."""
        if self._kept.get(identity) is not kept:
            return
        if kept.task.cancelled() or kept.task.exception() is not None:
            self._drop(identity)
            return
        result = kept.task.result()
        kept.weight = len(result.model_dump_json()) if isinstance(result, BaseModel) else 0
        self._bytes += kept.weight
        self._forget_old()

    def _forget_old(self) -> None:
        """What is too old and, oldest first, what is too much."""
        while self._kept:
            identity, oldest = next(iter(self._kept.items()))
            crowded = len(self._kept) >= self._max_keys or self._bytes > self._max_bytes
            if oldest.until > time.monotonic() and not crowded:
                return
            self._drop(identity)

    def _drop(self, identity: tuple[str, str, str]) -> None:
        self._bytes -= self._kept.pop(identity).weight
