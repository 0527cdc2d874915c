"""Page numbers of Hangul documents, from where the program put each line when it last saved the file.

The files hold no page numbers: a line that stands higher than the one before it begins a new page. A table that
spans pages is one object in them, so what follows such a table may be counted a page short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class PageCounter:
    """Counts pages over the body paragraphs of a document."""

    page: int = 1
    _vertical: int = -1
    _horizontal: int = 0
    _pending: bool = False

    def new_section(self) -> None:
        """A section starts on a new page."""
        if self._vertical >= 0:
            self._pending = True

    def explicit_break(self) -> None:
        """The next paragraph starts on a new page."""
        if self._vertical >= 0:
            self._pending = True

    def see(self, lines: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
        """``(offset, page)`` for each page that begins in this paragraph.

        ``lines`` are ``(offset of the first character, vertical, horizontal)`` positions; without them only
        explicit breaks count.
        """
        breaks: list[tuple[int, int]] = []
        if self._pending:
            self.page += 1
            breaks.append((0, self.page))
            self._pending = False
            self._vertical, self._horizontal = 0, 0
            if lines:
                _, self._vertical, self._horizontal = lines[0]
                lines = lines[1:]
        for offset, vertical, horizontal in lines:
            # A second column starts higher too, but further to the right.
            if vertical < self._vertical and horizontal <= self._horizontal:
                self.page += 1
                breaks.append((offset, self.page))
            self._vertical, self._horizontal = vertical, horizontal
        self._vertical = max(self._vertical, 0)
        return breaks
