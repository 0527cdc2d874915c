from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.api.app import create_app
from chatbot.settings import Settings
from eval.bench.load import Event, Tally, faults_of, measure, parse, report
from index.settings import IndexSettings
from tests.aside import run_aside
from tests.browser.widget_host import served
from tests.chatbot.fake_chatbot import FakeChatbot

WHOLE = [
    Event("s", 1, "status", {}),
    Event("s", 2, "token", {"text": "이틀입니다."}),
    Event("s", 3, "token", {"text": "[1]"}),
    Event("s", 4, "answer", {"text": "이틀입니다.[1]"}),
]


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        (WHOLE, ""),
        (WHOLE[:1] + WHOLE[2:], "lost event"),
        ([*WHOLE[:2], *WHOLE[1:]], "duplicated event"),
        ([*WHOLE[:3], replace(WHOLE[3], stream_id="t")], "events of another stream"),
        (WHOLE[:3], "ended with None"),
        ([*WHOLE[:3], Event("s", 4, "error", {"status": 504})], "ended with 504"),
        ([], "ended with nothing"),
        ([*WHOLE[:3], replace(WHOLE[3], data={"text": "사흘입니다."})], "tokens are not the answer"),
    ],
)
def test_a_stream_is_whole_or_it_is_said_what_is_wrong(events: list[Event], fault: str) -> None:
    found = list(faults_of(events))
    assert fault in found if fault else found == []


def test_events_are_read_from_lines_and_comments_are_not() -> None:
    async def lines() -> AsyncIterator[str]:
        for line in (": ping", "", "event: token", 'data: {"text": "가: 나"}', "id: a:b:12", "", ": ping", ""):
            yield line

    async def read() -> list[Event]:
        return [event async for event in parse(lines())]

    assert run_aside(read) == [Event("a:b", 12, "token", {"text": "가: 나"})]


def test_a_crowd_at_a_small_server_loses_nothing_and_the_flood_is_told_when_to_come_back(tmp_path: Path) -> None:
    settings = Settings(
        index=IndexSettings(index_dir=tmp_path / "index"), workers=1, queue_size=2, limit_address="1000000/minute"
    )
    app = create_app(FakeChatbot(), settings)
    with served(lambda: app) as address:
        tally, overload = run_aside(lambda: measure(address, None, streams=3, seconds=2.0, flood=40))
    assert tally.answers > 10
    assert tally.resumed > 0
    assert not tally.faults
    assert not overload.faults
    assert overload.codes[200] + overload.codes[503] == 41
    assert overload.whole[0] < 10
    lines = "\n".join(report(tally, overload, 2.0))
    assert "| 잘못 | 없음 |" in lines
    assert "| 넘칠 때 잘못 | 없음 |" in lines


def test_what_went_wrong_stands_in_the_table() -> None:
    tally = Tally(memory=[float(number) for number in range(10)])
    tally.faults["lost event"] += 2
    lines = "\n".join(report(tally, Tally(), 1.0))
    assert "lost event 2" in lines
    assert "| 서버 메모리(MiB) | 2 → 8 |" in lines
