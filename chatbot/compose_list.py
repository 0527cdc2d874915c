"""Lists inside one case: the line that announces them and every item after it, in document order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from chatbot.compose import source_line_of, spoken
from chatbot.draft import Draft, DraftSentence, Passage
from chatbot.evidence import Evidence
from chatbot.messages import ITEMS_CUT
from index.document import Case, Sentence
from index.library import Library
from index.list_markers import BULLETS, NUMBER
from index.markup import plain

MAX_ITEMS: Final = 12
MAX_LIST_CHARS: Final = 900
_MAX_ITEM_CHARS: Final = 240
_RIVALS: Final = 8
"""Candidates among which the neighbours of an unannounced item must stand: a list is asked for, not one line."""
_TRIED: Final = 3
_TRIED_SHARE: Final = 0.3
_ANNOUNCES: Final = re.compile(
    r"(?:다음|아래)(?:의|을\s|과\s*같|와\s*같|\s*(?:각|사항|어느|중|서류|요건|기준|표|내용|경우|모든))|:\s*$"
)
_MAX_AFTER: Final = 60
"""Characters after 다음의 up to the end of the sentence; with more, the items stand in the sentence itself."""
_SOURCE: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\.?\s*$")
_SAYS: Final = re.compile(r"[다요까][.?!]?$")
# Documents also use signs of their own: up to three that open no quotation or bracket pass for a bullet.
_MARKER: Final = re.compile(rf"\s*(?:[{BULLETS}]|[^\w\s「『(\[‘“'\"<]{{1,3}}|{NUMBER})\s*")


def compose_list(evidence: Sequence[Evidence], library: Library) -> Draft:
    """The list that one of the best candidates announces or belongs to; an empty draft when all stand alone."""
    for item in evidence[:_TRIED]:
        if item.score < _TRIED_SHARE * evidence[0].score:
            break
        found = _list_of(item, evidence, library)
        if found.sentences:
            return found
    return Draft()


def compose_announced(evidence: Sequence[Evidence], library: Library) -> Draft:
    """The list that the best candidate announces; an empty draft when it says all there is to say."""
    if not evidence or not announces(plain(evidence[0].sentence.text)):
        return Draft()
    return _list_of(evidence[0], evidence, library)


def _list_of(item: Evidence, evidence: Sequence[Evidence], library: Library) -> Draft:
    sentences = library.sentences(item.case.case_id)
    place = next((n for n, one in enumerate(sentences) if one.start == item.sentence.start), None)
    if place is None:
        return Draft()
    text = library.document(item.case.document_id).text
    lead = _lead_of(sentences, place, text)
    if lead is not None:
        items = items_after(sentences, lead, text)
    else:
        near = {one.sentence.start for one in evidence[:_RIVALS] if one.case.case_id == item.case.case_id}
        items = _run_around(sentences, place, text)
        if sum(one.start in near for one in items) < 2:
            return Draft()
    if len(items) < 2:
        return Draft()
    return _draft(item, None if lead is None else sentences[lead], items, library)


def announces(text: str) -> bool:
    """Whether a line says that a list follows (다음의 어느 하나에, 아래와 같습니다)."""
    said = _SOURCE.sub("", text)
    found = _ANNOUNCES.search(said)
    return found is not None and len(said) - found.end() <= _MAX_AFTER


def items_after(sentences: Sequence[Sentence], lead: int, text: str) -> list[Sentence]:
    """The items that follow ``sentences[lead]`` without a break; ``text`` is that of their document."""
    items: list[Sentence] = []
    for one in sentences[lead + 1 :]:
        if not _is_item(one, text):
            break
        items.append(one)
    return items


def _lead_of(sentences: Sequence[Sentence], place: int, text: str) -> int | None:
    if announces(plain(sentences[place].text)) and not sentences[place].structural:
        return place
    while place > 0 and _is_item(sentences[place], text):
        place -= 1
        if announces(plain(sentences[place].text)):
            return place
    return None


def _run_around(sentences: Sequence[Sentence], place: int, text: str) -> list[Sentence]:
    """The unbroken run of items of one heading that ``sentences[place]`` stands in; empty when it is no item.

    Paragraphs with a bullet are no list: press releases begin all of theirs with one.
    """
    heading = sentences[place].heading_path

    def belongs(one: Sentence) -> bool:
        return one.heading_path == heading and _is_item(one, text) and not _says(one)

    if not belongs(sentences[place]):
        return []
    first = last = place
    while first > 0 and belongs(sentences[first - 1]):
        first -= 1
    while last + 1 < len(sentences) and belongs(sentences[last + 1]):
        last += 1
    return list(sentences[first : last + 1])


def _is_item(one: Sentence, text: str) -> bool:
    """Whether a sentence is a line of its own, with a marker before it or without a verb at its end."""
    before = text[text.rfind("\n", 0, one.start) + 1 : one.start]
    marked = _MARKER.fullmatch(before) is not None
    return (
        not one.structural
        and (marked or not before.strip())
        and 2 <= len(plain(one.text)) <= _MAX_ITEM_CHARS
        and (marked or not _says(one))
    )


def _says(one: Sentence) -> bool:
    return _SAYS.search(_SOURCE.sub("", plain(one.text)).strip()) is not None


def _draft(best: Evidence, lead: Sentence | None, items: Sequence[Sentence], library: Library) -> Draft:
    shown: list[Sentence] = []
    room = MAX_LIST_CHARS
    for item in items[:MAX_ITEMS]:
        room -= len(item.text)
        if room < 0 and shown:
            break
        shown.append(item)
    head = () if lead is None else (_announcement(best, lead, library),)
    lines = [DraftSentence(f"- {plain(item.text)}", (_passage(best.case, item),), line_break=True) for item in shown]
    if len(shown) < len(items):
        left = ITEMS_CUT.format(count=len(items) - len(shown))
        lines.append(DraftSentence(left, (_passage(best.case, items[len(shown)]),), fixed=True, line_break=True))
    passages = [passage for line in (*head, *lines) for passage in line.passages]
    return Draft((*head, *lines, source_line_of(passages, library)))


def _announcement(best: Evidence, lead: Sentence, library: Library) -> DraftSentence:
    if lead.start == best.sentence.start:
        return spoken(best, library.kiwi)
    return DraftSentence(plain(lead.text), (_passage(best.case, lead),))


def _passage(case: Case, one: Sentence) -> Passage:
    return Passage(case, one.start, one.end, one.heading_path)
