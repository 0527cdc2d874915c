"""Records of an HWP 5 section: a flat stream whose levels make a tree (Hancom, 한글문서파일형식 5.0, revision 1.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

PARA_HEADER, PARA_TEXT, PARA_LINE_SEG = 66, 67, 69
CTRL_HEADER, LIST_HEADER, TABLE = 71, 72, 77

_MAX_DEPTH = 200
_SINGLE = frozenset({0, 10, 13, *range(24, 32)})
_INLINE = frozenset({4, 5, 6, 7, 8, 9, 19, 20})
_SHOWN = {9: "\t", 10: "\n", 24: "-", 30: " ", 31: " "}
_LINE_SEG = struct.Struct("<Iiiiiiii")
_LINE_SEG_BYTES = 36


@dataclass(slots=True)
class Record:
    """One record with those that stand below it."""

    tag: int
    payload: bytes
    children: list[Record] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """Characters of a paragraph; ``units[i]`` is where character ``i`` stands in the file's own counting."""

    text: str
    units: tuple[int, ...]

    def offset(self, unit: int) -> int:
        """Index of the first character at or after ``unit``."""
        return next((at for at, own in enumerate(self.units) if own >= unit), len(self.text))


def records(data: bytes) -> list[Record]:
    """Top-level records; a record that the stream cuts off ends the list."""
    top: list[Record] = []
    open_records: list[Record] = []
    for level, record in _flat(data):
        level = min(level, len(open_records), _MAX_DEPTH)
        del open_records[level:]
        (open_records[-1].children if open_records else top).append(record)
        open_records.append(record)
    return top


def _flat(data: bytes) -> Iterator[tuple[int, Record]]:
    position = 0
    while position + 4 <= len(data):
        (head,) = struct.unpack_from("<I", data, position)
        position += 4
        size = head >> 20
        if size == 0xFFF:
            if position + 4 > len(data):
                return
            (size,) = struct.unpack_from("<I", data, position)
            position += 4
        if position + size > len(data):
            return
        yield (head >> 10) & 0x3FF, Record(head & 0x3FF, data[position : position + size])
        position += size


def paragraph_text(payload: bytes) -> ParagraphText:
    """Text of a PARA_TEXT record. Controls take one or eight units and show nothing, tabs and breaks apart."""
    units = struct.unpack(f"<{len(payload) // 2}H", payload[: len(payload) // 2 * 2])
    characters: list[str] = []
    places: list[int] = []
    position = 0
    while position < len(units):
        unit = units[position]
        if unit < 32:
            shown = _SHOWN.get(unit, "")
            width = 1 if unit in _SINGLE else 8
        elif 0xD800 <= unit < 0xDC00 and position + 1 < len(units) and 0xDC00 <= units[position + 1] < 0xE000:
            shown = chr(0x10000 + ((unit - 0xD800) << 10) + (units[position + 1] - 0xDC00))
            width = 2
        else:
            shown, width = ("" if 0xD800 <= unit < 0xE000 else chr(unit)), 1
        if shown:
            characters.append(shown)
            places.append(position)
        position += width
    return ParagraphText("".join(characters), tuple(places))


def line_positions(payload: bytes) -> list[tuple[int, int, int]]:
    """``(first unit, vertical, horizontal)`` of each line of a PARA_LINE_SEG record."""
    found = []
    for start in range(0, len(payload) - _LINE_SEG_BYTES + 1, _LINE_SEG_BYTES):
        first, vertical, _, _, _, _, horizontal, _ = _LINE_SEG.unpack_from(payload, start)
        found.append((first, vertical, horizontal))
    return found
