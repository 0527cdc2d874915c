"""How an answer was found, for who wants to check it: the words searched with, and what was read but not cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from chatbot.answer import Answer
from chatbot.compose import SECOND_SHARE
from chatbot.draft import Draft, DraftSentence
from chatbot.evidence import Evidence

MAX_CANDIDATES = 6


class Unused(StrEnum):
    """Why a candidate sentence is not in the answer."""

    NOT_VERIFIED = "not_verified"
    BELOW_THRESHOLD = "below_threshold"
    WRONG_KIND = "wrong_kind"
    LOW_SCORE = "low_score"
    NOT_NEEDED = "not_needed"


class Candidate(BaseModel):
    """A sentence that was read and not cited: ``quote == document.text[start:end]``, ``score`` in [0, 1].

    ``problems`` are what the verifier found, in Korean; empty where it was not the verifier.
    """

    model_config = ConfigDict(frozen=True)

    document_id: str
    case_id: str
    case_title: str
    agency: str
    year: int | None
    start: int
    end: int
    quote: str
    score: float = Field(ge=0.0, le=1.0)
    unused: Unused
    problems: tuple[str, ...] = ()


class Explanation(BaseModel):
    """``synonyms`` were searched with beside the question's own words; ``candidates`` best first.

    ``threshold`` is the confidence below which an answer is refused; ``refused_for`` is, in Korean, what the evidence
    lacked, empty for an answer.
    """

    model_config = ConfigDict(frozen=True)

    synonyms: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    threshold: float = 0.0
    refused_for: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that the verifier took out of a draft."""

    sentence: DraftSentence
    problems: tuple[str, ...]


def explain(
    synonyms: Sequence[str],
    evidence: Sequence[Evidence],
    draft: Draft,
    rejected: Sequence[Rejected],
    answer: Answer,
    threshold: float,
    refused_for: str = "",
) -> Explanation:
    """The explanation of ``answer``; ``evidence`` best first, ``draft`` as composed, ``rejected`` of it."""
    found = _candidates(evidence, draft, rejected, answer)
    unique = {candidate.quote: candidate for candidate in reversed(list(found))}
    ordered = sorted(unique.values(), key=lambda candidate: -candidate.score)
    return Explanation(
        synonyms=tuple(synonyms),
        candidates=tuple(ordered[:MAX_CANDIDATES]),
        threshold=round(threshold, 4),
        refused_for=refused_for,
    )


def _candidates(
    evidence: Sequence[Evidence], draft: Draft, rejected: Sequence[Rejected], answer: Answer
) -> Iterator[Candidate]:
    cited = [(citation.document_id, citation.start, citation.end) for citation in answer.citations]
    best = max((item.score for item in evidence), default=0.0)
    for item in evidence:
        place = (item.case.document_id, item.sentence.start, item.sentence.end)
        if any(_overlap(place, one) for one in cited):
            continue
        problems = _problems(place, rejected)
        yield Candidate(
            document_id=item.case.document_id,
            case_id=item.case.case_id,
            case_title=item.case.title,
            agency=item.case.agency,
            year=item.case.year,
            start=item.sentence.start,
            end=item.sentence.end,
            quote=item.sentence.text,
            score=round(min(1.0, max(0.0, item.score)), 4),
            unused=Unused.NOT_VERIFIED if problems else _unused(item, best, draft, answer),
            problems=problems,
        )


def _unused(item: Evidence, best: float, draft: Draft, answer: Answer) -> Unused:
    if item.fits is False:
        return Unused.WRONG_KIND
    if not answer.status.is_answer:
        return Unused.BELOW_THRESHOLD
    return Unused.LOW_SCORE if not draft.settled and item.score < SECOND_SHARE * best else Unused.NOT_NEEDED


def _problems(place: tuple[str, int, int], rejected: Sequence[Rejected]) -> tuple[str, ...]:
    for one in rejected:
        if any(_overlap(place, (p.case.document_id, p.start, p.end)) for p in one.sentence.passages):
            return one.problems
    return ()


def _overlap(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
