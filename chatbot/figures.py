"""Figures, dates, article numbers and telephone numbers as Korean administrative text writes them.

Readings are symmetric: the same text gives the same reading in an answer and in its source, so that an
ambiguous spelling (22년: a year or a duration) can never make a verbatim sentence look wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity: ``text`` is ``source[start:end]``, ``unit`` the canonical unit and ``""`` when none is written.

    ``시각`` is a time of day in minutes, ``D+`` a day count from an event, ``비율`` a fraction (3분의 1).
    """

    value: Decimal
    unit: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as far as it is written: ``None`` for the parts that are not. Two-digit years are completed."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    text: str


_FOLD: Final = str.maketrans("０１２３４５６７８９％，．：∼〜～‘’′´`", "0123456789%,.:~~~'''''")
_MASK: Final = "\x00"

# Longest first within a first letter; the look-aheads keep 개발, 일반, 시스템, 종합, 대학 … out.
_UNITS: Final = (
    ("%p", r"%\s?p(?![A-Za-z])|%\s?포인트|퍼센트\s?포인트"),
    ("%", r"%|퍼센트|프로(?!그|젝|세|모|필)"),
    ("원", r"원(?!활|인|칙|격|본|래|천|자|스|형|장|동)"),
    ("달러", r"달러"),
    ("유로", r"유로(?!운)"),
    ("개월", r"개월|달(?!러|성)"),
    ("년", r"개년|년(?!도)|해(?=\s|$)"),
    ("주년", r"주년"),
    ("분기", r"분기"),
    ("비율", r"(?!)"),
    ("곳", r"개소|곳|군데"),
    ("국", r"개국"),
    ("개", r"개(?![월년소국발선정편인방최설통입별막요념명회])"),
    ("명", r"명(?![령칭시확단예절])|사람|인(?![증터프력재식구허가정지센])"),
    ("건", r"건(?![물축강설전립])|件"),
    ("시간", r"시간"),
    ("시", r"시(?![간작범행스설민장군도청중급각점책대])"),
    ("분", r"분(?![기야석류산의리쟁])"),
    ("초", r"초(?![기등과안중고])"),
    ("주", r"주일?(?![민택요차소거무체간지])|주간"),
    ("일", r"일(?![반부자정제괄원시상본률])"),
    ("가지", r"가지"),
    ("종", r"종(?![합이교료사])|종류"),
    ("대", r"대(?![학상출비책응표구전국체화중규부폭])"),
    ("면", r"면(?![적제허접담세])"),
    ("배", r"배(?![송달포출우치정])"),
    ("번째", r"번째|째"),
    ("회", r"회(?![사원복계전수의])|번(?![호지])|차례"),
    ("위", r"위(?![원치험반탁성하해생])|등(?=[으을이에급\s.,)]|$)"),
    ("점", r"점(?![검수포유용])"),
    ("차", r"차(?![량단세별관])"),
    ("마리", r"마리|두(?=\s|$)"),
    ("가구", r"가구|세대(?![주원])"),
    ("세", r"세(?![금계대부종트])|살"),
    ("장", r"장(?![애려관점비소기학])|매(?=[^가-힣]|$)"),
    ("권", r"권(?![역한리익])"),
    ("쪽", r"쪽|페이지"),
    ("단계", r"단계"),
    ("호", r"호(?![선텔])"),
    ("급", r"급(?![증감여속])"),
    ("필지", r"필지"),
    ("평", r"평(?![가균등])"),
    ("톤", r"톤|t(?![A-Za-z])"),
    ("㎡", r"㎡|m²|m2(?!\d)|제곱미터|평방미터"),
    ("km", r"km(?![A-Za-z])|㎞|킬로미터"),
    ("cm", r"cm(?![A-Za-z])|㎝|센티미터"),
    ("mm", r"mm(?![A-Za-z])|㎜|밀리미터"),
    ("m", r"m(?![A-Za-z²2])|미터"),
    ("kg", r"kg(?![A-Za-z])|㎏|킬로그램"),
    ("g", r"g(?![A-Za-z])|그램"),
    ("ha", r"ha(?![A-Za-z])|㏊|헥타르"),
    ("GB", r"GB|기가바이트"),
    ("TB", r"TB|테라바이트"),
    ("MB", r"MB(?!p)|메가바이트"),
    ("Mbps", r"Mbps"),
    ("kWh", r"kWh"),
    ("MW", r"MW(?!h)"),
    ("GW", r"GW(?!h)"),
    ("kW", r"kW(?!h)"),
    ("℃", r"℃|°C|도씨"),
)
_UNIT: Final = re.compile("|".join(f"(?P<u{n}>{pattern})" for n, (_, pattern) in enumerate(_UNITS)))
_UNIT_GAP: Final = re.compile(r"\s{0,2}(?:여\s?)?")
_COUNTED: Final = (
    "원",
    "달러",
    "명",
    "건",
    "개",
    "곳",
    "마리",
    "대",
    "회",
    "배",
    "가구",
    "톤",
    "종",
    "필지",
    "가지",
    "면",
)

