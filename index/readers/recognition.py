"""Characters on a picture of a page, by Tesseract: the optional extra ``ocr`` and a ``tesseract`` with ``kor``.

What is read this way may be wrong in single letters, so every page says that it was, and how sure Tesseract is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from index.readers.pdf_lines import TextLine, shared_kiwi

if TYPE_CHECKING:
    from PIL.Image import Image

TIME_SHARE = 0.8
"""Share of a file's time that pictures may take: the pages with a text layer are never lost to them."""
MIN_CONFIDENCE = 0.6
"""Below it a page is a photograph or a drawing, or too bad a copy to be quoted."""
MAX_SOURCE_PIXELS = 120_000_000
"""Above it a picture is not unpacked: A3 at 600 dpi has 70 million."""

_DPI = 200
_MAX_PIXELS = 16_000_000
_LANGUAGE = "kor"
# Lines of any size below one another. The default looks for columns, and tears sparse Korean pages into syllables.
_CONFIG = "--psm 4"
_SURE_MARK = 0.5
_GLUED, _PARTED = 0.2, 1.0
"""Gaps in shares of the line's height: up to the first no space was printed, from the second on one was. Between them
Tesseract's boxes, which are often narrower than the syllable, tell nothing."""
_COLUMN_GAP = 1.5
_RULES = frozenset("|ㅣ│┃¦")
_SAYS = re.compile(r"[0-9A-Za-z가-힣一-鿿]")


