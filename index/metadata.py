"""What a document says about itself: title, agency, date, whom to call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from index.document import Contact
from index.markup import plain
from index.outline import Line, LineKind

PRESS_HEAD = re.compile(
    r"보\s?도\s?(?:시\s?점|자\s?료|설\s?명)|보도\s*시점|제공\s?일자|배\s?포\s*(?:일시)?\s*(?:19|20)\d{2}"
)

_DATE = re.compile(r"((?:19|20)\d{2})\s*[.년\-/]\s*(\d{1,2})\s*[.월\-/]\s*(\d{1,2})")
_LICENCE = re.compile(r"공공누리[^\n]{0,40}?제?\s?(?P<type>[0-4])\s?유형")
_ENACTED = re.compile(r"[.\s]*,?\s*(?:전부|일부|타법)?\s?(?:제정|개정|발령|폐지)")
_ANNOUNCES = re.compile(r"계획|안내|모집|공모|개최")
_HELD = re.compile(r"(?:일시|일정|기간|때|장소)[^\n]{0,12}$")
# "제공부서: …" or a number of a notice stands in the head and names nothing.
_LABELLED = re.compile(
    r"^\s*(?:\S{1,3}\s?){1,3}[:：]|제\s?[\d-]+\s*호\s*$|^\(.*\)$|^\[시행|^[<〈\[(]\s*(?:표|그림)\s*\d"
)
_BRACKETED = re.compile(r"^[\[<【]\s*([^\[\]<>【】]+?)\s*[\]>】]$")
_SAID_AT_LENGTH = re.compile(r"(?:다|오|까)\.$")
_LEAD_AGENCY = re.compile(
    r"(?:^|[\s<｢「])([가-힣A-Za-z]{2,20}(?:부|처|청|위원회|본부|공단|공사|원|시|도|군|구))\s*\(\s*"
    r"(?:부총리|장관|차관|처장|청장|위원장|본부장|이사장|사장|원장|시장|도지사|지사|군수|구청장|이하)"
)
_PHONE = re.compile(r"(?<!\d)0\d{1,2}\s*[-)]\s*\d{3,4}\s*-\s*\d{4}(?!\d)")
_RANKS = (
    "과장|팀장|국장|실장|단장|사무관|서기관|주무관|연구관|연구사|전문관|책임관|담당관|계장|부장|차장|대리|책임|선임"
)
_PERSON = re.compile(
    rf"(?:(?P<rank>{_RANKS})\s*[\t ]\s*)?(?P<name>[가-힣]{{2,4}})\s*(?:(?P<after>{_RANKS})\s*)?[(\s,]*$"
)
_ROLE = re.compile(r"책임자|담당자")
_DEPARTMENT = re.compile(r"담당\s*부서\s*[\t:：>▶]*\s*(?P<name>[^\t]+)")
_SHORT_AGENCIES = re.compile(
    r"^(?:관계부처|각부처|각\s부처|지자체|[가-힣]{1,6}(?:부|처|청|원|위|도|시)|"
    r"행안|과기정통|복지|교육|고용|기재|국토|환경|문체|농식품|산업|여가|여가부|인사처|조달청|국정원|권익위|법무|외교|통일|국방|해수|중기)$"
)
_MAX_AGENCY_LINE = 40
_MAX_BEFORE_PHONE = 200


def published_on(text: str, metadata_date: object = None, title: str = "") -> date | None:
    """The date in the head of the document; ``None`` when there is none that exists.

    The date of an enactment comes before that of its coming into force, and what a plan or a notice sets a date for
    is not when it was published.
    """
    head = text[:600]
    enacted = [found for found in _DATE.finditer(head) if _ENACTED.match(head, found.end())]
    announced = _ANNOUNCES.search(title) is not None
    dated = [found for found in _DATE.finditer(head) if not (announced and _HELD.search(head, 0, found.start()))]
    for found in (*_DATE.finditer(str(metadata_date or "")), *enacted, *dated):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
    return None


def document_title(text: str, lines: Sequence[Line], fallback: str) -> str:
    """The first Markdown heading or sentence-like line of the head; ``fallback`` where the document starts at once.

    "Ⅰ. 추진 배경" and "□ 현황" are sections: the title stands above them.
    """
    head = [line for line in lines[:12] if line.kind not in (LineKind.CONTENTS, LineKind.YEAR, LineKind.ROW)]
    if head and head[0].kind is LineKind.RECORD:
        return fallback
    for line in head:
        marked = text.startswith("#", line.outer)
        if line.kind is LineKind.HEADING and line.level <= 2 and marked:
            return plain(text[line.start : line.end])
    said = [plain(text[line.start : line.end]) for number, line in enumerate(head) if _may_name(line, first=not number)]
    names = [
        one for one in said if 8 <= len(one) <= 120 and not any(no.search(one) for no in (PRESS_HEAD, _DATE, _LABELLED))
    ]
    # A document that begins with a sentence is called by it only where nothing else could be its name.
    if names:
        named = next((one for one in names if not _SAID_AT_LENGTH.search(one)), names[0])
        return _BRACKETED.sub(r"\1", named)
    first = plain(text[head[0].start : head[0].end]) if head else ""
    return first.lstrip("□■◇◆▣ ") if head and head[0].label == "□" and len(first) >= 10 else fallback


def _may_name(line: Line, *, first: bool) -> bool:
    """Whether a line may be the title: plain text, or a first line in bold."""
    bold = line.kind is LineKind.HEADING and line.level == 3 and first and not line.label
    return line.kind is LineKind.TEXT or bold


def licence_mark(text: str) -> str:
    """The mark of free use that a document carries, as ``공공누리 제1유형``; empty where it has none."""
    found = _LICENCE.search(text)
    return f"공공누리 제{found['type']}유형" if found else ""


def lead_agency(text: str) -> str:
    """The agency that a press release names with its head: ``과학기술정보통신부(부총리 …)``; empty when none."""
    found = _LEAD_AGENCY.search(text[:3000])
    return found[1] if found else ""


def agency_line(said: str) -> bool:
    """Whether a short line lists the agencies in charge and nothing else: ``행안부·국정원·과기정통부 등``."""
    if not 2 <= len(said) <= _MAX_AGENCY_LINE:
        return False
    parts = [part for part in re.split(r"[\s,·･、/]+", said) if part and part != "등"]
    return bool(parts) and all(_SHORT_AGENCIES.match(part) for part in parts)


def contacts(text: str) -> tuple[Contact, ...]:
    """People with telephone numbers, in the order of the text; the department carries down table rows."""
    found: dict[Contact, None] = {}
    department = ""
    for line in text.split("\n"):
        named = _DEPARTMENT.search(line)
        if named:
            department = plain(named["name"])
        for phone in _PHONE.finditer(line):
            before = line[max(0, phone.start() - _MAX_BEFORE_PHONE) : phone.start()]
            contact = _contact(before, re.sub(r"\s", "", phone.group()).replace(")", "-"), department)
            if contact is not None:
                found.setdefault(contact)
        if department and not plain(line):
            department = ""
    return tuple(found)


def _contact(before: str, phone: str, department: str) -> Contact | None:
    left = before.rstrip(" (\t")
    person = _PERSON.search(left)
    if person is None:
        return Contact(department, "", phone) if department else None
    rank = person["rank"] or person["after"] or ""
    if not rank and not department:
        return None
    role = _ROLE.findall(before)
    own = plain(left[: person.start()]).lstrip("-*•○ ").strip()
    return Contact(department or own, f"{person['name']} {rank}".strip(), phone, role[-1] if role else "")
