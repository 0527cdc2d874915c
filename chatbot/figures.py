"""Figures, dates, article numbers and telephone numbers as Korean administrative text writes them.

Readings are symmetric: the same text gives the same reading in an answer and in its source, so that an
ambiguous spelling (22년: a year or a duration) can never make a verbatim sentence look wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from chatbot.dates import DateMention, dates
from chatbot.fold import blanked, folded
from chatbot.numerals import ARABIC, NATIVE, number_at, spelled
from chatbot.references import articles, phones, reference_spans
from chatbot.units import compatible, in_base, unit_at

__all__ = ["DateMention", "Figure", "articles", "dates", "figures", "masked", "phones", "same_figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity: ``text`` is ``source[start:end]``, ``unit`` the canonical unit and ``""`` when none is written.

    ``시각`` is a time of day in minutes, ``D+`` a day count from an event, ``비율`` a fraction (3분의 1).
    """

    value: Decimal
    unit: str
    start: int
    end: int
    text: str


_COUNTED: Final = frozenset(
    {"원", "달러", "명", "건", "개", "곳", "마리", "대", "회", "배", "가구", "톤", "종", "필지", "가지", "면"}
)
"""Units that make a number of what would otherwise be a word: 이백 명, but not 이상."""

_START: Final = re.compile(rf"(?<!\d)(?<!\d[.,])(?<![A-Za-z])(?<![A-Za-z]-){ARABIC}")
_ATTACHED: Final = re.compile(r"[가-힣](?<!약)(?<!총)(?<!제)(?<!단)(?<!각)(?<!최대)(?<!최소)$")
_SINO: Final = re.compile(
    r"(?<![가-힣\d])([일이삼사오육칠팔구]?[십백천만억조](?:[일이삼사오육칠팔구]?[십백천만억조])*[일이삼사오육칠팔구]?)(?!\d)"
)
_SINGLE_SINO: Final = re.compile(r"[십백천만억]\s?(?:여\s?)?(?:명|건|원|달러|마리)|조\s?원|[십백천만억] 개")
_NATIVE_COUNT: Final = re.compile(
    r"(?<![가-힣])(?:(두|세|네|다섯|여섯|일곱|여덟|아홉|열한|열두|열|스무|서른|마흔|쉰)"
    r"(?: ?(?=번째|번|가지|배|명|달|개월|시간|사람)| (?=곳|개|건|대|종|마리|살|단계|차례|군데|장|권|해))"
    r"|(한) ?(?=달|시간|명|사람)|(첫|둘|셋|넷) ?(?=번째|째))"
)
_FRACTION: Final = re.compile(r"(\d+)\s?분의\s?(\d+)")
_CLOCK: Final = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_HOUR: Final = re.compile(
    r"(오전|오후|낮|밤|새벽|저녁|아침)?\s?(?<!\d)(\d{1,2})\s?시(?![가-힣]*간|[작범행스설민장군도청중급점책])(?:\s?(\d{1,2})\s?분|\s?(반))?"
)
_D_DAY: Final = re.compile(r"(?<![A-Za-z])D\s?([+\-])\s?(\d+)\s?일?")
_RANGE_GAP: Final = re.compile(r"\s?[~\-–—→⇒]\s?")


def figures(text: str) -> list[Figure]:
    """Quantities of ``text`` in order: 3만, 1억 9,500만, 99.4%, 20여 종, 삼만 원, 두 번째, 10:30, D+3.

    Dates, article numbers and telephone numbers are not figures, nor are numbers inside names (코로나19, 5G).
    The first number of a range takes what only the second one writes: 10~30만명 is 10만 명 and 30만 명.
    """
    rest = blanked(folded(text), _other_spans(text))
    found: list[_Reading] = []
    for reader in (_special, _arabic, _sino, _native):
        for reading in reader(rest):
            found.append(reading)
            rest = blanked(rest, [(reading.start, reading.end)])
    found.sort(key=lambda reading: reading.start)
    return [
        Figure(reading.value, reading.unit, reading.start, reading.end, text[reading.start : reading.end])
        for reading in _ranges(found, folded(text))
    ]


