"""A report as CommonMark, with what documents say escaped so that it stays words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot.export.report import Block, Cell, Grid, Heading, Items, Paragraph, Report, Sheet, Source, writable

_SPECIAL = re.compile(r"([\\`*_<>|#~&])")
_ESCAPE = r"\\\1"
# A line that begins like this would become a list or a rule.
_LEADING = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.M)


def to_markdown(report: Report) -> bytes:
    """The file."""
    parts = [f"# {_line(report.title)}", "\n".join(f"- {_line(detail)}" for detail in report.details)]
    parts.extend(part for block in report.blocks for part in _block(block))
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * (block.level + 1)} {_SPECIAL.sub(_ESCAPE, ' '.join(writable(block.text).split()))}"
    elif isinstance(block, Paragraph):
        yield f"**{_line(block.text)}**" if block.strong else _escaped(block.text)
    elif isinstance(block, Items):
        marks = (f"{number}." if block.numbered else "-" for number in range(1, len(block.rows) + 1))
        yield "\n".join(f"{mark} {_line(row)}" for mark, row in zip(marks, block.rows, strict=True))
    elif isinstance(block, Source):
        yield f"{_line(block.label)} {_line(block.about)}" + (f" <{block.url}>" if block.url else "")
        if block.quote:
            yield "\n".join(f"> {line}" for line in _escaped(block.quote).splitlines() if line.strip())
    elif isinstance(block, Grid):
        yield _table(block.sheet)


def _table(sheet: Sheet) -> str:
    rule = "|".join("---" for _ in sheet.columns)
    return "\n".join([_row(sheet.columns), f"|{rule}|", *(_row(row) for row in sheet.rows)])


def _row(cells: tuple[Cell, ...]) -> str:
    return "| " + " | ".join(_line("" if cell is None else str(cell)) for cell in cells) + " |"


def _line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    escaped = _SPECIAL.sub(_ESCAPE, writable(text))
    return _LEADING.sub(_led, escaped)


def _led(found: re.Match[str]) -> str:
    space, mark = found.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"
