"""HWPX (KS X 6101, OWPML): a ZIP of XML sections. Bullets and numbers are drawn by the program, not written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.errors import UnreadableFileError
from index.readers.archive import member, open_archive
from index.readers.extract import Extract, TextWriter
from index.readers.numbering import Numbering
from index.readers.pagination import PageCounter
from index.readers.tables import Cell, grid_of
from index.readers.xml import below, children, local, number, parse

_SECTION = re.compile(r"^Contents/section(\d+)\.xml$", re.IGNORECASE)
_HEADER = "Contents/header.xml"
_DRAWN = frozenset({"rect", "ellipse", "polygon", "container", "line", "curve", "arc", "connectLine", "textart", "pic"})


def read_hwpx(data: bytes) -> Extract:
    """Text of all sections with tables, text boxes and footnotes."""
    with open_archive(data) as archive:
        names = archive.namelist()
        if _is_encrypted(member(archive, "META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""):
            raise UnreadableFileError("암호가 걸려 있어 읽을 수 없습니다. 암호를 풀어 저장한 뒤 다시 넣어 주십시오")
        sections = sorted((int(found[1]), name) for name in names if (found := _SECTION.match(name)))
        if not sections:
            raise UnreadableFileError("HWPX에 본문이 없습니다. 원본을 다시 받아 넣어 주십시오")
        marks = _marks(parse(member(archive, _HEADER))) if _HEADER in names else Numbering()
        reader = _Reader(marks)
        reader.writer.page(1)
        for _, name in sections:
            reader.section(parse(member(archive, name)))
        title = _title(parse(member(archive, "Contents/content.hpf"))) if "Contents/content.hpf" in names else ""
    return reader.writer.extract("HWPX", title=title)


@dataclass(slots=True)
class _Reader:
    marks: Numbering
    writer: TextWriter = field(default_factory=TextWriter)
    pages: PageCounter = field(default_factory=PageCounter)

    def section(self, root: etree._Element) -> None:
        self.pages.new_section()
        for paragraph in children(root, "p"):
            self.paragraph(paragraph)

    def paragraph(self, paragraph: etree._Element) -> None:
        """One body paragraph; what is anchored in it follows it."""
        if number(paragraph, "pageBreak"):
            self.pages.explicit_break()
        said, controls = _said(paragraph)
        mark = self.marks.mark(paragraph.get("paraPrIDRef") or "") if said.strip() else ""
        lines = [
            (number(line, "textpos"), number(line, "vertpos"), number(line, "horzpos"))
            for part in children(paragraph, "linesegarray")
            for line in children(part, "lineseg")
        ]
        breaks = self.pages.see(lines)
        self.writer.line(mark + said, [(min(at, len(said)) + (len(mark) if at else 0), page) for at, page in breaks])
        notes: list[str] = []
        for control in controls:
            self.control(control, notes)
        self.writer.notes(notes)

    def control(self, element: etree._Element, notes: list[str]) -> None:
        """A table, a text box, or a note."""
        name = local(element)
        if name == "tbl":
            caption = " ".join(_flat(part) for part in children(element, "caption"))
            self.writer.table(grid_of(_cells(element)), caption=caption)
            notes.extend(_flat(note) for note in below(element, "footNote", "endNote"))
        elif name in ("footNote", "endNote"):
            notes.append(_flat(element))
        else:
            for inner in _outermost_paragraphs(element):
                said, controls = _said(inner)
                self.writer.line(said)
                for control in controls:
                    self.control(control, notes)


def _said(paragraph: etree._Element) -> tuple[str, list[etree._Element]]:
    """Text of a paragraph's own runs, and the tables, boxes and notes that are anchored in it."""
    parts: list[str] = []
    controls: list[etree._Element] = []
    for run in children(paragraph, "run"):
        for part in run:
            name = local(part)
            if name == "t":
                parts.extend(_characters(part))
            elif name == "tbl" or name in _DRAWN:
                controls.append(part)
            elif name == "ctrl":
                controls.extend(children(part, "footNote", "endNote"))
            elif name == "compose":
                parts.append(part.get("composeText") or "")
            elif name == "dutmal":
                parts.extend("".join(main.itertext()) for main in children(part, "mainText"))
    return "".join(parts), controls


def _characters(text: etree._Element) -> Iterator[str]:
    yield text.text or ""
    for part in text:
        name = local(part)
        if name == "tab":
            yield "\t"
        elif name == "lineBreak":
            yield "\n"
        elif name in ("nbSpace", "fwSpace"):
            yield " "
        elif name == "hyphen":
            yield "-"
        elif name not in ("deleteBegin", "deleteEnd"):
            yield "".join(part.itertext())
        yield part.tail or ""


def _cells(table: etree._Element) -> Iterator[Cell]:
    for row_number, row in enumerate(children(table, "tr")):
        for column_number, cell in enumerate(children(row, "tc")):
            address = next(children(cell, "cellAddr"), None)
            span = next(children(cell, "cellSpan"), None)
            yield Cell(
                row=number(address, "rowAddr", row_number),
                column=number(address, "colAddr", column_number),
                text=_cell_text(cell),
                row_span=max(1, min(number(span, "rowSpan", 1), 5000)),
                column_span=max(1, min(number(span, "colSpan", 1), 5000)),
                header=number(cell, "header") == 1,
            )


def _cell_text(cell: etree._Element) -> str:
    lines: list[str] = []
    for paragraph in _outermost_paragraphs(cell):
        said, controls = _said(paragraph)
        lines.append(said)
        lines.extend(_flat(control) for control in controls if local(control) not in ("footNote", "endNote"))
    return "\n".join(line.replace("\t", " ") for line in lines if line.strip())


def _outermost_paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if local(child) == "p":
            yield child
        else:
            yield from _outermost_paragraphs(child)


def _flat(element: etree._Element) -> str:
    return " ".join(" ".join("".join(_characters(text)) for text in below(element, "t")).split())


def _marks(header: etree._Element) -> Numbering:
    """Bullets and numbers of the paragraph shapes."""
    bullets = {bullet.get("id"): bullet.get("char") or "" for bullet in below(header, "bullet")}
    formats = {
        numbering.get("id"): {
            number(head, "level"): (
                (head.text or "").strip(),
                head.get("numFormat") or "DIGIT",
                number(head, "start", 1),
            )
            for head in children(numbering, "paraHead")
        }
        for numbering in below(header, "numbering")
    }
    marks = Numbering()
    for shape in below(header, "paraPr"):
        for heading in children(shape, "heading"):
            kind, reference, level = heading.get("type"), heading.get("idRef"), number(heading, "level")
            if kind == "BULLET":
                marks.bullet(shape.get("id") or "", bullets.get(reference, ""))
            elif kind == "NUMBER" and reference in formats:
                marks.numbered(shape.get("id") or "", reference or "", level, formats[reference])
    return marks


def _title(package: etree._Element) -> str:
    return next(("".join(title.itertext()).strip() for title in below(package, "title")), "")


def _is_encrypted(manifest: bytes) -> bool:
    return b"encryption-data" in manifest
