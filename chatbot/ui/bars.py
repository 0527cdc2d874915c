"""Counts as bars: the numbers of a small SVG whose bars are links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ROW_HEIGHT = 30
LABEL_WIDTH = 128
BAR_WIDTH = 124
LABEL_CHARS = 10
"""Korean letters of 13 px that fit beside a bar."""


@dataclass(frozen=True, slots=True)
class Count:
    """One thing counted; ``href`` is where its bar leads, ``current`` tells that it is the chosen one."""

    name: str
    count: int
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the chart; ``label`` is the name as far as it fits."""

    counted: Count
    label: str
    top: int
    width: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Rows from the top; ``left`` is where all bars begin."""

    title: str
    bars: tuple[Bar, ...]
    height: int
    left: int


def bar_chart(title: str, counts: Iterable[Count], *, narrow_labels: bool = False) -> BarChart:
    """The chart; the longest bar is as long as there is room."""
    rows = list(counts)
    left = 64 if narrow_labels else LABEL_WIDTH
    room = BAR_WIDTH + LABEL_WIDTH - left
    most = max((row.count for row in rows), default=1)
    bars = tuple(
        Bar(row, _label(row.name), place * ROW_HEIGHT, max(3, round(room * row.count / most)))
        for place, row in enumerate(rows)
    )
    return BarChart(title, bars, len(rows) * ROW_HEIGHT, left)


def _label(name: str) -> str:
    return name if len(name) <= LABEL_CHARS else f"{name[: LABEL_CHARS - 1]}…"
