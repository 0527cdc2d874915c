"""Figures, dates, article and telephone numbers of a sentence against those of its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from kiwipiepy import Token

from chatbot.attribution import misattributed, placed
from chatbot.figures import DateMention, Figure, articles, dates, figures, masked, phones, same_figure
from chatbot.passages import Sources, words_of
from chatbot.wording import lacking

_CORRECTED: Final = re.compile(r"^(?:[가-힣]{0,3})?\s?(?:이|가)?\s?(?:아니라|아닌|아니고)")
_TOTAL: Final = re.compile(
    r"(?:모두|총|합쳐|합하여|합해|더해|합계|전체)\s?$|(?:모두|합쳐|합하여|합해|더해)\s[^,.]{0,12}$"
)
_ITEM_UNITS: Final = frozenset({"가지", "개", "곳", "종"})
_ITEM_GAP: Final = re.compile(r",\s|·|(?<=[가-힣])[와과]\s|\s및\s")
_LIST_END: Final = re.compile(r"(?:\s등의?|의|입니다\.)\s$")
_LOWER: Final = re.compile(r"^\s?(?:이상|초과|넘|남짓)|^여")
_UPPER: Final = re.compile(r"^\s?(?:이하|미만|이내|안에|못 미치)")
_DURATION: Final = re.compile(r"^\s?(?:간|만에|이내|수준|이상|이하|동안|로|으로|까지 걸|정도|가량|째|차)")
_TERM: Final = re.compile(r"^\s?(?:까지|부터|말|초|이후|이전|~)")
_FRAMED: Final = re.compile(r"^(?:도)?(?:의|\s?(?:사례|계획|당시|자료|보도|우수|정부|제\d))")
_INSIDE: Final = re.compile(r"\d|[을를]\s")
_CHANGE: Final = re.compile(r"(?:\s?수준)?\s?(?:에서|→|⇒)\s?(?:약|최대|최소)?\s?")
_FALLING: Final = frozenset(
    {"감소", "줄", "줄이", "줄어들", "축소", "급감", "하락", "인하", "단축", "절감", "경감", "감축", "낮추", "낮아지"}
)
_RISING: Final = frozenset(
    {"증가", "늘", "늘리", "늘어나", "확대", "급증", "상승", "인상", "연장", "높이", "높아지", "오르"}
)


def quantity_problems(said: str, tokens: Sequence[Token], sources: Sources) -> Iterator[str]:
    """One problem for each figure, date or number of ``said`` that the sources lack or tell of something else."""
    yield from _figure_problems(said, sources)
    yield from _date_problems(said, sources)
    yield from _number_problems(said, sources)
    yield from _direction_problems(said, set(words_of(tokens)))
    for figure in misattributed(placed(said, tokens, figures(said)), sources.placed):
        yield f"수치 {figure.text.strip()}: 근거에서는 다른 항목의 값임"


def _figure_problems(said: str, sources: Sources) -> Iterator[str]:
    read = figures(said)
    for figure in read:
        if _CORRECTED.match(said[figure.end :]) or _is_derived(figure, read, said, sources):
            continue
        if not _has_figure(figure, said, sources):
            yield lacking("수치", figure.text.strip())
        elif _bound_differs(figure, said, sources):
            yield f"수치 {figure.text.strip()}의 범위(이상·이하)가 근거와 다름"


def _is_derived(figure: Figure, read: Sequence[Figure], said: str, sources: Sources) -> bool:
    """A count of what the sentence itself lists (가, 나, 다의 세 가지), or the sum of the figures it gives (모두)."""
    before = said[: figure.start]
    if figure.unit in _ITEM_UNITS and 1 < figure.value == len(_ITEM_GAP.split(_LIST_END.sub("", before))):
        return bool(_LIST_END.search(before))
    others = [other for other in read if other.unit == figure.unit and other is not figure]
    total = len(others) > 1 and sum(other.value for other in others) == figure.value
    return total and bool(_TOTAL.search(before)) and all(_has_figure(other, said, sources) for other in others)


def _has_figure(figure: Figure, said: str, sources: Sources) -> bool:
    for other in sources.figures:
        if same_figure(figure, other):
            return True
        if figure.value == other.value and (figure.unit == "" or _takes_unit(figure.unit, other, sources)):
            return True
    if figure.unit == "" and len(figure.text) > 2 and figure.text in sources.digits:
        return True  # the short number of a call centre, which only its sign tells from a figure
    if any(_scaled(figure, scale, sources) for scale in sources.scales):
        return True
    return _has_as_date(figure, said, sources)


def _takes_unit(unit: str, other: Figure, sources: Sources) -> bool:
    """Whether a bare number may take ``unit``.

    The heading of its table names the unit, (단위: 건), (원/월), 접수 건수, or it is an amount of 만, 억 or 조 among
    amounts of money (무담보 5억).
    """
    if other.unit or sources.scales:
        return False
    if unit == "원" and other.text[-1:] in ("만", "억", "조"):
        return any(figure.unit == "원" for figure in sources.figures)
    word = re.escape(unit)
    heading = rf"단위\s?:?\s?[^)\]]{{0,8}}{word}|{word}수|[(\[]\s?{word}\s?(?:/[^)\]]{{1,4}})?[)\]]"
    return bool(re.search(heading, sources.text))


def _scaled(figure: Figure, scale: Figure, sources: Sources) -> bool:
    """19.5 under a heading that counts in 천만 건 is 1억 9,500만 건."""
    if figure.unit not in ("", scale.unit):
        return False
    return any(not other.unit and other.value * scale.value == figure.value for other in sources.figures)


def _has_as_date(figure: Figure, said: str, sources: Sources) -> bool:
    """22년 and 26일 may be read as lengths of time where the source has a date, and the other way round."""
    if figure.unit == "년":
        return any(d.year and d.year % 100 == figure.value and not re.search(r"\d{4}", d.text) for d in sources.dates)
    if figure.unit == "일" and not _DURATION.match(said[figure.end :]):
        return any(d.day == figure.value for d in sources.dates)
    return False


def _bound_differs(figure: Figure, said: str, sources: Sources) -> bool:
    bound = _bound(said, figure)
    if not bound:
        return False
    bounds = {_bound(sources.text, other) for other in sources.figures if other.value == figure.value}
    return bool(bounds) and bound not in bounds and "" not in bounds


def _bound(text: str, figure: Figure) -> str:
    after = text[figure.end :]
    if _LOWER.match(after) or "여" in figure.text:
        return "이상"
    return "이하" if _UPPER.match(after) else ""


def _date_problems(said: str, sources: Sources) -> Iterator[str]:
    for date in dates(said):
        if not _has_date(date, said, sources):
            yield lacking("날짜", date.text.strip())


def _has_date(date: DateMention, said: str, sources: Sources) -> bool:
    if date.year and not _has_year(date, said, sources):
        return False
    if date.month is None:
        return True
    days: set[Decimal] = {figure.value for figure in sources.figures if figure.unit == "일"}
    for other in sources.dates:
        if other.month != date.month or (date.year and other.year and other.year != date.year):
            continue
        if date.day is None or date.day == other.day or (other.day is not None and Decimal(date.day) in days):
            return True
    return False


def _has_year(date: DateMention, said: str, sources: Sources) -> bool:
    if date.year in sources.years:
        return True
    if date.year in sources.header_years:
        return _frames(date, said) or not sources.years
    short = not re.search(r"\d{4}", date.text) and date.month is None and date.year is not None
    return short and any(f.unit == "년" and f.value == (date.year or 0) % 100 for f in sources.figures)


def _frames(date: DateMention, said: str) -> bool:
    """Whether a date says when the case was (2019년의 계획), not when something in it happens (2019년까지 확대)."""
    after = said[date.end :]
    return not _TERM.match(after) and (not _INSIDE.search(said[: date.start]) or _FRAMED.match(after) is not None)


def _number_problems(said: str, sources: Sources) -> Iterator[str]:
    for article in articles(said):
        if not any(
            other == article or other.startswith((f"{article}제", f"{article}의")) for other in sources.articles
        ):
            yield lacking("조항", article)
    for phone in phones(said):
        if phone not in sources.phones:
            yield lacking("전화번호", phone)
    for digits in re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3})", "", masked(said))):
        if digits not in sources.digits:
            yield lacking("수치", digits)


def _direction_problems(said: str, words: set[str]) -> Iterator[str]:
    """30일에서 3일로 can only fall."""
    read = figures(said)
    for before, after in pairwise(read):
        gap = said[before.end : after.start]
        if not _CHANGE.fullmatch(gap) or before.unit != after.unit or before.value == after.value:
            continue
        falls = after.value < before.value
        if (falls and words & _RISING and not words & _FALLING) or (
            not falls and words & _FALLING and not words & _RISING
        ):
            yield f"{before.text}에서 {after.text}(으)로의 변화 방향이 맞지 않음"
