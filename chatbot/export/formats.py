"""The formats of an export: how each is written, what it is called on the wire and on the disk."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from urllib.parse import quote

from fastapi import Response

from chatbot.export.markdown import to_markdown
from chatbot.export.report import Report
from chatbot.export.word import to_word
from chatbot.export.workbook import to_workbook


class ExportFormat(StrEnum):
    """Also the ending of the file's name."""

    DOCX = "docx"
    HWPX = "hwpx"
    PDF = "pdf"
    XLSX = "xlsx"
    MARKDOWN = "md"


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    ExportFormat.MARKDOWN: "text/markdown; charset=utf-8",
    ExportFormat.DOCX: f"{_OFFICE}.wordprocessingml.document",
    ExportFormat.HWPX: "application/hwp+zip",
    ExportFormat.PDF: "application/pdf",
    ExportFormat.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
}


def written(report: Report, format_: ExportFormat) -> bytes:
    """``report`` in this format. The writers are imported when they are needed: two of them take half a second."""
    match format_:
        case ExportFormat.MARKDOWN:
            return to_markdown(report)
        case ExportFormat.DOCX:
            return to_word(report)
        case ExportFormat.XLSX:
            return to_workbook(report)
        case ExportFormat.HWPX:
            from chatbot.export.hwpx import to_hwpx

            return to_hwpx(report)
        case ExportFormat.PDF:
            from chatbot.export.pdf import to_pdf

            return to_pdf(report)


def file_response(report: Report, format_: ExportFormat, name: str, today: date) -> Response:
    """``report`` as a file to keep, called ``name`` and the day."""
    file_name = quote(f"{name}_{today:%Y%m%d}.{format_}")
    return Response(
        written(report, format_),
        media_type=_MEDIA_TYPES[format_],
        headers={
            "Content-Disposition": f"attachment; filename=\"export.{format_}\"; filename*=UTF-8''{file_name}",
            "Cache-Control": "no-store",
        },
    )
