"""Bullets and numbers that a word processor draws in front of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SYLLABLES = "가나다라마바사아자차카타파하"
_JAMO = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_ROMAN = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ", "Ⅶ", "Ⅷ", "Ⅸ", "Ⅹ", "Ⅺ", "Ⅻ")
_LEVEL = re.compile(r"\^(\d)")

LevelFormat = tuple[str, str, int]
"""Pattern (``^1.``), kind of numeral, first number."""


@dataclass(slots=True)
class Numbering:
    """Marks by paragraph shape. Counters run on through the document, deeper levels start anew."""

    _bullets: dict[str, str] = field(default_factory=dict)
    _numbered: dict[str, tuple[str, int, Mapping[int, LevelFormat]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def bullet(self, shape: str, character: str) -> None:
        """Paragraphs of ``shape`` start with ``character``. A private-use one stands for a picture of a bullet."""
        shown = "○" if "\ue000" <= character <= "\uf8ff" else character
        if shown.strip():
            self._bullets[shape] = shown

    def numbered(self, shape: str, group: str, level: int, formats: Mapping[int, LevelFormat]) -> None:
        """Paragraphs of ``shape`` count at ``level`` (from 0) of the numbering ``group``."""
        self._numbered[shape] = (group, level, formats)

    def mark(self, shape: str) -> str:
        """What stands in front of the next paragraph of ``shape``, with its space; counts it."""
        if shape in self._bullets:
            return f"{self._bullets[shape]} "
        if shape not in self._numbered:
            return ""
        group, level, formats = self._numbered[shape]
        own = formats.get(level + 1) or formats.get(level)
        if own is None or not own[0]:
            return ""
        counts = self._counts.setdefault(group, {})
        counts[level] = counts.get(level, own[2] - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        shown = _LEVEL.sub(lambda found: _numeral(counts.get(int(found[1]) - 1, 1), own[1]), own[0])
        return f"{shown} "


def _numeral(value: int, kind: str) -> str:
    choices = {
        "CIRCLED_DIGIT": _CIRCLED,
        "HANGUL_SYLLABLE": _SYLLABLES,
        "HANGUL_JAMO": _JAMO,
        "ROMAN_CAPITAL": _ROMAN,
    }.get(kind)
    return choices[value - 1] if choices is not None and 0 < value <= len(choices) else str(value)