_COMPATIBLE: Final = frozenset(
    frozenset(pair)
    for pair in (("개", "곳"), ("개", "가지"), ("종", "가지"), ("개", "국"), ("곳", "국"), ("번째", "회"))
)
_BASE: Final = {
    "시간": ("분", 60),
    "년": ("개월", 12),
    "주": ("일", 7),
    "km": ("m", 1000),
    "톤": ("kg", 1000),
    "TB": ("GB", 1024),
}

_SMALL: Final = {"십": 10, "백": 100, "천": 1000}
_BIG: Final = {"만": 10**4, "억": 10**8, "조": 10**12}
_DIGIT: Final = {c: n for n, c in enumerate("일이삼사오육칠팔구", start=1)}
_NATIVE: Final = {
    "한": 1, "첫": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8,
    "아홉": 9, "열": 10, "열한": 11, "열두": 12, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50,
}  # fmt: skip

_ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_START: Final = re.compile(rf"(?<!\d)(?<!\d[.,])(?<![A-Za-z])(?<![A-Za-z]-){_ARABIC}")
_TOKEN: Final = re.compile(rf"(\s?)({_ARABIC}|[십백천만억조])")
_ATTACHED: Final = re.compile(r"[가-힣](?<!약)(?<!총)(?<!제)(?<!단)(?<!각)(?<!최대)(?<!최소)$")
_SINO: Final = re.compile(
    r"(?<![가-힣\d])([일이삼사오육칠팔구]?[십백천만억조](?:[일이삼사오육칠팔구]?[십백천만억조])*[일이삼사오육칠팔구]?)(?!\d)"
)
_SINGLE_SINO: Final = re.compile(r"[십백천만억]\s?(?:여\s?)?(?:명|건|원|달러|마리)|조\s?원|[십백천만억] 개")
_NATIVE_COUNT: Final = re.compile(
    r"(?<![가-힣])(?:(두|세|네|다섯|여섯|일곱|여덟|아홉|열한|열두|열|스무|서른|마흔|쉰)"
    r"(?: ?(?=번째|번|가지|배|명|달|개월|시간|사람)| (?=곳|개|건|대|종|마리|살|단계|차례|군데|장|권|해))"
    r"|(한) ?(?=달|시간|명|사람)|(첫|둘|셋|넷) ?(?=번째|째))"
)
_FRACTION: Final = re.compile(r"(\d+)\s?분의\s?(\d+)")
_CLOCK: Final = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_HOUR: Final = re.compile(
    r"(오전|오후|낮|밤|새벽|저녁|아침)?\s?(?<!\d)(\d{1,2})\s?시(?![가-힣]*간|[작범행스설민장군도청중급점책])(?:\s?(\d{1,2})\s?분|\s?(반))?"
)
_D_DAY: Final = re.compile(r"(?<![A-Za-z])D\s?([+\-])\s?(\d+)\s?일?")
_RANGE_GAP: Final = re.compile(r"\s?[~\-–—→⇒]\s?")

