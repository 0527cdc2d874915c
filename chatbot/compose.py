"""Answers to questions after one thing: the sentences that prove it, said politely, the short answer first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kiwipiepy import Kiwi

from chatbot.answer import QuestionKind
from chatbot.draft import Draft, DraftSentence, Passage
from chatbot.evidence import Evidence
from chatbot.figures import figures, same_figure
from chatbot.messages import CORRECTION, ENGLISH_LEAD
from chatbot.polite import polite
from chatbot.understand import AskedFor, Understanding
from index.document import CaseField
from index.library import Library
from index.markup import plain

MAX_SENTENCES = 3
SECOND_SHARE = 0.30
"""A further sentence joins when its score is at least this share of the best one's: scores are probabilities, and a
sentence a third as likely as the best still completes one answer in six (dev questions, eval/README.md)."""
MIN_SPAN_SCORE = 0.3

_SEVERAL = re.compile(r"각각|그리고|하고\s|이고|랑\s|이랑|와\s|과\s|및|,|까지|모두|종류|어떤 것들|무엇무엇|몇.*몇|또")
# "어느 구 얘기야?" is answered by the case itself: what was done there belongs to the answer.
_NAMES_A_CASE = frozenset({AskedFor.ORGANISATION, AskedFor.PLACE, AskedFor.NAME, AskedFor.OTHER})
_DEEDS = frozenset({CaseField.PROCESS, CaseField.AFTER})
_PAST_FIELDS = frozenset({CaseField.PROCESS, CaseField.RESULT, CaseField.AFTER})


def compose_fact(
    asked: Understanding, question: str, evidence: Sequence[Evidence], library: Library, max_chars: int
) -> Draft:
    """The best sentence, and those that complete it within ``max_chars`` quoted characters."""
    if not evidence:
        return Draft()
    chosen = choose(question, evidence, max_chars, limit=MAX_SENTENCES)
    if asked.asked_for in _NAMES_A_CASE:
        chosen = _with_deed(chosen, evidence)
    sentences = [spoken(item, library.kiwi) for item in chosen]
    lead = ENGLISH_LEAD if asked.is_english else _correction(asked, chosen)
    return Draft(
        sentences=(*sentences, source_line(chosen, library)),
        short_answer=short_answer(asked, chosen[0]),
        lead=lead,
    )


def choose(question: str, evidence: Sequence[Evidence], max_chars: int, *, limit: int) -> list[Evidence]:
    """The best sentence and its close rivals, in document order, together at most ``max_chars`` characters."""
    best = evidence[0]
    chosen = [best]
    room = max_chars - len(plain(best.sentence.text))
    share = SECOND_SHARE if _SEVERAL.search(question) is None else SECOND_SHARE / 2
    for item in evidence[1:]:
        if len(chosen) >= limit or item.score < share * best.score:
            break
        length = len(plain(item.sentence.text))
        if length <= room and not _repeats(item, chosen):
            chosen.append(item)
            room -= length
    first_case = best.case.case_id
    chosen.sort(key=lambda item: (item.case.case_id != first_case, item.case.case_id, item.sentence.start))
    return chosen


def _with_deed(chosen: list[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """``chosen`` with the best sentence on what was done in the first case, unless one is there already."""
    case_id = chosen[0].case.case_id
    if any(item.sentence.field in _DEEDS and item.case.case_id == case_id for item in chosen):
        return chosen
    deeds = [item for item in evidence if item.case.case_id == case_id and item.sentence.field in _DEEDS]
    return [*chosen[: MAX_SENTENCES - 1], deeds[0]] if deeds else chosen


def spoken(item: Evidence, kiwi: Kiwi) -> DraftSentence:
    """The sentence as the answer says it, with the passage it cites."""
    if "\t" in item.sentence.text:
        # A table row has no ending to make polite: its cells are said one after the other.
        text = " · ".join(cell for cell in map(plain, item.sentence.text.split("\t")) if cell)
    else:
        text = polite(plain(item.sentence.text), kiwi, past=item.sentence.field in _PAST_FIELDS)
    return DraftSentence(text, (passage_of(item),))


def passage_of(item: Evidence) -> Passage:
    """The passage behind a candidate sentence."""
    return Passage(item.case, item.sentence.start, item.sentence.end, item.sentence.heading_path)


def source_line(chosen: Sequence[Evidence], library: Library) -> DraftSentence:
    """:func:`source_line_of` for the passages behind ``chosen``."""
    return source_line_of([passage_of(item) for item in chosen], library)


def source_line_of(shown: Sequence[Passage], library: Library) -> DraftSentence:
    """Where it stands: ``근거: 「제목」(기관, 연도)``, one entry a case, citing the case's own head if it has one."""
    names, passages = [], []
    for passage in {passage.case.case_id: passage for passage in shown}.values():
        case = passage.case
        facts = ", ".join(part for part in (case.agency, f"{case.year}년" if case.year else "") if part)
        names.append(f"「{case.title}」" + (f"({facts})" if facts else ""))
        passages.append(head_passage(case.case_id, library) or passage)
    return DraftSentence(f"근거: {', '.join(names)}", tuple(passages), fixed=True, line_break=True)


def head_passage(case_id: str, library: Library) -> Passage | None:
    """The lines of a case that name it: year, title, agency, one after the other; ``None`` when it has none."""
    head = []
    for sentence in library.sentences(case_id):
        if sentence.field not in (CaseField.TITLE, CaseField.METADATA):
            break
        head.append(sentence)
    if not head:
        return None
    return Passage(library.case(case_id), head[0].start, head[-1].end)


def short_answer(asked: Understanding, best: Evidence) -> str | None:
    """The span that answers, for questions after one thing; ``None`` when the reader is not sure of it."""
    if asked.kind in (QuestionKind.WHY_HOW, QuestionKind.SUMMARY, QuestionKind.COMPARE, QuestionKind.LIST):
        return None
    if best.span is None or best.span_score < MIN_SPAN_SCORE:
        return None
    start, end = best.span
    found = plain(best.sentence.text)[start:end].strip(" ,.·")
    if asked.asked_for in (AskedFor.AMOUNT, AskedFor.COUNT, AskedFor.DURATION) and not re.search(
        r"[\d일이삼사오육칠팔구십백천만억조]", found
    ):
        return None
    return found or None


def confidence(best: Evidence) -> float:
    """How sure the choice of the best sentence is, in [0, 1]."""
    return best.score


def _correction(asked: Understanding, chosen: Sequence[Evidence]) -> str:
    """A sentence that says the question's own figure is wrong, when the evidence has another of the same unit."""
    said = figures(" ".join(plain(item.sentence.text) for item in chosen))
    for asserted in asked.numbers:
        for claim in figures(asserted):
            rivals = [one for one in said if one.unit == claim.unit and claim.unit]
            if rivals and not any(same_figure(claim, one) for one in said):
                return CORRECTION.format(asserted=asserted)
    return ""


def _repeats(item: Evidence, chosen: Sequence[Evidence]) -> bool:
    words = set(plain(item.sentence.text).split())
    return any(
        len(words & set(plain(other.sentence.text).split()))
        > 0.7 * max(1, min(len(words), len(other.sentence.text.split())))
        for other in chosen
    )
