"""Plain text in the encodings that Korean files come in, Markdown tables, and CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from index.errors import UnreadableFileError
from index.readers.extract import Extract, TextWriter
from index.readers.tables import Cell, Grid, grid_of, rendered

_MAX_REPLACED_SHARE = 0.02
_PIPE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_PIPE_RULE = re.compile(r"^\s*\|(?:\s*:?-{3,}:?\s*\|)+\s*$")
_CELL = re.compile(r"(?<!\\)\|")
_CSV_SAMPLE = 50
_MAX_CSV_CELL = 80


def decode(data: bytes) -> str:
    """Text of ``data``: UTF-8, UTF-16 with a byte-order mark, or CP949.

    Raises:
        UnreadableFileError: The bytes are of no Korean encoding.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    text = data.decode("utf-8-sig", errors="replace")
    if "\ufffd" in text and not _is_damaged_utf8(text):
        # cp949 comes second: it takes damaged UTF-8 for rare Hanja without complaint.
        text = _as_cp949(data) or text
    if "\x00" in text or text.count("\ufffd") > _MAX_REPLACED_SHARE * len(text):
        raise UnreadableFileError("글자 인코딩을 알 수 없습니다. UTF-8로 저장해 다시 넣어 주십시오")
    return text


def _is_damaged_utf8(text: str) -> bool:
    """Whether decoding as UTF-8 gave far more Korean than damage; of CP949 it gives the reverse."""
    replaced = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) > 6 * replaced


def _as_cp949(data: bytes) -> str:
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        return ""


def with_tables(text: str) -> str:
    """``text`` with Markdown tables as rows of cells; everything else is left as it was delivered."""
    if "|" not in text or "---" not in text:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    position = 0
    while position < len(lines):
        end = position
        while end < len(lines) and _PIPE_ROW.match(lines[end]):
            end += 1
        if end - position >= 3 and _PIPE_RULE.match(lines[position + 1]):
            rows = [lines[position], *lines[position + 2 : end]]
            kept.extend(_pipe_table([_pipe_cells(row) for row in rows]))
        else:
            end = max(end, position + 1)
            kept.extend(lines[position:end])
        position = end
    return "\n".join(kept)


def _pipe_cells(row: str) -> list[str]:
    cells = _CELL.split(row.strip())[1:-1]
    return [re.sub(r"<br\s*/?>", " ", cell).replace("\\|", "|").strip() for cell in cells]


def _pipe_table(rows: Sequence[Sequence[str]]) -> list[str]:
    return rendered(_grid(rows))


def _grid(rows: Sequence[Sequence[str]]) -> Grid:
    cells = [Cell(r, c, cell, header=r == 0) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    return grid_of(cells)


def delimiter_of(text: str) -> str:
    """The delimiter of a CSV text; empty for text that is none.

    A CSV is told by rows that all have as many short cells as its header.
    """
    lines = [line for line in text.lstrip("\ufeff").split("\n", _CSV_SAMPLE)[:_CSV_SAMPLE] if line.strip()]
    if len(lines) < 3:
        return ""
    for delimiter in (",", ";"):
        if lines[0].count(delimiter) < 1:
            continue
        try:
            rows = list(csv.reader(lines[:-1] if len(lines) == _CSV_SAMPLE else lines, delimiter=delimiter))
        except csv.Error:
            continue
        width = len(rows[0])
        short = all(len(cell) <= _MAX_CSV_CELL for cell in rows[0])
        named = all(cell.strip() and not cell.rstrip().endswith((".", "다")) for cell in rows[0])
        if width >= 2 and short and named and all(len(row) == width for row in rows):
            return delimiter
    return ""


def read_csv(text: str, delimiter: str) -> Extract:
    """Each row as a record with its header."""
    writer = TextWriter()
    try:
        rows = [row for row in csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise UnreadableFileError(f"CSV를 읽을 수 없습니다({error}). UTF-8로 저장해 다시 넣어 주십시오") from error
    writer.table(_grid(rows))
    return writer.extract("CSV")