_WEEKDAY: Final = r"(?:\s?\(\s?[월화수목금토일]\s?\)|\s?[월화수목금토일]요일)?"
_MONTH: Final = r"(0?[1-9]|1[0-2])(?!\d)"
_DAY: Final = r"(0?[1-9]|[12]\d|3[01])(?!\d)"
_YEAR: Final = r"(?<!\d)(?<!\d[.,])(?:['\"“”]\s?)?((?:19|20)\d\d|\d\d)"
_LONG_YEAR: Final = r"(?<!\d)(?<!\d[.,])((?:19|20)\d\d)"
_DURATION: Final = (
    r"(?!\s?(?:간|동안|이상|이하|이내|차(?!세대)|만에|여|째|경력|전\b|뒤|연속|미만|주기|단위|마다|씩|치\b|짜리|넘))"
)
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
        (rf"(?<=\(){_MONTH}\.{_DAY}\.?(?=\))", "md"),
        (rf"(?<!\d){_MONTH}\s?월(?!요일)(?=[^가-힣]|$|[초말중경부까에의은이])", "m"),
        (rf"{_YEAR}\s?\.\s?(?=[上下])[上下]", "y"),
        (r"(?<!\d)((?:19|20)\d\d)(?=\s?~\s?(?:19|20)\d\d\s?년)", "y"),
        (rf"{_LONG_YEAR}\s?년도?", "y"),
        (r"(?<![\d가-힣])'(\d\d)\s?년도?", "y"),
        (r"(?<!\d)'(\d\d)(?=[~\-.)→ ,년]|\d|\s*$)", "y"),
        (rf"(?<![\d.,A-Za-z])([1-3]\d)(?=\s?~\s?[1-3]\d년{_DURATION})", "y"),
        (rf"(?<![\d.,A-Za-z])([1-3]\d)년도?{_DURATION}", "y"),
    )
)

_ARTICLE: Final = re.compile(
    r"제\s?(?P<jo>\d+)\s?조(?:\s?의\s?(?P<eui>\d+))?(?:\s?제?\s?(?P<hang>\d+)\s?항)?(?:\s?제?\s?(?P<ho>\d+)\s?호)?"
    r"|(?<!\d)(?P<jo2>\d{1,4})\s?조(?:\s?의\s?(?P<eui2>\d+))?\s?제?\s?(?P<hang2>\d+)\s?항(?:\s?제?\s?(?P<ho2>\d+)\s?호)?"
    r"|제\s?(?P<hang3>\d+)\s?항(?:\s?제?\s?(?P<ho3>\d+)\s?호)?"
)
_PHONE: Final = re.compile(
    r"(?<![\d-])(?:\+82[-\s]?)?\(?(0\d{1,2})\)?\s?[-.)\s]\s?(\d{3,4})\s?[-.\s]\s?(\d{4})(?![\d-])"
    r"|(?<![\d-])(1[5-9]\d\d)\s?-\s?(\d{4})(?![\d-])"
    r"|(?:국번\s?없이|☎|☏|전화번호|콜센터)\s?:?\s?(1\d{2,3})(?![\d-])"
)


def figures(text: str) -> list[Figure]:
    """Quantities of ``text`` in order: 3만, 1억 9,500만, 99.4%, 20여 종, 삼만 원, 두 번째, 10:30, D+3.

    Dates, article numbers and telephone numbers are not figures, nor are numbers inside names (코로나19, 5G).
    The first number of a range takes what only the second one writes: 10~30만명 is 10만 명 and 30만 명.
    """
    folded = text.translate(_FOLD)
    folded = _masked(folded, [*_phone_spans(folded), *_article_spans(folded), *_date_spans(folded)])
    found: list[_Reading] = []
    for reader in (_special, _arabic, _sino, _native):
        for reading in reader(folded):
            found.append(reading)
            folded = _masked(folded, [(reading.start, reading.end)])
    found.sort(key=lambda reading: reading.start)
    return [
        Figure(reading.value, reading.unit, reading.start, reading.end, text[reading.start : reading.end])
        for reading in _ranges(found, text.translate(_FOLD))
    ]


def same_figure(a: Figure, b: Figure) -> bool:
    """Whether both say the same quantity: equal values and units that may stand for each other (명 and 인)."""
    if a.value == b.value and (a.unit == b.unit or frozenset((a.unit, b.unit)) in _COMPATIBLE):
        return True
    return _in_base(a) == _in_base(b)


def dates(text: str) -> list[DateMention]:
    """Dates of ``text`` in order, from 2026. 4. 13.(월) to '22년, 19.下 and 9월 26일.

    A two-digit year without an apostrophe (20년말) counts unless the words after it make it a duration.
    """
    folded = text.translate(_FOLD)
    return [replace(mention, text=text[mention.start : mention.end]) for mention in _read_dates(folded)]


def articles(text: str) -> list[str]:
    """Article numbers in order, canonical: 제15조 2항 and 제15조제2항 are both ``제15조제2항``."""
    return [_canonical_article(match) for match in _ARTICLE.finditer(text.translate(_FOLD))]


