"""Whether a figure stands by the words that it stands by in the source: 국세 1.1, 지방세 19.5 is not 국세 19.5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kiwipiepy import Token

from chatbot.figures import Figure, dates, same_figure

WORDS_BEFORE: Final = 2
WORDS_AFTER: Final = 2
"""Two words on either side, of those measured the window that found most exchanged figures in the bundled cards
(96 of 100) without refusing a rewording more often than wider ones."""

_WORD_TAGS: Final = ("NNG", "NNP", "SL", "XR", "VV", "VA", "NP")
_EMPTY: Final = frozenset({"하", "되", "있", "이"})
_STOP: Final = re.compile(r"[.!?]\s|\n")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure and the words around it, up to the figures and full stops on both sides."""

    figure: Figure
    words: frozenset[str]


def placed(text: str, tokens: Sequence[Token], figures: Sequence[Figure]) -> tuple[Placed, ...]:
    """Each figure of ``text``, in order, with its words; a date counts as a word (2017년 310만 건)."""
    stops = [match.start() for match in _STOP.finditer(text)]
    words = [(token.start, str(token.form)) for token in tokens if token.tag in _WORD_TAGS and token.form not in _EMPTY]
    words = sorted([*words, *((date.start, f"{date.year}-{date.month}-{date.day}") for date in dates(text))])
    found = []
    for position, figure in enumerate(figures):
        low = figures[position - 1].end if position else 0
        high = figures[position + 1].start if position + 1 < len(figures) else len(text)
        low = max([low, *(stop for stop in stops if stop < figure.start)])
        high = min([high, *(stop for stop in stops if stop >= figure.end)])
        before = [word for start, word in words if low <= start < figure.start][-WORDS_BEFORE:]
        after = [word for start, word in words if figure.end <= start < high][:WORDS_AFTER]
        found.append(Placed(figure, frozenset((*before, *after))))
    return tuple(found)


def misattributed(said: Sequence[Placed], source: Sequence[Placed]) -> Iterator[Figure]:
    """Figures of a sentence whose words the source puts by another figure of the same unit.

    Two figures that a sentence gives in the order of the source are taken as rightly placed: 73초이던 시간이 59초.
    """
    for item in said:
        if any(_is_exchanged(item, other, said, source) for other in source):
            yield item.figure


def _is_exchanged(item: Placed, other: Placed, said: Sequence[Placed], source: Sequence[Placed]) -> bool:
    same = [place for place in source if same_figure(item.figure, place.figure)]
    if not same or other.figure.unit != item.figure.unit or same_figure(item.figure, other.figure):
        return False
    if len(item.words & other.words) <= max(len(item.words & place.words) for place in same):
        return False
    return not _in_order(item, other, said, same)


def _in_order(item: Placed, other: Placed, said: Sequence[Placed], same: Sequence[Placed]) -> bool:
    """Whether the sentence names both figures and the source has them in the same order somewhere."""
    for partner in said:
        if same_figure(partner.figure, other.figure):
            first = item.figure.start < partner.figure.start
            return any((place.figure.start < other.figure.start) == first for place in same)
    return False
