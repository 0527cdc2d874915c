"""Answers that draw on several parts of a case, or on several cases: summaries and comparisons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.compose import choose, source_line, spoken
from chatbot.draft import Draft, DraftSentence
from chatbot.evidence import Evidence, EvidenceSelector
from chatbot.understand import Understanding
from index.document import CaseField
from index.library import Library
from index.markup import plain

MAX_SUMMARY_CHARS = 640
MAX_SIDE_CHARS = 320
MAX_SIDE_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class _Aspect:
    """A part of a case in a summary: which fields it may come from, how many sentences and characters it gets."""

    fields: frozenset[CaseField]
    sentences: int
    chars: int


_ASPECTS = (
    _Aspect(frozenset({CaseField.PURPOSE, CaseField.BEFORE}), 1, 130),
    _Aspect(frozenset({CaseField.PROCESS, CaseField.AFTER}), 2, 290),
    _Aspect(frozenset({CaseField.RESULT, CaseField.EFFECT}), 2, 220),
)
_JOINTS = re.compile(r"\s*(?:이랑|랑|하고|와|과|및|vs\.?|대비|,)\s+|\s+(?:그리고|대)\s+", re.I)
_TAIL = re.compile(
    r"(?:은|는|이|가|을|를|의)?\s*(?:각각|서로|무엇이|뭐가|어떻게|어떤|무슨|차이|비교|하는 일|다른|다르|공통).*$"
)


def compose_summary(
    asked: Understanding, evidence: Sequence[Evidence], library: Library, selector: EvidenceSelector
) -> Draft:
    """Purpose, what was done, result: the case's own structure, about 500 characters."""
    if not evidence:
        return Draft()
    case_id = _main_case(evidence)
    inside = selector.whole_case(case_id, asked)
    parts = [([item for item in inside if item.sentence.field in aspect.fields], aspect) for aspect in _ASPECTS]
    if any(items for items, _ in parts):
        chosen = [item for items, aspect in parts for item in _fitting(items, aspect.chars, aspect.sentences)]
    else:
        own = [item for item in evidence if item.case.case_id == case_id]
        chosen = _fitting(own, MAX_SUMMARY_CHARS, 4)
    chosen.sort(key=lambda item: item.sentence.start)
    return Draft(
        sentences=(*(spoken(item, library.kiwi) for item in chosen), source_line(chosen, library)),
    )


def compose_comparison(
    question: str,
    asked: Understanding,
    evidence: Sequence[Evidence],
    library: Library,
    sides: Sequence[Sequence[Evidence]],
) -> Draft:
    """Side by side: for each thing compared, its own sentences under its own case."""
    best = [side for side in sides if side]
    if len({side[0].case.case_id for side in best}) < 2:
        chosen = choose(f"{question} 각각", evidence, 2 * MAX_SIDE_CHARS, limit=4)
        sentences = tuple(spoken(item, library.kiwi) for item in chosen)
        return Draft((*sentences, source_line(chosen, library)))
    lines: list[DraftSentence] = []
    for side in best[:2]:
        own = [item for item in side if item.case.case_id == side[0].case.case_id]
        for number, item in enumerate(choose(question, own, MAX_SIDE_CHARS, limit=MAX_SIDE_SENTENCES)):
            said = spoken(item, library.kiwi)
            name = f"「{item.case.title}」: " if number == 0 else ""
            lines.append(DraftSentence(name + said.text, said.passages, line_break=number == 0))
    return Draft(tuple(lines))


def sides_of(question: str) -> tuple[str, ...]:
    """The things a comparison names, as search queries; empty when it names fewer than two."""
    body = _TAIL.sub("", question)
    parts = [part.strip(" ?.") for part in _JOINTS.split(body)]
    found = [part for part in parts if len(part) >= 2]
    return tuple(found[:2]) if len(found) >= 2 else ()


def _main_case(evidence: Sequence[Evidence]) -> str:
    """The case with the best passage: a summary is of one case, so the case counts before the sentence."""
    best = max(evidence, key=lambda item: (item.chunk_score, item.score))
    return best.case.case_id


def _fitting(items: Sequence[Evidence], room: int, limit: int) -> list[Evidence]:
    chosen: list[Evidence] = []
    for item in sorted(items, key=lambda one: -one.score):
        length = len(plain(item.sentence.text))
        if len(chosen) < limit and (length <= room or not chosen):
            chosen.append(item)
            room -= length
    return chosen
