"""The lines of a Korean government document and what each one is.

개조식 documents carry their structure in the first characters of a line: Ⅰ, 1., ①, □, ○, -, ※, boxes,
``제목 ▶`` records, table rows with tabs. This module only names lines; :mod:`index.cases` groups them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from index.document import CaseField
from index.list_markers import ARROWS, BULLETS, DASHES, NUMBER, SQUARES
from index.markup import blank_markup


class LineKind(Enum):
    """What a line does in the document."""

    TEXT = auto()
    ITEM = auto()  # bullet, note or numbered item
    HEADING = auto()
    RECORD = auto()  # "기관명 ▶ …"
    ROW = auto()  # table row, cells split by tabs
    FIELD = auto()  # "기존 …" / "개선 …" / "효과 …" inside an award table
    YEAR = auto()
    CONTENTS = auto()  # a line of a table of contents: "개요 ..... 1"


@dataclass(frozen=True, slots=True)
class Line:
    """One line with offsets into the stored text.

    ``start``/``end`` bound what the line says, without marker or mark-up; ``outer`` is where the line itself
    starts, marker included. ``level`` orders headings (1 is the outermost) and is 0 otherwise; ``label`` is the
    record or field name, or how a heading is marked (``장``, ``별표``, ``사례``, :data:`QUESTION` …).
    """

    kind: LineKind
    outer: int
    start: int
    end: int
    level: int = 0
    label: str = ""
    field: CaseField = CaseField.BODY


RECORD_FIELDS = {
    "제목": CaseField.TITLE,
    "기관명": CaseField.METADATA,
    "한줄요약": CaseField.SUMMARY,
    "요약": CaseField.SUMMARY,
    "목적": CaseField.PURPOSE,
    "혁신목적": CaseField.PURPOSE,
    "추진배경": CaseField.PURPOSE,
    "과정": CaseField.PROCESS,
    "혁신과정": CaseField.PROCESS,
    "추진내용": CaseField.PROCESS,
    "결과": CaseField.RESULT,
    "혁신결과": CaseField.RESULT,
    "성과": CaseField.RESULT,
    "추진성과": CaseField.RESULT,
    "기대효과": CaseField.RESULT,
    "담당부서": CaseField.CONTACT,
}
QUESTION, CHAPTER, APPENDIX, ADDENDA = "Q", "장", "별표", "부칙"
UNITS = frozenset({"사례", "과제", "전략", "주제", "안건", "의안", "연번", "제안", QUESTION})
"""Labels of headings that number what stands side by side: each of them is a case of its own."""

AWARD_FIELDS = {"기존": CaseField.BEFORE, "개선": CaseField.AFTER, "효과": CaseField.EFFECT}

_RECORD = re.compile(r"^\s*+(?P<label>[가-힣][가-힣 ]{0,11})?\s*+▶\s*(?P<value>.*)$")
_CONTENTS = re.compile(r"(?:\.{4}|·{4}|…{2})\s*\d+$")
_YEAR = re.compile(r"^\s*(?:19|20)\d{2}\s*년?\s*$")
_MARKDOWN = re.compile(r"^\s*(?P<marks>#{1,6})\s+(?P<text>.*\S)\s*$")
_ROMAN = re.compile(r"^\s*(?:[Ⅰ-Ⅻ]|[IVX]{1,4})\s*[.．]\s*\S")
_NUMBERED_TITLE = re.compile(r"^\s*(?:\*\*\s*)?(?:[①-⑳]|\d{1,2}\s*[|\]]|\d{1,2}(?=\s))\s*\S.*$")
_COUNTED = re.compile(r"^\d{1,2}\.\s\S.{0,40}$")
_BOX = re.compile(r"^\s*(?:#+\s*)?(?:\*\*\s*)?<[^<>]{2,60}>(?:\s*\*\*)?\s*$")
_SQUARE = re.compile(rf"^\s*[{SQUARES}]\s*\S")
_ITEM = re.compile(rf"^\s*(?:[{DASHES}{BULLETS}{ARROWS}]|\\\*+|\*{{1,2}}(?=\s)|{NUMBER})\s*")
# "제4조(지원 한도) 지원 금액은 …": what follows the name is text, a particle behind it would make it a reference.
_ARTICLE = re.compile(
    r"^\s*(?P<name>제\d+조(?:의\d+)?\s*[(（【\[][^()（）【】\[\]]{1,40}[)）】\]])(?:\s+(?=\S)|(?=[①-⑳])|\s*$)"
)
_CHAPTER = re.compile(r"^\s*제\s?\d{1,2}\s?(?P<kind>[편장절관])(?:의\d+)?\s+\S")
_APPENDIX = re.compile(r"^\s*(?:■[^\[［]{0,60})?[\[［【<]\s*(?:별표|별지)[^\]］】>]{0,20}[\]］】>]")
_ADDENDA = re.compile(r"^\s*부\s*칙\s*(?:[<〈(（\[].*)?$")
_UNIT = re.compile(
    r"^[\s\[【〔<■□◆◇▣●○#*]*(?P<label>사례|과제|전략|주제|안건|의안|연번|제안)\s*(?:제\s*)?\d{1,2}(?:호|번)?"
    r"(?:\s*[\]】〕>.):：]+\s*|\s+|$)(?P<text>.*)$"
)
_BILL = re.compile(r"^\s*[\[【<]?\s*제\s*\d{1,2}\s*호\s*(?P<label>의안|안건)\s*[\]】>.):：]*\s*(?P<text>.*)$")
_QUESTION = re.compile(
    r"^[\s#*<\[]*(?:\d{1,2}\s*[.)]\s*)?(?:Q\s*\d{0,3}|질문\s*\d{0,2}|문\s*\d{0,2})\s*[.:)\]>．：]\s*(?P<text>\S.*)$"
)
_CAPTION = re.compile(r"^\s*[<〈\[【(]\s*(?:표|그림)\s*\d{1,3}(?:-\d+)?\s*[>〉\]】)]\s*\S")
_SENTENCE = re.compile(r"[.。]$")
_AWARD_FIELD = re.compile(r"<b>\s*(?P<label>기존|개선|효과)\s*</b>")
_AWARD_TITLE = re.compile(r"■\s*<b>(?P<title>[^<]+)</b>")
_MAX_HEADING = 90


def read_lines(text: str) -> Iterator[Line]:
    """Lines of the stored text in order, without those that show nothing. An award row gives several lines."""
    offset = 0
    for raw in text.split("\n"):
        if blank_markup(raw).strip():
            yield from _classify(raw, offset)
        offset += len(raw) + 1


def _classify(raw: str, offset: int) -> Iterator[Line]:
    if _AWARD_FIELD.search(raw) or _AWARD_TITLE.search(raw):
        yield from _award_row(raw, offset)
        return
    visible = blank_markup(raw)
    record = _RECORD.match(visible)
    article = None if record else _ARTICLE.match(visible)
    if article:
        end = offset + article.end("name")
        start = offset + article.start("name")
        yield Line(LineKind.HEADING, start, start, end, 5, "조")
        if visible[article.end() :].strip():
            # Blank in front, so that offsets and the marker of a first 항 stay what they are.
            yield from _classify(" " * article.end() + raw[article.end() :], offset)
    elif record:
        label = re.sub(r"\s+", "", record["label"] or "") or "제목"
        field = RECORD_FIELDS.get(label, CaseField.BODY)
        yield _line(LineKind.RECORD, visible, offset, record.start("value"), label=label, field=field)
    elif _YEAR.match(visible):
        yield _line(LineKind.YEAR, visible, offset, 0)
    elif _CONTENTS.search(visible.rstrip()):
        yield _line(LineKind.CONTENTS, visible, offset, 0)
    elif numbered := _numbered_unit(visible):
        label = numbered.groupdict().get("label") or QUESTION
        yield _line(LineKind.HEADING, visible, offset, _heading_start(visible), level=3, label=label)
    elif heading := _heading_level(raw, visible):
        yield _line(
            LineKind.HEADING, visible, offset, _heading_start(visible), level=heading, label=_heading_label(visible)
        )
    elif "\t" in visible.strip():
        yield _line(LineKind.ROW, visible, offset, 0)
    else:
        marker = _ITEM.match(visible)
        kind = LineKind.ITEM if marker else LineKind.TEXT
        yield _line(kind, visible, offset, marker.end() if marker else 0)


def _award_row(raw: str, offset: int) -> Iterator[Line]:
    """``■ <b>title</b> … <b>기존</b> … <b>개선</b> … <b>효과</b> …`` as one line a part."""
    visible = blank_markup(raw)
    marks = list(_AWARD_FIELD.finditer(raw))
    first = marks[0].start() if marks else len(raw)
    title = _AWARD_TITLE.search(raw, 0, first)
    if title:
        yield from _beside_award(visible, offset, 0, title.start(), LineKind.HEADING)
        start, end = offset + title.start("title"), offset + title.end("title")
        yield Line(LineKind.HEADING, start, start, end, 3, "■", CaseField.TITLE)
    yield from _beside_award(visible, offset, title.end() if title else 0, first, LineKind.TEXT)
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(raw)
        start, stop = _trimmed(visible, mark.end(), end)
        if stop > start:
            label = mark["label"]
            yield Line(LineKind.FIELD, offset + start, offset + start, offset + stop, 0, label, AWARD_FIELDS[label])


def _beside_award(visible: str, offset: int, start: int, end: int, kind: LineKind) -> Iterator[Line]:
    """What else the row says: the grade in the cell before the title, words between title and first part."""
    left, right = _trimmed(visible, start, end)
    if right > left:
        level = 2 if kind is LineKind.HEADING else 0
        yield Line(kind, offset + left, offset + left, offset + right, level, "등급" if level else "")


def _heading_level(raw: str, visible: str) -> int:
    """1 (outermost) to 6 for a heading, 0 for anything else."""
    text = visible.strip()
    if len(text) > _MAX_HEADING + 8 or len(text) < 2:
        return 0
    markdown = _MARKDOWN.match(visible)
    if markdown:
        # "## ○ 문장…" is an outline item that a converter took for a heading.
        inner = markdown["text"]
        titled = _NUMBERED_TITLE.match(inner) or (_COUNTED.match(inner) and not _SENTENCE.search(inner))
        if _ITEM.match(inner) and not titled:
            return 0
        return 4 if inner.startswith("<") else min(len(markdown["marks"]), 3)
    if _BOX.match(raw) or _BOX.match(visible) or (_CAPTION.match(visible) and not _SENTENCE.search(text)):
        return 4
    if _ROMAN.match(visible) and len(text) < 50:
        return 1
    if _APPENDIX.match(visible) or _ADDENDA.match(visible):
        return 1
    chapter = _CHAPTER.match(visible)
    if chapter and len(text) < 50 and not _SENTENCE.search(text):
        return 1 if chapter["kind"] in "편장" else 2
    if _SQUARE.match(visible) and len(text) < 50 and not _SENTENCE.search(text):
        return 2
    bold = raw.strip().startswith("**") and raw.strip().endswith("**")
    if bold and len(text) < _MAX_HEADING:
        return 3
    return 0


def _heading_label(visible: str) -> str:
    if _APPENDIX.match(visible):
        return APPENDIX
    if _ADDENDA.match(visible):
        return ADDENDA
    chapter = _CHAPTER.match(re.sub(r"^\s*#+", "", visible))
    if chapter:
        return CHAPTER if chapter["kind"] in "편장" else "절"
    if _ROMAN.match(re.sub(r"^\s*#+", "", visible)):
        return "Ⅰ"
    return "□" if _SQUARE.match(visible) else ""


def unit_title(said: str) -> str:
    """What the heading of a unit says without its number: ``[안건 2] 주차장 축소`` → ``주차장 축소``."""
    found = _numbered_unit(said)
    return found["text"].strip() if found and found["text"].strip() else said


def _numbered_unit(visible: str) -> re.Match[str] | None:
    """``[안건 2] …``, ``Q3. …``: a heading that numbers one of several things of a kind."""
    said = visible.strip()
    if "\t" in said or len(said) > _MAX_HEADING or said.endswith("다."):
        return None
    return _UNIT.match(visible) or _BILL.match(visible) or _QUESTION.match(visible)


def _heading_start(visible: str) -> int:
    found = re.match(r"^\s*#*\s*", visible)
    return found.end() if found else 0


def _line(
    kind: LineKind,
    visible: str,
    offset: int,
    start: int,
    *,
    level: int = 0,
    label: str = "",
    field: CaseField = CaseField.BODY,
) -> Line:
    left, right = _trimmed(visible, start, len(visible))
    outer, _ = _trimmed(visible, 0, len(visible))
    return Line(kind, offset + outer, offset + left, offset + right, level, label, field)


def _trimmed(visible: str, start: int, end: int) -> tuple[int, int]:
    piece = visible[start:end]
    if not piece.strip():
        return start, start
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
