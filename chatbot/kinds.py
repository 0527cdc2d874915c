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
        r"|전화번호.{0,4}(?:좀|알려|뭐|무엇|몇|어떻게\s*되|부탁|주세요|주십|인가|예요|은\s*\?|는\s*\?)|"
        r"어디로\s*(?:전화|연락|문의)"
        r"|(?:전화|콜센터|센터|상담|공단|재단|위원회|헬프데스크|마이홈|질병청|대표|청소년전화|마을)"
        r".{0,12}번호(?:가|는|를|\s|좀|요).{0,4}"
        r"(?:뭐|무엇|몇|알|어떻게|있|좀|\?|$)|번호\s*(?:좀\s*)?(?:알려|부탁)|몇\s*번(?:으로|에|을)\s*(?"
        r":전화|걸|누르|신고|하)"
        r"|번호[가는은]?\s*몇\s*번|(?:전화|문의|콜센터).{0,14}몇\s*번(?:인가|이|예|$|\?)|어디(?:로|에|다)?\s*전화"
        r"|담당\s*부서.{0,6}(?:어디|알려|뭐|무엇|인가|예요|는\??$|은\??$)|phone|contact|telephone",
        r"연락처(?:는|를)?\s*(?:어디서|어디에서)|which (?:organi[sz]ation|agency|office|ministry)"
        r"|(?:불법|거짓|사기|범죄|스팸|발신|대포)\s*전화번호|(?:사업자|등록|문서|우편|계좌|차량|관리)\s*번호|"
        r"(?:이유|까닭|왜)",
    ),
    _rule(QuestionKind.CONTACT, AskedFor.ORGANISATION, r"어디(?:로|에|다)?\s*물어보", r"이유|까닭|왜"),
    _rule(
        QuestionKind.COMPARE,
        AskedFor.OTHER,
        r"(?<!대)차이|비교|다른\s*(?:점|가요|건|거|지)|어떻게\s*(?:서로\s*)?(?:달|다르|다른|다릅|구별|구분)|"
        r"뭐가\s*(?:달|다르|다릅)|무엇이\s*(?:달|다르|다릅)|견주어|\bvs\b|대조|(?:랑|와|과|하고)\s.*각각(?"
        r"!\s*(?:몇|얼마))"
        r"|compare|difference|differ\b",
    ),
    _rule(
        QuestionKind.SUMMARY,
        AskedFor.OTHER,
        r"요약|간추|정리(?:해|하면|하라|하시|하세)|개요|설명해|소개해|핵심만|간단히|간략"
        r"|어떤\s*(?:사례|사업|서비스|제도|내용)(?:인가|인지|이야|야|예요|이에요|입니까|인데)"
        r"|(?:에\s*대해|대하여)\s*(?:알려|말해)|summari[sz]e|overview|tell me about",
        r"번호|모두|전부|(?:것은|건|게|곳은)\s*(?:어떤|무슨)|(?:사항|항목|서류|요건|조건|종류|목록)(?:들)?(?:을|를)?\s*정리",
    ),
    _rule(
        QuestionKind.LIST,
        AskedFor.LIST,
        r"모두|전부|빠짐없이|(?:사항|항목|서류|요건|조건|종류|목록)(?:들)?(?:을|를)?\s*정리|(?:^|\s)다\s*(?:알려|말해|적어|나열|찾아|보여|뭐)|목록|나열|열거|리스트|"
        r"어떤\s*것들|무엇무엇"
        r"|무엇들|뭐뭐|뭐\s*뭐|것들(?:이|은|을)|누구누구|어디어디|(?:두|세|네|다섯|여섯|일곱|여덟|[2-9]|몇)"
        r"\s*가지(?:는|가|를|만|를\s*들면|\s*알려|\?|$)"
        r"|에(?:는|서는)?\s*(?:무엇이|뭐가|어떤\s*것이|어떤\s*게)\s*있|뭐가\s*(?:있|들어)|어떤\s*것(?:들)?(?"
        r":이\s*있|입니까|인가)"
        r"|[가-힣]{2,}들(?:을|은|이)?\s*(?:알려|말해|\?|무엇|뭐)|(?:사항|항목|서류|경우|업종|품목|사유|조치|"
        r"내용)(?:에는|은|는|을|를)?\s*(?:무엇|뭐|어떤|모두|\?)"
        r"|종류(?:를|는|가|에는|\s)|(?:어떤|어느|무슨)\s*(?!부처|기관)[가-힣]+들|사례(?:가|는|를|들|도|\s|"
        r"이).{0,8}(?:있|알려|찾|보여|무엇|뭐|소개)"
        r"|사례로는|성과로는|찾아\s*(?:줘|주|달)|실려\s*있|실린\s*(?:것|사례)"
        r"|\blist\b|\ball\b.*\b(?:cases|projects)|which (?:cases|projects|agencies)",
        r"(?:모두|전부|총)\s*(?:몇|얼마)",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.DURATION,
        r"얼마나\s*(?:걸|오래|빨리|단축)|얼마\s*(?:만에|동안|안에)|며칠\s*(?:만|로|이나|걸|안에|씩|"
        r"까지\s*줄|동안)|몇\s*(?:일|개월|달|주|시간|분|초)"
        r"|몇\s*년\s*(?:간|동안|만|이나|걸|까지|이|인|입|안|에\s*걸쳐|지나|쯤)|며칠\s*(?:이내|이상|간)|"
        r"일수는\s*며칠|기간은\s*(?:몇|얼마)"
        r"|(?:처리|소요|개발|지원|유효)\s*기간|how long",
        r"몇\s*년도|몇\s*년에|몇\s*월|며칠에|누가|몇\s*(?:점|명|건|개(?!월)|곳|대|퍼센트|%|회|번)",
    ),
    _rule(
        QuestionKind.WHEN,
        AskedFor.DATE,
        r"언제|며칠(?=[\s,]*(?:인|이|에|날|까지|부터|자|일|\?|$))|몇\s*(?:년(?!째)|월|시)(?!\s*간)"
        r"|날짜(?=[는은가이를]?\s*(?:언제|며칠|알|말|어떻|어느|궁금|\?|$))|일자(?!리)|일시(?!금)|발표일|시행일|개시일|마감일|"
        r"몇년도|연도는|시점은"
        r"|(?:신청|모집|접수|개최|행사|운영|점검|단속|전시)\s*기간(?:은|이|을|\s)|(?:운영\s*시간|시각|시점)"
        r"(?:은|이|을)|어느\s*(?:날|달|시점|해)"
        r"|when\b|what (?:date|year)",
        r"(?:경우|때)(?:는|가|란|이란)?\s*언제",
    ),
    _rule(
        QuestionKind.WHO,
        AskedFor.PERSON,
        r"누가\s*(?:내|부담|맡|지정|정|해|하|받|만들|결정|운영|쓰|써)|(?:장|관|원|대표|사장|책임자|담당자|"
        r"선수|수상자)(?:의|은|는)?\s*(?:이름|성명|성함)"
        r"|성명이",
        r"얼마씩|몇",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.COUNT,
        r"(?:건수|인원|대수|개수|횟수|순위|발급량|이용자\s*수|(?<=\s)수(?=는|가))(?:가|는|은|이)?\s*(?"
        r":[가-힣]+\s*)?(?:얼마|몇|\?|$)",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.AMOUNT,
        r"얼마|몇\s*(?:%|퍼센트|프로|원|억|만\s*원|배)|how much|what percent"
        r"|(?:금액|비용|예산|[상벌]금|수수료|지원금|요금|과태료|단가|액수)(?:은|는|이|가|도)?\s*(?:요|\?|$|알려|말해|어느\s*정도|어떻게\s*되)",
    ),
    _rule(
        QuestionKind.NUMBER,
        AskedFor.COUNT,
        r"몇(?!\s*[가-힣]{1,2}\s?째|\s*[가-힣]{1,2}이고)|(?:건수|인원|대수|개수|횟수|순위|비율|규모)(?:은|는|이|가|도|인)?\s*(?:요|\?|$|알려|말해|어느\s*정도|어떻게\s*되|[가-힣]*인가)"
        r"|(?:^|[\s자객생구건횟개대명원량])수(?:는|가)\s|how many|what number",
    ),
    _rule(
        QuestionKind.WHERE,
        AskedFor.PLACE,
        r"(?:지역|도시|동네|장소|나라|마을|현장|댐|호텔|백화점|공원|어린이집|학교|시장|역|섬|시|군|구)(?:은|"
        r"는|이|가)\s*어디(?!어디)"
        r"|(?:열린|열리는|열릴|찾은|간|방문한|다녀온|위치한|설치된|설치한|받는|볼\s*수\s*있는|"
        r"상담받을\s*만한)\s*곳(?:은|이|을)?(?:요|\s|\?|$)"
        r"|어느\s*(?:백화점|호텔|공원|학교|법원|은행|센터|사이트|누리집|홈페이지|주민센터|병원|건물|바다|해변)"
        r"|어느\s*(?:기관|부서)에(?:\s*가서|서)?\s*(?:신청|내|냅|제출|문의|접수|등록)",
        r"어떤\s*기관|누가",
    ),
    _rule(
        QuestionKind.WHO,
        AskedFor.ORGANISATION,
        rf"(?:어느|어떤|무슨)\s*(?:{_BODIES})|어디서\s*(?:하|만들|주관|운영|개발|추진|담당|맡|선정|발표|시행|"
        rf"주최|했|한)"
        rf"|주관(?:은|한|하)|협력한\s*(?:곳|기관)|(?:{_BODIES})(?:은|는|이|가)?\s*(?:어디|누구|\?|$|인가|입니까)"
        r"|어디(?:죠|예요|인가요?|야)?\?*$|which (?:agency|ministry|company|organi[sz]ation)",
        r"어느\s*(?:구|시|군|동네|지역)",
    ),
    _rule(
        QuestionKind.WHO,
        AskedFor.ORGANISATION,
        r"(?:기관|조직|단체|회사|업체|기업|부처|주체)(?:의|은|는|을|를|이)?\s*(?:이름|명칭|알려|\?|요\??$)",
    ),
    _rule(
        QuestionKind.WHO,
        AskedFor.PERSON,
        r"누가|누구|성함|어떤\s*사람(?:을|이에|입|인)|(?:장관|청장|소장)\s*이름|이름이\s*(?:뭐|무엇)인\s*사람|who\b",
    ),
    _rule(
        QuestionKind.WHERE,
        AskedFor.PLACE,
        r"어디|어느\s*(?:곳|지역|동네|시|도|구|군|나라|도시)|장소|위치|where\b",
    ),
    _rule(
        QuestionKind.WHY_HOW,
        AskedFor.REASON,
        r"왜|이유|까닭|때문|배경|목적|취지|의도|계기|원인|어떤\s*(?:점|문제)|why\b",
    ),
    _rule(
        QuestionKind.WHY_HOW,
        AskedFor.METHOD,
        r"어떻게|어떤\s*(?:방식|방법|접근|식|절차|효과|노력|과정|경로|순서|단계|결과|책임|조치)|방법|절차|"
        r"무엇을\s*(?:해|하|거쳐|챙)|how\b",
    ),
    _rule(
        QuestionKind.FACT,
        AskedFor.NAME,
        r"이름|명칭|뭐라고|무엇이라|무엇의\s*약|약자|약어|무슨\s*뜻|what is .* called",
    ),
)
_CASES_BY_YEAR = re.compile(r"(?:사례|성과|사업|과제)(?:로는|에는|들?은|는)\s*(?:무엇|뭐|어떤)")
_SMALL_TALK = re.compile(
    r"^\s*(?:안녕(?:하세요|하십니까|히)?|반가(?:워|와|웠)\S*|고마(?:워|웠)\S*|감사(?:합니다|해요|드려요)?|"
    r"수고\S*|잘\s*있어\S*|하이|헬로"
    r"|hello|hi|hey|thanks?(?:\s*you)?|thank you|bye"
    r"|넌?\s*누구(?:야|세요|니|예요|인가요)?|이름이\s*뭐(?:야|예요|니))[\s.!?~ㅎㅋ^]*$",
    re.I,
)
_OUT_OF_SCOPE = re.compile(
    r"(?:비트코인|이더리움|코인|주식|로또|환율|부동산\s*시세).{0,14}(?:사도|살까|팔까|오를|내릴|추천|전망|"
    r"당첨|번호|얼마)"
    r"|(?:오늘|내일|모레|주말).{0,6}날씨|날씨\s*(?:어때|알려|좋)|(?:점심|저녁|아침|야식)\s*(?:메뉴|뭐\s*먹)|"
    r"맛집\s*(?:추천|알려|어디)|운세|타로|궁합|연애\s*상담"
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
