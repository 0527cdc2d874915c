"""Values of numbers as Korean writes them: 3조 3천억, 1억 9,500만, 33.2만, 이백오십, 열두."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NATIVE: Final = {
    "한": 1, "첫": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8,
    "아홉": 9, "열": 10, "열한": 11, "열두": 12, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50,
}  # fmt: skip

_SMALL: Final = {"십": 10, "백": 100, "천": 1000}
_BIG: Final = {"만": 10**4, "억": 10**8, "조": 10**12}
_DIGIT: Final = {c: n for n, c in enumerate("일이삼사오육칠팔구", start=1)}
_MULTIPLIERS: Final = "십백천만억조"
_TOKEN: Final = re.compile(rf"(\s?)({ARABIC}|[{_MULTIPLIERS}])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that ends before ``end``; ``scale`` is the multiplier written last, 10,000 in 30만, 1 for none."""

    value: Decimal
    scale: int
    end: int


class _Sum:
    """The parts read so far: ``total`` closed by 만, 억 or 조, ``section`` by 십, 백 or 천, ``pending`` by nothing."""

    def __init__(self) -> None:
        self.total = self.section = Decimal(0)
        self.pending: Decimal | None = None
        self.last_small, self.last_big = 10**4, 10**16

    @property
    def value(self) -> Decimal:
        return self.total + self.section + (self.pending or 0)

    def takes_big(self, scale: int) -> bool:
        held = self.section + (self.pending or 0)
        if scale >= self.last_big or held == 0:
            return False
        self.total, self.section, self.pending = self.total + held * scale, Decimal(0), None
        self.last_small, self.last_big = 10**4, scale
        return True

    def takes_small(self, scale: int, *, spaced: bool) -> bool:
        if scale >= self.last_small or (spaced and self.pending is None):
            return False
        self.section += (1 if self.pending is None else self.pending) * scale
        self.pending, self.last_small = None, scale
        return True

    def takes_number(self, number: Decimal, *, first: bool) -> bool:
        room = self.last_small if self.last_small < 10**4 else self.last_big
        if not first and (self.pending is not None or number >= room):
            return False
        self.pending = number
        return True


def number_at(text: str, start: int) -> Number:
    """The number that begins with the digit at ``start``, with every multiplier that belongs to it."""
    parts, end = _Sum(), start
    while (token := _TOKEN.match(text, end)) and _takes(parts, token, text, first=end == start):
        end = token.end()
    return Number(parts.value, _scale_before(text, end), end)


def spelled(word: str) -> Decimal:
    """The value of a number in Sino-Korean syllables: 이백오십 is 250, 만 is 10,000."""
    total, section, pending = 0, 0, 0
    for char in word:
        if char in _DIGIT:
            pending = _DIGIT[char]
        elif char in _SMALL:
            section, pending = section + (pending or 1) * _SMALL[char], 0
        else:
            total, section, pending = total + (section + pending or 1) * _BIG[char], 0, 0
    return Decimal(total + section + pending)


def _takes(parts: _Sum, token: re.Match[str], text: str, *, first: bool) -> bool:
    spaced, word = bool(token.group(1)), token.group(2)
    if word in _BIG:
        return parts.takes_big(_BIG[word])
    if word in _SMALL:
        return parts.takes_small(_SMALL[word], spaced=spaced)
    digits = word.replace(",", "")
    # 3조 3천억 and 3만 5000원 are one number, 3만 2명 are two.
    joined = not spaced or len(digits) >= 3 or text[token.end() : token.end() + 1] in _MULTIPLIERS
    return (first or joined) and parts.takes_number(Decimal(digits), first=first)


def _scale_before(text: str, end: int) -> int:
    scale = 1
    while text[end - 1] in _MULTIPLIERS:
        end -= 1
        scale *= _SMALL.get(text[end]) or _BIG[text[end]]
    return scale
