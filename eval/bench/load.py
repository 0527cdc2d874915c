"""Many citizens at once: streamed answers over real HTTP, from a process beside the server.

``python -m eval.bench.load [--streams 100 --seconds 60]`` starts ``app.py`` over the bundled cards and asks it the
bundled questions; ``--url`` asks a server that runs already, ``--pid`` names its process for the memory. Each client
asks one question after another and, where it is told to come back later, does so. Every eighth stream is cut in the
middle and taken up again. Who waited in vain for a turn (503 in the stream) is counted by itself. Then the server is
flooded without any patience, and asked once more. Exit code 1 where an event is missing or came twice, an answer
failed, a refusal did not say when to come back, or the server is not itself again.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import httpx
import psutil
import typer

from chatbot.startup import bind
from eval.cases import load_case_files
from eval.report.markdown import table

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "eval" / "datasets" / "bundled_cases.jsonl"
STREAM = "/api/v1/ask/stream"
CUT_EVERY = 8
HUNG_SECONDS = 120.0
START_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event; ``number`` is the place in its stream that its id tells, from 1."""

    stream_id: str
    number: int
    name: str
    data: dict[str, Any]


@dataclass
class Tally:
    """What happened; times in seconds, memory in MiB."""

    answers: int = 0
    resumed: int = 0
    turned_away: int = 0
    first_event: list[float] = field(default_factory=list)
    first_token: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    alive: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def main(
    url: Annotated[str, typer.Option(help="a server that runs; without it, one is started")] = "",
    pid: Annotated[int, typer.Option(help="the process of that server, for its memory")] = 0,
    streams: Annotated[int, typer.Option(min=1)] = 100,
    seconds: Annotated[float, typer.Option(min=1.0)] = 60.0,
    flood: Annotated[int, typer.Option(min=1, help="requests at once, to see the server refuse")] = 400,
) -> None:
    """Measure, print a table, and end with 1 where something went wrong."""
    with running() if not url else given(url, pid) as (address, process):
        tally, overload = asyncio.run(measure(address, process, streams, seconds, flood))
    typer.echo("\n".join(report(tally, overload, seconds)))
    if tally.faults or overload.faults:
        raise typer.Exit(1)


@contextmanager
def given(url: str, pid: int) -> Iterator[tuple[str, psutil.Process | None]]:
    """A server that somebody else runs."""
    yield url.rstrip("/"), psutil.Process(pid) if pid else None


@contextmanager
def running() -> Iterator[tuple[str, psutil.Process | None]]:
    """The application in a process of its own, with its default settings but for the limit of one address."""
    with bind("127.0.0.1", 0) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "CHATBOT_LIMIT_ADDRESS": "1000000/minute",
            "CHATBOT_ACCESS_FILE": f"{folder}/access.json",
        }
        command = [sys.executable, "app.py", "--index-dir", f"{folder}/index", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, server)
            yield address, psutil.Process(server.pid)
        finally:
            server.terminate()
            server.wait()


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise typer.BadParameter("the server did not start")


async def measure(
    address: str, process: psutil.Process | None, streams: int, seconds: float, flood: int
) -> tuple[Tally, Tally]:
    """What the patient clients met, and what the impatient ones did."""
    asked = [case.question for case in load_case_files([QUESTIONS]) if not case.history]
    limits = httpx.Limits(max_connections=max(streams, flood) + 10, max_keepalive_connections=streams)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=HUNG_SECONDS) as client:
        tally, overload, numbers = Tally(), Tally(), count()
        watching = asyncio.create_task(_watch(client, process, tally))
        until = time.monotonic() + seconds
        await asyncio.gather(*(_citizen(client, asked, numbers, until, tally) for _ in range(streams)))
        watching.cancel()
        await asyncio.gather(*(_impatient(client, asked[n % len(asked)], overload) for n in range(flood)))
        recovered = time.monotonic()
        await _ask(client, asked[0], overload, cut=False)
        overload.whole = [time.monotonic() - recovered]
    return tally, overload


async def _citizen(
    client: httpx.AsyncClient, asked: Sequence[str], numbers: Iterator[int], until: float, tally: Tally
) -> None:
    while time.monotonic() < until:
        number = next(numbers)
        wait = await _ask(client, asked[number % len(asked)], tally, cut=number % CUT_EVERY == 0)
        await asyncio.sleep(wait)


async def _impatient(client: httpx.AsyncClient, question: str, tally: Tally) -> None:
    """Asks once and, unless refused, listens to the end."""
    await _ask(client, question, tally, cut=False)


async def _ask(client: httpx.AsyncClient, question: str, tally: Tally, *, cut: bool) -> float:
    """One question; the seconds to wait before the next one."""
    begun = time.monotonic()
    events: list[Event] = []
    try:
        wait = await _listen(client, question, tally, events, begun, cut=cut)
        if wait is not None:
            return wait
        if cut and events and events[-1].name not in ("answer", "error"):
            tally.resumed += 1
            wait = await _listen(client, question, tally, events, begun, cut=False)
            if wait is not None:
                tally.faults["resume refused"] += 1
                return wait
    except httpx.TransportError as error:
        tally.faults[type(error).__name__] += 1
        return 1.0
    faults = list(faults_of(events))
    if faults == ["ended with 503"]:
        tally.turned_away += 1
        return 1.0
    tally.faults.update(faults)
    if not faults:
        tally.answers += 1
        tally.whole.append(time.monotonic() - begun)
    return 0.0


