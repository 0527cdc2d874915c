"""Whether the evidence answers the question: the question's own conditions, and how sure the choice is.

A near miss has the right case and lacks what is asked: no budget in it, another year, another agency. Such a
question is refused although its passage scores high.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.agencies import AgencyTable
from chatbot.answer_type import HARD, holds, lacks_holder, wanted_of
from chatbot.draft import Draft
from chatbot.evidence import Evidence
from chatbot.ranker import load_models, logit
from chatbot.understand import Understanding
from index.document import Case
from index.library import Library
from index.markup import plain

_TWO_DIGIT_YEAR = re.compile(r"(?<!\d)['’‘\"]?(\d{2})(?=\s*[년.~→上下말·,)\s]|년)")
_ORDINAL = re.compile(r"제\s?\d+\s?(?:회|차|호|기)(?![가-힣]*\s*(?:이내|이상))")
_FOUR_DIGIT_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer is not given; ``reason`` is for logs and the evidence panel."""

    reason: str


def refuse(
    question: str,
    asked: Understanding,
    draft: Draft,
    evidence: Sequence[Evidence],
    library: Library,
    agencies: AgencyTable,
    *,
    threshold: float,
) -> Refusal | None:
    """``None`` when the draft may be shown."""
    if not draft.sentences or not evidence:
        return Refusal("근거 없음")
    cases = _cases_shown(draft, evidence)
    text = _text_of(cases, library)
    if not asked.asserts and _misfits(question, asked, draft, evidence):
        return Refusal("묻는 종류의 값이 근거에 없음")
    if ordinal := _missing_ordinal(question, text):
        return Refusal(f"{ordinal}의 내용이 근거에 없음")
    if missing := _missing_year(asked, cases, text):
        return Refusal(f"{missing}년의 내용이 근거에 없음")
    if not asked.asserts and (missing_agency := _missing_agency(asked, cases, text, library, agencies)):
        return Refusal(f"{missing_agency}의 내용이 근거에 없음")
    if draft.confidence < threshold:
        return Refusal("확신도가 낮음")
    return None


def answer_confidence(draft: Draft, evidence: Sequence[Evidence]) -> float:
    """Probability in [0, 1] that the documents answer the question, from :data:`chatbot.ranker.ANSWER_SIGNS`."""
    if not evidence:
        return 0.0
    return load_models().answer.probability(answer_signs(draft, evidence))


def answer_signs(draft: Draft, evidence: Sequence[Evidence]) -> dict[str, float]:
    """What tells an answerable question from a near miss."""
    shown = _shown(draft, evidence)
    return {
        "best_score": logit(evidence[0].score),
        "best_answerable_logit": max(logit(item.answerable) for item in shown),
    }


def _misfits(question: str, asked: Understanding, draft: Draft, evidence: Sequence[Evidence]) -> bool:
    """Whether a figure, date or number is asked for and none of its kind is in any sentence shown."""
    texts = [plain(item.sentence.text) for item in _shown(draft, evidence)]
    if lacks_holder(question, texts):
        return True
    wanted = wanted_of(question, asked.asked_for)
    return wanted.asked_for in HARD and not any(holds(wanted, text) for text in texts)


def _missing_ordinal(question: str, text: str) -> str | None:
    """A numbered event of the question (제2회, 3차) that the cases' ``text`` does not name."""
    flat = "".join(text.split())
    found = ("".join(match.group().split()) for match in _ORDINAL.finditer(question))
    return next((ordinal for ordinal in found if ordinal not in flat), None)


def _shown(draft: Draft, evidence: Sequence[Evidence]) -> list[Evidence]:
    places = {(p.case.document_id, p.start) for sentence in draft.sentences for p in sentence.passages}
    return [item for item in evidence if (item.case.document_id, item.sentence.start) in places] or list(evidence[:1])


def _cases_shown(draft: Draft, evidence: Sequence[Evidence]) -> list[Case]:
    cases = {p.case.case_id: p.case for sentence in draft.sentences for p in sentence.passages}
    return list(cases.values()) or [evidence[0].case]


def _text_of(cases: Sequence[Case], library: Library) -> str:
    parts = []
    for case in cases:
        document = library.document(case.document_id)
        parts.append(f"{document.title} {case.title} {case.agency} {plain(document.text[case.start : case.end])}")
    return "\n".join(parts)


def _missing_year(asked: Understanding, cases: Sequence[Case], text: str) -> int | None:
    """A year the question names that neither the cases nor their ``text`` know."""
    known = {int(year) for year in _FOUR_DIGIT_YEAR.findall(text)}
    known |= {2000 + int(year) for year in _TWO_DIGIT_YEAR.findall(text)}
    known |= {case.year for case in cases if case.year}
    if not any(case.year for case in cases):
        if not known:
            return None  # nothing dates the documents, so nothing speaks against the year
        # An undated document that says 올해 itself: which year that was nobody can tell, and the answer quotes it.
        known |= {year for words, year in asked.relative_years if any(word in text for word in words)}
    return next((year for year in asked.mentioned_years if year not in known), None)


def _missing_agency(
    asked: Understanding, cases: Sequence[Case], text: str, library: Library, agencies: AgencyTable
) -> str | None:
    """An agency the question names when the cases are others' and their ``text`` does not mention it."""
    if not asked.agencies:
        return None
    text = " ".join([text, *(library.document(case.document_id).agency for case in cases)])
    mentioned = set(agencies.names(text))
    for name in asked.agencies:
        if name in mentioned or any(agencies.matches(name, case.agency) for case in cases):
            continue
        if any(spelling in text for spelling in agencies.spellings_of(name)):
            continue
        return name
    return None
