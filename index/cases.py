"""Where one case ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.document import CaseField
from index.issuer import is_agency
from index.markup import plain
from index.metadata import agency_line
from index.openings import case_openings
from index.outline import ADDENDA, APPENDIX, CHAPTER, QUESTION, UNITS, Line, LineKind, unit_title

SECTION_LEVEL = 3
"""Headings up to this level open a case in a sectioned document; deeper ones only extend the heading path."""

MIN_SECTIONED_CHARS = 4_000
MIN_SECTION_BODY = 60
MIN_FRONT_BODY = 200
"""A dateline or cover above the first heading is part of the first case, not a case of its own."""

_TITLE_NOISE = re.compile(r"^\s*(?:[□■◇◆▣○]|[①-⑳]|\d{1,2}\s*[|\].]?(?=\s)|[ⅠⅡⅢⅣⅤⅥIVX]+\s*[.．]|제\d+절\s)\s*")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_AGENCY_SAID = re.compile(
    r"^(?:기관명?|소관(?:\s?(?:부처|기관))?|(?:시행|추진|담당|제출)\s?기관)\s*[:：]\s*(?P<agency>[^:：]{2,40})$"
)
_TITLE_SAID = re.compile(r"^(?:제목|(?:제안|사례|과제|사업|안건)명)\s*[:：]\s*(?P<title>\S.{1,80})$")
_AGENCY_BEHIND = re.compile(r"\s*\((?P<agency>[^()]{2,30})\)$")
_RELATED = re.compile(r"[(（]\s*(?P<article>제\d+조(?:의\d+)?)[^()（）]{0,30}관련\s*[)）]")
_ARTICLE_NAME = r"[(（【\[][^()（）【】\[\]\n]{1,40}[)）】\]]"
_APPENDIX_NAME = re.compile(r"별표(?:\s*\d+)?|별지\s*제?\s*\d+\s*호(?:의\d+)?")
_BARE = frozenset({"연번"})
_GENERAL = re.compile(r"(?:배경|개요|목적|현황|근거|필요성|취지|체계|일정|계획|효과|여건|문제점|성과|방향|사항)$")
_NAMED_BY_DOCUMENT = frozenset({QUESTION, CHAPTER, "절", "안건", "의안"})
"""Such headings say little without the title of their document."""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case before it has an id: its lines, and what its own lines say about it."""

    title: str
    agency: str
    year: int | None
    start: int
    end: int
    lines: tuple[Line, ...]


def split_cases(text: str, title: str, lines: Sequence[Line], *, card: bool = False) -> list[CaseDraft]:
    """Cases of a document in order; a document without inner structure is one case under its own title.

    ``card``: the document says that it is about one case.
    """
    if not lines:
        return []
    openings = frozenset(lines[place] for place in (() if card else case_openings(text, title, lines)))
    groups = _groups(text, lines, openings)
    several = len(groups) > 1
    drafts = [
        _draft(text, title, group, openings if several else frozenset(), first=number == 0)
        for number, group in enumerate(groups)
    ]
    return [draft for draft in drafts if draft is not None]


def clean_title(heading: str) -> str:
    """A heading without its number, bullet and mark-up."""
    said = unit_title(plain(heading))
    cleaned = _TITLE_NOISE.sub("", said)
    return (_TITLE_NOISE.sub("", cleaned) or said).replace("*", "").strip()


def _groups(text: str, lines: Sequence[Line], openings: frozenset[Line]) -> list[list[Line]]:
    record_titles = [
        n for n, line in enumerate(lines) if line.kind is LineKind.RECORD and line.field is CaseField.TITLE
    ]
    if len(record_titles) >= 2:
        starts = [n - 1 if n and lines[n - 1].kind is LineKind.YEAR else n for n in record_titles]
        return _cut(lines, starts)
    awards = sum(line.label == "■" for line in lines)
    headings = sum(line.kind is LineKind.HEADING and line.level <= SECTION_LEVEL for line in lines)
    if awards >= 2 or (headings >= 2 and len(text) >= MIN_SECTIONED_CHARS):
        return _sections(lines)
    return _opened(lines, openings) if openings else [list(lines)]


def _cut(lines: Sequence[Line], starts: Sequence[int]) -> list[list[Line]]:
    bounds = [0, *starts, len(lines)]
    return [list(lines[a:b]) for a, b in pairwise(bounds) if b > a]