@dataclass(frozen=True, slots=True)
class RecognizedLines:
    """The lines of one page in points, top to bottom, and the mean confidence of their words in [0, 1]."""

    lines: tuple[TextLine, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as Tesseract cuts it, in pixels; a Korean word is often several of them."""

    text: str
    left: int
    right: int
    top: int
    bottom: int
    confidence: float
    line: tuple[int, int, int]


@lru_cache(maxsize=1)
def engine() -> str:
    """Name and version of the installed Tesseract; empty where a part is missing."""
    command = shutil.which("tesseract")
    if command is None or find_spec("pytesseract") is None or find_spec("pypdfium2") is None:
        return ""
    try:
        told = [
            subprocess.run([command, option], capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603
            for option in ("--version", "--list-langs")
        ]
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""
    return told[0].split("\n")[0].strip() if _LANGUAGE in told[1].split() else ""


def how_to_read_pictures() -> str:
    """What a person does so that pictures are read, as the end of a Korean sentence."""
    if engine():
        return "INDEX_OCR=true로 두면 글자 인식으로 읽습니다"
    return (
        "글자 인식으로 읽으려면 pip install 'gov-case-chatbot[ocr]'와 "
        "apt-get install tesseract-ocr tesseract-ocr-kor로 설치해 주십시오"
    )


class Recognizer:
    """Reads pictures of pages until its ``seconds`` are over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left, below 0 when they are over."""
        return self._end - time.monotonic()

    def pages(self, pdf: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, RecognizedLines | None]]:
        """``(page number, what is on it)`` for each of ``numbers`` (from 1) until the time is over.

        ``None`` stands for a page on which nothing could be read.
        """
        import pypdfium2

        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError:
            yield from ((number, None) for number in numbers)
            return
        with closing(document):
            for number in numbers:
                if self.left < 1:
                    return
                try:
                    picture, scale = _drawn(document[number - 1])
                except (pypdfium2.PdfiumError, ValueError, IndexError, OSError):
                    # What is wrong with this page is no reason to lose the others.
                    yield number, None
                    continue
                words = self._words(picture)
                if words is None:
                    return
                yield number, _page(words, scale)

    def _words(self, picture: Image) -> list[_Word] | None:
        """``None`` when the time is over."""
        import pytesseract

        try:
            found: dict[str, list[Any]] = pytesseract.image_to_data(
                picture,
                lang=_LANGUAGE,
                config=_CONFIG,
                timeout=max(1.0, self.left),
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractError:
            return []
        except RuntimeError:  # what pytesseract raises for a timeout
            return None
        return [
            _Word(
                text=_clean(text),
                left=found["left"][at],
                right=found["left"][at] + found["width"][at],
                top=found["top"][at],
                bottom=found["top"][at] + found["height"][at],
                confidence=max(0.0, float(found["conf"][at])) / 100,
                line=(found["block_num"][at], found["par_num"][at], found["line_num"][at]),
            )
            for at, text in enumerate(found["text"])
            if _clean(text)
        ]


def _drawn(page: Any) -> tuple[Image, float]:  # noqa: ANN401 - pypdfium2 ships no types
    """The page as a grey picture, with its pixels a point."""
    with closing(page):
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        return page.render(scale=scale, grayscale=True).to_pil(), scale


def _clean(text: object) -> str:
    """A word without what is left of a line that was drawn under or beside it."""
    return str(text).strip(" _")


def _page(words: Sequence[_Word], scale: float) -> RecognizedLines | None:
    letters = [word for word in words if _SAYS.search(word.text)]
    if not letters:
        return None
    confidence = sum(word.confidence * len(word.text) for word in letters) / sum(len(word.text) for word in letters)
    if confidence < MIN_CONFIDENCE:
        return None
    usual = median(word.bottom - word.top for word in letters)
    by_line: dict[tuple[int, int, int], list[_Word]] = {}
    for word in words:
        by_line.setdefault(word.line, []).append(word)
    lines = [_line(part, line, scale, usual) for line in by_line.values() for part in _parts(line)]
    return RecognizedLines(tuple(sorted(lines, key=lambda line: (line.top, line.left))), round(confidence, 3))


def _parts(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """A line in the parts that a rule or a wide gap leaves of it; marks of which nobody is sure are left out."""
    height = median(word.bottom - word.top for word in words)
    part: list[_Word] = []
    for word in words:
        is_rule = not set(word.text) - _RULES
        if part and (is_rule or word.left - part[-1].right > _COLUMN_GAP * height):
            yield part
            part = []
        if not is_rule and (_SAYS.search(word.text) or word.confidence >= _SURE_MARK):
            part.append(word)
    if part:
        yield part


def _line(words: Sequence[_Word], whole: Sequence[_Word], scale: float, usual: float) -> TextLine:
    """``words`` of the printed line ``whole``, whose height all its parts share: they are read as one row."""
    height = median(word.bottom - word.top for word in words)
    # Heights of boxes waver with the letters in them; a heading is larger by more than that.
    size = usual if abs(height - usual) <= 0.35 * usual else height
    return TextLine(
        text=_spaced(words, height),
        left=words[0].left / scale,
        right=words[-1].right / scale,
        top=min(word.top for word in whole) / scale,
        bottom=max(word.bottom for word in whole) / scale,
        size=size / scale,
        spaced=False,
    )


def _spaced(words: Sequence[_Word], height: float) -> str:
    """The words with the spaces that were printed; where the print leaves it open, with those of the language."""
    said = [word.text for word in words]
    gaps = [(after.left - before.right) / max(1.0, height) for before, after in pairwise(words)]
    is_open = [_is_open(gap, before, after) for gap, (before, after) in zip(gaps, pairwise(said), strict=True)]
    kiwi_spaces = _kiwi_spaces(said) if any(is_open) else frozenset()
    text, length = said[0], len(said[0].replace(" ", ""))
    for gap, undecided, word in zip(gaps, is_open, said[1:], strict=True):
        spaced = length in kiwi_spaces if undecided else gap >= _PARTED
        text += f" {word}" if spaced else word
        length += len(word.replace(" ", ""))
    return text


def _is_open(gap: float, before: str, after: str) -> bool:
    if gap > _GLUED:
        return gap < _PARTED
    # Boxes that touch were one that Tesseract cut at a guess; between syllables of a name Kiwi would guess worse.
    return gap <= 0.02 and before[-1].isdigit() != after[0].isdigit()


def _kiwi_spaces(said: Sequence[str]) -> frozenset[int]:
    """Numbers of letters after which Kiwi would write a space."""
    text: str = shared_kiwi().space(" ".join(said), reset_whitespace=True)
    before: set[int] = set()
    letters = 0
    for character in text:
        if character == " ":
            before.add(letters)
        else:
            letters += 1
    return frozenset(before)
