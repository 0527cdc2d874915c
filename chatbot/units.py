"""Units of quantities: how they are written, which may stand for each other, and what they convert to."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

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
    ("명", r"명(?![령칭시확단예절])|사람|인(?![증터프력재식구허정지센]|가(?!구))"),
    ("건", r"건(?![물축강설전립])|件"),
    ("시간", r"시간"),
    ("시", r"시(?![간작범행스설민장군도청중급각점책대])"),
    ("분", r"분(?![기야석류산의리쟁])"),
    ("초", r"초(?![기등과안중고])"),
    ("주", r"주일?(?![민택요차소거무체간지])|주간"),
    ("일", r"일(?![반자제괄원시상본률]|부(?!터)|정(?!도))"),
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
_COMPATIBLE: Final = frozenset(
    frozenset(pair)
    for pair in (("개", "곳"), ("개", "가지"), ("종", "가지"), ("개", "국"), ("곳", "국"), ("번째", "회"))
)
_BASE: Final = {
    "%": ("비율", Decimal("0.01")),
    "시간": ("분", Decimal(60)),
    "년": ("개월", Decimal(12)),
    "주": ("일", Decimal(7)),
    "km": ("m", Decimal(1000)),
    "톤": ("kg", Decimal(1000)),
    "TB": ("GB", Decimal(1024)),
}


def unit_at(text: str, position: int) -> tuple[str, int]:
    """The unit that follows ``position`` and where it ends; ``("", position)`` when none does."""
    gap = _UNIT_GAP.match(text, position)
    after = gap.end() if gap else position
    match = _UNIT.match(text, after)
    if match is None or match.lastgroup is None:
        return "", position
    return _UNITS[int(match.lastgroup[1:])][0], match.end()


def compatible(one: str, other: str) -> bool:
    """Whether two canonical units may count the same things: 개 and 곳, but not 개 and 종."""
    return one == other or frozenset((one, other)) in _COMPATIBLE


def in_base(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """The quantity in its smallest unit: two hours are 120 minutes."""
    base, factor = _BASE.get(unit, (unit, Decimal(1)))
    return value * factor, base
