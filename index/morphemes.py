"""Korean analysis with one shared Kiwi: content morphemes, syllable bigrams, sentence boundaries.

Kiwi takes a second to load, so it is built once and passed in. Hanja are analysed as they are read, so that 行政安全部
and 행정안전부 have the same terms; the text itself stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kiwipiepy import Kiwi, Token

from index.hanja import HANJA, in_hangul, other_readings, undotted

TOKENIZER_VERSION = "kiwi-3"
"""Raise when the terms that :func:`analyse` yields change: every index is then rebuilt."""

_CONTENT_TAGS = ("NN", "NR", "VV", "VA", "XR", "SL", "SN", "SH", "MAG", "W_")
_PROTECTED = re.compile(
    r"(?P<article>제\s?\d+\s?조(?:의\s?\d+)?)(?:\s?제\s?\d+\s?항)?|\d{2,4}-\d{3,4}-\d{4}|D\s?\+\s?\d+"
    # Starts where a word starts, and never gives back: a long unbroken line would take quadratic time.
    r"|(?<![A-Za-z])[A-Za-z][A-Za-z0-9]*+(?:[.\-][A-Za-z0-9]++)+"
)
# Kiwi takes full-width letters and digits for symbols. One character for one: offsets stay true.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
_HANGUL_RUN = re.compile(r"[가-힣]{2,}")
_STOP_VERBS = frozenset({"하", "되", "있", "없", "이", "아니", "않", "같", "대하", "위하", "따르", "통하", "의하"})
_JOINING_TAGS = ("J", "EC", "ETM", "MM", "XPN", "SP")


@dataclass(frozen=True, slots=True)
class AnalysedSentence:
    """A sentence of a line, ``[start, end)`` in characters of that line, with its search terms in order."""

    start: int
    end: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineAnalysis:
    """What one pass of Kiwi over a line gives.

    ``runs_on`` tells that the line ends in a particle, a connective ending or a comma, as a sentence does
    that was cut by a page or column border.
    """

    sentences: tuple[AnalysedSentence, ...]
    runs_on: bool


@lru_cache(maxsize=1)
def shared_kiwi() -> Kiwi:
    """The process-wide analyser (about 1.1 s to load, thread-safe for analysis)."""
    return Kiwi(num_workers=2)


def analyse(lines: Sequence[str], kiwi: Kiwi) -> Iterator[LineAnalysis]:
    """Analyse lines in order. Kiwi sees many lines at once and spreads them over its workers."""
    narrow = [_narrow(line) for line in lines]
    for line, raw, tokens in zip(narrow, lines, kiwi.tokenize(narrow), strict=True):
        yield LineAnalysis(tuple(_sentences(line, raw, tokens, kiwi)), _runs_on(tokens))


def content_terms(text: str, kiwi: Kiwi) -> list[str]:
    """Content morphemes of ``text`` in order: nouns, verbs, roots, adverbs, Latin words, numbers.

    제15조, telephone numbers, D+4 and hyphenated product names stay one term, and 제15조제1항 gives 제15조 too;
    compounds give their parts as Kiwi cuts them.
    """
    narrow = _narrow(text)  # alone, not as a list of one: Kiwi's workers would cost a quarter more
    return _terms(narrow, text, kiwi.tokenize(narrow), kiwi)


def content_terms_of(texts: Sequence[str], kiwi: Kiwi) -> list[list[str]]:
    """:func:`content_terms` of each text, with one pass of Kiwi over all of them."""
    narrow = [_narrow(text) for text in texts]
    analysed = zip(narrow, texts, kiwi.tokenize(narrow), strict=True)
    return [_terms(text, raw, tokens, kiwi) for text, raw, tokens in analysed]


def bigrams(text: str) -> list[str]:
    """Syllable bigrams of every Hangul run, spaces inside names ignored.

    ``개인정보보호위원회`` and ``개인정보 보호위원회`` share all but one bigram, which is what makes two
    spellings of an agency find each other when their morphemes differ.
    """
    folded = unicodedata.normalize("NFKC", in_hangul(undotted(text)))
    return [run[i : i + 2] for run in _HANGUL_RUN.findall(folded) for i in range(len(run) - 1)]


def surface_words(text: str) -> list[str]:
    """White-space words stripped of punctuation, lower-cased: the exact-spelling field."""
    return [word.lower() for word in re.findall(r"[0-9A-Za-z가-힣一-鿿]+", unicodedata.normalize("NFKC", text))]


def _narrow(line: str) -> str:
    """The line as it is analysed, character for character."""
    return in_hangul(line.translate(_HALF_WIDTH))


def _sentences(line: str, raw: str, tokens: Sequence[Token], kiwi: Kiwi) -> Iterator[AnalysedSentence]:
    """Sentences that together hold every character of the line but outer white space."""
    groups: list[list[Token]] = []
    for token in tokens:
        if not groups or token.sent_position != groups[-1][0].sent_position:
            groups.append([])
        groups[-1].append(token)
    starts = [0, *(group[0].start for group in groups[1:])]
    ends = [*starts[1:], len(line)]
    for start, end, group in zip(starts, ends, groups or [[]], strict=True):
        piece = line[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            yield AnalysedSentence(left, left + len(piece.strip()), tuple(_terms(piece, raw[start:end], group, kiwi)))


def _terms(line: str, raw: str, tokens: Iterable[Token], kiwi: Kiwi) -> list[str]:
    """Terms of ``line``; ``raw`` is the same text with its hanja."""
    terms = [_fold(found[name]) for found in _PROTECTED.finditer(line) for name in _names(found)]
    terms.extend(_content(tokens))
    if HANJA.search(raw):
        known = set(terms)
        others = [*dict.fromkeys(other_readings(raw))]
        found = dict.fromkeys(term for analysed in kiwi.tokenize(others) for term in _content(analysed))
        terms.extend(term for term in found if term not in known)
    return terms


def _content(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        tag = token.tag
        if not tag.startswith(_CONTENT_TAGS) or (tag[:2] in ("VV", "VA") and token.form in _STOP_VERBS):
            continue
        yield _fold(token.form)


def _names(found: re.Match[str]) -> tuple[int | str, ...]:
    """Groups of a protected name that are terms: an article with a paragraph is found by the article, too."""
    return ("article", 0) if found["article"] not in (None, found[0]) else (0,)


@lru_cache(maxsize=65_536)
def _fold(form: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", form)).lower()


def _runs_on(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[-1].tag.startswith(_JOINING_TAGS)
