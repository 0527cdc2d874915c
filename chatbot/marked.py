"""A chat model's answer, cut into sentences with the source numbers that each one carries."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_OPENERS: Final = "[［【"
_MARK: Final = re.compile(r"[\[［【]\s*(?:출처\s*)?(\d{1,2}(?:\s*[,，、·]\s*\d{1,2}|\s*[-~–]\s*\d{1,2})*)\s*[\]］】]")
_MARKS: Final = re.compile(rf"(?:\s*{_MARK.pattern})+")
_OPEN_MARK: Final = re.compile(r"[\[［【][\s출처\d,，、·\-~–]*$")
_CLOSERS: Final = "”’\"')」』》〉"
_DEPTH: Final = {
    "“": 1,
    "‘": 1,
    "「": 1,
    "『": 1,
    "(": 1,
    "《": 1,
    "”": -1,
    "’": -1,
    "」": -1,
    "』": -1,
    ")": -1,
    "》": -1,
}
_SAID: Final = re.compile(r"(?:니다|니까|[어아여해에예지군네]요)$")
_BULLET: Final = re.compile(r"^(?:[\s\-–•·*○●□▪※#>]+(?=\D)|\d{1,2}[.)]\s+(?!\d))+")
_PATIENCE: Final = 400
"""Characters after which a bracket or quotation mark that was never closed stops protecting full stops."""


class MarkedSentence(NamedTuple):
    """A sentence without its marks, and the numbers that the marks name, each once, in order."""

    text: str
    numbers: tuple[int, ...]


class SentenceStream:
    """Takes an answer token by token and gives back each sentence as soon as its marks are complete.

    However a text is cut into tokens, the sentences are those of :func:`split_marked` on the whole.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, token: str) -> list[MarkedSentence]:
        """The sentences that ``token`` completes. One that marks may still follow is held back."""
        self._held += token
        return self._take(final=False)

    def flush(self) -> list[MarkedSentence]:
        """What is left when the answer has ended, cut off or not."""
        return self._take(final=True)

    def _take(self, *, final: bool) -> list[MarkedSentence]:
        found: list[MarkedSentence] = []
        while self._held:
            end = _sentence_end(self._held, final=final)
            if end is None:
                break
            sentence = _read(self._held[:end])
            self._held = self._held[end:]
            if sentence.text:
                found.append(sentence)
        return found


def split_marked(text: str) -> list[MarkedSentence]:
    """Sentences of ``text`` with their marks: ``[1]``, ``【1】``, ``［1］``, ``[1][2]``, ``[1, 2]``, ``[1-3]``.

    Marks may stand before or after the full stop. A line break always ends a sentence.
    """
    stream = SentenceStream()
    return [*stream.feed(text), *stream.flush()]


def _read(piece: str) -> MarkedSentence:
    numbers = [number for mark in _MARK.finditer(piece) for number in _numbers(mark.group(1))]
    bare = re.sub(r"\s+([.!?。,])", r"\1", _OPEN_MARK.sub("", _MARK.sub("", piece)))
    bare = _BULLET.sub("", re.sub(r"\s+", " ", bare).strip())
    return MarkedSentence(bare if re.search(r"\w", bare) else "", tuple(dict.fromkeys(numbers)))


def _numbers(inside: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"[,，、·]", inside):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        found += range(ends[0], ends[-1] + 1) if len(ends) == 2 and ends[0] < ends[1] else ends
    return found


def _sentence_end(text: str, *, final: bool) -> int | None:
    """Where the first sentence of ``text`` ends with its marks; ``None`` while more text could change that."""
    depth, quoted = 0, False
    for position, char in enumerate(text):
        depth = max(0, depth + _DEPTH.get(char, 0))
        quoted ^= char == '"'
        if char == "\n":
            if not text[:position].strip():
                continue
            return _with_marks(text, position, final=final)
        if (depth or quoted) and position < _PATIENCE:
            continue
        end = _stop_at(text, position, final=final)
        if end == -1:
            return None
        if end is not None:
            return _with_marks(text, end, final=final)
    return len(text) if final and text else None


def _stop_at(text: str, position: int, *, final: bool) -> int | None:
    """End of the sentence whose last sign is at ``position``; ``None`` when none ends there, -1 when unknown yet."""
    char, before = text[position], text[:position]
    if char in _OPENERS and _SAID.search(before.rstrip()):
        return position
    if char in "!?。":
        return position + 1
    if char != "." or not before:
        return None
    end = position + 1
    while text[end : end + 1] and text[end] in _CLOSERS:
        end += 1
    following = text[end : end + 1]
    if not following and not final:
        return -1
    return end if _is_stop(before, following, text[end:], final=final) else None


def _is_stop(before: str, following: str, rest: str, *, final: bool) -> bool:
    if not following or following == "\n" or following in _OPENERS:
        return True
    if not following.isspace():
        return bool(re.search(r"니다$", before)) and bool(re.match(r"[가-힣]", following))
    if re.search(r"\d$|(?<![A-Za-z])[A-Za-z]$", before):
        return bool(re.match(r"[^\S\n]*[\n\[［【]", rest))
    return True


def _with_marks(text: str, end: int, *, final: bool) -> int | None:
    """``end`` moved behind the marks that follow; ``None`` while a mark may still be coming."""
    marks = _MARKS.match(text, end)
    stop = marks.end() if marks else end
    dot = re.compile(r"\s*[.。]").match(text, stop) if marks else None
    stop = dot.end() if dot and not re.search(r"[.!?。]\W*$", text[:end]) else stop
    rest = text[stop:].lstrip()
    if not final and (not rest or _OPEN_MARK.match(rest)):
        return None
    return stop
