"""Whether a figure stands by the words that it stands by in the source: 국세 1.1, 지방세 19.5 is not 국세 19.5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kiwipiepy import Token

from chatbot.figures import Figure, dates, same_figure

WORDS_BEFORE: Final = 2
WORDS_AFTER: Final = 2
"""Two words on either side, of those measured the window that found most exchanged figures in the bundled cards
(96 of 100) without refusing a rewording more often than wider ones."""

MIN_SHARED: Final = 2
"""One common word may be the measure itself (소득 130 %, 맞벌이 200 %)."""

_WORD_TAGS: Final = ("NNG", "NNP", "SL", "XR", "VV", "VA", "NP")
_EMPTY: Final = frozenset({"하", "되", "있", "이"})
_PAIR: Final = re.compile(r"(?:\s?수준)?\s?(?:에서|부터|→|⇒|~|-)\s?(?:약|최대|최소)?\s?")
_STOP: Final = re.compile(r"[.!?]\s|\n")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure and the words around it, up to the figures and full stops on both sides.

    ``changes_to`` is the second figure of 9일에서 2일로 or 5~10%.
    """

    figure: Figure
    words: frozenset[str]
    changes_to: Figure | None = None


def placed(text: str, tokens: Sequence[Token], figures: Sequence[Figure]) -> tuple[Placed, ...]:
    """Each figure of ``text``, in order, with its words and the topic of its sentence.

    A date counts as a word (2017년 310만 건). The words after a figure end with its clause: in 남구 32건, 북구 14건 the
    second town is not by the first figure.
    """
    stops = [match.start() for match in _STOP.finditer(text)]
    ends = sorted([*stops, *(token.start for token in tokens if token.tag == "EC" or token.form == ",")])
    words = _words(text, tokens)
    topics = [
        (word.start, str(word.form))
        for word, particle in pairwise(tokens)
        if particle.tag == "JX" and particle.form in ("은", "는") and word.tag in _WORD_TAGS
    ]
    found = []
    for position, figure in enumerate(figures):
        begun = max((stop for stop in stops if stop < figure.start), default=0)
        low = max(figures[position - 1].end if position else 0, begun)
        high = min((stop for stop in ends if stop >= figure.end), default=len(text))
        high = min(high, figures[position + 1].start) if position + 1 < len(figures) else high
        before = [word for start, word in words if low <= start < figure.start][-WORDS_BEFORE:]
        after = [word for start, word in words if figure.end <= start < high][:WORDS_AFTER]
        topic = [word for start, word in topics if begun <= start < figure.start][-1:]
        found.append(Placed(figure, frozenset((*before, *after, *topic))))
    return tuple(_paired(text, found))


def _paired(text: str, found: Sequence[Placed]) -> Iterator[Placed]:
    """처리 기간은 9일에서 2일로: both figures are of the same thing."""
    joined = [_PAIR.fullmatch(text[a.figure.end : b.figure.start]) is not None for a, b in pairwise(found)]
    for position, item in enumerate(found):
        after = found[position + 1] if position < len(joined) and joined[position] else None
        before = found[position - 1] if position and joined[position - 1] else None
        words = item.words.union(*(near.words for near in (before, after) if near))
        yield Placed(item.figure, words, after.figure if after else None)


def _words(text: str, tokens: Sequence[Token]) -> list[tuple[int, str]]:
    spoken = [(token.start, str(token.form)) for token in tokens if token.tag in _WORD_TAGS]
    dated = [(date.start, f"{date.year or 0}-{date.month}-{date.day}") for date in dates(text)]
    return sorted([*((start, word) for start, word in spoken if word not in _EMPTY), *dated])


def misattributed(said: Sequence[Placed], source: Sequence[Placed]) -> Iterator[Figure]:
    """Figures of a sentence whose words the source puts by another figure of the same unit.

    Two figures that a sentence gives in the order of the source are taken as rightly placed: 73초이던 시간이 59초.
    """
    for item in said:
        if _is_reversed(item, source) or any(_is_exchanged(item, other, said, source) for other in source):
            yield item.figure


def _is_reversed(item: Placed, source: Sequence[Placed]) -> bool:
    """Whether the source has only the opposite change: 9일에서 2일로 against 2일에서 9일로."""
    if item.changes_to is None:
        return False
    ends = [(place.figure, place.changes_to) for place in source if place.changes_to]
    kept = any(same_figure(item.figure, a) and same_figure(item.changes_to, b) for a, b in ends)
    return not kept and any(same_figure(item.figure, b) and same_figure(item.changes_to, a) for a, b in ends)


def _is_exchanged(item: Placed, other: Placed, said: Sequence[Placed], source: Sequence[Placed]) -> bool:
    same = [place for place in source if same_figure(item.figure, place.figure)]
    if not same or other.figure.unit != item.figure.unit or same_figure(item.figure, other.figure):
        return False
    shared = _weight(item.words & other.words)
    if shared < MIN_SHARED or shared <= max(_weight(item.words & place.words) for place in same):
        return False
    return not _in_order(item, other, said, same)


def _weight(words: frozenset[str]) -> int:
    """A date tells as much as two words: 2017년 310만 건, 2018년 475만 건."""
    return sum(2 if word[:1].isdigit() else 1 for word in words)


def _in_order(item: Placed, other: Placed, said: Sequence[Placed], same: Sequence[Placed]) -> bool:
    """Whether the sentence names both figures and the source has them in the same order somewhere."""
    for partner in said:
        if same_figure(partner.figure, other.figure):
            first = item.figure.start < partner.figure.start
            return any((place.figure.start < other.figure.start) == first for place in same)
    return False
