"""ODS and ODT: the text that the cells show stands in the file, so nothing has to be formatted."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from index.readers.archive import member, open_archive
from index.readers.extract import Extract, TextWriter
from index.readers.sheets import write_sheet
from index.readers.tables import MAX_CELLS, Cell, grid_of
from index.readers.xml import below, children, local, number, parse

_MAX_REPEAT = 1000
"""An empty row may be repeated a million times to fill the sheet."""


def read_ods(data: bytes) -> Extract:
    """All sheets; each is a page and one table."""
    root = _content(data)
    writer = TextWriter()
    sheets = [table for body in below(root, "spreadsheet") for table in children(body, "table")]
    for index, sheet in enumerate(sheets, start=1):
        writer.page(index)
        if len(sheets) > 1:
            writer.heading(_named(sheet, "name"), 3)
        before = len(writer.lines)
        write_sheet(grid_of(_cells(sheet)), writer)
        if len(writer.lines) == before:
            writer.empty_pages.append(index)
    return writer.extract("ODS")


def read_odt(data: bytes) -> Extract:
    """Paragraphs, headings, lists and tables in order; pages where breaks are saved."""
    root = _content(data)
    writer = TextWriter()
    writer.page(1)
    breaking = frozenset(
        str(_named(style, "name"))
        for style in below(root, "style")
        for shape in children(style, "paragraph-properties")
        if _named(shape, "break-before") == "page"
    )
    for body in below(root, "body"):
        for text in children(body, "text"):
            _blocks(text, writer, breaking)
    return writer.extract("ODT")


def _content(data: bytes) -> etree._Element:
    with open_archive(data) as archive:
        return parse(member(archive, "content.xml"))


def _blocks(element: etree._Element, writer: TextWriter, breaking: frozenset[str]) -> None:
    for child in element:
        name = local(child)
        if name == "h":
            writer.heading(_said(child), number(child, "outline-level", 1))
        elif name == "p":
            broken = _named(child, "style-name") in breaking
            if broken or next(below(child, "soft-page-break"), None) is not None:
                writer.page(max(writer.page_count, 1) + 1)
            writer.line(_said(child))
            writer.notes(_flat(body) for note in below(child, "note") for body in children(note, "note-body"))
        elif name == "soft-page-break":
            writer.page(max(writer.page_count, 1) + 1)
        elif name == "table":
            writer.table(grid_of(_cells(child)))
        elif name in ("list", "list-item", "section", "text-box"):
            _blocks(child, writer, breaking)


def _cells(table: etree._Element) -> Iterator[Cell]:
    row_number = count = 0
    for row in _rows(table):
        column = 0
        for cell in children(row, "table-cell", "covered-table-cell"):
            repeat = number(cell, "number-columns-repeated", 1)
            said = "\n".join(_said(paragraph) for paragraph in below(cell, "p", "h"))
            if said.strip() and local(cell) == "table-cell":
                for offset in range(min(repeat, _MAX_REPEAT)):
                    count += 1
                    if count > MAX_CELLS:
                        return
                    yield Cell(
                        row_number,
                        column + offset,
                        said,
                        max(1, min(number(cell, "number-rows-spanned", 1), _MAX_REPEAT)),
                        max(1, min(number(cell, "number-columns-spanned", 1), _MAX_REPEAT)),
                        header=any(local(above) == "table-header-rows" for above in row.iterancestors()),
                    )
            column += repeat
        row_number += min(number(row, "number-rows-repeated", 1), _MAX_REPEAT)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if local(child) == "table-row":
            yield child
        elif local(child) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child)


def _named(element: etree._Element, name: str) -> str:
    """An attribute by its local name."""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"}}{name}")), "")


def _said(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            parts.append(" " * min(number(child, "c", 1), 100))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name not in ("note", "annotation", "frame", ""):
            parts.append(_said(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _flat(element: etree._Element) -> str:
    return " ".join(" ".join(_said(paragraph) for paragraph in below(element, "p")).split())
