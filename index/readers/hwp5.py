"""HWP 5 (OLE): compressed records.

pyhwp is AGPL and the others lose merged cells or notes, so this reader takes only the container from a library.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from index.errors import UnreadableFileError
from index.readers.extract import Extract, TextWriter
from index.readers.hwp5_records import (
    CTRL_HEADER,
    LIST_HEADER,
    PARA_HEADER,
    PARA_LINE_SEG,
    PARA_TEXT,
    TABLE,
    ParagraphText,
    Record,
    line_positions,
    paragraph_text,
    records,
)
from index.readers.pagination import PageCounter
from index.readers.tables import Cell, grid_of

_MAX_SECTION_BYTES = 256 * 2**20
_SIGNATURE = b"HWP Document File"
_COMPRESSED, _ENCRYPTED, _DISTRIBUTED = 1, 2, 4
_PAGE_BREAK = 0x04
_HIDDEN = frozenset({"secd", "cold", "head", "foot", "tcmt", "pgnp", "nwno", "pghd", "bokm"})
_OTHERS = {"WordDocument": "DOC", "Workbook": "XLS", "Book": "XLS", "PowerPoint Document": "PPT"}
_SAVE_AS = {"DOC": "DOCX나 PDF", "XLS": "XLSX", "PPT": "PPTX나 PDF"}


def read_ole(data: bytes) -> Extract:
    """Text of an HWP 5 file.

    Raises:
        UnreadableFileError: It is locked, or another program's OLE file.
    """
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        return _read(ole)


def _read(ole: olefile.OleFileIO) -> Extract:
    if ole.exists("EncryptedPackage"):
        raise UnreadableFileError("암호가 걸려 있어 읽을 수 없습니다. 암호를 풀어 저장한 뒤 다시 넣어 주십시오")
    if not ole.exists("FileHeader"):
        name = next((name for stream, name in _OTHERS.items() if ole.exists(stream)), "")
        if name:
            raise UnreadableFileError(f"옛 {name} 형식입니다. {_SAVE_AS[name]}로 저장해 다시 넣어 주십시오")
        raise UnreadableFileError("HWP가 아닌 OLE 파일입니다. HWPX·DOCX·PDF로 저장해 다시 넣어 주십시오")
    header = ole.openstream("FileHeader").read(256)
    if not header.startswith(_SIGNATURE) or len(header) < 40:
        raise UnreadableFileError("HWP 파일의 머리가 손상되어 읽을 수 없습니다. 원본을 다시 받아 넣어 주십시오")
    flags = struct.unpack_from("<I", header, 36)[0]
    if flags & _ENCRYPTED:
        raise UnreadableFileError("암호가 걸려 있어 읽을 수 없습니다. 암호를 풀어 저장한 뒤 다시 넣어 주십시오")
    if flags & _DISTRIBUTED:
        raise UnreadableFileError("배포용(복사 제한) HWP라 읽을 수 없습니다. HWPX나 PDF로 저장해 다시 넣어 주십시오")
    names = sorted(
        (path for path in ole.listdir() if len(path) == 2 and path[0] == "BodyText" and path[1].startswith("Section")),
        key=lambda path: int(path[1][7:]) if path[1][7:].isdigit() else 0,
    )
    reader = _Reader()
    reader.writer.page(1)
    for path in names:
        reader.section(records(_stream(ole, path, packed=bool(flags & _COMPRESSED))))
    if not reader.writer.lines and ole.exists("PrvText"):
        reader.writer.warn("본문을 읽지 못해 미리보기 글만 넣었습니다. HWPX로 저장해 다시 넣는 것이 좋습니다")
        reader.writer.line(ole.openstream("PrvText").read().decode("utf-16-le", "replace"))
    return reader.writer.extract("HWP")


def _stream(ole: olefile.OleFileIO, path: list[str], *, packed: bool) -> bytes:
    raw: bytes = ole.openstream(path).read()
    if not packed:
        return raw
    unpacker = zlib.decompressobj(-15)
    try:
        plain = unpacker.decompress(raw, _MAX_SECTION_BYTES)
    except zlib.error as error:
        raise UnreadableFileError("HWP 본문의 압축이 손상되었습니다. 원본을 다시 받아 넣어 주십시오") from error
    if unpacker.unconsumed_tail:
        raise UnreadableFileError("압축을 풀면 지나치게 커져 열지 않았습니다. 나누어 저장해 다시 넣어 주십시오")
    return plain


@dataclass(slots=True)
class _Reader:
    writer: TextWriter = field(default_factory=TextWriter)
    pages: PageCounter = field(default_factory=PageCounter)

    def section(self, top: list[Record]) -> None:
        self.pages.new_section()
        for record in top:
            if record.tag == PARA_HEADER:
                self.paragraph(record)

    def paragraph(self, record: Record) -> None:
        """One body paragraph; what is anchored in it follows it."""
        if len(record.payload) > 11 and record.payload[11] & _PAGE_BREAK:
            self.pages.explicit_break()
        said = _said(record)
        lines = [
            line for child in record.children if child.tag == PARA_LINE_SEG for line in line_positions(child.payload)
        ]
        breaks = self.pages.see([(said.offset(unit), vertical, horizontal) for unit, vertical, horizontal in lines])
        self.writer.line(said.text, breaks)
        notes: list[str] = []
        for control in _controls(record):
            self.control(control, notes)
        self.writer.notes(notes)

    def control(self, record: Record, notes: list[str]) -> None:
        """A table, a text box, or a note."""
        kind = _kind(record)
        if kind == "tbl ":
            table = _table(record)
            self.writer.table(grid_of(table.cells), caption=table.caption)
            notes.extend(_notes_below(record))
        elif kind in ("fn  ", "en  "):
            notes.append(_flat(record))
        elif kind not in _HIDDEN:
            for inner in _paragraphs_below(record):
                self.writer.line(_said(inner).text)
                for control in _controls(inner):
                    self.control(control, notes)


@dataclass(frozen=True, slots=True)
class _Table:
    cells: tuple[Cell, ...]
    caption: str


def _table(control: Record) -> _Table:
    """Cells of a table control: list headers give each cell's place, the paragraphs behind them its text."""
    caption: list[str] = []
    cells: list[Cell] = []
    place: tuple[int, int, int, int] | None = None
    lines: list[str] = []
    inside = False
    for child in control.children:
        if child.tag == TABLE:
            inside = True
        elif child.tag == LIST_HEADER:
            if place is not None:
                cells.append(_cell(place, lines))
            place, lines = (_place(child.payload), []) if inside else (None, caption)
            lines.extend(line for inner in child.children if inner.tag == PARA_HEADER for line in _block(inner))
        elif child.tag == PARA_HEADER:
            lines.extend(_block(child))
    if place is not None:
        cells.append(_cell(place, lines))
    return _Table(tuple(cells), " ".join(caption))


