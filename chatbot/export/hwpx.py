"""A report as HWPX, the format of official documents (KS X 6101)."""

from __future__ import annotations

from io import BytesIO

from hwpx import HwpxDocument

from chatbot.export.report import Block, Cell, Grid, Heading, Items, Paragraph, Report, Sheet, Source, writable

_ACCENT, _SOFT = "#123F80", "#55637A"
# HWPUNIT, 1/7200 of an inch: the text width of the library's A4 page.
_TEXT_UNITS = 42_520


def to_hwpx(report: Report) -> bytes:
    """The file."""
    document = HwpxDocument.new()
    _line(document, report.title, bold=True, size=18, color=_ACCENT)
    for detail in report.details:
        _line(document, detail, size=9.5, color=_SOFT)
    document.add_paragraph("", inherit_style=False)
    for block in report.blocks:
        _add(document, block)
    buffer = BytesIO()
    document.save_to_stream(buffer)
    document.close()
    return buffer.getvalue()


def _add(document: HwpxDocument, block: Block) -> None:
    if isinstance(block, Heading):
        _line(document, block.text, bold=True, size=13.5 if block.level == 1 else 11.5, color=_ACCENT)
    elif isinstance(block, Paragraph):
        _line(document, block.text, bold=block.strong, size=13 if block.strong else 10.5)
    elif isinstance(block, Items):
        for number, row in enumerate(block.rows, 1):
            _line(document, f"{number}. {row}" if block.numbered else f"○ {row}")
    elif isinstance(block, Source):
        paragraph = document.add_paragraph("", inherit_style=False)
        paragraph.add_run(_plain(f"{block.label} {block.about} "), size=10.5)
        if block.url:
            paragraph.add_hyperlink(block.url, "원문 보기")
        if block.quote:
            _line(document, block.quote, size=10, color=_SOFT)
    elif isinstance(block, Grid):
        _table(document, block.sheet)


def _line(
    document: HwpxDocument, text: str, *, bold: bool = False, size: float = 10.5, color: str | None = None
) -> None:
    """A paragraph for each line of ``text``."""
    for line in _plain(text).split("\n"):
        document.add_paragraph("", inherit_style=False).add_run(line, bold=bold, size=size, color=color)


def _table(document: HwpxDocument, sheet: Sheet) -> None:
    table = document.add_table(len(sheet.rows) + 1, len(sheet.columns), width=_TEXT_UNITS)
    share = _TEXT_UNITS / sum(sheet.widths)
    table.set_column_widths([round(width * share) for width in sheet.widths])
    for place, row in enumerate((sheet.columns, *sheet.rows)):
        for column, value in enumerate(row):
            table.set_cell_text(place, column, _cell(value))


def _cell(value: Cell) -> str:
    return "" if value is None else _plain(str(value))


def _plain(text: str) -> str:
    return writable(text).replace("\r", "").replace("\t", "  ")
