"""What the passages of a citation hold, read once for every check on the sentences that cite them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kiwipiepy import Kiwi, Token

from chatbot.attribution import Placed, placed
from chatbot.figures import DateMention, Figure, articles, dates, figures, phones
from chatbot.polarity import Predicate, predicates
from index.markup import plain

AgencyNames = Callable[[str], tuple[str, ...]]
"""Official names of the agencies named in a text."""

_CONTENT: Final = ("NNG", "NNP", "VV", "VA", "XR", "SL", "SH", "MAG")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the passages and the header of their case hold.

    ``scales`` are units counted in without a digit (단위: 천만건); ``squeezed`` is the text without white space,
    lower-cased; ``words`` are content morphemes.
    """

    text: str
    squeezed: str
    figures: tuple[Figure, ...]
    scales: tuple[Figure, ...]
    dates: tuple[DateMention, ...]
    years: frozenset[int]
    header_years: frozenset[int]
    articles: frozenset[str]
    phones: frozenset[str]
    digits: frozenset[str]
    agencies: frozenset[str]
    words: frozenset[str]
    tokens: tuple[Token, ...]
    predicates: tuple[Predicate, ...]
    placed: tuple[Placed, ...]


class SourceReader:
    """Reads passages with one analyser and one table of agencies."""

    def __init__(self, kiwi: Kiwi, agency_names: AgencyNames) -> None:
        self._kiwi = kiwi
        self._agency_names = agency_names

    def read(self, passages: tuple[str, ...], context: str) -> Sources:
        """Everything the checks ask of ``passages`` and of the header ``context``, in one pass of Kiwi."""
        cited = "\n".join(tidy(part) for part in passages if part.strip())
        text = f"{cited}\n{tidy(context)}"
        read = figures(text)
        tokens = self._kiwi.tokenize(text)
        return Sources(
            text=text,
            squeezed=squeezed(text),
            figures=tuple(read),
            scales=tuple(f for f in read if not re.search(r"\d", f.text) and f.value >= 1000),
            dates=tuple(dates(text)),
            years=_years(cited),
            header_years=_years(tidy(context)),
            articles=frozenset(articles(text)),
            phones=frozenset(phones(text)),
            digits=frozenset(re.findall(r"\d+", text.replace(",", ""))),
            agencies=frozenset((*self._agencies(text), *self._agencies(copulas_apart(text, tokens)))),
            words=frozenset(words_of(tokens)),
            tokens=tuple(tokens),
            predicates=tuple(predicates(tokens)),
            placed=placed(text, tokens, read),
        )

    def _agencies(self, text: str) -> Iterator[str]:
        """Names in the whole text and in each sentence alone: what stands before can change how a name is read."""
        yield from self._agency_names(text)
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
            yield from self._agency_names(sentence)


def tidy(text: str) -> str:
    """``text`` on one line without mark-up, composed Hangul."""
    return unicodedata.normalize("NFC", plain(text))


def copulas_apart(text: str, tokens: Sequence[Token]) -> str:
    """기상청입니다 as 기상청 입니다: a name ends where the copula begins."""
    starts = sorted((token.start for token in tokens if token.tag == "VCP"), reverse=True)
    for start in starts:
        text = f"{text[:start]} {text[start:]}"
    return text


def squeezed(text: str) -> str:
    """``text`` for comparing spellings: one width, lower case, no white space, no middle dots."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s·ㆍ・‧∙•․]+", "", folded)


def words_of(tokens: Iterable[Token]) -> Iterator[str]:
    """Content morphemes; numbers are left to the figures."""
    for token in tokens:
        if token.tag.startswith(_CONTENT):
            yield unicodedata.normalize("NFKC", token.form).lower()


def _years(text: str) -> frozenset[int]:
    bare = (figure.value for figure in figures(text) if figure.unit == "" and 1900 <= figure.value <= 2100)
    return frozenset([*(date.year for date in dates(text) if date.year), *(int(value) for value in bare)])
