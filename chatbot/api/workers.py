"""Answers run in a few threads with a short queue in front, so the event loop never waits for a model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """Every worker is busy and the queue is full."""


class Place:
    """One place among the workers and the queue; given back once, however often :meth:`leave` is called."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave
        self._lock = threading.Lock()
        self._left = False
        self.started = False

    def leave(self) -> None:
        """Gives the place back."""
        with self._lock:
            if self._left:
                return
            self._left = True
        self._leave()


class Workers:
    """``workers`` threads, with room for ``queue`` more pieces of work to wait."""

    def __init__(self, workers: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._capacity = workers + queue
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """Pieces of work running or waiting."""
        return self._taken

    def reserve(self) -> Place:
        """Takes a place, or raises :class:`BusyError`. Work in it gives it back; without work, call ``leave``."""
        with self._lock:
            if self._taken >= self._capacity:
                raise BusyError
            self._taken += 1
        return Place(self._give_back)

    async def run(self, work: Callable[[], T], place: Place, timeout_seconds: float) -> T:
        """The result of ``work``. After the timeout raises TimeoutError, while the thread still ends its work."""
        place.started = True

        def in_thread() -> T:
            try:
                return work()
            finally:
                place.leave()

        future = asyncio.get_running_loop().run_in_executor(self._pool, in_thread)
        future.add_done_callback(_retrieve)
        return await asyncio.wait_for(asyncio.shield(future), timeout_seconds)

    async def stream(self, source: Callable[[], Iterator[T]], place: Place) -> AsyncGenerator[T]:
        """The items of ``source`` as they come; closing this iterator stops the thread at its next item."""
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[T | BaseException | None] = asyncio.Queue()
        stopped = threading.Event()
        place.started = True

        def put(item: T | BaseException | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(items.put_nowait, item)

        self._pool.submit(_pump, source, put, stopped, place)
        try:
            while (item := await items.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            stopped.set()

    def close(self) -> None:
        """Takes no more work and forgets what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _give_back(self) -> None:
        with self._lock:
            self._taken -= 1


def _retrieve(future: asyncio.Future[T]) -> None:
    """Looks at the outcome once, so that a failure after the timeout is not reported as never retrieved."""
    if not future.cancelled():
        future.exception()


def _pump(
    source: Callable[[], Iterator[T]],
    put: Callable[[T | BaseException | None], None],
    stopped: threading.Event,
    place: Place,
) -> None:
    try:
        for item in source():
            if stopped.is_set():
                return
            put(item)
        put(None)
    except Exception as error:
        put(error)
    finally:
        place.leave()
