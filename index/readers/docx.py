"""DOCX: paragraphs, tables and footnotes in the order of the body."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from index.readers.archive import open_archive
from index.readers.extract import Extract, TextWriter
from index.readers.tables import Cell, Grid, grid_of
from index.readers.xml import parse

_LAST_BREAK, _BREAK = qn("w:lastRenderedPageBreak"), qn("w:br")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTE = qn("w:footnoteReference")


def read_docx(data: bytes) -> Extract:
    """Text with headings marked. Pages count where Word broke them when it last saved, or by written breaks."""
    open_archive(data).close()
    document = docx.Document(io.BytesIO(data))
    _simplify(document.element.body)
    return _Reader(document).read()


def _simplify(body: etree._Element) -> None:
    """Take content controls off what they hold, and drop the copies of text boxes that are for old programs."""
    for fallback in list(body.iter(_FALLBACK)):
        fallback.getparent().remove(fallback)
    for control in list(body.iter(qn("w:sdt"))):
        content = control.find(qn("w:sdtContent"))
        for child in list(content) if content is not None else []:
            control.addprevious(child)
        control.getparent().remove(control)


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._writer = TextWriter()
        self._page = 1
        self._notes = dict(_footnotes(document))
        # Word writes both its own breaks and the rendered ones that follow from them: count only one kind.
        rendered = next(document.element.body.iter(_LAST_BREAK), None) is not None
        self._breaks = _LAST_BREAK if rendered else _BREAK

    def read(self) -> Extract:
        self._writer.page(1)
        for block in self._document.iter_inner_content():
            if isinstance(block, Paragraph):
                self._paragraph(block)
            else:
                self._table(block)
        return self._writer.extract("DOCX", title=self._document.core_properties.title or "")

    def _paragraph(self, paragraph: Paragraph) -> None:
        said, breaks = self._said(paragraph)
        style = (paragraph.style.name or "") if paragraph.style is not None else ""
        level = _heading_level(style)
        if level and said.strip():
            for _, page in breaks:
                self._writer.page(page)
            self._writer.heading(said, level)
        else:
            bullet = "• " if said.strip() and style.startswith("List Bullet") else ""
            self._writer.line(bullet + said, [(at + len(bullet) if at else 0, page) for at, page in breaks])
        self._writer.notes(self._referenced(paragraph._p))

    def _said(self, paragraph: Paragraph) -> tuple[str, list[tuple[int, int]]]:
        parts: list[str] = []
        breaks: list[tuple[int, int]] = []
        length = 0
        for element in paragraph._p.iter():
            said = ""
            if element.tag == self._breaks and (element.tag == _LAST_BREAK or element.get(qn("w:type")) == "page"):
                self._page += 1
                breaks.append((length, self._page))
            elif element.tag == qn("w:t"):
                said = element.text or ""
            elif element.tag == qn("w:tab") and element.getparent().tag == qn("w:r"):
                said = "\t"
            elif element.tag in (_BREAK, qn("w:cr")) and element.get(qn("w:type")) != "page":
                said = "\n"
            parts.append(said)
            length += len(said)
        return "".join(parts), breaks

    def _table(self, table: Table) -> None:
        self._writer.table(_grid(table))
        self._writer.notes(self._referenced(table._tbl))
        passed = sum(1 for _ in table._tbl.iter(_LAST_BREAK)) if self._breaks == _LAST_BREAK else 0
        if passed:
            self._page += passed
            self._writer.page(self._page)

    def _referenced(self, element: etree._Element) -> Iterator[str]:
        for reference in element.iter(_NOTE):
            yield self._notes.get(reference.get(qn("w:id")) or "", "")


def _heading_level(style: str) -> int:
    if style == "Title":
        return 1
    for prefix in ("Heading ", "제목 "):
        if style.startswith(prefix) and style[len(prefix) :].isdigit():
            return int(style[len(prefix) :])
    return 0


def _grid(table: Table) -> Grid:
    """Cells by their grid place. python-docx gives a merged cell in every place that it covers."""
    cells: list[Cell] = []
    merged: set[tuple[int, int]] = set()
    for row_number, row in enumerate(table.rows):
        repeated = row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        before = None
        for column, cell in enumerate(row.cells, start=row.grid_cols_before):
            cells.append(Cell(row_number, column, _cell_text(cell._tc), header=repeated))
            if before is cell._tc:
                merged.add((row_number, column))
            before = cell._tc
    wide = any(row == 0 for row, _ in merged)
    return replace(grid_of(cells), deep=_depth(table) if wide else 1, merged=frozenset(merged))


def _depth(table: Table) -> int:
    """Rows that the cells of the first row reach down."""
    rows = list(table.rows)
    deepest = 1
    for column, cell in enumerate(rows[0].cells):
        deep = 1
        while deep < len(rows) and column < len(rows[deep].cells) and rows[deep].cells[column]._tc is cell._tc:
            deep += 1
        deepest = max(deepest, deep)
    return deepest


def _cell_text(cell: etree._Element) -> str:
    lines = ["".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in cell.iter(qn("w:p"))]
    return "\n".join(line for line in lines if line.strip())


def _footnotes(document: Document) -> Iterator[tuple[str, str]]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes") and not relation.is_external:
            for note in parse(relation.target_part.blob).iter(qn("w:footnote")):
                said = "".join(text.text or "" for text in note.iter(qn("w:t"))).strip()
                if said:
                    yield str(note.get(qn("w:id"))), said
