"""What kind of question it is and what sort of thing would answer it, read from its wording.

Order matters: the first rule that matches wins, from the most to the least telling wording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from chatbot.answer import QuestionKind


class AskedFor(StrEnum):
    """The sort of thing that would answer the question."""

    AMOUNT = "amount"
    COUNT = "count"
    DATE = "date"
    DURATION = "duration"
    ORGANISATION = "organisation"
    PERSON = "person"
    PLACE = "place"
    PHONE = "phone"
    REASON = "reason"
    METHOD = "method"
    LIST = "list"
    NAME = "name"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: QuestionKind
    asked_for: AskedFor
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


def _rule(kind: QuestionKind, asked_for: AskedFor, pattern: str, unless: str = "") -> _Rule:
    return _Rule(kind, asked_for, re.compile(pattern, re.I), re.compile(unless, re.I) if unless else None)


_BODIES = r"부처|기관|회사|기업|업체|부서|대학|지자체|자치단체|단체|조직|청|위원회|곳"
_RULES: tuple[_Rule, ...] = (
    _rule(
        QuestionKind.CONTACT,
        AskedFor.PHONE,
        r"연락처|문의처|(?:담당자?|책임자?|과장|사무관|주무관|팀장|부서).{0,14}(?:번호|전화|연락|성함)|대표\s*번호|내선"
        r"|전화번호.{0,4}(?:좀|알려|뭐|무엇|몇|어떻게\s*되|부탁|주세요|주십|인가|예요|은\s*\?|는\s*\?)|어디로\s*(?:전화|연락|문의)"
        r"|담당\s*부서.{0,6}(?:어디|알려|뭐|무엇|인가|예요|는\??$|은\??$)|phone|contact|telephone",
        r"(?:불법|거짓|사기|범죄|스팸|발신|대포)\s*전화번호",
    ),
    _rule(
        QuestionKind.COMPARE,
        AskedFor.OTHER,
        r"차이|비교|다른\s*(?:점|가요|건|거|지)|어떻게\s*(?:달|다르|다른)|뭐가\s*달|무엇이\s*달|\bvs\b|대조|(?:랑|와|과|하고)\s.*각각(?!\s*(?:몇|얼마))"
        r"|compare|difference|differ\b",
    ),
    _rule(
        QuestionKind.SUMMARY,
        AskedFor.OTHER,
        r"요약|간추|정리해|개요|설명해|소개해|핵심만|간단히|간략"
        r"|어떤\s*(?:사례|사업|서비스|제도|내용)(?:인가|인지|이야|야|예요|이에요|입니까|인데)"
        r"|(?:에\s*대해|대하여)\s*(?:알려|말해)|summari[sz]e|overview|tell me about",
        r"번호|모두|전부|(?:것은|건|게|곳은)\s*(?:어떤|무슨)",
    ),
    _rule(
        QuestionKind.LIST,
        AskedFor.LIST,
        r"모두|전부|빠짐없이|(?:^|\s)다\s*(?:알려|말해|적어|나열|찾아|보여|뭐)|목록|나열|열거|리스트|어떤\s*것들|무엇무엇"
        r"|무엇들|뭐뭐|뭐\s*뭐|것들이"
        r"|종류(?:를|는|가|에는|\s)|(?:어떤|어느|무슨)\s*(?!부처|기관)[가-힣]+들|사례(?:가|는|를|들|도|\s|이).{0,8}(?:있|알려|찾|보여|무엇|뭐|소개)"
        r"|사례로는|성과로는|찾아\s*(?:줘|주|달)|실려\s*있|실린\s*(?:것|사례)"
        r"|\blist\b|\ball\b.*\b(?:cases|projects)|which (?:cases|projects|agencies)",
        r"(?:모두|전부|총)\s*(?:몇|얼마)",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.DURATION,
        r"얼마나\s*(?:걸|오래|빨리|단축)|얼마\s*만에|며칠\s*(?:만|로|이나|걸|안에|씩|까지\s*줄|동안)|몇\s*(?:일|개월|달|주|시간|분|초)"
        r"|몇\s*년\s*(?:간|동안|만|이나|걸)|(?:처리|소요|개발|지원|신청|유효)\s*기간|how long",
    ),
    _rule(
        QuestionKind.WHEN,
        AskedFor.DATE,
        r"언제|며칠|몇\s*(?:년|월|시)(?!\s*간)|날짜|일자(?!리)|일시|발표일|시행일|개시일|마감일|몇년도|연도는|시점은"
        r"|when\b|what (?:date|year)",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.COUNT,
        r"(?:건수|인원|대수|개수|횟수|순위|발급량|이용자\s*수|(?<=\s)수(?=는|가))(?:가|는|은|이)?\s*(?:[가-힣]+\s*)?(?:얼마|몇|\?|$)",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.AMOUNT,
        r"얼마|금액|비용은|예산은|상금|수수료는|몇\s*(?:%|퍼센트|프로|원|억|만\s*원|배)|how much|what percent",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.COUNT,
        r"몇|건수|인원|대수|개수|횟수|순위|비율|수는|규모(?:는|가|인)|how many|what number",
    ),
    _rule(
        QuestionKind.WHO,
        AskedFor.ORGANISATION,
        rf"(?:어느|어떤|무슨)\s*(?:{_BODIES})|어디서\s*(?:하|만들|주관|운영|개발|추진|담당|맡|선정|발표|시행|주최|했|한)"
        rf"|주관(?:은|한|하)|협력한\s*(?:곳|기관)|(?:{_BODIES})(?:은|는|이|가)?\s*(?:어디|누구|\?|$|인가|입니까)"
        r"|어디(?:죠|예요|인가요?|야)?\?*$|which (?:agency|ministry|company|organi[sz]ation)",
        r"어느\s*(?:구|시|군|동네|지역)",
    ),
    _rule(QuestionKind.WHO, AskedFor.PERSON, r"누가|누구|성함|이름이\s*(?:뭐|무엇)인\s*사람|who\b"),
    _rule(
        QuestionKind.WHERE,
        AskedFor.PLACE,
        r"어디|어느\s*(?:곳|지역|동네|시|도|구|군|나라|도시)|장소|위치|where\b",
    ),
    _rule(QuestionKind.WHY_HOW, AskedFor.REASON, r"왜|이유|까닭|때문|배경|목적|계기|원인|어떤\s*(?:점|문제)|why\b"),
    _rule(
        QuestionKind.WHY_HOW,
        AskedFor.METHOD,
        r"어떻게|어떤\s*(?:방식|방법|접근|식|절차|효과|노력)|방법|절차|how\b",
    ),
    _rule(
        QuestionKind.FACT,
        AskedFor.NAME,
        r"이름|명칭|뭐라고|무엇이라|무엇의\s*약|약자|약어|무슨\s*뜻|what is .* called",
    ),
)
_CASES_BY_YEAR = re.compile(r"(?:사례|성과|사업|과제)(?:로는|에는|들?은|는)\s*(?:무엇|뭐|어떤)")
_SMALL_TALK = re.compile(
    r"^\s*(?:안녕(?:하세요|하십니까|히)?|반가(?:워|와|웠)\S*|고마(?:워|웠)\S*|감사(?:합니다|해요|드려요)?|수고\S*|잘\s*있어\S*|하이|헬로"
    r"|hello|hi|hey|thanks?(?:\s*you)?|thank you|bye"
    r"|넌?\s*누구(?:야|세요|니|예요|인가요)?|이름이\s*뭐(?:야|예요|니))[\s.!?~ㅎㅋ^]*$",
    re.I,
)
_OUT_OF_SCOPE = re.compile(
    r"(?:비트코인|이더리움|코인|주식|로또|환율|부동산\s*시세).{0,14}(?:사도|살까|팔까|오를|내릴|추천|전망|당첨|번호|얼마)"
    r"|(?:오늘|내일|모레|주말).{0,6}날씨|날씨\s*(?:어때|알려|좋)|(?:점심|저녁|아침|야식)\s*(?:메뉴|뭐\s*먹)|맛집\s*(?:추천|알려|어디)|운세|타로|궁합|연애\s*상담"
    r"|농담\s*(?:해|하나)|노래\s*(?:불러|추천|틀어)|영화\s*추천|게임\s*추천"
    r"|(?:파이썬|자바|코드|프로그램)\S*\s*(?:를|을)?\s*(?:짜|작성해|만들어\s*줘)"
    r"|(?:소설|시|작사|자기소개서|독후감)(?:를|을)?\s*(?:써|지어)|축구\s*(?:결과|스코어)|야구\s*(?:결과|스코어)",
    re.I,
)


def kind_of(question: str) -> tuple[QuestionKind, AskedFor]:
    """Kind and asked-for thing; a question that no rule knows is after a fact."""
    if _SMALL_TALK.match(question):
        return QuestionKind.SMALL_TALK, AskedFor.OTHER
    if _OUT_OF_SCOPE.search(question):
        return QuestionKind.OUT_OF_SCOPE, AskedFor.OTHER
    if _CASES_BY_YEAR.search(question):
        return QuestionKind.LIST, AskedFor.LIST
    for rule in _RULES:
        if rule.pattern.search(question) and not (rule.unless and rule.unless.search(question)):
            return rule.kind, rule.asked_for
    return QuestionKind.FACT, AskedFor.OTHER