async def _listen(
    client: httpx.AsyncClient, question: str, tally: Tally, events: list[Event], begun: float, *, cut: bool
) -> float | None:
    """Adds to ``events`` what comes; the time to come back after where the server has no room."""
    headers = {"Last-Event-ID": f"{events[-1].stream_id}:{events[-1].number}"} if events else {}
    async with client.stream("POST", STREAM, json={"question": question}, headers=headers) as response:
        tally.codes[response.status_code] += 1
        if response.status_code in (429, 503):
            later = response.headers.get("retry-after", "")
            if not later.isdecimal() or int(later) < 1:
                tally.faults["no Retry-After"] += 1
            return float(later) if later.isdecimal() else 5.0
        if response.status_code != 200:
            tally.faults[f"HTTP {response.status_code}"] += 1
            return 1.0
        async for event in parse(response.aiter_lines()):
            if not events:
                tally.first_event.append(time.monotonic() - begun)
            if event.name == "token" and not any(one.name == "token" for one in events):
                tally.first_token.append(time.monotonic() - begun)
            events.append(event)
            if cut and event.name == "token":
                break
    return None


async def parse(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """The events in the lines of a stream; comments are passed over."""
    fields: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif not line and "event" in fields:
            stream_id, _, number = fields["id"].rpartition(":")
            yield Event(stream_id, int(number), fields["event"], json.loads(fields["data"]))
            fields = {}


def faults_of(events: Sequence[Event]) -> Iterator[str]:
    """What is wrong with a stream that has ended: every number once, in order, one stream, and an answer last."""
    numbers = [event.number for event in events]
    if len(set(numbers)) < len(numbers):
        yield "duplicated event"
    if set(numbers) != set(range(1, len(numbers) + 1)):
        yield "lost event"
    if len({event.stream_id for event in events}) > 1:
        yield "events of another stream"
    if not events or events[-1].name != "answer":
        yield f"ended with {events[-1].data.get('status') if events else 'nothing'}"
        return
    told = "".join(event.data["text"] for event in events if event.name == "token")
    if told.strip() != events[-1].data["text"].strip():
        yield "tokens are not the answer"


async def _watch(client: httpx.AsyncClient, process: psutil.Process | None, tally: Tally) -> None:
    """How long the event loop lets a simple request wait, and how much memory the server holds, each second."""
    while True:
        begun = time.monotonic()
        try:
            await client.get("/healthz")
            tally.alive.append(time.monotonic() - begun)
        except httpx.TransportError:
            tally.faults["healthz unreachable"] += 1
        if process is not None:
            tally.memory.append(process.memory_info().rss / 2**20)
        await asyncio.sleep(1)


def report(tally: Tally, overload: Tally, seconds: float) -> list[str]:
    """The tables."""
    rows = [
        ("답", f"{tally.answers:,} ({tally.answers / max(seconds, max(tally.whole, default=0)):.2f}/초)"),
        ("끊고 이어 받은 답", f"{tally.resumed:,}"),
        ("잘못", ", ".join(f"{name} {times}" for name, times in tally.faults.items()) or "없음"),
        ("나중에 오라는 답(429, 503)", f"{tally.codes[429]:,}, {tally.codes[503]:,}"),
        ("차례를 기다리다 돌아간 질문", f"{tally.turned_away:,}"),
        *((name, _percentiles(times)) for name, times in _times(tally)),
        ("서버 메모리(MiB)", _memory(tally.memory)),
        ("넘칠 때 429·503", f"{overload.codes[429] + overload.codes[503]:,} / {sum(overload.codes.values()):,}"),
        ("넘칠 때 잘못", ", ".join(f"{name} {times}" for name, times in overload.faults.items()) or "없음"),
        ("넘친 뒤 첫 답(초)", f"{overload.whole[-1]:.2f}" if overload.whole else "없음"),
    ]
    return table(("", ""), rows)


def _times(tally: Tally) -> list[tuple[str, list[float]]]:
    return [
        ("첫 이벤트까지(초) p50, p95", tally.first_event),
        ("첫 글자까지(초) p50, p95", tally.first_token),
        ("답 전체까지(초) p50, p95", tally.whole),
        ("/healthz(초) p50, p95", tally.alive),
    ]


def _percentiles(values: Sequence[float]) -> str:
    ordered = sorted(values)
    if not ordered:
        return "–"
    at = (ordered[math.ceil(share * len(ordered)) - 1] for share in (0.5, 0.95))
    return ", ".join(f"{value:.2f}" for value in at)


def _memory(samples: Sequence[float]) -> str:
    """The mean of the second and of the last fifth of the time: the first one is warming up."""
    fifth = len(samples) // 5
    if not fifth:
        return "–"
    return f"{fmean(samples[fifth : 2 * fifth]):,.0f} → {fmean(samples[-fifth:]):,.0f}"


if __name__ == "__main__":
    typer.run(main)
