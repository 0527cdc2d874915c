"""Answers run in a few threads with a short queue in front, so the event loop never waits for a model."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from chatbot.stopping import stoppable

T = TypeVar("T")

# When somebody in the queue hears how many are in front: nearly at once, then now and again.
FIRST_NEWS_SECONDS = 0.1
NEWS_SECONDS = 2.0
MAX_RETRY_AFTER_SECONDS = 60
# Who was let in waits longer than was expected: the queue moves, and a place in it is worth more than a new one.
PATIENCE = 2.0


class BusyError(Exception):
    """Every worker is busy and the queue is full, or too slow; ``retry_after_seconds`` until it should have moved."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class Place:
    """One place among the workers and the queue; given back once, however often :meth:`leave` is called."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave
        self._lock = threading.Lock()
        self._left = False

    def leave(self) -> None:
        """Gives the place back."""
        with self._lock:
            if self._left:
                return
            self._left = True
        self._leave()


class _Turn:
    """Work that waits for its thread and then has it; ``begun`` is set in the event loop."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.begun = asyncio.Event()
        self.stopped = threading.Event()
        self.loop = asyncio.get_running_loop()

    def tell(self, news: Callable[[], object]) -> None:
        """Runs ``news`` in the event loop, from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(news)


class Workers:
    """``workers`` threads, with room for ``queue`` more pieces of work to wait.

    Nobody is let in who would have to wait longer than ``wait_seconds``, by how long work has taken lately.
    """

    def __init__(self, workers: int, queue: int, *, wait_seconds: float) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._threads = workers
        self._capacity = workers + queue
        self._wait_seconds = wait_seconds
        self._taken = 0
        self._waiting: dict[_Turn, None] = {}  # in the order in which they came
        self._usual_seconds = 0.0
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """Pieces of work running or waiting."""
        return self._taken

    @property
    def waiting(self) -> int:
        """Pieces of work that wait for a thread."""
        return len(self._waiting)

    def reserve(self) -> Place:
        """Takes a place, or raises :class:`BusyError`. Work in it gives it back; without work, call ``leave``.

        A place whose turn would come too late is not given out: who asks again later loses nothing by it.
        """
        with self._lock:
            if self._taken >= self._capacity or self._expected_seconds() > self._wait_seconds:
                raise self._busy()
            self._taken += 1
        return Place(self._give_back)

    async def run(self, work: Callable[[], T], place: Place, timeout_seconds: float) -> T:
        """The result of ``work``. When it is cancelled before its turn, the work is never begun.

        Raises:
            TimeoutError: The work takes longer than ``timeout_seconds``; its thread still ends it.
            BusyError: Its turn did not come in time.
        """
        turn = _Turn(place)
        submitted = self._submit(turn, work)
        future = asyncio.wrap_future(submitted)
        future.add_done_callback(_retrieve)
        try:
            if not await _has_begun(turn, PATIENCE * self._wait_seconds):
                raise self._busy()
            return await asyncio.wait_for(asyncio.shield(future), timeout_seconds)
        finally:
            self._give_up(turn, submitted)

    async def stream(
        self,
        source: Callable[[], Iterator[T]],
        place: Place,
        timeout_seconds: float,
        in_queue: Callable[[int], T] | None = None,
    ) -> AsyncGenerator[T]:
        """The items of ``source`` as they come; closing this iterator stops the thread at its next item.

        Until its turn comes, ``in_queue`` makes items from how many are in front. Raises as :meth:`run` does.
        """
        items: asyncio.Queue[T | BaseException | None] = asyncio.Queue()
        turn = _Turn(place)

        def put(item: T | BaseException | None) -> None:
            turn.tell(lambda: items.put_nowait(item))

        submitted = self._submit(turn, lambda: _pump(source, put, turn.stopped))
        try:
            until = turn.loop.time() + PATIENCE * self._wait_seconds
            seconds = FIRST_NEWS_SECONDS
            while not await _has_begun(turn, min(seconds, until - turn.loop.time())):
                if turn.loop.time() >= until:
                    raise self._busy()
                if in_queue is not None:
                    yield in_queue(self._in_front(turn))
                seconds = NEWS_SECONDS
            until = turn.loop.time() + timeout_seconds
            while (item := await asyncio.wait_for(items.get(), until - turn.loop.time())) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self._give_up(turn, submitted)

    def close(self) -> None:
        """Takes no more work and forgets what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, turn: _Turn, work: Callable[[], T]) -> Future[T]:
        def in_thread() -> T:
            with self._lock:
                self._waiting.pop(turn, None)
            turn.tell(turn.begun.set)
            started = time.perf_counter()
            try:
                with stoppable(turn.stopped):
                    return work()
            finally:
                self._note(time.perf_counter() - started)
                turn.place.leave()

        with self._lock:
            self._waiting[turn] = None
        return self._pool.submit(in_thread)

    def _give_up(self, turn: _Turn, submitted: Future[T]) -> None:
        turn.stopped.set()
        if submitted.cancel():  # before its turn
            with self._lock:
                self._waiting.pop(turn, None)
            turn.place.leave()

    def _in_front(self, turn: _Turn) -> int:
        with self._lock:
            return next((place for place, one in enumerate(self._waiting) if one is turn), 0)

    def _expected_seconds(self) -> float:
        return self._usual_seconds * max(0, self._taken - self._threads) / self._threads

    def _busy(self) -> BusyError:
        # When half of the queue is gone: later, threads would stand idle while everybody still waits.
        half = math.ceil(self._expected_seconds() / 2)
        return BusyError(min(max(1, half), MAX_RETRY_AFTER_SECONDS))

    def _note(self, seconds: float) -> None:
        with self._lock:
            held = self._usual_seconds
            self._usual_seconds = seconds if not held else 0.9 * held + 0.1 * seconds

    def _give_back(self) -> None:
        with self._lock:
            self._taken -= 1


async def _has_begun(turn: _Turn, seconds: float) -> bool:
    try:
        await asyncio.wait_for(turn.begun.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _retrieve(future: asyncio.Future[T]) -> None:
    """Looks at the outcome once, so that a failure after the timeout is not reported as never retrieved."""
    if not future.cancelled():
        future.exception()


def _pump(
    source: Callable[[], Iterator[T]],
    put: Callable[[T | BaseException | None], None],
    stopped: threading.Event,
) -> None:
    try:
        for item in source():
            if stopped.is_set():
                return
            put(item)
        put(None)
    except Exception as error:
        put(error)
