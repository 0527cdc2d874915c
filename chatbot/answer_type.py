"""What kind of thing a question asks for, against what a sentence holds.

A small encoder barely knows that "몇 명" wants people and "언제" wants a date; these checks carry that share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.understand import AskedFor

_NUMBER = r"(?:\d[\d,.]*|[일이삼사오육칠팔구십백천만억조]{1,6})"
_SCALE = r"(?:\s*(?:여|천|만|억|조|백))*"
_NATIVE = r"(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열)"
_AMOUNT = re.compile(r"\d|무료|무상|면제|절반|전액|[일이삼사오육칠팔구십백천만억조]{2,}")
_DATE = re.compile(
    r"(?:19|20)\d{2}\s*[.년~-]|['’‘\"]?\d{2}\s*[.년]\s*(?:\d{1,2}|[上下말초])|\d{1,2}\s*월\s*\d{1,2}\s*일|\d{1,2}\s*월"
    r"|\d{1,2}\.\s*\d{1,2}(?:\.|\s*[(~)])|\d{1,2}:\d{2}|\d+\s*분기|['’‘]\d{2}|\d{1,2}\s*시(?!\s*간)"
    r"|\d{1,2}\s*일(?=\s*[(,.]|에|까지|부터|$|\s(?!\s*(?:이내|이상|이하|간|동안|안|만|전|후|뒤)))"
)
_DURATION = re.compile(
    rf"{_NUMBER}\s*(?:여\s*)?(?:년|개월|달|주|일|시간|분|초)(?!\s*도(?!래|달))|\d\s*월\s*(?:이내|이상|간|안|내)|D\s*\+\s*\d+"
)
# A time told by another event: 신고한 날부터, 판결 선고 전까지, 지체 없이, 다음 달. Answers what holds in general.
_MOMENT = re.compile(
    r"[날달때](?:부터|까지|의|에|로|이|가|$|\s)|[가-힣]일(?:부터|까지|로부터|\s*(?:전|후|이후|이전))|지체\s*없이|즉시|직후|직전|이후|이전"
    r"|[전후뒤](?:까지|에|\s)|다음\s*(?:[날달해]|연도)|월분|매[년월주일]|연중|동시|면서(?=\s)|[가-힣]{2}일(?![가-힣])|[가-힣]{2}일[로에을](?![가-힣])|[가-힣]기간|상시|수시|올해|내년|지난해|작년|연내|[상하]반기"
)
_PAST = re.compile(r"[았었했됐렸졌겼났섰왔갔였](?:나|습|는|던|지|어|을|죠|고|다)")
_ASKS_TIME = re.compile(r"언제|며칠|몇|어느|시점|시각|날짜|기간|기한|마감")
_PHONE = re.compile(r"\d{2,4}-\d{3,4}(?:-\d{4})?|(?<!\d)1\d{2,3}(?!\d)|☎\s*\d")
_ORGANISATION = re.compile(
    r"[가-힣A-Za-z]+(?:부|처|청|원|위원회|공단|공사|진흥원|센터|대학교?|시|도|군|구|협회|연구원|본부|은행|재단|㈜)"
    r"|㈜|주식회사|\b[A-Z]{2,6}\b"
)
_PERSON = re.compile(
    r"[가-힣]{2,4}\s*(?:장관|차관|과장|사무관|서기관|주무관|국장|실장|정책관|부총리|변호사|이사|대표|교수|위원)"
)
_PLACE = re.compile(r"[가-힣]+(?:시|도|군|구|동|읍|면|리|로|길|홀|센터|청사|지역|해변|공항|항|역)(?![가-힣]*다)")
_REASON = re.compile(
    r"때문|위해|위하여|따라|인해|으로서?\s|문제|어려|부담|한계|필요|불편|우려|부족|미흡|지연|곤란|개선|방지|예방|해소"
)
_METHOD = re.compile(r"통해|통하여|활용|이용|구축|도입|개발|협업|협력|방식|적용|연계|개정|신청|제출|하여")
_PATTERNS: dict[AskedFor, re.Pattern[str]] = {
    AskedFor.AMOUNT: _AMOUNT,
    AskedFor.DATE: _DATE,
    AskedFor.DURATION: _DURATION,
    AskedFor.PHONE: _PHONE,
    AskedFor.ORGANISATION: _ORGANISATION,
    AskedFor.PERSON: _PERSON,
    AskedFor.PLACE: _PLACE,
    AskedFor.REASON: _REASON,
    AskedFor.METHOD: _METHOD,
}
HARD = frozenset({AskedFor.AMOUNT, AskedFor.COUNT, AskedFor.DATE, AskedFor.DURATION, AskedFor.PHONE})
"""Kinds that a sentence without such a thing cannot answer."""

_UNIT_WORDS = (
    (
        "원",
        re.compile(
            r"예산|비용|금액|가격|(?<!수 )(?<![준치정])값(?:이|은)?\s*얼마|포상금|상금|지원금|요금|벌금|돈이|돈은|액수"
            r"|단가|임대료|월급|급여|연봉|수당|보증금"
            r"|[가-힣]{2}(?:료|비|금|세|액)(?:(?:은|는|이|가|을|를|로)\s+(?:\S+\s+){0,2}|\s*)얼마"
        ),
    ),
    ("%", re.compile(r"퍼센트|비율|정확도|이용률|달성률|점유율|percent", re.I)),
)
# What a law or a tariff may give as a share of something else.
_SHARED = re.compile(r"의\s*얼마|요율|보험료|요금|세금|세액|감면|할인|깎|부담|공제|가산금|이자|수당|급여|보상|장려금")
_MONEY = re.compile(
    rf"{_NUMBER}{_SCALE}\s*(?:여\s*)?(?:원|달러|유로|엔|파운드)|\d\s*[만억조](?![가-힣]|\s*(?:건|명|개|대|가구|면))|\(\s*(?:단위\s*:\s*)?[십백천만억]*원|무료|무상|면제|전액|본인\s*부담"
)
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|퍼센트|프로)|\d\s*배|\d\s*[/:]\s*\d|분의\s*\d|\d\s*할|절반")
_TIME_UNITS = frozenset({"개월", "년", "월", "일", "시간", "분", "초", "주", "달", "시"})
_RATIO = re.compile(r"몇\s*대\s*몇")
# 몇 분 of people, not of minutes
_HEADS = re.compile(r"몇\s*분(?:이|인|께|의|을\s*(?:모|초|뽑))(?!\s*(?:걸|지나|안|내|남))")
_BY_HOW_MUCH = re.compile(
    r"얼마나|(?:어느\s*정도|얼마만큼|얼마)\s*(?:줄|늘|절감|절약|감소|증가|단축|향상|높|낮|오르|올랐|아끼|아꼈|아낄)"
)
_COUNTER = re.compile(r"몇\s*(?P<unit>개월|[가-힣%]{1,4}|[a-zA-Z㎏㎞㎡℃ℓ]{1,2})")
_PERCENT_UNITS = frozenset({"%", "퍼센트", "프로", "배"})
_UNIT_FAMILIES: tuple[frozenset[str], ...] = (
    frozenset({"명", "인", "사람", "분", "가구", "세대", "마리"}),
    frozenset(
        {
            "개",
            "종",
            "곳",
            "개소",
            "건",
            "가지",
            "군데",
            "대",
            "면",
            "회",
            "번",
            "차례",
            "점",
            "필지",
            "단계",
            "척",
            "동",
            "업체",
            "기업",
            "회사",
            "기관",
            "개사",
        }
    ),
    frozenset({"원", "만원", "억", "달러"}),
    _PERCENT_UNITS,
    frozenset({"위", "등", "순위"}),
    frozenset({"급", "등급"}),
    frozenset({"미터", "m", "㎞", "km", "킬로", "킬로미터", "㎝", "cm"}),
    frozenset({"톤", "t", "㎏", "kg", "킬로그램"}),
    frozenset({"㎡", "제곱미터", "평", "ha", "헥타르"}),
    frozenset({"도", "℃"}),
    frozenset({"살", "세"}),
    frozenset({"리터", "ℓ", "L"}),
)
_COUNTED = _UNIT_FAMILIES[0] | _UNIT_FAMILIES[1]


_OFFICES = (
    r"장관|차관|총리|단장|위원장|이사장|원장|청장|소장|회장|총장|부장|팀장|과장|국장|실장|센터장|시장|군수|구청장|지사"
    r"|대표|교수|의원"
)
_ASKS_OFFICE = re.compile(rf"(?:{_OFFICES})(?:의|은|는|이|가)?\s*(?:누구|누가|이름|성함|성명)")
_OFFICE_HOLDER = re.compile(
    rf"[가-힣]{{2,4}}\s+[가-힣]*(?:{_OFFICES})|(?:{_OFFICES})[은는이가의:\s(]{{1,3}}[가-힣]{{2,4}}"
)


def lacks_holder(question: str, texts: Sequence[str]) -> bool:
    """Whether the question asks who holds an office (초대 단장은 누구) and no text names anybody with one."""
    return bool(_ASKS_OFFICE.search(question)) and not any(_OFFICE_HOLDER.search(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The kind of thing that a question is after. ``counter`` is its unit (명 of "몇 명"), empty where any will do.

    ``in_general`` tells a question about what holds (언제까지 신청하나요) from one about what happened (언제 열렸나요):
    the first may be answered by a time limit or by another event, the second only by a date. ``or_share`` tells that
    an amount may be given as a share (보험료의 절반).
    """

    asked_for: AskedFor
    counter: str
    in_general: bool = False
    or_share: bool = False


