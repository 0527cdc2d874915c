"""Who waits for a thread hears of it, is not forgotten, and does not wait for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from chatbot.api.workers import BusyError, Workers
from tests.aside import run_aside


async def gathered(workers: Workers, source: Iterator[str]) -> list[str]:
    stream = workers.stream(lambda: source, workers.reserve(), 60, lambda in_front: f"{in_front} in front")
    return [item async for item in stream]


def test_who_waits_hears_how_many_are_in_front_and_then_gets_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot.api.workers.FIRST_NEWS_SECONDS", 0.05)
    monkeypatch.setattr("chatbot.api.workers.NEWS_SECONDS", 0.05)

    async def wait() -> list[list[str]]:
        workers, hold = Workers(1, 5, wait_seconds=60), threading.Event()

        def held() -> Iterator[str]:
            hold.wait(10)
            yield "first"

        asking = [asyncio.ensure_future(gathered(workers, source)) for source in (held(), iter("가나"), iter("다"))]
        await asyncio.sleep(0.3)
        assert (workers.taken, workers.waiting) == (3, 2)
        hold.set()
        got = await asyncio.gather(*asking)
        assert (workers.taken, workers.waiting) == (0, 0)
        workers.close()
        return got

    first, second, third = run_aside(wait)
    assert first == ["first"]
    assert second[0] == "0 in front"
    assert second[-2:] == ["가", "나"]
    assert third[0] == "1 in front"
    assert third[-1] == "다"


def test_nobody_waits_longer_than_is_allowed() -> None:
    async def wait() -> None:
        workers, hold = Workers(1, 5, wait_seconds=0.2), threading.Event()
        first = asyncio.ensure_future(workers.run(lambda: hold.wait(10), workers.reserve(), 60))
        await asyncio.sleep(0.05)
        with pytest.raises(BusyError):
            await workers.run(lambda: True, workers.reserve(), 60)
        with pytest.raises(BusyError):
            await gathered(workers, iter("가"))
        assert (workers.taken, workers.waiting) == (1, 0)
        hold.set()
        assert await first
        assert await workers.run(lambda: True, workers.reserve(), 60)
        workers.close()

    run_aside(wait)


def test_what_is_given_up_before_its_turn_is_never_begun() -> None:
    async def leave() -> list[str]:
        workers, hold, begun = Workers(1, 5, wait_seconds=60), threading.Event(), list[str]()
        first = asyncio.ensure_future(workers.run(lambda: hold.wait(10), workers.reserve(), 60))
        second = asyncio.ensure_future(workers.run(lambda: begun.append("begun"), workers.reserve(), 60))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.wait([second])
        assert workers.taken == 1
        hold.set()
        await first
        assert await workers.run(lambda: True, workers.reserve(), 60)
        workers.close()
        return begun

    assert run_aside(leave) == []


def test_a_place_that_would_come_too_late_is_not_given_out() -> None:
    async def crowd() -> int:
        workers, hold = Workers(1, 1_000, wait_seconds=1.0), threading.Event()
        await workers.run(lambda: hold.wait(0.2), workers.reserve(), 60)  # so long an answer takes
        places = []
        with pytest.raises(BusyError) as refused:
            while True:
                places.append(workers.reserve())
        assert refused.value.retry_after_seconds == 1
        for place in places:
            place.leave()
        workers.reserve().leave()
        workers.close()
        return len(places)

    assert 5 <= run_aside(crowd) <= 7


def test_time_in_the_queue_is_no_time_of_the_answer() -> None:
    async def wait() -> bool:
        workers, hold = Workers(1, 5, wait_seconds=60), threading.Event()
        first = asyncio.ensure_future(workers.run(lambda: hold.wait(10), workers.reserve(), 60))
        second = asyncio.ensure_future(workers.run(lambda: True, workers.reserve(), 0.3))
        await asyncio.sleep(0.5)
        hold.set()
        await first
        came = await second
        workers.close()
        return came

    assert run_aside(wait)
