"""What every exported file holds, before it is a file: blocks to read and sheets to sort."""

from __future__ import annotations

import re
from dataclasses import dataclass

Cell = str | int | None

# XML 1.0 has no place for these, and openpyxl and lxml refuse them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """``text`` without the characters that no XML file can hold."""
    return _UNWRITABLE.sub("", text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is below the title."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; ``strong`` for a short answer that stands out."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or not."""

    rows: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of a source list; ``label`` is the number as on screen, ``quote`` the verbatim passage or empty."""

    label: str
    about: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name: a sheet of a workbook. ``links`` is the column that holds addresses, if any."""

    name: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet set into the text, with the first column as the name of each row."""

    sheet: Sheet


Block = Heading | Paragraph | Items | Source | Grid


@dataclass(frozen=True, slots=True)
class Report:
    """``details`` stand below the title: when, from which index. A workbook takes only ``sheets``."""

    title: str
    details: tuple[str, ...]
    blocks: tuple[Block, ...]
    sheets: tuple[Sheet, ...]