def wanted_of(question: str, asked_for: AskedFor) -> Wanted:
    """What ``question``, which asks for an ``asked_for``, would take as an answer."""
    place = max((found.start() for found in _ASKS_TIME.finditer(question)), default=0)
    in_general = _PAST.search(question, place) is None
    return Wanted(asked_for, counter_of(question), in_general, _SHARED.search(question) is not None)


def counter_of(question: str) -> str:
    """The unit a question asks for: ``명`` of "몇 명이나", 원 of "예산이 얼마"; empty when there is none."""
    if _RATIO.search(question):
        return "%"
    if _HEADS.search(question):
        return "명"
    found = _COUNTER.search(question)
    if not found and _BY_HOW_MUCH.search(question):
        return ""  # "얼마나 절감" may be answered in any unit
    if not found:
        return next((unit for unit, words in _UNIT_WORDS if words.search(question)), "")
    unit = found["unit"]
    if unit.startswith("번째"):
        return ""
    known = {name for family in _UNIT_FAMILIES for name in family} | _TIME_UNITS
    return next((unit[:length] for length in (4, 3, 2, 1) if unit[:length] in known), "")


def holds(wanted: Wanted, text: str) -> bool | None:
    """Whether ``text`` holds a thing of the wanted kind; ``None`` where the kind has no outward sign."""
    if wanted.asked_for is AskedFor.COUNT:
        return _holds_count(wanted.counter, text)
    if wanted.asked_for is AskedFor.AMOUNT and wanted.counter == "원":
        return bool(_MONEY.search(text) or (wanted.or_share and _PERCENT.search(text)))
    if wanted.asked_for is AskedFor.AMOUNT and wanted.counter == "%":
        return bool(_PERCENT.search(text))
    if wanted.asked_for is AskedFor.DURATION and wanted.counter == "명":
        return holds_unit("명", text)
    if wanted.asked_for is AskedFor.DATE and wanted.in_general and (_DURATION.search(text) or _MOMENT.search(text)):
        return True
    pattern = _PATTERNS.get(wanted.asked_for)
    return None if pattern is None else bool(pattern.search(text))


def holds_unit(counter: str, text: str) -> bool:
    """Whether a number with exactly this counting word, or one of its family, stands in ``text``."""
    if counter in _PERCENT_UNITS:
        return bool(_PERCENT.search(text))
    units = next((family for family in _UNIT_FAMILIES if counter in family), frozenset({counter}))
    names = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    # 9만 2천여 의용소방대원: about so many, without a counting word
    about = r"|\d\s*[천만]여\s+[가-힣]" if counter in _COUNTED else ""
    return bool(re.search(rf"(?:{_NUMBER}{_SCALE}\s*(?:여\s*)?|{_NATIVE}\s*)(?:{names}){about}", text))


def _holds_count(counter: str, text: str) -> bool:
    return holds_unit(counter, text) if counter else bool(re.search(r"\d|[첫두세네]\s?번째", text))