def same_figure(a: Figure, b: Figure) -> bool:
    """Whether both say the same quantity: equal values and units that may stand for each other (명 and 인)."""
    if a.value == b.value and compatible(a.unit, b.unit):
        return True
    return in_base(a.value, a.unit) == in_base(b.value, b.unit)


def masked(text: str) -> str:
    """``text`` with every figure, date, article and telephone number blanked out; offsets stay true."""
    return blanked(folded(text), [*_other_spans(text), *((figure.start, figure.end) for figure in figures(text))])


def _other_spans(text: str) -> list[tuple[int, int]]:
    return [*reference_spans(text), *((date.start, date.end) for date in dates(text))]


@dataclass(frozen=True, slots=True)
class _Reading:
    """``scale`` is the multiplier written after the last number: 10,000 in 30만."""

    value: Decimal
    unit: str
    start: int
    end: int
    scale: int = 1


def _arabic(text: str) -> Iterator[_Reading]:
    position = 0
    while match := _START.search(text, position):
        number = number_at(text, match.start())
        unit, stop = unit_at(text, number.end)
        position = max(stop, match.end())
        attached = (
            unit == "" and number.scale == 1 and _ATTACHED.search(text[max(0, match.start() - 3) : match.start()])
        )
        if attached or (unit == "" and re.match(r"[A-Za-z]", text[number.end :])):
            continue
        yield _Reading(number.value, unit, match.start(), stop, number.scale)


def _sino(text: str) -> Iterator[_Reading]:
    for match in _SINO.finditer(text):
        word = match.group(1)
        unit, end = unit_at(text, match.end())
        if unit not in _COUNTED:
            continue
        if len(word) == 1 and not _SINGLE_SINO.match(text, match.start()):
            continue
        yield _Reading(spelled(word), unit, match.start(), end)


def _native(text: str) -> Iterator[_Reading]:
    for match in _NATIVE_COUNT.finditer(text):
        word = next(group for group in match.groups() if group)
        unit, end = unit_at(text, match.end())
        if unit:
            yield _Reading(Decimal(NATIVE[word]), unit, match.start(), end)


def _special(text: str) -> Iterator[_Reading]:
    """Fractions, times of day and day counts, whose digits would otherwise read as plain numbers."""
    for match in _FRACTION.finditer(text):
        if int(match.group(1)):
            yield _Reading(Decimal(match.group(2)) / Decimal(match.group(1)), "비율", match.start(), match.end())
    for match in _CLOCK.finditer(text):
        yield _Reading(Decimal(int(match.group(1)) * 60 + int(match.group(2))), "시각", match.start(), match.end())
    for match in _HOUR.finditer(text):
        hour = int(match.group(2))
        hour += 12 if match.group(1) in ("오후", "밤", "저녁") and hour < 12 else 0
        minute = 30 if match.group(4) else int(match.group(3) or 0)
        lead = len(match.group()) - len(match.group().lstrip())
        yield _Reading(Decimal(hour * 60 + minute), "시각", match.start() + lead, match.end())
    for match in _D_DAY.finditer(text):
        yield _Reading(Decimal(match.group(2)), f"D{match.group(1)}", match.start(), match.end())


def _ranges(readings: list[_Reading], text: str) -> Iterator[_Reading]:
    """Units, and in ranges multipliers, that only the second of two numbers writes: 10~30만명, 10→3단계."""
    for reading, following in zip_longest(readings, readings[1:]):
        gap = text[reading.end : following.start] if following else ""
        if not following or reading.unit or not following.unit or not _RANGE_GAP.fullmatch(gap):
            yield reading
            continue
        shared = reading.scale == 1 and following.scale > 1 and reading.value < following.value / following.scale
        value = reading.value * following.scale if shared and not re.search("[→⇒]", gap) else reading.value
        yield replace(reading, value=value, unit=following.unit)
