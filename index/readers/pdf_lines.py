"""Lines of a PDF page, the columns they stand in, and the paragraphs that they were cut from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiwipiepy import Kiwi
    from pdfplumber.page import Page

_WORD_GAP = 0.22
"""Share of the font size that parts two words; justified Korean text stretches letters by up to 0.15."""
_MIN_COLUMN_SHARE = 0.25
_MIN_COLUMN_LINES = 4
_MIN_GUTTER = 10.0
_STARTS = re.compile(
    r"^\s*(?:[□■◇◆▣○●◦ㅇ※▶▪•·★☆➊-➓]|[-–—]\s|[①-⑳]|[Ⅰ-Ⅻ]\s*[.．]|\(?\d{1,2}[.)]\s|[가-하][.)]\s|제\s?\d+\s?(?:조|장|절)|<|\[|\*|「)"
)
_ENDS = re.compile(r"(?:다|요|음|함|임|됨|것)[.]?[\"'”’)\]]*$|[.!?:]$")
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line; ``spaced`` tells that a space was printed behind its last letter."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    spaced: bool


def lines_of(page: Page) -> list[TextLine]:
    """Lines from top to bottom; words far apart on one height are one line."""
    words = page.extract_words(
        x_tolerance_ratio=_WORD_GAP, keep_blank_chars=False, use_text_flow=False, extra_attrs=["size"]
    )
    spaces: dict[int, list[float]] = {}
    for character in page.chars:
        if character["text"].isspace():
            spaces.setdefault(round(character["top"]), []).append(character["x0"])
    rows: list[list[dict[str, float | str]]] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if rows and abs(float(rows[-1][0]["bottom"]) - word["bottom"]) <= word["size"] * 0.4:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [line for row in rows for line in _lines(row, spaces)]


def _lines(row: list[dict[str, float | str]], spaces: dict[int, list[float]]) -> Iterator[TextLine]:
    """A row of words; a gap of several letters parts it, as between columns."""
    row = sorted(row, key=lambda word: float(word["x0"]))
    part = [row[0]]
    for word in row[1:]:
        if float(word["x0"]) - float(part[-1]["x1"]) > max(_MIN_GUTTER, 1.2 * float(word["size"])):
            yield _line(part, spaces)
            part = []
        part.append(word)
    yield _line(part, spaces)


def _line(words: list[dict[str, float | str]], spaces: dict[int, list[float]]) -> TextLine:
    right, top = float(words[-1]["x1"]), float(words[-1]["top"])
    near = [x for key in (round(top) - 1, round(top), round(top) + 1) for x in spaces.get(key, [])]
    return TextLine(
        text=" ".join(str(word["text"]) for word in words),
        left=float(words[0]["x0"]),
        right=right,
        top=min(float(word["top"]) for word in words),
        bottom=max(float(word["bottom"]) for word in words),
        size=max(float(word["size"]) for word in words),
        spaced=any(-1.0 <= x - right <= 2.0 for x in near),
    )


def columns(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """Runs of lines in reading order: the left column down, then the right one; what spans both parts them."""
    gutter = _gutter(lines)
    if gutter is None:
        yield _merged(lines)
        return
    left: list[TextLine] = []
    right: list[TextLine] = []
    for line in sorted(lines, key=lambda line: (round(line.top), line.left)):
        if line.right <= gutter:
            left.append(line)
        elif line.left >= gutter:
            right.append(line)
        else:
            yield from (run for run in (left, right) if run)
            left, right = [], []
            yield [line]
    yield from (run for run in (left, right) if run)


def _gutter(lines: Sequence[TextLine]) -> float | None:
    """The middle of the white strip between two columns; ``None`` for one column."""
    if len(lines) < 2 * _MIN_COLUMN_LINES:
        return None
    start, end = min(line.left for line in lines), max(line.right for line in lines)
    best: tuple[int, float] | None = None
    for step in range(30, 71, 2):
        x = start + (end - start) * step / 100
        before = [line for line in lines if line.right <= x]
        after = [line for line in lines if line.left >= x]
        few = min(len(before), len(after))
        crossing = len(lines) - len(before) - len(after)
        if few < max(_MIN_COLUMN_LINES, _MIN_COLUMN_SHARE * len(lines)) or crossing > 0.3 * len(lines):
            continue
        if _is_even(before, x - start) and _is_even(after, end - x):
            best = min(best or (crossing, x), (crossing, x))
    return best[1] if best else None


def _is_even(column: Sequence[TextLine], width: float) -> bool:
    """Whether the lines fill their column: labels with values beside them do not."""
    full = sum(line.right - line.left >= 0.6 * width for line in column)
    return full * 2 >= len(column)


def _merged(lines: Sequence[TextLine]) -> list[TextLine]:
    """Parts of one printed line put together again, with a tab where the gap was."""
    merged: list[TextLine] = []
    for line in sorted(lines, key=lambda line: (line.bottom, line.left)):
        last = merged[-1] if merged else None
        if last and abs(last.bottom - line.bottom) <= 0.4 * line.size and line.left > last.right:
            merged[-1] = TextLine(
                f"{last.text}\t{line.text}", last.left, line.right, min(last.top, line.top),
                max(last.bottom, line.bottom), max(last.size, line.size), line.spaced,
            )  # fmt: skip
        else:
            merged.append(line)
    return merged


def paragraphs(lines: Sequence[TextLine]) -> list[str]:
    """Lines joined where the print ran into the margin and the next line begins nothing of its own."""
    if not lines:
        return []
    margin = max(line.right for line in lines)
    marks_spaces = any(line.spaced for line in lines)
    said = [lines[0].text]
    for before, line in pairwise(lines):
        if _goes_on(before, line, margin):
            said[-1] = _joined(said[-1], line.text, spaced=before.spaced, known=marks_spaces)
        else:
            said.append(line.text)
    return said


def _goes_on(before: TextLine, line: TextLine, margin: float) -> bool:
    if "\t" in before.text or "\t" in line.text or _STARTS.match(line.text):
        return False
    full = before.right >= margin - 1.8 * before.size
    close = line.top - before.bottom <= 1.2 * max(before.size, line.size)
    alike = abs(before.size - line.size) <= 0.15 * before.size
    if not (full and close and alike and line.top >= before.top):
        return False
    return not (_ENDS.search(before.text) and line.left > before.left + 0.5 * line.size)


def _joined(before: str, line: str, *, spaced: bool, known: bool) -> str:
    if re.search(r"[A-Za-z]-$", before) and line[:1].islower():
        return before[:-1] + line
    if known:
        return f"{before} {line}" if spaced else before + line
    if _HANGUL.match(before[-1:]) and _HANGUL.match(line):
        return _glued(before, line)
    return f"{before} {line}"


def _glued(before: str, line: str) -> str:
    """Korean is broken between any two syllables, so whether a space was there is a question of words."""
    head, tail = before.split(" ")[-4:], line.split(" ")[:4]
    joined: str = shared_kiwi().glue([" ".join(head), " ".join(tail)])
    return before + line if head[-1] + tail[0] in joined else f"{before} {line}"


@lru_cache(maxsize=1)
def shared_kiwi() -> Kiwi:
    """The analyser of this process: lines are joined, and syllables that stand apart put together."""
    from kiwipiepy import Kiwi  # a second to load, and few PDFs need it

    return Kiwi(num_workers=1)