def phones(text: str) -> list[str]:
    """Telephone numbers in order, with hyphens: 044)202-4440 is ``044-202-4440``."""
    matches = _PHONE.finditer(text.translate(_FOLD))
    return ["-".join(part for part in match.groups() if part) for match in matches]


def masked(text: str) -> str:
    """``text`` with every figure, date, article and telephone number blanked out; offsets stay true."""
    folded = text.translate(_FOLD)
    spans = [*_phone_spans(folded), *_article_spans(folded), *_date_spans(folded)]
    return _masked(folded, [*spans, *((figure.start, figure.end) for figure in figures(text))])


@dataclass(frozen=True, slots=True)
class _Reading:
    """``scale`` is the multiplier written after the last number: 10,000 in 30만."""

    value: Decimal
    unit: str
    start: int
    end: int
    scale: int = 1


def _in_base(figure: Figure) -> tuple[Decimal, str]:
    unit, factor = _BASE.get(figure.unit, (figure.unit, 1))
    return figure.value * factor, unit


def _unit_at(text: str, position: int) -> tuple[str, int]:
    """The unit that follows ``position`` and where it ends; ``("", position)`` when none does."""
    gap = _UNIT_GAP.match(text, position)
    after = gap.end() if gap else position
    match = _UNIT.match(text, after)
    if match is None or match.lastgroup is None:
        return "", position
    return _UNITS[int(match.lastgroup[1:])][0], match.end()


def _arabic(text: str) -> Iterator[_Reading]:
    position = 0
    while match := _START.search(text, position):
        value, scale, end = _compose(text, match.start())
        unit, stop = _unit_at(text, end)
        position = max(stop, match.end())
        attached = unit == "" and scale == 1 and _ATTACHED.search(text[max(0, match.start() - 3) : match.start()])
        if attached or (unit == "" and re.match(r"[A-Za-z]", text[end:])):
            continue
        yield _Reading(value, unit, match.start(), stop if unit else end, scale)


def _compose(text: str, start: int) -> tuple[Decimal, int, int]:
    """The number that begins at ``start``, its last multiplier and its end: 3조 3천억, 1억 9,500만, 33.2만."""
    total, section, pending = Decimal(0), Decimal(0), None
    last_small, last_big, scale, end = 10**4, 10**16, 1, start
    while token := _TOKEN.match(text, end):
        word = token.group(2)
        if word in _BIG:
            if token.group(1) and re.match(r"[가-힣]", text[token.end() :]) and word == "조":
                break
            held = section + (pending if pending is not None else Decimal(0))
            if _BIG[word] >= last_big or held == 0:
                break
            total, section, pending = total + held * _BIG[word], Decimal(0), None
            last_small, last_big, scale = 10**4, _BIG[word], _BIG[word]
        elif word in _SMALL:
            if _SMALL[word] >= last_small or (token.group(1) and pending is None):
                break
            section += (pending if pending is not None else Decimal(1)) * _SMALL[word]
            pending, last_small, scale = None, _SMALL[word], _SMALL[word] * (scale if scale in _BIG.values() else 1)
        else:
            number = Decimal(word.replace(",", ""))
            room = last_small if last_small < 10**4 else last_big
            if end > start and (pending is not None or number >= room or not _joins(text, token)):
                break
            pending = number
        end = token.end()
    tail = pending if pending is not None else Decimal(0)
    return total + section + tail, _scale_of(text, end), end


def _joins(text: str, token: re.Match[str]) -> bool:
    """Whether a number after a multiplier goes on with it: 3조 3천억 and 3만 5000원, but not 3만 2명."""
    spaced, digits = token.group(1), token.group(2).replace(",", "")
    return not spaced or len(digits) >= 3 or text[token.end() : token.end() + 1] in "십백천만억조"


def _scale_of(text: str, end: int) -> int:
    scale = 1
    position = end - 1
    while position >= 0 and text[position] in "십백천만억조":
        scale *= _SMALL.get(text[position], 0) or _BIG[text[position]]
        position -= 1
    return scale


def _sino(text: str) -> Iterator[_Reading]:
    for match in _SINO.finditer(text):
        word = match.group(1)
        unit, end = _unit_at(text, match.end())
        if unit not in _COUNTED:
            continue
        if len(word) == 1 and not _SINGLE_SINO.match(text, match.start()):
            continue
        yield _Reading(_spelled(word), unit, match.start(), end)


