"""Where one case ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.document import CaseField
from index.markup import plain
from index.metadata import agency_line
from index.outline import Line, LineKind

SECTION_LEVEL = 3
"""Headings up to this level open a case in a sectioned document; deeper ones only extend the heading path."""

MIN_SECTIONED_CHARS = 4_000
MIN_SECTION_BODY = 60
MIN_FRONT_BODY = 200
"""A dateline or cover above the first heading is part of the first case, not a case of its own."""

_TITLE_NOISE = re.compile(r"^\s*(?:[□■◇◆▣○]|[①-⑳]|\d{1,2}\s*[|\].]?(?=\s)|[ⅠⅡⅢⅣⅤⅥIVX]+\s*[.．])\s*")
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case before it has an id: its lines, and what its own lines say about it."""

    title: str
    agency: str
    year: int | None
    start: int
    end: int
    lines: tuple[Line, ...]


def split_cases(text: str, title: str, lines: Sequence[Line]) -> list[CaseDraft]:
    """Cases of a document in order; a document without inner structure is one case under its own title."""
    if not lines:
        return []
    groups = _groups(text, lines)
    drafts = [_draft(text, title, group, first=number == 0) for number, group in enumerate(groups)]
    return [draft for draft in drafts if draft is not None]


def clean_title(heading: str) -> str:
    """A heading without its number, bullet and mark-up."""
    cleaned = _TITLE_NOISE.sub("", plain(heading))
    return (_TITLE_NOISE.sub("", cleaned) or plain(heading)).replace("*", "").strip()


def _groups(text: str, lines: Sequence[Line]) -> list[list[Line]]:
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
    return [list(lines)]


def _cut(lines: Sequence[Line], starts: Sequence[int]) -> list[list[Line]]:
    bounds = [0, *starts, len(lines)]
    return [list(lines[a:b]) for a, b in pairwise(bounds) if b > a]


def _sections(lines: Sequence[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = [[]]
    body, enough = 0, MIN_FRONT_BODY
    for line in lines:
        if line.kind is LineKind.HEADING and line.level <= SECTION_LEVEL and body >= enough:
            groups.append([])
            body, enough = 0, MIN_SECTION_BODY
        if line.label == "■":
            enough = MIN_SECTION_BODY
        groups[-1].append(line)
        if line.kind not in (LineKind.HEADING, LineKind.CONTENTS):
            body += line.end - line.start
    return [group for group in groups if group]


def _draft(text: str, document_title: str, lines: Sequence[Line], *, first: bool) -> CaseDraft | None:
    if not any(line.end > line.start for line in lines):
        return None
    title = _record(text, lines, CaseField.TITLE) or ("" if first else _last_heading(text, lines)) or document_title
    year_lines = [line for line in lines if line.kind is LineKind.YEAR]
    year = _YEAR.search(text[year_lines[0].start : year_lines[0].end]) if year_lines else None
    agency = _record(text, lines, CaseField.METADATA) or _agency_below(text, lines)
    return CaseDraft(title, agency, int(year.group()) if year else None, lines[0].outer, lines[-1].end, tuple(lines))


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
