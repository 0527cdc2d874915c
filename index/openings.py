"""Which headings of a document open a case: the things it lists side by side, and the sections around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.markup import plain
from index.outline import APPENDIX, CHAPTER, UNITS, Line, LineKind

# What stands below such a heading, or in a document with such a title, are things of one kind.
_CONTAINER = re.compile(r"(?:과제|사업|전략|사례|안건|의안|대책|제안)(?:들|\s*목록|\s*내용|\s*현황)?(?:\s*\([^)]*\))?$")
_COLLECTION = re.compile(
    r"사례집|사례\s*모음|모음집|문답|묻고\s*답|묻는\s*질문|Q\s*&\s*A|FAQ|질의\s*응답|궁금증|제안\s*(?:채택|심사)"
)
_ASKS = re.compile(r"(?:까|요|가|나|지)\s*\?$")


def case_openings(text: str, title: str, lines: Sequence[Line]) -> frozenset[int]:
    """Places in ``lines`` at which a case may begin; empty for a document about one thing."""
    headings = [place for place, line in enumerate(lines) if line.kind is LineKind.HEADING and line.level <= 3]
    appendices = _of_law(lines, (place for place in headings if lines[place].label == APPENDIX))
    units = _units(text, title, lines, headings)
    if not units:
        return frozenset(appendices)
    first = lines[units[0]]
    above = next((lines[p] for p in reversed(headings) if p < units[0] and lines[p].level < first.level), None)
    beside = {
        place
        for place in headings
        if above is not None
        and _alike(lines[place], above)
        and plain(text[lines[place].start : lines[place].end]) != title
    }
    return frozenset({*units, *beside, *appendices})


def _units(text: str, title: str, lines: Sequence[Line], headings: Sequence[int]) -> list[int]:
    counts = Counter(lines[place].label for place in headings)
    numbered = [place for place in headings if lines[place].label in UNITS and counts[lines[place].label] >= 2]
    if numbered:
        return numbered
    chapters = _of_law(lines, (place for place in headings if lines[place].label == CHAPTER))
    if len(chapters) >= 2:
        return chapters
    asking = [place for place in headings if _ASKS.search(plain(text[lines[place].start : lines[place].end]))]
    if len(asking) >= 2:
        return asking
    for number, place in enumerate(headings):
        if _CONTAINER.search(plain(text[lines[place].start : lines[place].end])):
            inside = _directly_below(lines, place, headings[number + 1 :])
            if len(inside) >= 2:
                # What is marked as these are is of their kind wherever it stands.
                return [other for other in headings if _alike(lines[other], lines[inside[0]])]
    if _COLLECTION.search(title):
        own = [place for place in headings if plain(text[lines[place].start : lines[place].end]) != title]
        outer = min((lines[place].level for place in own), default=0)
        listed = [place for place in own if lines[place].level == outer]
        return listed if len(listed) >= 2 else []
    return []


def _directly_below(lines: Sequence[Line], container: int, later: Iterable[int]) -> list[int]:
    """The outermost headings inside the section that ``container`` heads; squares (□) are its paragraphs."""
    inside: list[int] = []
    for place in later:
        if lines[place].level <= lines[container].level:
            break
        if lines[place].label == "□":
            continue
        if not inside or _alike(lines[place], lines[inside[0]]):
            inside.append(place)
    return inside


def _of_law(lines: Sequence[Line], places: Iterable[int]) -> list[int]:
    """``places`` where the document has articles (조), else none: plans have chapters too."""
    return list(places) if any(line.label == "조" for line in lines) else []


def _alike(one: Line, other: Line) -> bool:
    return (one.level, one.label) == (other.level, other.label)
