"""Tables as lines that can be read and searched: merged cells expanded, each value beside its header.

A fee table becomes ``주민등록등본⇥수수료: 400원⇥처리기간: 즉시``: the relation of a row survives chunking, and a
quoted row is understood without the table around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MAX_CELLS = 400_000
"""A sheet of 10,000 columns by 10,000 rows is data for another tool; what exceeds this is left out."""

_MAX_HEADER_CHARS = 30
_MAX_CELL_CHARS = 300
_MAX_HEADER_ROWS = 3
_LISTED = re.compile(r"^\s*(?:[□■○●◦ㅇ※▪•·\-–]|\d{1,2}[.)]|[①-⑳])\s*\S")
_YEAR = re.compile(r"^[’']?(?:19|20)?\d{2}\s*(?:[.]|년|년도|학년도)?(?:\s*(?:상|하)반기|\s*[1-4]?\s*/?4?\s*분기)?$")
_MONTH = re.compile(r"^\d{1,2}(?:\s*[~\-]\s*\d{1,2})?\s*(?:월|분기|급|등급|종|단계|차|인|세)(?:\s*이상)?$")
_VALUE = re.compile(r"\d")
_CONTACT = re.compile(r"담당\s*(?:부서|자)|책임자|연락처|전화")
_GENERIC_NAMES = """
구분 항목 분야 연번 번호 순번 과제 과제명 사업 사업명 기관 기관명 지역 시도 민원 민원명 종류 이름
명칭 내용 대상 유형 시설 시설명 분류 단계 부서 업무 일정 기간 연도 년도 No
"""
_GENERIC = frozenset(_GENERIC_NAMES.split())


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the file has it; spans count grid squares. ``header`` where the file says so."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of equal length with merged cells expanded. ``header_rows`` is ``None`` where the file does not say.

    ``deep`` is how many rows the cells of the first row reach down. ``merged`` are the squares (row, column) that
    belong to the same cell as the square to their left.
    """

    rows: tuple[tuple[str, ...], ...]
    header_rows: int | None = None
    deep: int = 1
    merged: frozenset[tuple[int, int]] = frozenset()


