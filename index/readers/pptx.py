"""PPTX: each slide is a page; its title is a heading."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pptx

from index.readers.archive import open_archive
from index.readers.extract import Extract, TextWriter
from index.readers.tables import Cell, grid_of


def read_pptx(data: bytes) -> Extract:
    """Text of all slides with tables and speaker notes."""
    open_archive(data).close()
    deck = pptx.Presentation(io.BytesIO(data))
    writer = TextWriter()
    for number, slide in enumerate(deck.slides, start=1):
        writer.page(number)
        before = len(writer.lines)
        title = slide.shapes.title
        if title is not None:
            writer.heading(title.text_frame.text.replace("\x0b", " "), 1 if number == 1 else 3)
        shapes = [shape for shape in _flat(slide.shapes) if title is None or shape.shape_id != title.shape_id]
        for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
            _write(shape, writer)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            writer.notes([slide.notes_slide.notes_text_frame.text], label="발표자 메모")
        if len(writer.lines) == before:
            writer.empty_pages.append(number)
    return writer.extract("PPTX", title=deck.core_properties.title or "")


def _flat(shapes: Iterable[Any]) -> Iterator[Any]:
    for shape in shapes:
        inner = getattr(shape, "shapes", None)
        if inner is not None:
            yield from _flat(inner)
        else:
            yield shape


def _write(shape: Any, writer: TextWriter) -> None:  # noqa: ANN401 - the library types shapes by what they turn out to be
    if getattr(shape, "has_table", False) and shape.has_table:
        writer.table(grid_of(_cells(shape.table)))
    elif getattr(shape, "has_text_frame", False) and shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            writer.line("".join(run.text for run in paragraph.runs).replace("\x0b", " "))


def _cells(table: Any) -> Iterator[Cell]:  # noqa: ANN401 - as above
    headed = bool(table.first_row)
    for row_number, row in enumerate(table.rows):
        for column_number, cell in enumerate(row.cells):
            if cell.is_spanned:
                continue
            yield Cell(
                row_number,
                column_number,
                cell.text_frame.text.replace("\x0b", " "),
                cell.span_height if cell.is_merge_origin else 1,
                cell.span_width if cell.is_merge_origin else 1,
                header=headed and row_number == 0,
            )
