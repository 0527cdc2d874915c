"""Whether the evidence answers the question: the question's own conditions, and how sure the choice is.

A near miss has the right case and lacks what is asked: no budget in it, another year, another agency. Such a
question is refused although its passage scores high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.agencies import AgencyTable
from chatbot.answer_type import HARD, holds, lacks_holder, wanted_of
from chatbot.conditions import lacks_municipality, missing_agency, missing_name, missing_ordinal, missing_year
from chatbot.draft import Draft
from chatbot.evidence import Evidence
from chatbot.ranker import load_models, logit
from chatbot.understand import Understanding
from index.document import Case
from index.library import Library
from index.markup import plain


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
    if not asked.asserts and _misfits(asked, draft, evidence, agencies):
        return Refusal("묻는 종류의 값이 근거에 없음")
    if ordinal := missing_ordinal(question, text):
        return Refusal(f"{ordinal}의 내용이 근거에 없음")
    if name := missing_name(question, text, library):
        return Refusal(f"{name}의 내용이 근거에 없음")
    if missing := missing_year(asked, cases, text):
        return Refusal(f"{missing}년의 내용이 근거에 없음")
    if not asked.asserts and (agency := missing_agency(asked, cases, text, agencies)):
        return Refusal(f"{agency}의 내용이 근거에 없음")
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


def _misfits(asked: Understanding, draft: Draft, evidence: Sequence[Evidence], agencies: AgencyTable) -> bool:
    """Whether a figure, date or name of a kind is asked for and none of its kind is in any sentence shown."""
    shown = _shown(draft, evidence)
    texts = [plain(item.sentence.text) for item in shown]
    headers = (f"{item.case.title} {item.case.agency}" for item in shown)
    if lacks_holder(asked.asking, texts) or lacks_municipality(asked, "\n".join([*texts, *headers]), agencies):
        return True
    wanted = wanted_of(asked.asking, asked.asked_for)
    return wanted.asked_for in HARD and not any(holds(wanted, text) for text in texts)


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
        names = (document.title, document.agency, case.title, case.agency)
        parts += [*names, plain(document.text[case.start : case.end])]
    return "\n".join(parts)
