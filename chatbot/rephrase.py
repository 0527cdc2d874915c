"""Follow-up questions made self-contained by rule; a standalone question is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiwipiepy import Kiwi, Token

from chatbot.agencies import AgencyTable
from chatbot.answer import Turn

MAX_CARRIED: Final = 6
_MAX_TURNS: Final = 5

_NOUN_PARTS: Final = frozenset(("NNG", "NNP", "SL", "SN", "SH", "XSN", "XPN", "XR"))
_CONTENT: Final = frozenset(("NNG", "NNP", "SL", "SH", "XR"))
# Words that ask about any topic and name none.
_GENERIC_WORDS: Final = (
    "경우 때 것 수 곳 데 이유 까닭 방법 기준 기간 금액 사람 정도 얼마 언제 어디 누구 무엇 신청 지원 "
    "번호 전화 전화번호 연락처 조건 내용 한도 비율 대상 비용 돈 나이 소득 결과 처벌 처분 이름 성함 기관 "
    "담당 부서 담당자 예산 규모 건 개 명 년 월 일 원 시간 서류 절차 필요 가능 다음 이후 이전 최대 "
    "최소 얼마나 매달 매월 총 모두 전부 각각 차이 설명 요약 정리 효과 성과 목적 배경 장소 날짜 시기 "
    "기한 단위 종류 유형 예 등 사례 사업 거기 그때 여기 우리 저희 사실 말씀 질문 답변 자료 문서 어떻 "
    "무슨 관련 문의 안내 확인 이하 이상 미만 초과 사이 시작 도움 제외 포함 평균 처리 선발 며칠 이번 "
    "지난 "
)
_GENERIC: Final = frozenset(_GENERIC_WORDS.split())
_POINTS_BACK: Final = re.compile(
    r"(?<![가-힣])(?:그럼|그러면|근데|그런데|그렇다면|그건|그거|그것|그걸|그게|거기|거긴|그때|그쪽|그분|그곳|그런|그만큼|그중|"
    r"그\s|이건|이거|이걸|이것|여기|해당\s|위\s|앞\s|둘\s*다|나머지|반대로|만약\s|똑같이|마찬가지|아까|방금)"
)
_LEADING: Final = 6
_FRAGMENT: Final = re.compile(r"(?:은요|는요|면요|데요|은|는)\s*\?*$")
_ALSO: Final = re.compile(r"[가-힣]도\s")
_NAME_HEAD: Final = re.compile(r"(?:(?<![가-힣])[가-힣]{1,2}[은는ㄴ]|(?<!\d)\d{1,2}·|(?<![가-힣])[가-힣]?[른큰긴운])$")
_COURTESY: Final = re.compile(
    r"^(?:안녕|반갑|고마|고맙|감사|수고|알겠|네[.!]*$|아니요[.!]*$|잘 ?(?:있|가))|"
    r"^(?:hi|hello|thanks?|thank you|bye|ok)\b",
    re.IGNORECASE,
)
_ENGLISH_BACK: Final = re.compile(
    r"\b(?:it|its|they|them|their|that|those|this|these|there)\b|^(?:and|what about|how about|then|why|when|where)\b",
    re.I,
)
_ENGLISH_WORDS: Final = 8
_MEANING: Final = re.compile(
    r"[가-힣A-Za-z0-9]{2,}(?:이란|란|이|가|은|는)\s*(?:무엇|뭐|뭔|무슨|어떤\s*(?:제도|사업|곳|기관|것))"
)
_INSTEAD: Final = re.compile(r"(?:거기|그거|그것|그곳|여기|이거|그쪽|그\s*사업|[가-힣]+)\s*(?:말고|대신)\s*")


_QUOTED: Final = re.compile(r"[「『‘“'\"《<]([^」』’”'\"》>\n]{2,40})[」』’”'\"》>]")


@dataclass(frozen=True)
class Rephrased:
    """``text`` is the question to search with; ``carried`` the words taken over from earlier turns."""

    text: str
    changed: bool
    carried: tuple[str, ...]


@dataclass(frozen=True)
class _Shape:
    """What shows whether a question stands on its own; lengths are in characters."""

    content_words: int
    new_words: int
    shared_words: int
    new_names: int
    longest_noun: int
    long_nouns: int
    length: int
    points_back: bool
    begins_with_it: bool
    fragment: bool
    also: bool
    asks_meaning: bool

    @property
    def dependence(self) -> float:
        """Above 0 the question leans on what was said before.

        Logistic regression on the 85 follow-ups and 1,834 standalone questions of gov_questions, the latter with the
        history of an unrelated one, moved from even odds to 7 in 10: 92 % of the former and 2 % of the latter are
        above.
        """
        return (
            7.9
            - 0.36 * min(self.content_words, 8)
            - 0.96 * min(self.new_words, 8)
            + 0.6 * min(self.shared_words, 4)
            - 1.1 * min(self.new_names, 3)
            - 0.44 * min(self.longest_noun, 8)
            - 0.45 * min(self.long_nouns, 3)
            - 0.12 * min(self.length, 60)
            + 3.4 * self.points_back
            + 1.5 * self.begins_with_it
            + 0.3 * self.fragment
            + 1.4 * self.also
            - 2.2 * self.asks_meaning
        )


def condense(question: str, history: Sequence[Turn], kiwi: Kiwi, agencies: AgencyTable | None = None) -> Rephrased:
    """Puts what the conversation is about in front of a question that does not say it.

    With ``agencies``, a question about another place or agency (거기 말고 부산은?) drops the one talked about before.
    """
    recent = list(history)[-2 * _MAX_TURNS :]
    asked = next((place for place in reversed(range(len(recent))) if recent[place].role == "user"), None)
    if asked is None or not _leans(question, recent, kiwi):
        return Rephrased(question, False, ())
    # The last question may itself have leaned on the one before it.
    topic = condense(recent[asked].content, recent[:asked], kiwi, agencies).text
    answer = recent[asked + 1].content if asked + 1 < len(recent) else ""
    carried = _carried(question, topic, answer, kiwi, agencies)
    asks = _INSTEAD.sub("", question, count=1) if _INSTEAD.match(question) else question
    return Rephrased(" ".join([*carried, asks]), bool(carried) or asks != question, carried)


def _leans(question: str, recent: Sequence[Turn], kiwi: Kiwi) -> bool:
    if _COURTESY.search(question.strip()):
        return False
    if not re.search(r"[가-힣]", question):
        return len(question.split()) <= _ENGLISH_WORDS and _ENGLISH_BACK.search(question) is not None
    return _shape_of(question, recent, kiwi).dependence > 0


def _carried(question: str, topic: str, answer: str, kiwi: Kiwi, agencies: AgencyTable | None) -> tuple[str, ...]:
    """Nouns of the last question, then the names its answer begins with, that the question lacks; at most six."""
    own = {token.form for token in kiwi.tokenize(question)}
    dropped = _replaced_agencies(question, f"{topic}\n{answer}", agencies)
    candidates = [*_pointed_at(question, answer, kiwi), *_topic_nouns(topic, kiwi), *_subject(answer, kiwi)]
    kept = [noun for noun in dict.fromkeys(candidates) if not _is_said(noun, question, own) and noun not in dropped]
    return tuple(noun for noun in kept if not any(noun != other and noun in other for other in kept))[:MAX_CARRIED]


def _topic_nouns(topic: str, kiwi: Kiwi) -> list[str]:
    return [noun for noun in noun_runs(topic, kiwi.tokenize(topic)) if _names_something(noun)]


def _subject(answer: str, kiwi: Kiwi) -> list[str]:
    """Quoted names of the answer, then the noun its first sentence is about."""
    quoted = _QUOTED.findall(answer)[:2]
    first = re.split(r"(?<=[.!?])\s", answer, maxsplit=1)[0]
    about = re.search(r"^(?:네|예|아니요|아닙니다)?[,.\s]*(.{2,40}?)(?:은|는|이|가)\s", first)
    nouns = [noun for noun in noun_runs(about[1], kiwi.tokenize(about[1])) if _names_something(noun)] if about else []
    return [*quoted, *nouns[-2:]]


def _pointed_at(question: str, answer: str, kiwi: Kiwi) -> list[str]:
    """그 재단: the answer's own name that ends in 재단."""
    heads = re.findall(r"(?<![가-힣])(?:그|이|해당|위)\s+([가-힣]{2,}?)(?=[은는이가을를의도에로와과]|\s|$)", question)
    names = noun_runs(answer, kiwi.tokenize(answer))
    return [name for head in heads for name in names if name.endswith(head) and len(name) > len(head)][:1]


