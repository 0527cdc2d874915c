"""A stretch of a stored document as lines to show: every character kept, one range of it marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.list_markers import BULLETS, DASHES, NUMBER
from index.markup import blank_markup

_HEADING = re.compile(r"\s*#{1,6}\s+")
_ITEM = re.compile(rf"\s*(?:[{DASHES}{BULLETS}]|{NUMBER})\s")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*")


class LineKind(StrEnum):
    """How a line is set."""

    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    RULE = "rule"
    TEXT = "text"


Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters set alike, from ``start`` in the stored text on.

    ``marked`` ones are the cited passage, ``other`` ones another passage that the same answer cites, ``faint`` ones
    are mark-up of the original.
    """

    start: int
    text: str
    marked: bool
    faint: bool
    other: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document; ``start`` is where it begins in the stored text."""

    start: int
    kind: LineKind
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of ``document.text`` from ``start`` to ``end``; ``before`` and ``after`` tell what was left out."""

    lines: tuple[Line, ...]
    before: bool
    after: bool


def passage(text: str, mark: Range, window: Range | None = None, others: Sequence[Range] = ()) -> Passage:
    """The lines of ``text`` in ``window`` (all of it by default) with the characters of ``mark`` and ``others`` marked.

    The window grows to whole lines. Joined, the spans of a line are that line of ``text``.
    """
    first, last = _whole_lines(text, window or (0, len(text)))
    blanked = blank_markup(text[first:last])
    lines = tuple(
        _line(text[start:end], blanked[start - first : end - first], start, mark, others)
        for start, end in _lines(text, first, last)
    )
    return Passage(lines=lines, before=bool(text[:first].strip()), after=bool(text[last:].strip()))


def window_around(mark: tuple[int, int], whole: tuple[int, int], reach: int) -> tuple[int, int]:
    """``whole`` if it is at most ``2 * reach`` long, otherwise what lies within ``reach`` of ``mark``."""
    if whole[1] - whole[0] <= 2 * reach:
        return min(whole[0], mark[0]), max(whole[1], mark[1])
    return max(whole[0], mark[0] - reach), min(whole[1], mark[1] + reach)


def _whole_lines(text: str, window: tuple[int, int]) -> tuple[int, int]:
    start, end = max(0, window[0]), min(len(text), window[1])
    line_end = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if line_end < 0 else line_end


def _lines(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where each line that is not blank starts and ends."""
    position = first
    for line in text[first:last].split("\n"):
        if line.strip():
            yield position, position + len(line)
        position += len(line) + 1


def _line(line: str, blanked: str, start: int, mark: Range, others: Sequence[Range]) -> Line:
    prefix = _HEADING.match(line)
    bare_from = prefix.end() if prefix else 0
    near = [other for other in others if other[0] < start + len(line) and start < other[1]]
    flags = [
        (
            mark[0] <= start + place < mark[1],
            place < bare_from or line[place] != blanked[place],
            any(other[0] <= start + place < other[1] for other in near),
        )
        for place in range(len(line))
    ]
    return Line(start=start, kind=_kind(line), spans=tuple(_spans(line, start, flags)))


def _kind(line: str) -> LineKind:
    if _HEADING.match(line):
        return LineKind.HEADING
    if _RULE.fullmatch(line):
        return LineKind.RULE
    if "\t" in line or line.count("|") >= 2:
        return LineKind.ROW
    return LineKind.ITEM if _ITEM.match(line) else LineKind.TEXT


def _spans(line: str, offset: int, flags: list[tuple[bool, bool, bool]]) -> Iterator[Span]:
    start = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or flags[place] != flags[start]:
            marked, faint, other = flags[start]
            yield Span(offset + start, line[start:place], marked, faint, other and not marked)
            start = place
