"""Streamed answers that outlive their connection for a moment, so that a client can come back for the rest."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from chatbot.answer import Event
from chatbot.api.problems import Problem, problem
from chatbot.api.workers import BusyError

# A phone that changes from Wi-Fi to mobile is back in a few seconds; nobody waits for an answer longer than that.
GRACE_SECONDS = 15.0
KEPT_SECONDS = 60.0
MAX_STREAMS = 500
# Proxies close a line that is silent for a minute, many after thirty seconds.
HEARTBEAT_SECONDS = 15.0


class UnknownStreamError(Exception):
    """There is no such stream, or it is not the caller's."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One event of a stream; ``event_id`` is what ``Last-Event-ID`` sends back."""

    event_id: str
    name: str
    data: dict[str, Any]


class Stream:
    """The events of one answer so far, for as many followers as there are."""

    def __init__(self, stream_id: str, owner: str) -> None:
        self.stream_id = stream_id
        self.owner = owner
        self.ended = False
        self.task: asyncio.Task[None] | None = None
        self._events: list[Sent] = []
        self._news = asyncio.Event()
        self._followers = 0

    def add(self, name: str, data: dict[str, Any]) -> None:
        """The next event."""
        self._events.append(Sent(f"{self.stream_id}:{len(self._events) + 1}", name, data))
        self._tell()

    def end(self) -> None:
        """No event comes any more."""
        self.ended = True
        self._tell()

    async def follow(self, after: int) -> AsyncGenerator[Sent | None]:
        """The events after number ``after``, as they come, and ``None`` as a heartbeat in between.

        When the last follower has gone, the work is given up.
        """
        self._followers += 1
        try:
            while True:
                news = self._news
                for event in self._events[after:]:
                    after += 1
                    yield event
                if news is not self._news:
                    continue
                if self.ended:
                    return
                try:
                    await asyncio.wait_for(news.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield None
        finally:
            self._followers -= 1
            if not self.ended:
                asyncio.get_running_loop().call_later(GRACE_SECONDS, self._give_up)

    def cancel(self) -> None:
        """Stops the work at its next step."""
        if self.task is not None:
            self.task.cancel()

    def _give_up(self) -> None:
        if not self._followers:
            self.cancel()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Streams:
    """The streams that run or have just ended."""

    def __init__(self) -> None:
        self._streams: dict[str, Stream] = {}

    def start(
        self,
        source: AsyncGenerator[Event],
        owner: str,
        *,
        failed: Callable[[BaseException], object],
    ) -> Stream:
        """Begins to collect the events of ``source``; ``failed`` hears of what broke."""
        self._make_room()
        stream = Stream(secrets.token_urlsafe(16), owner)
        self._streams[stream.stream_id] = stream
        stream.task = asyncio.create_task(self._collect(stream, source, failed))
        return stream

    def find(self, stream_id: str, owner: str) -> Stream:
        """The caller's stream with this id. Raises :class:`UnknownStreamError`."""
        stream = self._streams.get(stream_id)
        if stream is None or stream.owner != owner:
            raise UnknownStreamError
        return stream

    async def close(self) -> None:
        """Stops everything."""
        tasks = [stream.task for stream in self._streams.values() if stream.task is not None and not stream.ended]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _collect(
        self,
        stream: Stream,
        source: AsyncGenerator[Event],
        failed: Callable[[BaseException], object],
    ) -> None:
        try:
            async with aclosing(source):
                async for event in source:
                    stream.add(event.name, event.data)
        except BusyError:
            stream.add("error", _data(problem(503)))
        except TimeoutError:
            stream.add("error", _data(problem(504)))
        except Exception as error:
            failed(error)
            stream.add("error", _data(problem(500)))
        finally:
            stream.end()
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._streams.pop, stream.stream_id, None)

    def _make_room(self) -> None:
        if len(self._streams) >= MAX_STREAMS:
            ended = next((name for name, stream in self._streams.items() if stream.ended), None)
            if ended is not None:
                del self._streams[ended]


def _data(problem: Problem) -> dict[str, Any]:
    return problem.model_dump(exclude_none=True)
