"""Syllables and their letters."""

from __future__ import annotations

from typing import Final, NamedTuple

LEADS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3


class Syllable(NamedTuple):
    """A Hangul syllable by its letters; ``tail`` is empty for an open one."""

    lead: str
    vowel: str
    tail: str

    def __str__(self) -> str:
        return compose(self.lead, self.vowel, self.tail)


def is_syllable(char: str) -> bool:
    """Whether ``char`` is one complete Hangul syllable."""
    return len(char) == 1 and _FIRST <= ord(char) <= _LAST


def split(char: str) -> Syllable:
    """The letters of a complete syllable. Raises ValueError for any other character."""
    if not is_syllable(char):
        raise ValueError(f"not a Hangul syllable: {char!r}")
    code = ord(char) - _FIRST
    return Syllable(LEADS[code // 588], VOWELS[code % 588 // 28], TAILS[code % 28])


def compose(lead: str, vowel: str, tail: str = "") -> str:
    """The syllable of the letters. Raises ValueError where a letter cannot stand in its place."""
    return chr(_FIRST + (LEADS.index(lead) * 21 + VOWELS.index(vowel)) * 28 + TAILS.index(tail))
