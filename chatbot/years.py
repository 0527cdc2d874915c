"""Years in a question: those that restrict the cases, and those that are part of the matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Years:
    """``first``/``last`` (inclusive) restrict the cases; ``mentioned`` are all other years, in order.

    ``relative`` are words that stand for a year (올해, 금년), one of which was used, with the year they mean today.
    """

    first: int | None = None
    last: int | None = None
    mentioned: tuple[int, ...] = ()
    relative: tuple[tuple[tuple[str, ...], int], ...] = ()


_YEAR = re.compile(
    r"(?<!\d)(?P<full>(?:19|20)\d{2})(?!\d)|['’‘](?P<quoted>\d{2})(?!\d)"
    r"|(?<![\d,.])(?P<short>[0-3]\d)(?=년(?:\s*(?:말|초|도|까지|부터|기준|상반기|하반기|에|의|\d)|도))"
)
_RELATIVE = {("재작년",): -2, ("작년", "지난해", "전년"): -1, ("올해", "금년", "연내"): 0, ("내년",): 1}
_COMPARED = (
    r"(?!\s*(?:같은\s*(?:달|때|기간|분기|해)|동기|동월|동분기)?\s*"
    r"(?:보다|대비|에\s*(?:비해|견줘|견주)|[과와]\s*(?:비교|견주)))"
)
_RECENT = re.compile(r"최근\s*(?P<count>\d{1,2})\s*(?:개?년|년간)")
_SPAN = re.compile(r"(?:부터|에서|~|-)\s*['’‘]?(?:(?:19|20)\d{2}|\d{2})\s*년?\s*(?:까지|사이)?")
_OF_CASES = re.compile(
    r"(?:년도?|작년|지난해|올해|재작년|금년|년간)(?:에|의|도의|까지|사이)?\s*(?:에\s*)?(?:나온|추진|실린|발표|선정|시작|시행|도입)?\S{0,3}\s*"
    r"(?:[가-힣]+\s+){0,2}(?:혁신\s*)?(?:사례|성과|우수\s*행정)"
)


def years_in(question: str, *, today: date, wants_list: bool) -> Years:
    """Read the years; only a request for cases of a year makes a restriction of them."""
    found = [_value(match) for match in _YEAR.finditer(question)]
    relative = tuple(
        (words, today.year + shift)
        for words, shift in _RELATIVE.items()
        if re.search(rf"(?<![가-힣])(?:{'|'.join(words)}){_COMPARED}", question)
    )
    found += [year for _, year in relative]
    recent = _RECENT.search(question)
    if wants_list and recent:
        return Years(today.year - int(recent["count"]) + 1, today.year, ())
    restricts = wants_list and found and _OF_CASES.search(question) is not None
    if not restricts:
        return Years(mentioned=tuple(dict.fromkeys(found)), relative=relative)
    if len(found) >= 2 and _SPAN.search(question):
        return Years(min(found), max(found), ())
    return Years(found[0], found[0], tuple(dict.fromkeys(found[1:])))


def _value(match: re.Match[str]) -> int:
    if match["full"]:
        return int(match["full"])
    return 2000 + int(match["quoted"] or match["short"])