def grid_of(cells: Iterable[Cell]) -> Grid:
    """Cells with spans to a full grid; a merged cell's text stands in every square that it covers."""
    placed = list(cells)
    height = max((cell.row + cell.row_span for cell in placed), default=0)
    width = max((cell.column + cell.column_span for cell in placed), default=0)
    if not height or not width:
        return Grid(())
    height = min(height, max(1, MAX_CELLS // width))
    width = min(width, MAX_CELLS)
    squares = [[""] * width for _ in range(height)]
    headed = [0] * height
    merged: set[tuple[int, int]] = set()
    for cell in placed:
        for row in range(cell.row, min(cell.row + cell.row_span, height)):
            for column in range(cell.column, min(cell.column + cell.column_span, width)):
                squares[row][column] = cell.text
                headed[row] += cell.header
                (merged.add if column > cell.column else merged.discard)((row, column))
    header_rows = 0
    while header_rows < height - 1 and headed[header_rows] == width and header_rows < _MAX_HEADER_ROWS:
        header_rows += 1
    top = [cell for cell in placed if cell.row == 0]
    wide = any(cell.column_span > 1 for cell in top)
    deep = max((cell.row_span for cell in top), default=1) if wide else 1
    return Grid(tuple(map(tuple, squares)), header_rows or None, deep, frozenset(merged))


def rendered(grid: Grid, *, unit: str = "") -> list[str]:
    """Lines of a table. One column is a box of text; a row with long cells is given cell by cell."""
    rows, once = _trimmed(grid)
    if not rows:
        return []
    if len(rows[0]) == 1:
        return [line for row in rows for line in row[0].split("\n") if line.strip()]
    depth = _header_depth(rows, grid)
    names = _names(rows[:depth])
    lines = ["\t".join(name or "-" for name in names)] if depth else []
    beside = [f"({unit})"] if unit else []
    numbered = depth > 0 and all(not row[0] or row[0].strip(" .").isdigit() for row in rows[depth:])
    for row, own in zip(rows[depth:], once[depth:], strict=True):
        if any(_is_long(cell) for cell in row):
            lines.extend(_spread(row, names))
        elif depth:
            lines.append("\t".join([*_named(row, names, numbered=numbered), *beside]))
        else:
            said = [_flat(cell) for cell, first in zip(row, own, strict=True) if first and cell]
            lines.append("\t".join([*said, *beside]))
    return lines


def _trimmed(grid: Grid) -> tuple[list[list[str]], list[list[bool]]]:
    """Rows without empty rows and columns, and without columns that are merged with their left neighbour throughout.

    Beside them for each square whether it is the first of its cell in the row.
    """
    kept = [number for number, row in enumerate(grid.rows) if any(cell.strip() for cell in row)]
    if not kept:
        return [], []
    columns = [
        column
        for column in range(len(grid.rows[0]))
        if any(grid.rows[row][column].strip() for row in kept) and not all((row, column) in grid.merged for row in kept)
    ]
    rows = [[grid.rows[row][column].strip() for column in columns] for row in kept]
    return rows, [[(row, column) not in grid.merged for column in columns] for row in kept]


def _header_depth(rows: Sequence[Sequence[str]], grid: Grid) -> int:
    if len(rows) < 2:
        return 0
    if grid.header_rows:
        return min(grid.header_rows, len(rows) - 1)
    if not _is_header(rows):
        return 0
    depth = min(grid.deep, _MAX_HEADER_ROWS, len(rows) - 1)
    return depth if all(_could_name(cell) for row in rows[:depth] for cell in row) else 1


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    first = [_flat(cell) for cell in rows[0]]
    labels = [_flat(row[0]) for row in rows]
    if not all(map(_could_name, first[1:])) or not any(first[1:]) or any(map(_CONTACT.search, labels[1:])):
        return False
    if first[0] and not _could_name(first[0]):
        return False
    if len(set(first)) == 1:  # one cell over the whole width is a caption
        return False
    body = rows[1:]
    valued = any(
        sum(bool(_VALUE.search(row[column])) for row in body) * 2 > len(body) and not _VALUE.search(first[column])
        for column in range(1, len(first))
    )
    if len(first) == 2:
        return first[0].replace(" ", "") in _GENERIC or (len(body) > 1 and valued)
    return all(first[1:]) or valued


def _could_name(cell: str) -> bool:
    said = _flat(cell)
    if len(said) > _MAX_HEADER_CHARS or "." in said[-1:]:
        return False
    if _YEAR.match(said) or _MONTH.match(said):
        return True
    return sum(character.isdigit() for character in said) * 10 < max(len(said), 1) * 4


def _names(header: Sequence[Sequence[str]]) -> list[str]:
    """One name a column; levels of a merged header follow one another: ``수수료 온라인``."""
    if not header:
        return []
    return [" ".join(_distinct([_flat(row[number]) for row in header])) for number in range(len(header[0]))]


def _named(row: Sequence[str], names: Sequence[str], *, numbered: bool) -> Iterator[str]:
    said = ""
    for number, (cell, name) in enumerate(zip(row, names, strict=True)):
        value = _flat(cell)
        if not value or (number and value == said and name == names[number - 1]):
            continue
        said = value
        bare = not name or name == value or (number == 0 and not numbered)
        yield value if bare else f"{name}: {value}"


def _spread(row: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Short cells on one line, then the lines of each long one: an outline inside a table stays an outline."""
    short = [_flat(cell) for cell in row if cell and not _is_long(cell)]
    if short:
        yield "\t".join(_distinct(short))
    seen: set[str] = set()
    for number, cell in enumerate(row):
        if _is_long(cell) and cell not in seen:
            seen.add(cell)
            if names and number and names[number]:
                yield f"<{names[number]}>"
            yield from (line for line in cell.split("\n") if line.strip())


def _is_long(cell: str) -> bool:
    lines = [line for line in cell.split("\n") if line.strip()]
    return len(cell) > _MAX_CELL_CHARS or sum(bool(_LISTED.match(line)) for line in lines) >= 2


def _distinct(parts: Sequence[str]) -> list[str]:
    """Without empty parts and without repeats side by side, as merged cells give them."""
    return [part for number, part in enumerate(parts) if part and (not number or part != parts[number - 1])]


def _flat(cell: str) -> str:
    return " ".join(cell.split())
