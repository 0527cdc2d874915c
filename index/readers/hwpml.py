"""HWPML: the XML form of HWP, often under an .hwp name."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from index.readers.extract import Extract, TextWriter
from index.readers.tables import Cell, grid_of
from index.readers.xml import below, children, local, number, parse

_NOTES = ("FOOTNOTE", "ENDNOTE")
_HIDDEN = frozenset({"SECDEF", "COLDEF", "HEADER", "FOOTER", "HIDDENCOMMENT", "PARAMETERSET"})


def read_hwpml(data: bytes) -> Extract:
    """Text of all sections with tables, text boxes and notes; pages as far as breaks are written."""
    root = parse(data)
    writer = TextWriter()
    writer.page(1)
    page = 1
    for section_number, section in enumerate(below(root, "SECTION")):
        for paragraph_number, paragraph in enumerate(children(section, "P")):
            new_section = section_number > 0 and paragraph_number == 0
            if paragraph.get("PageBreak") == "true" or new_section:
                page += 1
                writer.page(page)
            _paragraph(paragraph, writer)
    title = next(("".join(found.itertext()) for found in below(root, "TITLE")), "")
    return writer.extract("HWPML", title=title)


def _paragraph(paragraph: etree._Element, writer: TextWriter) -> None:
    notes: list[str] = []
    writer.line(_own_text(paragraph))
    for control in _controls(paragraph):
        if local(control) == "TABLE":
            caption = " ".join(_flat(part) for part in children(control, "CAPTION"))
            writer.table(grid_of(_cells(control)), caption=caption)
            notes.extend(_flat(note) for note in below(control, *_NOTES))
        elif local(control) in _NOTES:
            notes.append(_flat(control))
        else:
            for inner in _outermost_paragraphs(control):
                _paragraph(inner, writer)
    writer.notes(notes)


def _own_text(paragraph: etree._Element) -> str:
    return "".join(_characters(part) for text in children(paragraph, "TEXT") for part in children(text, "CHAR"))


def _characters(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.append(
            {"TAB": "\t", "LINEBREAK": "\n", "NBSPACE": " ", "FWSPACE": " ", "HYPEN": "-"}.get(local(child), "")
        )
        parts.append(child.tail or "")
    return "".join(parts)


def _controls(paragraph: etree._Element) -> Iterator[etree._Element]:
    for text in children(paragraph, "TEXT"):
        for part in children(text):
            if local(part) not in _HIDDEN and local(part) != "CHAR":
                yield part


def _cells(table: etree._Element) -> Iterator[Cell]:
    for row_number, row in enumerate(children(table, "ROW")):
        for column_number, cell in enumerate(children(row, "CELL")):
            yield Cell(
                row=number(cell, "RowAddr", row_number),
                column=number(cell, "ColAddr", column_number),
                text="\n".join(_block(cell)),
                row_span=max(1, min(number(cell, "RowSpan", 1), 5000)),
                column_span=max(1, min(number(cell, "ColSpan", 1), 5000)),
                header=cell.get("Header") == "true",
            )


def _block(cell: etree._Element) -> Iterator[str]:
    for paragraph in _outermost_paragraphs(cell):
        said = _own_text(paragraph).replace("\t", " ")
        if said.strip():
            yield said
        yield from (_flat(control) for control in _controls(paragraph) if local(control) not in _NOTES)


def _outermost_paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if local(child) == "P":
            yield child
        else:
            yield from _outermost_paragraphs(child)


def _flat(element: etree._Element) -> str:
    return " ".join(" ".join(_characters(part) for part in below(element, "CHAR")).split())
