"""What every reader gives, and the writer that readers fill."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from index.document import Page, RecognizedPage
from index.normalize import normalize
from index.readers.tables import Grid, rendered

MAX_TEXT_CHARS = 20_000_000
"""Above it a document is cut with a warning: no one file may fill the index."""

_SHOWN_PAGES = 10
_UNIT = re.compile(r"^[(\[<※\s]*(단위\s*[:：][^()\[\]<>\n]{1,30}?)[)\]>\s]*$")
_BLANKS = re.compile(r"[ \u00a0\u3000]+")
_HAS_MARK = re.compile(r"^\s*(?:#|[□■◇◆▣○●◦ㅇ※▶\-–•]|<[^<>]+>$|[①-⑳]|[Ⅰ-Ⅻ]\s*[.．]|제\d+[조장절])")


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of one document and how it was got.

    ``text`` is normalised, so that it is stored as it is; ``pages`` are pages, slides or sheets of the original.
    ``name`` is the path inside a bundle (ZIP, mail), empty for the file itself; ``error`` is the Korean reason
    why this part of a bundle was not read. ``empty_pages`` hold a picture or nothing; pictures that were read all the
    same are ``recognized``.
    """

    format: str
    text: str = ""
    title: str = ""
    pages: tuple[Page, ...] = ()
    page_count: int = 0
    tables: int = 0
    table_chars: int = 0
    empty_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    name: str = ""
    digest: str = ""
    error: str = ""
    recognized: tuple[RecognizedPage, ...] = ()


@dataclass(slots=True)
class TextWriter:
    """Collects lines in reading order; offsets of pages are those of :meth:`extract`'s text.

    ``empty_hint`` is said of pages without characters.
    """

    lines: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    empty_pages: list[int] = field(default_factory=list)
    recognized: list[RecognizedPage] = field(default_factory=list)
    empty_hint: str = "그림으로 된 쪽일 수 있습니다"
    tables: int = 0
    table_chars: int = 0
    page_count: int = 0
    _length: int = 0
    _unit: str = ""

    def page(self, number: int) -> None:
        """What follows stands on page ``number`` (from 1)."""
        self.page_count = max(self.page_count, number)
        self.pages.append(Page(number, self._length))

    def line(self, said: str, breaks: Sequence[tuple[int, int]] = ()) -> None:
        """Add a paragraph; empty ones are left out.

        ``breaks`` are ``(offset, page)`` pairs: at this character of ``said`` that page begins.
        """
        for part in said.split("\n"):
            clean = _BLANKS.sub(" ", normalize(part).text).strip(" ")
            if clean.strip():
                self._put(clean, [(max(0, min(at, len(clean) - 1)), page) for at, page in breaks])
            elif breaks:
                for _, page in breaks:
                    self.page(page)
            breaks = ()

    def heading(self, said: str, level: int) -> None:
        """Add a heading; one that carries its own mark (□, Ⅰ.) is left as it is."""
        flat = " ".join(said.split())
        if flat:
            self.line(flat if _HAS_MARK.match(flat) else f"{'#' * min(max(level, 1), 6)} {flat}")

    def table(self, grid: Grid, *, caption: str = "") -> None:
        """Add a table, one line a row; a line of units right above it is repeated in each row."""
        self.line(caption)
        before = self._length
        unit = self._unit or _unit(caption)
        lines = rendered(grid, unit=unit)
        if any("\t" in line for line in lines):
            self.tables += 1
        for said in lines:
            self.line(said)
        if any("\t" in line for line in lines):
            self.table_chars += self._length - before

    def notes(self, said: Iterable[str], label: str = "각주") -> None:
        """Add footnotes in their order."""
        for number, note in enumerate(said, start=1):
            flat = " ".join(note.split())
            if flat:
                self.line(f"※ {label} {number}) {flat}")

    def warn(self, message: str) -> None:
        """Keep a warning once."""
        if message not in self.warnings:
            self.warnings.append(message)

    def extract(self, format_name: str, *, title: str = "") -> Extract:
        """The whole document."""
        text = "\n".join(self.lines)
        if len(text) > MAX_TEXT_CHARS:
            self.warn(f"본문이 {MAX_TEXT_CHARS:,}자를 넘어 뒷부분을 뺐습니다")
            text = text[:MAX_TEXT_CHARS]
        if self.recognized:
            pages = [f"{page.number}쪽(확신도 {page.confidence:.0%})" for page in self.recognized[:_SHOWN_PAGES]]
            more = f" 등 {len(self.recognized)}쪽" if len(self.recognized) > _SHOWN_PAGES else ""
            self.warn(f"글자 인식으로 읽음: {', '.join(pages)}{more}. 글자가 틀릴 수 있으니 원문과 견주어 주십시오")
        if self.empty_pages:
            shown = ", ".join(str(number) for number in self.empty_pages[:_SHOWN_PAGES])
            more = f" 등 {len(self.empty_pages)}쪽" if len(self.empty_pages) > _SHOWN_PAGES else "쪽"
            self.warn(f"글자가 없는 쪽이 있습니다({self.empty_hint}): {shown}{more}")
        return Extract(
            format=format_name,
            text=text,
            title=_told(" ".join(normalize(title).text.split()), text),
            pages=_within(self.pages, len(text)),
            page_count=self.page_count,
            tables=self.tables,
            table_chars=self.table_chars,
            empty_pages=tuple(self.empty_pages),
            recognized=tuple(self.recognized),
            warnings=tuple(self.warnings),
        )

    def _put(self, clean: str, breaks: Sequence[tuple[int, int]]) -> None:
        for at, page in breaks:
            self.page_count = max(self.page_count, page)
            self.pages.append(Page(page, self._length + at))
        self.lines.append(clean)
        self._length += len(clean) + 1
        self._unit = _unit(clean)


def _told(title: str, text: str) -> str:
    """The title of the file's properties, if the document says it too: most are left from a template."""
    return title if len(title) >= 4 and "".join(title.split()) in "".join(text[:2000].split()) else ""


def _unit(line: str) -> str:
    found = _UNIT.match(line)
    return " ".join(found[1].split()) if found else ""


def _within(pages: Sequence[Page], size: int) -> tuple[Page, ...]:
    """The last page that begins at each offset: a page without text has no place of its own."""
    return tuple({page.start: page for page in pages if page.start < max(size, 1)}.values())
