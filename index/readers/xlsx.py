"""XLSX: each sheet is a page, each row a record with its header. Numbers as the sheet shows them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from index.readers.archive import open_archive
from index.readers.extract import Extract, TextWriter
from index.readers.sheets import write_sheet
from index.readers.tables import MAX_CELLS, Cell, grid_of


def read_xlsx(data: bytes) -> Extract:
    """All visible sheets. Blank rows part a sheet into tables; a lone cell is a line of text."""
    open_archive(data).close()
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    writer = TextWriter()
    for number, sheet in enumerate(book.worksheets, start=1):
        if sheet.sheet_state != "visible":
            writer.warn(f"숨긴 시트는 읽지 않았습니다: {sheet.title}")
            continue
        writer.page(number)
        if len(book.worksheets) > 1:
            writer.heading(sheet.title, 3)
        before = len(writer.lines)
        write_sheet(grid_of(_cells(sheet, writer)), writer)
        if len(writer.lines) == before:
            writer.empty_pages.append(number)
    return writer.extract("XLSX", title=book.properties.title or "")


def _cells(sheet: Worksheet, writer: TextWriter) -> Iterator[Cell]:
    spans = {(area.min_row, area.min_col): area.size for area in sheet.merged_cells.ranges}
    count = 0
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            count += 1
            if count > MAX_CELLS:
                writer.warn(f"시트 {sheet.title!r}의 칸이 {MAX_CELLS:,}개를 넘어 뒷부분을 뺐습니다")
                return
            size = spans.get((cell.row, cell.column), {"rows": 1, "columns": 1})
            yield Cell(
                cell.row - 1,
                cell.column - 1,
                shown(cell.value, cell.number_format or ""),
                size["rows"],
                size["columns"],
            )


def shown(value: object, number_format: str) -> str:
    """A cell's value as the sheet shows it: 0.15 in a percent format is ``15%``."""
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if value.time() != time() else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float):
        return _number(value, number_format.split(";")[0])
    return str(value)


def _number(value: float, number_format: str) -> str:
    percent = "%" in number_format
    exact = Decimal(repr(value)) * (100 if percent else 1)
    if not exact.is_finite():
        return str(value)
    decimals = len(number_format.partition(".")[2]) - len(number_format.partition(".")[2].lstrip("0"))
    if "0" in number_format and number_format != "General":
        exact = round(exact, decimals) if decimals else Decimal(round(exact))
    text = f"{exact:,f}" if "#,##" in number_format else f"{exact:f}"
    if "." in text and not decimals:
        text = text.rstrip("0").rstrip(".")
    return text + ("%" if percent else _quoted(number_format))


def _quoted(number_format: str) -> str:
    """A unit that the format writes behind the number: ``#,##0"원"``."""
    return number_format.rpartition('"')[0].rpartition('"')[2] if number_format.endswith('"') else ""
