"""Lists of cases: complete, each with agency, year and one line, counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.agencies import AgencyTable
from chatbot.compose import head_passage
from chatbot.draft import Draft, DraftSentence, Passage
from chatbot.messages import LIST_CUT, LIST_LEAD
from chatbot.understand import Understanding
from index.document import Case, CaseField, DocumentKind, SearchFilters, Sentence
from index.library import Library
from index.markup import plain
from index.morphemes import content_terms

MAX_LISTED = 12
MIN_TOPIC_COVERAGE = 0.6
"""Share of the topic's words, weighted by rarity, that a listed case holds."""
MIN_CASE_SHARE = 0.45
"""A case is listed when its best chunk scores at least this share of the best case's."""
_POOL = 60
_ONE_LINE_CHARS = 110

_NO_CASES = frozenset(
    {DocumentKind.LAW, DocumentKind.FAQ, DocumentKind.MINUTES, DocumentKind.TABLE, DocumentKind.OTHER}
)
_ASKS_CASES = re.compile(
    r"사례|성과|우수\s*행정|과제|지자체|자치단체|자치구|(?:어떤|어느|무슨)\s*(?:기관|부처|사업|서비스|시스템|구|시|군|도시|지역)"
    r"|사업들|서비스들|기관들|부처들|시스템들"
)
# Words that a request for a list has whatever its topic.
_GENERIC = frozenset(
    {
        "사례",
        "혁신",
        "행정",
        "정부",
        "모두",
        "전부",
        "무엇",
        "어떤",
        "어느",
        "알리",
        "알려주",
        "찾",
        "보이",
        "목록",
        "정리",
        "추진",
        "내용",
        "관련",
        "관하",
        "대하",
        "실리",
        "나오",
        "있",
        "기관",
        "부처",
        "지자체",
        "자치구",
        "지역",
        "서비스",
        "사업",
        "사례집",
        "문서",
        "자료",
        "성과",
        "과제",
        "좀",
        "다",
        "것",
        "들",
        "년",
        "년도",
        "건",
        "시",
        "구",
        "군",
        "도",
        "주",
        "말하",
        "가지",
        "종류",
        "만들",
        "하나",
        "활용",
        "이용",
        "쓰",
        "도입",
        "적용",
        "우수",
        "공공",
    }
)


@dataclass(frozen=True, slots=True)
class _Listed:
    case: Case
    score: float


def asks_for_cases(question: str, asked: Understanding) -> bool:
    """Whether the question wants cases, not the items inside one case."""
    return asked.wants_list and _ASKS_CASES.search(question) is not None


def compose_cases(question: str, asked: Understanding, library: Library, agencies: AgencyTable) -> Draft:
    """All cases that meet the question's agency, year and topic; an empty draft when there is none."""
    listed = _matching(question, asked, library, agencies)
    if not listed:
        return Draft()
    shown = listed[:MAX_LISTED]
    lines = [_line(number, item.case, library) for number, item in enumerate(shown, start=1)]
    template = LIST_LEAD if len(listed) <= MAX_LISTED else LIST_CUT
    return Draft(
        settled=True,
        sentences=tuple(lines),
        confidence=min(1.0, 0.5 + 0.5 * shown[0].score),
        lead=template.format(count=len(listed), shown=len(shown)),
    )


