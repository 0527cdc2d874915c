"""What repeats at the edges of PDF pages: running titles and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.readers.pdf_lines import TextLine

_EDGE_LINES = 2
_PAGE_NUMBER = re.compile(
    r"^\s*[-–—<\[]?\s*(?:\d{1,4}|[ivxⅰ-ⅻ]{1,4})\s*(?:[/／]\s*\d{1,4})?\s*(?:쪽|면)?\s*[-–—>\]]?\s*$", re.I
)
_NUMBER_BESIDE = re.compile(r"^\s*[-–]?\s*\d{1,4}\s*[-–]?\s+|\s+[-–]?\s*\d{1,4}\s*[-–]?\s*$")


def furniture(pages: Sequence[Sequence[TextLine]]) -> list[frozenset[TextLine]]:
    """For each page the lines to leave out: page numbers, and what at least half of the pages repeat."""
    edges = [_edges(lines) for lines in pages]
    counts = Counter(key for lines in edges for key in {_key(line) for line in lines})
    needed = max(3, (sum(map(bool, pages)) + 1) // 2)
    return [
        frozenset(line for line in lines if _PAGE_NUMBER.match(line.text) or counts[_key(line)] >= needed)
        for lines in edges
    ]


def _edges(lines: Sequence[TextLine]) -> list[TextLine]:
    """The first and last printed lines of a page; lines beside one another count as one."""
    ordered = sorted(lines, key=lambda line: line.top)
    heights = sorted({round(line.bottom / 4) for line in ordered})
    outer = {*heights[:_EDGE_LINES], *heights[-_EDGE_LINES:]}
    return [line for line in ordered if round(line.bottom / 4) in outer]


def _key(line: TextLine) -> str:
    return "".join(_NUMBER_BESIDE.sub("", line.text).split())
