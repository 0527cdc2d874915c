"""An answer's text as blocks to set: paragraphs and lists, with its ``[n]`` marks told apart from words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

_MARK = re.compile(r"\[(\d{1,3})\]")
_BULLET = re.compile(r"\s*[-*•]\s+")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+")
_TITLE = re.compile(r"(「[^「」]{1,200}」)")
# The line that names the sources in words; the page lists them below the answer.
_SOURCE_LINE = "근거:"

BlockKind = Literal["paragraph", "bullets", "numbers"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a citation mark; ``number`` is ``None`` for words, and ``title`` words are the name of a case.

    ``first`` and ``last`` tell where a run of marks begins and ends; the first has the word before it in ``lead``,
    so that no line begins with a mark.
    """

    text: str
    number: int | None = None
    lead: str = ""
    first: bool = False
    last: bool = False
    title: bool = False


Row = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of one row, or a list with a row per item."""

    kind: BlockKind
    rows: tuple[Row, ...]


def blocks(text: str, numbers: Collection[int]) -> tuple[Block, ...]:
    """``text`` as blocks. A mark whose number is not in ``numbers`` is left out: there is nothing behind it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_SOURCE_LINE)]
    found: list[Block] = []
    for kind, group in groupby(lines, key=_kind):
        rows = [_row(line, kind, numbers) for line in group]
        if kind == "paragraph":
            found.extend(Block(kind, (row,)) for row in rows)
        else:
            found.append(Block(kind, tuple(rows)))
    return tuple(found)


def _kind(line: str) -> BlockKind:
    if _BULLET.match(line):
        return "bullets"
    return "numbers" if _NUMBER.match(line) else "paragraph"


def _row(line: str, kind: BlockKind, numbers: Collection[int]) -> Row:
    if kind == "bullets":
        line = _BULLET.sub("", line, count=1)
    elif kind == "numbers":
        line = _NUMBER.sub("", line, count=1)
    pieces: list[Piece] = []
    for place, part in enumerate(_MARK.split(line.strip())):
        if place % 2 == 0:
            pieces.extend(_words(part))
        elif int(part) in numbers:
            pieces.append(Piece(f"[{part}]", int(part)))
    return tuple(_runs(pieces))


def _words(text: str) -> Iterator[Piece]:
    for place, part in enumerate(_TITLE.split(text)):
        if part:
            yield Piece(part, title=place % 2 == 1)


def _runs(pieces: list[Piece]) -> Iterator[Piece]:
    """The same pieces with the runs of marks told, and the word before each moved into it."""
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else None
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        if piece.number is not None:
            first = before is None or before.number is None
            lead = _last_word(before) if first and before is not None else ""
            yield replace(piece, lead=lead, first=first, last=after is None or after.number is None)
        elif after is not None and after.number is not None and (rest := piece.text.removesuffix(_last_word(piece))):
            yield replace(piece, text=rest)
        elif after is None or after.number is None:
            yield piece


def _last_word(piece: Piece) -> str:
    return "" if piece.title else piece.text.rpartition(" ")[2]


def plain_answer(text: str, short_answer: str | None, sources: Collection[str]) -> str:
    """What the copy button copies: the answer and a line for each source."""
    parts = [short_answer] if short_answer else []
    parts.append(text.strip())
    if sources:
        parts.append("\n".join(["[출처]", *sources]))
    return "\n\n".join(parts)