def _matching(question: str, asked: Understanding, library: Library, agencies: AgencyTable) -> list[_Listed]:
    named = asked.agencies
    topic = _topic(question, asked, library, agencies)
    filters = SearchFilters(year=asked.year, year_to=asked.year_to) if asked.year else None
    bounded = bool(named or filters)
    allowed = {case.case_id: case for case in library.cases(filters) if _is_of(case, named, library, agencies)}
    scores: dict[str, float] = {}
    pool = _POOL * 3 if bounded else _POOL
    for result in library.search(question, top_k=pool, filters=filters, extra_terms=asked.expanded_terms):
        scores.setdefault(result.chunk.case_id, result.score)
    allowed = _proper_cases(allowed, scores, library)
    if bounded and not topic:
        found = [_Listed(case, scores.get(case_id, 0.0)) for case_id, case in allowed.items()]
        return sorted(found, key=lambda item: -item.score)
    best = max((score for case_id, score in scores.items() if case_id in allowed), default=0.0)
    return [
        _Listed(allowed[case_id], score)
        for case_id, score in scores.items()
        if case_id in allowed
        and (bounded or score >= MIN_CASE_SHARE * best)
        and _coverage(topic, asked, allowed[case_id], library) >= MIN_TOPIC_COVERAGE
    ]


def _proper_cases(allowed: dict[str, Case], scores: dict[str, float], library: Library) -> dict[str, Case]:
    """Without guides and statutes, when there are cases of other kinds among the results: a guide is no case."""
    proper = {case_id: case for case_id, case in allowed.items() if library.kind(case.document_id) not in _NO_CASES}
    return proper if any(case_id in proper for case_id in scores) else allowed


def _topic(question: str, asked: Understanding, library: Library, agencies: AgencyTable) -> dict[str, float]:
    """The question's own words with their rarity, without agencies, years and words that every list has."""
    named = {
        term
        for mention in agencies.find(question)
        for term in content_terms(question[mention.start : mention.end], library.kiwi)
    }
    years = {str(year) for year in (asked.year, asked.year_to, *asked.mentioned_years) if year}
    terms = [term for term in content_terms(question, library.kiwi) if term not in _GENERIC | named | years]
    return {term: library.rarity(term) for term in terms if not term.isdigit()}


def _coverage(topic: dict[str, float], asked: Understanding, case: Case, library: Library) -> float:
    if not topic:
        return 1.0
    text = library.document(case.document_id).text[case.start : case.end]
    inside = set(content_terms(f"{case.title} {case.agency} {plain(text)}", library.kiwi))
    flat = "".join(f"{case.title}{plain(text)}".split()).lower()
    synonym = any("".join(term.split()).lower() in flat for term in asked.expanded_terms)
    held = sum(weight for term, weight in topic.items() if term in inside or term in flat)
    share = held / (sum(topic.values()) or 1.0)
    return max(share, MIN_TOPIC_COVERAGE) if synonym and share > 0 else share


def _is_of(case: Case, named: Sequence[str], library: Library, agencies: AgencyTable) -> bool:
    if not named:
        return True
    return any(agencies.matches(name, case.agency) for name in named)


def _line(number: int, case: Case, library: Library) -> DraftSentence:
    sentences = library.sentences(case.case_id)
    facts = ", ".join(part for part in (case.agency, f"{case.year}년" if case.year else "") if part)
    gist = _gist(sentences)
    head = head_passage(case.case_id, library)
    passages = [head] if head else []
    text = f"{number}. 「{case.title}」" + (f"({facts})" if facts else "")
    if gist is not None:
        passages.append(Passage(case, gist.start, gist.end, gist.heading_path))
        said = plain(gist.text)
        text += ": " + (said if len(said) <= _ONE_LINE_CHARS else said[:_ONE_LINE_CHARS].rsplit(" ", 1)[0] + "…")
    if not passages:
        passages = [Passage(case, case.start, min(case.end, case.start + 200))]
    return DraftSentence(text, tuple(passages), line_break=True, fixed=True)


def _gist(sentences: Sequence[Sentence]) -> Sentence | None:
    """The sentence that says what was done in a case, else its result, else its first sentence."""
    for wanted in (CaseField.PROCESS, CaseField.AFTER, CaseField.RESULT, CaseField.EFFECT):
        for sentence in sentences:
            if sentence.field is wanted and len(sentence.text) > 15:
                return sentence
    return next((sentence for sentence in sentences if not sentence.structural and len(sentence.text) > 15), None)
