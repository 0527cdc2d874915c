"""Hangul typed while the keyboard was left in English: qhdltmvltld → 보이스피싱 (two-set layout, KS X 5002)."""

from __future__ import annotations

from typing import Final

from chatbot.hangul import LEADS, TAILS, VOWELS, compose

_KEYS: Final = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)
_DOUBLE_VOWELS: Final = {
    "ㅗㅏ": "ㅘ",
    "ㅗㅐ": "ㅙ",
    "ㅗㅣ": "ㅚ",
    "ㅜㅓ": "ㅝ",
    "ㅜㅔ": "ㅞ",
    "ㅜㅣ": "ㅟ",
    "ㅡㅣ": "ㅢ",
}
_DOUBLE_TAILS: Final = {
    "ㄱㅅ": "ㄳ",
    "ㄴㅈ": "ㄵ",
    "ㄴㅎ": "ㄶ",
    "ㄹㄱ": "ㄺ",
    "ㄹㅁ": "ㄻ",
    "ㄹㅂ": "ㄼ",
    "ㄹㅅ": "ㄽ",
    "ㄹㅌ": "ㄾ",
    "ㄹㅍ": "ㄿ",
    "ㄹㅎ": "ㅀ",
    "ㅂㅅ": "ㅄ",
}


def decode(token: str) -> str | None:
    """The Hangul of the same keys; ``None`` when they do not make whole syllables all through."""
    letters = [_KEYS.get(key) or _KEYS.get(key.lower(), "") for key in token]
    syllables: list[str] = []
    position = 0
    while position < len(letters):
        lead = letters[position]
        vowel, after = _vowel(letters, position + 1)
        if lead not in LEADS or not lead or not vowel:
            return None
        tail, after = _tail(letters, after)
        syllables.append(compose(lead, vowel, tail))
        position = after
    return "".join(syllables)


def _vowel(letters: list[str], start: int) -> tuple[str, int]:
    pair = "".join(letters[start : start + 2])
    if pair in _DOUBLE_VOWELS:
        return _DOUBLE_VOWELS[pair], start + 2
    single = letters[start] if start < len(letters) else ""
    return (single, start + 1) if single and single in VOWELS else ("", start)


def _tail(letters: list[str], start: int) -> tuple[str, int]:
    """Letters that close the syllable: those before the next lead, which is the last one before a vowel."""
    run = start
    while run < len(letters) and letters[run] not in VOWELS:
        run += 1
    available = run - start - (1 if run < len(letters) else 0)
    pair = "".join(letters[start : start + 2])
    if available >= 2 and pair in _DOUBLE_TAILS:
        return _DOUBLE_TAILS[pair], start + 2
    if available >= 1 and letters[start] in TAILS:
        return letters[start], start + 1
    return "", start