def _place(payload: bytes) -> tuple[int, int, int, int] | None:
    if len(payload) < 16:
        return None
    column, row, column_span, row_span = struct.unpack_from("<HHHH", payload, 8)
    return row, column, max(1, min(row_span, 5000)), max(1, min(column_span, 5000))


def _cell(place: tuple[int, int, int, int], lines: list[str]) -> Cell:
    row, column, row_span, column_span = place
    text = "\n".join(line.replace("\t", " ") for line in lines if line.strip())
    return Cell(row, column, text, row_span, column_span)


def _block(paragraph: Record) -> Iterator[str]:
    """A paragraph inside a cell: its lines, then what is anchored in it."""
    yield _said(paragraph).text
    for control in _controls(paragraph):
        if _kind(control) not in _HIDDEN | {"fn  ", "en  "}:
            yield _flat(control)


def _said(paragraph: Record) -> ParagraphText:
    for child in paragraph.children:
        if child.tag == PARA_TEXT:
            return paragraph_text(child.payload)
    return ParagraphText("", ())


def _controls(paragraph: Record) -> Iterator[Record]:
    return (child for child in paragraph.children if child.tag == CTRL_HEADER)


def _kind(control: Record) -> str:
    return control.payload[:4][::-1].decode("latin-1")


def _paragraphs_below(record: Record) -> Iterator[Record]:
    for child in record.children:
        if child.tag == PARA_HEADER:
            yield child
        else:
            yield from _paragraphs_below(child)


def _notes_below(record: Record) -> Iterator[str]:
    for child in record.children:
        if child.tag == CTRL_HEADER and _kind(child) in ("fn  ", "en  "):
            yield _flat(child)
        else:
            yield from _notes_below(child)


def _flat(record: Record) -> str:
    found = []
    for paragraph in _paragraphs_below(record):
        found.append(_said(paragraph).text)
        found.extend(_flat(control) for control in _controls(paragraph) if _kind(control) not in _HIDDEN)
    return " ".join(" ".join(found).split())
