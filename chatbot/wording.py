"""How a refusal names what its sources lack."""

from __future__ import annotations

import re


def lacking(what: str, name: str) -> str:
    """``수치 500개가 근거에 없음``."""
    return f"{what} {name}{particle(name, '이', '가')} 근거에 없음"


def particle(word: str, closed: str, opened: str) -> str:
    """The particle as the word is read aloud: 3 is 삼, KISA ends in a vowel, NIPA too, % is 퍼센트."""
    last = re.sub(r"[^\w%]+$", "", word)[-1:]
    if "가" <= last <= "힣":
        return closed if (ord(last) - 0xAC00) % 28 else opened
    return closed if last in "013678lmnrLMNR" else opened
