"""Sheets: a grid that holds titles, units and several tables one below the other."""

from __future__ import annotations

from itertools import pairwise

from index.readers.extract import TextWriter
from index.readers.tables import Grid


def write_sheet(grid: Grid, writer: TextWriter) -> None:
    """Blank rows part a sheet into tables; a row of one cell above a table is a line of text."""
    block: list[int] = []
    for number, row in enumerate((*grid.rows, ())):
        if any(cell.strip() for cell in row):
            block.append(number)
        elif block:
            _write_block(grid, block, writer)
            block = []


def _write_block(grid: Grid, numbers: list[int], writer: TextWriter) -> None:
    while numbers and _is_title(grid, numbers[0]):
        writer.line(next(cell for cell in grid.rows[numbers[0]] if cell.strip()))
        numbers = numbers[1:]
    if not numbers:
        return
    first = numbers[0]
    rows = tuple(grid.rows[number] for number in numbers)
    merged = frozenset((row - first, column) for row, column in grid.merged if first <= row <= numbers[-1])
    writer.table(Grid(rows, deep=_deep(rows, merged), merged=merged))


def _is_title(grid: Grid, row: int) -> bool:
    """Whether the row holds one cell: a merged one over the table, or a line of text."""
    return (
        sum(bool(cell.strip()) and (row, column) not in grid.merged for column, cell in enumerate(grid.rows[row])) == 1
    )


def _deep(rows: tuple[tuple[str, ...], ...], merged: frozenset[tuple[int, int]]) -> int:
    """2 where a merged header shows: a name over two columns, and a label that stands in both rows."""
    if len(rows) < 3:
        return 1
    wide = any((0, column) in merged for column in range(len(rows[0]))) or any(
        a and a == b for a, b in pairwise(rows[0])
    )
    return 2 if wide and any(a and a == b for a, b in zip(rows[0], rows[1], strict=True)) else 1
