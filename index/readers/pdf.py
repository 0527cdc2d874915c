"""PDF with a text layer: columns in reading order, tables by their rules, pages as anchors.

A page without characters is reported, or read by character recognition where that is installed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.table import Table as RuledTable
from pdfplumber.utils.exceptions import PdfminerException

from index.document import RecognizedPage
from index.errors import UnreadableFileError
from index.readers.extract import Extract, TextWriter
from index.readers.pdf_lines import TextLine, columns, lines_of, paragraphs
from index.readers.pdf_margins import furniture
from index.readers.recognition import MAX_SOURCE_PIXELS, Recognizer, how_to_read_pictures
from index.readers.tables import Cell, Grid, grid_of

_LOCKED = "암호가 걸려 있어 읽을 수 없습니다. 암호를 풀어 저장한 뒤 다시 넣어 주십시오"
_MAX_PAGES = 3000
_SNAP = 2.0
"""Points within which two rules of a table are one."""
_MAX_UNREADABLE = 0.3


@dataclass(frozen=True, slots=True)
class _Placed:
    """A table with the height at which it starts and the places of its upright rules."""

    top: float
    grid: Grid
    rules: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _PageBlocks:
    """A page as text lines and tables, both with their place.

    ``picture`` tells that it has no characters, but something that could show some; ``confidence`` in [0, 1] that its
    lines were read from the picture.
    """

    number: int
    lines: tuple[TextLine, ...]
    tables: tuple[_Placed, ...]
    blank: bool
    picture: bool = False
    confidence: float | None = None


def read_pdf(data: bytes, recognizer: Recognizer | None = None) -> Extract:
    """Text of all pages in reading order; with ``recognizer`` that of pictures of pages, too."""
    writer = TextWriter()
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            title = str((pdf.metadata or {}).get("Title") or "")
            if len(pdf.pages) > _MAX_PAGES:
                writer.warn(f"{_MAX_PAGES:,}쪽을 넘어 뒷부분을 뺐습니다")
            pages = [_blocks(page) for page in pdf.pages[:_MAX_PAGES]]
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise UnreadableFileError(_LOCKED) from error
        raise
    if not pages:
        raise UnreadableFileError("PDF에 쪽이 없습니다. 원본을 다시 받아 넣어 주십시오")
    if any(page.picture for page in pages):
        pages = _recognized(pages, data, recognizer, writer)
    _write(pages, writer)
    text = "".join(writer.lines)
    if text and sum(
        character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in text
    ) > _MAX_UNREADABLE * len(text):
        raise UnreadableFileError("글꼴 정보가 없어 글자를 알 수 없는 PDF입니다. 원본 문서로 다시 넣어 주십시오")
    if not text and len(writer.empty_pages) == len(pages):
        told = writer.empty_hint if any(page.picture for page in pages) else "빈 쪽뿐입니다"
        raise UnreadableFileError(
            f"글자가 없는 PDF입니다(모두 {len(pages)}쪽). 글자 인식(OCR)을 거친 PDF로 다시 넣어 주십시오. {told}"
        )
    return writer.extract("PDF", title=title)


def _recognized(
    pages: Sequence[_PageBlocks], data: bytes, recognizer: Recognizer | None, writer: TextWriter
) -> list[_PageBlocks]:
    """The pages with the lines of those that are pictures; ``writer`` is told what to say of the others."""
    wanted = [page.number for page in pages if page.picture]
    if recognizer is None:
        writer.empty_hint = how_to_read_pictures()
        return list(pages)
    found = dict(recognizer.pages(data, wanted))
    writer.empty_hint = "글자 인식으로도 읽지 못했습니다"
    if len(found) < len(wanted):
        writer.empty_hint = "글자 인식을 끝낼 시간이 모자랐습니다. INDEX_READ_SECONDS를 늘려 다시 색인해 주십시오"
    read = {number: lines for number, lines in found.items() if lines is not None}
    return [
        replace(page, lines=read[page.number].lines, blank=False, confidence=read[page.number].confidence)
        if page.number in read
        else page
        for page in pages
    ]


def _blocks(page: Page) -> _PageBlocks:
    tables = [table for table in page.find_tables() if _is_table(table)]
    boxes = [table.bbox for table in tables]
    body = page.filter(lambda item: not any(_is_in(box, item) for box in boxes)) if boxes else page
    found = _PageBlocks(
        number=page.page_number,
        lines=tuple(lines_of(body)),
        tables=tuple(_placed(table, page) for table in tables),
        blank=not page.chars,
        picture=not page.chars and _may_show_text(page),
    )
    page.close()
    return found


def _may_show_text(page: Page) -> bool:
    sizes = [image.get("srcsize") or (0, 0) for image in page.images]
    if any(not 0 <= width * height <= MAX_SOURCE_PIXELS for width, height in sizes):
        return False
    return bool(sizes or page.curves or page.lines or page.rects)


def _is_table(table: RuledTable) -> bool:
    left, top, right, bottom = table.bbox
    return right - left > 20 and bottom - top > 8 and len(table.cells) >= 2


def _is_in(box: tuple[float, float, float, float], item: Mapping[str, Any]) -> bool:
    """Whether the middle of a character is in the box."""
    if item.get("object_type") != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _placed(table: RuledTable, page: Page) -> _Placed:
    """Cells by the rules around them: one that spans several rules is a merged cell."""
    xs = _snapped([cell[0] for cell in table.cells] + [cell[2] for cell in table.cells])
    ys = _snapped([cell[1] for cell in table.cells] + [cell[3] for cell in table.cells])
    cells = []
    for x0, top, x1, bottom in table.cells:
        left, upper = _nearest(xs, x0), _nearest(ys, top)
        said = "\n".join(paragraphs(lines_of(page.filter(partial(_is_in, (x0, top, x1, bottom))))))
        cells.append(Cell(upper, left, said, max(1, _nearest(ys, bottom) - upper), max(1, _nearest(xs, x1) - left)))
    return _Placed(table.bbox[1], grid_of(cells), tuple(xs))


def _snapped(values: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _SNAP:
            kept.append(value)
    return kept


def _nearest(values: Sequence[float], value: float) -> int:
    return min(range(len(values)), key=lambda number: abs(values[number] - value))


def _write(pages: Sequence[_PageBlocks], writer: TextWriter) -> None:
    dropped = furniture([page.lines for page in pages])
    last: _Placed | None = None
    for page, unwanted in zip(pages, dropped, strict=True):
        writer.page(page.number)
        if page.blank:
            writer.empty_pages.append(page.number)
            last = None
            continue
        if page.confidence is not None:
            writer.recognized.append(RecognizedPage(page.number, page.confidence))
        for number, block in enumerate(_ordered(page, unwanted)):
            if isinstance(block, _Placed):
                last = _continued(block, last) if number == 0 else block
                writer.table(last.grid)
            else:
                last = None
                for said in paragraphs(block):
                    writer.line(said)


def _ordered(page: _PageBlocks, unwanted: frozenset[TextLine]) -> Iterator[list[TextLine] | _Placed]:
    """Runs of lines and tables from top to bottom; columns one after the other."""
    lines = [line for line in page.lines if line not in unwanted]
    start = float("-inf")
    for table in sorted(page.tables, key=lambda table: table.top):
        above = [line for line in lines if start <= line.top < table.top]
        if above:
            yield from columns(above)
        yield table
        start = table.top
    rest = [line for line in lines if line.top >= start]
    if rest:
        yield from columns(rest)


def _continued(table: _Placed, before: _Placed | None) -> _Placed:
    """A table that goes on from the page before gets that page's header, unless it repeats it.

    It goes on when it is the first thing on its page, the other was the last on its own, and their rules stand alike.
    """
    if before is None or not before.grid.rows or not table.grid.rows or len(before.rules) != len(table.rules):
        return table
    if any(abs(a - b) > _SNAP for a, b in zip(before.rules, table.rules, strict=True)):
        return table
    depth = before.grid.header_rows or before.grid.deep
    header = before.grid.rows[:depth]
    if len(header[0]) != len(table.grid.rows[0]) or table.grid.rows[:depth] == header:
        return table
    shifted = {(row + depth, column) for row, column in table.grid.merged}
    merged = frozenset(shifted | {(row, column) for row, column in before.grid.merged if row < depth})
    return replace(table, grid=replace(before.grid, rows=header + table.grid.rows, merged=merged))
