"""Hanja as they are read, one syllable for one hanja, so that either spelling of a word finds the other.

The readings are those of KS X 1001, which sorts its hanja by reading: all that EUC-KR, and so an older office document,
can hold. (The package ``hanja`` pins another PyYAML and installs pytest; nothing else is kept.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

HANJA = re.compile(r"[\u4e00-\u9fff\uf900-\ufa0b]")

_DATA = Path(__file__).parent / "data" / "hanja.txt"
_FIRST_ROW, _LAST_ROW = 0xCA, 0xFD
# Where the standard's own place is that of a rare reading: 金氏, 率先, 宅內, 要塞.
_USUAL = {"金": "금", "不": "불", "率": "률", "宅": "택", "塞": "색", "龜": "귀"}
_SECOND = dict(zip("金車樂狀復易便率識茶降句糖索省宅暴塞寧更", "김거락장부이변솔지차항귀탕삭생댁포새령갱", strict=True))
"""Second readings that are as common as this: the others stand in a handful of words (行=항, 北=배)."""
_MAX_WORD = 12
"""A longer run is Chinese: readings of one are as many as it is long, each as long as itself."""
_RUN = re.compile(f"{HANJA.pattern}+")
_DOTTED = re.compile(f"(?<={HANJA.pattern})[-–·ㆍ‧・∙/](?={HANJA.pattern})")
_DOTTED_RUN = re.compile(f"{HANJA.pattern}(?:[-–·ㆍ‧・∙/]{HANJA.pattern})+(?!{HANJA.pattern})")
_BASE, _MEDIALS, _FINALS = 0xAC00, 21, 28
_FINAL_NIEUN = 4
_NIEUN, _DIGEUT, _RIEUL, _IEUNG, _JIEUT = 2, 3, 5, 11, 12
_I_OR_Y = frozenset({2, 3, 6, 7, 12, 17, 20})
"""Medials ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ."""
_YEOL_YUL = {"렬": "열", "률": "율"}


def in_hangul(text: str) -> str:
    """``text`` with every hanja as it is read in its word; as long as ``text``, so that offsets stay true."""
    if not HANJA.search(text):
        return text
    return _RUN.sub(lambda run: _read(run[0]), text)


def other_readings(text: str) -> Iterator[str]:
    """Readings of words in ``text`` beside that of :func:`in_hangul`.

    復活 may be 부활 as well as 복활, 强制勞動 is two words, and 韓·美 is called 한미.
    """
    if not HANJA.search(text):
        return
    for run in _RUN.findall(text):
        if len(run) > _MAX_WORD:
            continue
        plain = _read(run)
        for at, character in enumerate(run):
            if character in _SECOND:
                yield _read(run, {at: _SECOND[character]})
            if 2 <= at < len(run) - 1 and _at_the_start(plain[at]) != plain[at]:
                yield _read(run, {at: _at_the_start(plain[at])})
    for dotted in _DOTTED_RUN.findall(text):
        yield _read(_DOTTED.sub("", dotted))


def undotted(text: str) -> str:
    """``text`` without the dots and hyphens between hanja."""
    return _DOTTED.sub("", text) if HANJA.search(text) else text


def _read(word: str, chosen: Mapping[int, str] | None = None) -> str:
    """A run of hanja as one word; ``chosen`` readings by position. What the standard does not have stays."""
    said = ""
    for at, character in enumerate(word):
        reading = (chosen or {}).get(at) or _readings().get(character, character)
        if character == "不" and _initial_of(word[at + 1 : at + 2]) in (_DIGEUT, _JIEUT):
            reading = "부"
        if at == 0:
            reading = _at_the_start(reading)
        elif reading in _YEOL_YUL and (ord(said[-1]) - _BASE) % _FINALS in (0, _FINAL_NIEUN):
            reading = _YEOL_YUL[reading]  # behind a vowel or ㄴ: 비율, 선율
        said += reading
    return said


def _initial_of(character: str) -> int:
    return (ord(_readings().get(character, "가")) - _BASE) // (_MEDIALS * _FINALS)


def _at_the_start(reading: str) -> str:
    """두음법칙 (한글 맞춤법 제10항–제12항): 녀 -> 여, 력 -> 역, 로 -> 노."""
    initial, rest = divmod(ord(reading) - _BASE, _MEDIALS * _FINALS)
    soft = rest // _FINALS in _I_OR_Y
    if initial == _RIEUL:
        initial = _IEUNG if soft else _NIEUN
    elif initial == _NIEUN and soft:
        initial = _IEUNG
    return chr(_BASE + initial * _MEDIALS * _FINALS + rest)


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    """The usual reading of each hanja, as it is inside a word."""
    lines = [line for line in _DATA.read_text(encoding="utf-8").split("\n") if not line.startswith("#")]
    in_order = [part[0] for line in lines for part in line.split() for _ in range(int(part[1:]))]
    codes = [(row, column) for row in range(_FIRST_ROW, _LAST_ROW + 1) for column in range(0xA1, 0xFF)]
    found: dict[str, str] = {}
    inside: dict[str, str] = {}
    for code, reading in zip(codes, in_order, strict=True):
        hanja = bytes(code).decode("euc_kr")
        found[hanja] = reading
        unified = unicodedata.normalize("NFC", hanja)  # of a repetition, which stands for one reading
        found.setdefault(unified, reading)
        if _at_the_start(reading) != reading:
            inside[unified] = reading
    for hanja, reading in inside.items():
        if _at_the_start(reading) == found[hanja]:
            found[hanja] = reading  # 女 is also where 여 is sorted
    return found | _USUAL
