"""Headings that only their numbers show: ``1. 추진 배경``, ``2 추진 과제``, ``가. 대상``, each with its text below.

A single line does not tell: the items of a list are numbered too. What tells is the run of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.markup import plain
from index.outline import UNITS, Line, LineKind

GROUP, LETTER = "묶음", "가"
MAX_CHARS = 45
MAX_FRONT = 300
MIN_BODY, MIN_MEAN_BODY = 12, 30
"""Characters below each heading of a run, and below them on average: what has less is a list."""

_NUMBERED = re.compile(r"^(?P<number>\d{1,2})(?P<mark>\.?)\s+(?P<text>[^\d\s].*)$")
_LETTERED = re.compile(r"^(?P<letter>[가나다라마바사아자차카타파하])\.\s+(?P<text>\S.*)$")
_LETTERS = "가나다라마바사아자차카타파하"
_ENDED = re.compile(r"[.。:：,]$")
_SAID = re.compile(r"(?:다|[어아해세]요|음|함|됨|임)$")  # a list counts with points: "1. 서류를 낸다"
_MAX_GROUP_CHARS = 15
_LEGAL = re.compile(r"^\s*(?:[①-⑳]|제\d+조)")


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    number: int
    mark: str
    start: int


def numbered_headings(text: str, lines: Sequence[Line]) -> list[Line]:
    """The same lines, those that head the parts of a numbered run made headings."""
    found = list(lines)
    for run in _runs([one for place, line in enumerate(lines) if (one := _candidate(text, place, line))]):
        if len(run) >= 2 and _begins_a_part(found, run[0].place) and _have_bodies(lines, text, run):
            top = not any(line.kind is LineKind.HEADING and line.level == 1 for line in lines[: run[0].place])
            for one in run:
                line = found[one.place]
                level = 3 if one.mark == LETTER else 1 if top else 2
                found[one.place] = replace(
                    line, kind=LineKind.HEADING, start=one.start, level=level, label=f"1{one.mark}"
                )
    for place, (line, below) in enumerate(pairwise(found)):
        short = line.kind is LineKind.TEXT and line.end - line.start <= _MAX_GROUP_CHARS
        if place and short and below.label in UNITS and not _ENDED.search(text[line.start : line.end]):
            # "보고 사항" above "제3호 의안": the name of a group, which no mark shows.
            found[place] = replace(line, kind=LineKind.HEADING, level=2, label=GROUP)
    return found


def _candidate(text: str, place: int, line: Line) -> _Candidate | None:
    if line.kind not in (LineKind.ITEM, LineKind.TEXT):
        return None
    said = text[line.outer : line.end]
    lettered = _LETTERED.match(said)
    match = lettered or _NUMBERED.match(said)
    if match is None or len(said) > MAX_CHARS or "\t" in said or _ENDED.search(plain(said)):
        return None
    mark = LETTER if lettered else match["mark"]
    if mark and _SAID.search(plain(said)):
        return None
    number = _LETTERS.index(match["letter"]) + 1 if lettered else int(match["number"])
    # A bare number is no marker that a sentence goes without.
    return _Candidate(place, number, mark, line.outer + (match.start("text") if mark else 0))


def _runs(candidates: Sequence[_Candidate]) -> Iterator[list[_Candidate]]:
    """Candidates that count 1, 2, 3 … with the same mark."""
    for mark in (".", "", LETTER):
        run: list[_Candidate] = []
        for one in candidates:
            if one.mark != mark:
                continue
            if one.number == 1:
                yield run
                run = [one]
            elif run and one.number == run[-1].number + 1:
                run.append(one)
        yield run


def _begins_a_part(lines: Sequence[Line], place: int) -> bool:
    """Whether a run stands right below a heading or near the top; in the middle of a text it is a list."""
    if place and lines[place - 1].kind is LineKind.HEADING:
        return True
    return sum(line.end - line.start for line in lines[:place]) < MAX_FRONT


def _have_bodies(lines: Sequence[Line], text: str, run: Sequence[_Candidate]) -> bool:
    ends = [*(one.place for one in run[1:]), len(lines)]
    bodies = [lines[one.place + 1 : end] for one, end in zip(run, ends, strict=True)]
    sizes = [sum(line.end - line.start for line in body[:20]) for body in bodies]
    if min(sizes) < MIN_BODY or sum(sizes) < MIN_MEAN_BODY * len(sizes):
        return False
    return not any(_LEGAL.match(text[body[0].outer : body[0].end]) for body in bodies)
