"""The outline of a document: its headings and where the text below each begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.document import Sentence

MAX_ENTRIES = 200
MAX_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading; ``depth`` counts from 1, ``start`` is an offset into the stored text."""

    title: str
    depth: int
    start: int


def outline_of(sentences: Sequence[Sentence], window: tuple[int, int] | None = None) -> tuple[OutlineEntry, ...]:
    """The headings of ``sentences`` (in document order) whose text begins in ``window``."""
    entries = list(_entries(sentences))
    return tuple(entry for entry in entries if window is None or window[0] <= entry.start < window[1])[:MAX_ENTRIES]


def _entries(sentences: Sequence[Sentence]) -> Iterator[OutlineEntry]:
    before: tuple[str, ...] = ()
    for sentence in sentences:
        path = sentence.heading_path
        shared = next((n for n, (one, other) in enumerate(zip(before, path, strict=False)) if one != other), None)
        known = min(len(before), len(path)) if shared is None else shared
        for depth in range(known, len(path)):
            yield OutlineEntry(_short(path[depth]), depth + 1, sentence.start)
        before = path


def _short(title: str) -> str:
    return title if len(title) <= MAX_TITLE_CHARS else f"{title[: MAX_TITLE_CHARS - 1]}…"