def _sections(lines: Sequence[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = [[]]
    body, enough = 0, MIN_FRONT_BODY
    for line in lines:
        opens = line.kind is LineKind.HEADING and line.level <= SECTION_LEVEL and line.label != ADDENDA
        if opens and body >= (min(enough, 1) if line.label in UNITS else enough):
            groups.append([])
            body, enough = 0, MIN_SECTION_BODY
        if line.label == "■":
            enough = MIN_SECTION_BODY
        groups[-1].append(line)
        if line.kind not in (LineKind.HEADING, LineKind.CONTENTS):
            body += line.end - line.start
    return [group for group in groups if group]


def _opened(lines: Sequence[Line], openings: frozenset[Line]) -> list[list[Line]]:
    """Cut at the openings. A short cover belongs to the first case, and a heading without body to what follows."""
    groups: list[list[Line]] = [[]]
    body, enough = 0, MIN_FRONT_BODY
    for line in lines:
        if line in openings:
            if body >= (1 if line.label == APPENDIX else enough):
                groups.append([])
            body, enough = 0, 1
        groups[-1].append(line)
        if line.kind not in (LineKind.HEADING, LineKind.CONTENTS) or line.label == "□":
            body += line.end - line.start
    return [group for group in groups if group]


def _draft(
    text: str, document_title: str, lines: Sequence[Line], openings: frozenset[Line], *, first: bool
) -> CaseDraft | None:
    if not any(line.end > line.start for line in lines):
        return None
    title = _record(text, lines, CaseField.TITLE) or _headed(text, document_title, lines, openings, first=first)
    year_lines = [line for line in lines if line.kind is LineKind.YEAR]
    year = _YEAR.search(text[year_lines[0].start : year_lines[0].end]) if year_lines else None
    agency = _record(text, lines, CaseField.METADATA) or _agency_below(text, lines) or _agency_said(text, lines)
    if not agency and openings and (behind := _AGENCY_BEHIND.search(title)) and is_agency(behind["agency"]):
        agency, title = behind["agency"], title[: behind.start()].strip()
    return CaseDraft(title, agency, int(year.group()) if year else None, lines[0].outer, lines[-1].end, tuple(lines))


def _headed(text: str, document_title: str, lines: Sequence[Line], openings: frozenset[Line], *, first: bool) -> str:
    """The title that a case takes from its heading."""
    opened = next((place for place, line in enumerate(lines) if line in openings), None)
    if opened is None or (first and not _opens_soon(lines, opened)):
        return ("" if first else _last_heading(text, lines)) or document_title
    own = lines[opened:]
    last = next((line for line in reversed(own[: _heads(own)]) if line.label != "□"), own[0])
    heading = clean_title(text[last.start : last.end])
    if last.label == APPENDIX:
        return f"{document_title}: {_tied(text, own, plain(text[last.start : last.end]))}"
    if last.label in _BARE:
        heading = _title_said(text, own) or heading
    if _GENERAL.search(heading) and last.label not in UNITS:
        return document_title if first else f"{document_title}: {heading}"
    needs = last.label in _NAMED_BY_DOCUMENT or heading.endswith("?")
    return f"{document_title}: {heading}" if needs else heading


def _opens_soon(lines: Sequence[Line], opened: int) -> bool:
    return sum(line.end - line.start for line in lines[:opened] if line.kind is not LineKind.HEADING) < MIN_FRONT_BODY


def _heads(lines: Sequence[Line]) -> int:
    """How many headings the case begins with."""
    places = (number for number, line in enumerate(lines) if line.kind is not LineKind.HEADING or line.level > 3)
    return next(places, len(lines))


def _title_said(text: str, lines: Sequence[Line]) -> str:
    for line in lines[1:3]:
        if said := _TITLE_SAID.match(plain(text[line.outer : line.end])):
            return said["title"]
    return ""


def _tied(text: str, lines: Sequence[Line], heading: str) -> str:
    """An appendix with the name of the article that it belongs to: ``[별표] 환수 절차(제5조 관련) · 제5조(환수)``."""
    below = next((text[line.start : line.end] for line in lines[1:2] if line.kind is not LineKind.ROW), "")
    said = heading if _RELATED.search(heading) or not _RELATED.search(below) else f"{heading} {plain(below)}"
    related = _RELATED.search(said)
    article = related["article"] if related else _mentioning(text[: lines[0].outer], heading)
    name = re.search(rf"^\s*({article}\s?{_ARTICLE_NAME})", text, re.MULTILINE) if article else None
    return f"{said} · {name[1]}" if name else said


def _mentioning(before: str, heading: str) -> str:
    """The article above an appendix that speaks of it first: ``제2조`` for ``[별지 제1호 서식]``; empty where none."""
    found = _APPENDIX_NAME.search(heading)
    if found is None:
        return ""
    spaced = r"\s*".join(re.escape(letter) for letter in "".join(found[0].split()))
    said = re.search(rf"{spaced}(?![\d호])", before)
    articles = (
        re.findall(rf"^\s*(제\d+조(?:의\d+)?)\s?{_ARTICLE_NAME}", before[: said.start()], re.MULTILINE) if said else []
    )
    return articles[-1] if articles else ""


def _agency_said(text: str, lines: Sequence[Line]) -> str:
    """``소관: 국민생활부`` near the beginning of the case."""
    for line in lines[:6]:
        if said := _AGENCY_SAID.match(plain(text[line.outer : line.end])):
            return said["agency"].strip()
    return ""


def _record(text: str, lines: Sequence[Line], field: CaseField) -> str:
    """Value of the first record line of ``field``, with the plain lines that continue it."""
    for number, line in enumerate(lines):
        if line.kind is LineKind.RECORD and line.field is field:
            end = line.end
            for following in lines[number + 1 :]:
                if following.kind is not LineKind.TEXT or field is not CaseField.TITLE:
                    break
                end = following.end
            return plain(text[line.start : end])
    return ""


def _last_heading(text: str, lines: Sequence[Line]) -> str:
    """The innermost heading before the first line of body."""
    title = ""
    for line in lines:
        if line.kind is LineKind.HEADING and line.level <= SECTION_LEVEL:
            title = clean_title(text[line.start : line.end])
        elif line.kind is not LineKind.CONTENTS:
            break
    return title


def _agency_below(text: str, lines: Sequence[Line]) -> str:
    """Agencies in charge, on their own line or two right under the heading."""
    found: list[str] = []
    for line in lines:
        if line.kind is LineKind.HEADING:
            continue
        said = plain(text[line.start : line.end])
        if line.kind is not LineKind.TEXT or not agency_line(said):
            break
        found.append(said)
    joined = " ".join(found)
    return re.sub(r"\s*,\s*", ", ", re.sub(r"·\s+", "·", joined)).strip(" ,")
