"""How often each caller may ask, counted by ``limits`` and told in the ``RateLimit`` headers."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string

from chatbot.api.caller import Caller
from chatbot.errors import ChatbotError
from chatbot.settings import Settings

NO_STORAGE = (
    "CHATBOT_RATE_STORAGE의 redis에는 선택 묶음이 필요합니다. pip install 'gov-case-chatbot[redis]'로 설치해 주십시오."
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the tightest limit; ``reset_seconds`` until it is whole again."""

    name: str
    limit: RateLimitItem
    granted: bool
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers-10, and ``Retry-After`` for a refusal."""
        fields = {
            "RateLimit-Policy": f'"{self.name}";q={self.limit.amount};w={self.limit.get_expiry()}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={self.reset_seconds}',
        }
        return fields if self.granted else {**fields, "Retry-After": str(max(1, self.reset_seconds))}


class RateLimits:
    """Moving windows per key, origin, session and address, in memory or in a Redis that several processes share.

    Raises:
        ChatbotError: The storage needs the optional extra.
    """

    def __init__(self, settings: Settings) -> None:
        try:
            storage = storage_from_string(f"async+{settings.rate_storage}", wrap_exceptions=True, **_client(settings))
        except ConfigurationError as error:
            raise ChatbotError(NO_STORAGE) from error
        self._storage = storage
        self._limiter = MovingWindowRateLimiter(storage)
        self._limits = {
            "key": parse(settings.limit_key),
            "origin": parse(settings.limit_origin),
            "session": parse(settings.limit_session),
            "address": parse(settings.limit_address),
        }

    async def spend(self, caller: Caller, cost: int = 1) -> Allowance | None:
        """Takes ``cost`` from each limit of this caller; ``None`` while the counts cannot be reached.

        Counting is not worth an outage, so a dead Redis lets everybody through and is logged.
        """
        tightest: Allowance | None = None
        try:
            for name, identity in _identities(caller):
                left = await self._take(name, identity, cost)
                if not left.granted:
                    return left
                if tightest is None or left.remaining < tightest.remaining:
                    tightest = left
        except StorageError as error:
            logger.error("rate limits cannot be counted: %s", type(error.storage_error).__name__)
        return tightest

    async def close(self) -> None:
        """Ends the connections to where the counts are kept."""
        if isinstance(self._storage, RedisStorage) and isinstance(self._storage.bridge, RedispyBridge):
            await self._storage.bridge.get_connection().aclose()  # type: ignore[attr-defined]  # not in their protocol

    async def _take(self, name: str, identity: str, cost: int) -> Allowance:
        limit = self._limits[name]
        granted = await self._limiter.hit(limit, name, identity, cost=cost)
        stats = await self._limiter.get_window_stats(limit, name, identity)
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        return Allowance(name, limit, granted, stats.remaining if granted else 0, reset)


def _client(settings: Settings) -> dict[str, str]:
    """redis-py rather than coredis, the default, which pins an old ``packaging``."""
    return {} if settings.rate_storage.startswith("memory") else {"implementation": "redispy"}


def _identities(caller: Caller) -> Iterator[tuple[str, str]]:
    # A program with a key may serve many users from one address.
    if caller.key_id:
        yield "key", caller.key_id
        return
    if caller.session_id:
        yield "session", caller.session_id
        yield "origin", f"{caller.site_key} {caller.origin}"
    yield "address", caller.address
