"""A report's sheets as XLSX: frozen headings, filters, wrapped text; nothing that a document says becomes a formula."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from chatbot.export.report import Cell, Report, Sheet, writable

# What Excel takes in one cell.
MAX_CELL_CHARS = 32_767
_HEAD = PatternFill("solid", start_color="123F80")
_HEAD_FONT = Font(name="맑은 고딕", bold=True, color="FFFFFF")
_FONT = Font(name="맑은 고딕")
_LINK_FONT = Font(name="맑은 고딕", color="123F80", underline="single")


def to_workbook(report: Report) -> bytes:
    """The file; its last sheet tells what the export is."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101  a new workbook has one sheet
    book.remove(first)
    book.properties.title = writable(report.title)
    details = Sheet("정보", ("항목",), (80,), tuple((line,) for line in (report.title, *report.details)))
    for sheet in (*report.sheets, details):
        _fill(book.create_sheet(sheet.name), sheet)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(worksheet: Worksheet, sheet: Sheet) -> None:
    for place, (name, width) in enumerate(zip(sheet.columns, sheet.widths, strict=True), 1):
        head = worksheet.cell(1, place, name)
        head.font, head.fill = _HEAD_FONT, _HEAD
        head.alignment = Alignment(vertical="center")
        worksheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(sheet.rows, 2):
        for place, value in enumerate(row, 1):
            cell = worksheet.cell(number, place)
            assert isinstance(cell, SheetCell)  # noqa: S101  no cell of ours is merged
            _set(cell, value, link=place - 1 == sheet.links)
    worksheet.freeze_panes = "A2"
    worksheet.auto_filter.ref = worksheet.dimensions


def _set(cell: SheetCell, value: Cell, *, link: bool) -> None:
    if isinstance(value, str):
        cell.value = writable(value)[:MAX_CELL_CHARS]
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    else:
        cell.value = value
    cell.font = _FONT
    cell.alignment = Alignment(wrap_text=not link, vertical="top")
    if link and value:
        cell.hyperlink = str(value)
        cell.font = _LINK_FONT
