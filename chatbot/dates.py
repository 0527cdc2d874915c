"""Dates as administrative text writes them, from 2026. 4. 13.(월) to '22년 and 19.下."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from chatbot.fold import MASK, blanked, folded


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as far as it is written: ``None`` for the parts that are not. Two-digit years are completed."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    text: str


_WEEKDAY: Final = r"(?:\s?\(\s?[월화수목금토일]\s?\)|\s?[월화수목금토일]요일)?"
_MONTH: Final = r"(0?[1-9]|1[0-2])(?!\d)"
_DAY: Final = r"(0?[1-9]|[12]\d|3[01])(?!\d)"
_YEAR: Final = r"(?<!\d)(?<!\d[.,])(?:['\"“”]\s?)?((?:19|20)\d\d|\d\d)"
_LONG_YEAR: Final = r"(?<!\d)(?<!\d[.,])((?:19|20)\d\d)"
_DURATION: Final = (
    r"(?!\s?(?:간|동안|이상|이하|이내|차(?!세대)|만에|여|째|경력|전\b|뒤|연속|미만|주기|단위|마다|씩|치\b|짜리|넘))"
)
_DATE_END: Final = r"(?=[^\S\n]*(?:[),\n]|까지|$)|\.\s)"
_DATES: Final = tuple(
    (re.compile(pattern), fields)
    for pattern, fields in (
        (rf"{_YEAR}\s?\.\s?{_MONTH}\s?\.\s?{_DAY}\.?{_WEEKDAY}", "ymd"),
        (rf"{_LONG_YEAR}([-/])(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)", "y-md"),
        (rf"{_YEAR}\s?년\s?{_MONTH}\s?월\s?{_DAY}\s?일{_WEEKDAY}", "ymd"),
        (rf"{_YEAR}\s?(?:년|\.)\s?{_MONTH}\s?월", "ym"),
        (rf"{_LONG_YEAR}\s?\.\s?{_MONTH}(?:\.(?!\d)|(?![\d.]))", "ym"),
        (rf"(?<!\d)['\"]((?:19|20)?\d\d)\.{_MONTH}(?![\d.])", "ym"),
        (rf"(?<!\d){_MONTH}\s?월\s?{_DAY}\s?(?=[~\-–])", "md"),
        (rf"(?<!\d){_MONTH}\s?월\s?{_DAY}\s?일{_WEEKDAY}", "md"),
        (rf"(?<!\d)(?<!\d\.)(?<!\d\. ){_MONTH}\.\s?{_DAY}(?:\.(?!\d){_WEEKDAY}|\s?\([월화수목금토일]\))", "md"),
        (
            rf"(?<![\d.]){_MONTH}\.\s?{_DAY}\.?(?=\s?~\s?(?:0?[1-9]|1[0-2])\.\s?(?:0?[1-9]|[12]\d|3[01])\.?{_DATE_END})",
            "md",
        ),
        (rf"(?<=~){_MONTH}\.{_DAY}\.?{_DATE_END}", "md"),
        (rf"(?<=~ ){_MONTH}\.\s?{_DAY}\.?{_DATE_END}", "md"),
        (rf"(?<!\d){_MONTH}(?=\s?~\s?(?:[1-9]|1[0-2])\s?월)", "m"),
        (rf"(?<=\(){_MONTH}\.{_DAY}\.?(?=\))", "md"),
        (rf"(?<!\d){_MONTH}\s?월(?!요일)(?=[^가-힣]|$|[초말중경부까에의은이])", "m"),
        (rf"{_YEAR}\s?\.\s?(?=[上下])[上下]", "y"),
        (r"(?<!\d)((?:19|20)\d\d)(?=\s?~\s?(?:19|20)\d\d\s?년)", "y"),
        (rf"{_LONG_YEAR}\s?년도?", "y"),
        (r"(?<![\d가-힣])'(\d\d)\s?년도?", "y"),
        (r"(?<!\d)'(\d\d)(?=[\-.)→ ,년]|~(?:[)\s'→]|$|\d\d\s?년)|\s*$|\d[\d,]*[억조])", "y"),
        (rf"(?<![\d.,A-Za-z])([1-3]\d)(?=\s?~\s?[1-3]\d년{_DURATION})", "y"),
        (rf"(?<![\d.,A-Za-z])([1-3]\d)년도?{_DURATION}", "y"),
    )
)


def dates(text: str) -> list[DateMention]:
    """Dates of ``text`` in order, from 2026. 4. 13.(월) to '22년, 19.下 and 9월 26일.

    A two-digit year without an apostrophe (20년말) counts unless the words after it make it a duration.
    """
    return [replace(mention, text=text[mention.start : mention.end]) for mention in _read(folded(text))]


def _read(text: str) -> list[DateMention]:
    mentions: list[DateMention] = []
    for pattern, fields in _DATES:
        for match in pattern.finditer(text):
            if MASK in match.group():
                continue
            parts = dict(zip(fields, match.groups(), strict=False))
            year, month, day = (int(parts[key]) if key in parts else None for key in "ymd")
            mentions.append(DateMention(_full_year(year), month, day, match.start(), match.end(), match.group()))
        text = blanked(text, ((mention.start, mention.end) for mention in mentions))
    return sorted(mentions, key=lambda mention: mention.start)


def _full_year(year: int | None) -> int | None:
    if year is None or year >= 100:
        return year
    return year + (1900 if year >= 60 else 2000)