def _replaced_agencies(question: str, earlier: str, agencies: AgencyTable | None) -> frozenset[str]:
    """Words of the agencies talked about before, when the question names another one."""
    if agencies is None or not agencies.find(question):
        return frozenset()
    spans = [earlier[mention.start : mention.end] for mention in agencies.find(earlier)]
    return frozenset(word for span in spans for word in (span, *span.split()))


def _names_something(noun: str) -> bool:
    return len(noun) > 1 and noun not in _GENERIC and not re.fullmatch(r"[\d.,%]+\S?", noun)


def _is_said(noun: str, question: str, own: set[str]) -> bool:
    return noun in own or noun in question


def _shape_of(question: str, history: Sequence[Turn], kiwi: Kiwi) -> _Shape:
    tokens = kiwi.tokenize(question)
    content = [token.form for token in tokens if token.tag in _CONTENT and token.form not in _GENERIC]
    names = [token.form for token in tokens if token.tag in ("NNP", "SL") and token.form not in _GENERIC]
    earlier = {token.form for turn in history[-2:] for token in kiwi.tokenize(turn.content) if token.tag in _CONTENT}
    nouns = [noun for noun in noun_runs(question, tokens) if noun not in _GENERIC]
    pointer = _POINTS_BACK.search(question)
    if pointer and any(token.tag in ("EC", "EF") and 0 < token.start < pointer.start() for token in tokens):
        # 간판을 바꿨는데 이것도: it points into its own sentence.
        pointer = None
    return _Shape(
        content_words=len(content),
        new_words=sum(word not in earlier for word in content),
        shared_words=sum(word in earlier for word in content),
        new_names=sum(name not in earlier for name in names),
        longest_noun=max(map(len, nouns), default=0),
        long_nouns=sum(len(noun) >= 4 for noun in nouns),
        length=len(question),
        points_back=pointer is not None,
        begins_with_it=pointer is not None and pointer.start() <= _LEADING,
        fragment=_FRAGMENT.search(question) is not None,
        also=_ALSO.search(question) is not None,
        asks_meaning=_MEANING.search(question) is not None,
    )


def noun_runs(text: str, tokens: Sequence[Token]) -> list[str]:
    """Nouns as written, those without a space between them as one: 공공 클라우드센터 → 공공, 클라우드센터.

    What stands before a noun in the same word belongs to its name (푸른등대, 6·25자녀수당).
    """
    runs: list[str] = []
    end = -1
    for token in tokens:
        if token.tag not in _NOUN_PARTS:
            continue
        if runs and token.start == end:
            runs[-1] += text[token.start : token.end]
        else:
            before = _NAME_HEAD.search(text[: token.start])
            runs.append((before.group() if before else "") + text[token.start : token.end])
        end = token.end
    return runs