def _spelled(word: str) -> Decimal:
    total, section, pending = 0, 0, 0
    for char in word:
        if char in _DIGIT:
            pending = _DIGIT[char]
        elif char in _SMALL:
            section, pending = section + (pending or 1) * _SMALL[char], 0
        else:
            total, section, pending = total + (section + pending or 1) * _BIG[char], 0, 0
    return Decimal(total + section + pending)


def _native(text: str) -> Iterator[_Reading]:
    for match in _NATIVE_COUNT.finditer(text):
        word = next(group for group in match.groups() if group)
        unit, end = _unit_at(text, match.end())
        if unit:
            yield _Reading(Decimal(_NATIVE[word]), unit, match.start(), end)


def _special(text: str) -> Iterator[_Reading]:
    """Fractions, times of day and day counts, whose digits would otherwise read as plain numbers."""
    for match in _FRACTION.finditer(text):
        if int(match.group(1)):
            yield _Reading(Decimal(match.group(2)) / Decimal(match.group(1)), "비율", match.start(), match.end())
    for match in _CLOCK.finditer(text):
        yield _Reading(Decimal(int(match.group(1)) * 60 + int(match.group(2))), "시각", match.start(), match.end())
    for match in _HOUR.finditer(text):
        hour = int(match.group(2)) + (
            12 if match.group(1) in ("오후", "밤", "저녁") and int(match.group(2)) < 12 else 0
        )
        minute = 30 if match.group(4) else int(match.group(3) or 0)
        lead = len(match.group()) - len(match.group().lstrip())
        yield _Reading(Decimal(hour * 60 + minute), "시각", match.start() + lead, match.end())
    for match in _D_DAY.finditer(text):
        yield _Reading(Decimal(match.group(2)), f"D{match.group(1)}", match.start(), match.end())


def _ranges(readings: list[_Reading], text: str) -> Iterator[_Reading]:
    """Units, and in ranges multipliers, that only the second of two numbers writes: 10~30만명, 10→3단계."""
    for reading, following in zip_longest(readings, readings[1:]):
        gap = text[reading.end : following.start] if following else ""
        if not following or reading.unit or not following.unit or not _RANGE_GAP.fullmatch(gap):
            yield reading
            continue
        shared = reading.scale == 1 and following.scale > 1 and reading.value < following.value / following.scale
        value = reading.value * following.scale if shared and not re.search("[→⇒]", gap) else reading.value
        yield replace(reading, value=value, unit=following.unit)


def _read_dates(folded: str) -> list[DateMention]:
    mentions: list[DateMention] = []
    for pattern, fields in _DATES:
        for match in pattern.finditer(folded):
            if _MASK in match.group():
                continue
            parts = dict(zip(fields, match.groups(), strict=False))
            year, month, day = (int(parts[key]) if key in parts else None for key in "ymd")
            mentions.append(DateMention(_full_year(year), month, day, match.start(), match.end(), match.group()))
        folded = _masked(folded, ((mention.start, mention.end) for mention in mentions))
    return sorted(mentions, key=lambda mention: mention.start)


def _full_year(year: int | None) -> int | None:
    if year is None or year >= 100:
        return year
    return year + (1900 if year >= 60 else 2000)


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _MASK * (end - start) + text[end:]
    return text


def _date_spans(folded: str) -> list[tuple[int, int]]:
    return [(mention.start, mention.end) for mention in _read_dates(folded)]


def _article_spans(folded: str) -> list[tuple[int, int]]:
    return [match.span() for match in _ARTICLE.finditer(folded)]


def _phone_spans(folded: str) -> list[tuple[int, int]]:
    return [match.span() for match in _PHONE.finditer(folded)]


def _canonical_article(match: re.Match[str]) -> str:
    groups = match.groupdict()
    article, branch = groups["jo"] or groups["jo2"], groups["eui"] or groups["eui2"]
    paragraph = groups["hang"] or groups["hang2"] or groups["hang3"]
    item = groups["ho"] or groups["ho2"] or groups["ho3"]
    return "".join(
        (
            f"제{article}조" if article else "",
            f"의{branch}" if branch else "",
            f"제{paragraph}항" if paragraph else "",
            f"제{item}호" if item else "",
        )
    )
