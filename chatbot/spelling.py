"""Repairs what a keyboard or a hurry did to a question; the caller keeps the original.

Each repair has to be earned: a question that is already clean comes back as it is. Digits are never touched, nor are
words of the vocabulary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kiwipiepy import Kiwi, Token

from chatbot.keyboard import decode
from chatbot.typos import NounIndex, correct_words, mend_endings

_INVISIBLE: Final = re.compile(
    "[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_WIDE: Final = re.compile("[\u3000\uff01-\uff5e\uffa0-\uffdc]+")
_LATIN: Final = re.compile(r"(?<![A-Za-z0-9@./_-])[A-Za-z]{2,40}(?![A-Za-z0-9@_/-]|\.[A-Za-z])")
_ENGLISH_SENTENCE: Final = re.compile(
    r"\b(?:the|of|is|are|was|were|what|which|how|who|when|where|why|in|on|for|and|with|does|did|can|many|much|from|by)\b",
    re.I,
)
# English words that also make whole syllables of real Korean words (work → 재가).
_ENGLISH_WORDS: Final = re.compile(
    r"works?|who|row|dog|world|worry|forms?|goals?|flavor|forks|thrown|theory|quant|spans|widens?|always|also|wow|fog|so|go|"
    r"do|to|or|too|good|did|dial|dis[hk]|gift|girl|fish|wish|risks?|right|rock",
    re.IGNORECASE,
)
# Score per syllable (natural log) of the analysis. Words that people type lie above -9.1, English words that happen
# to make syllables below; beside a sure word -17 is enough (챗봇 -10.5, 몇 -16.0).
_SURE_SCORE: Final = -9.1
_LIKELY_SCORE: Final = -17.0

_HANGUL_RUN: Final = re.compile(r"[가-힣]{8,}")
_STARTS_WORD: Final = frozenset(("NNG", "NNP", "NP", "VV", "VA", "MM", "MAG", "MAJ", "XR", "IC"))
_ENDS_WORD: Final = frozenset(("JKS", "JKO", "JKB", "JKG", "JX", "JC", "ETM", "EC", "EF"))
_ASKING: Final = frozenset(
    ("몇", "어느", "어떤", "무슨", "얼마", "언제", "어디", "누구", "무엇", "뭐", "왜", "어떻게", "얼마나")
)


def normalise_question(text: str, kiwi: Kiwi, vocabulary: Collection[str] = ()) -> str:
    """The question as its writer meant it: no invisible characters, Hangul for keyboard slips, spaces, typos.

    ``vocabulary`` holds nouns of the indexed documents: a :class:`chatbot.typos.NounIndex`, or a frozenset, which is
    indexed the first time it is seen; any other collection is indexed on every call.
    """
    cleaned = clean(text)
    typed = decode_slips(cleaned, kiwi)
    spaced = restore_spaces(mend_endings(typed), kiwi)
    corrected = correct_words(spaced, kiwi, _index_of(vocabulary))
    return corrected if re.findall(r"\d", corrected) == re.findall(r"\d", cleaned) else cleaned


def _index_of(vocabulary: Collection[str]) -> NounIndex:
    if isinstance(vocabulary, NounIndex):
        return vocabulary
    return _index_once(vocabulary) if isinstance(vocabulary, frozenset) else NounIndex(vocabulary)


@lru_cache(maxsize=2)
def _index_once(vocabulary: frozenset[str]) -> NounIndex:
    """A frozenset keeps its hash, so asking again costs nothing; two, for the index in use and the one replacing it."""
    return NounIndex(vocabulary)


def clean(text: str) -> str:
    """NFC, full-width forms as plain ones, no control or invisible characters, white space runs as one space."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    narrow = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), composed)
    visible = "".join(" " if unicodedata.category(c) == "Cc" else c for c in narrow)
    return re.sub(r"\s+", " ", visible).strip()


def decode_slips(text: str, kiwi: Kiwi) -> str:
    """Latin letters that are Hangul on the same keys, as Hangul; English, acronyms and addresses stay."""
    slips = {match.group(): hangul for match in _LATIN.finditer(text) if (hangul := _slip(match.group()))}
    if not slips or (_ENGLISH_SENTENCE.search(text) and not re.search(r"[가-힣]", text)):
        return text
    scores = {token: _score(hangul, kiwi) for token, hangul in slips.items()}
    sure = {token for token, score in scores.items() if score > _SURE_SCORE and len(slips[token]) > 1}
    if not sure:
        return text
    meant = {token for token, score in scores.items() if token in sure or score > _LIKELY_SCORE}
    return _LATIN.sub(lambda match: slips[match.group()] if match.group() in meant else match.group(), text)


def _slip(token: str) -> str | None:
    if token.isupper() or _ENGLISH_WORDS.fullmatch(token):
        return None
    return decode(token)


def _score(hangul: str, kiwi: Kiwi) -> float:
    return float(kiwi.analyze(hangul)[0][1]) / len(hangul)


def restore_spaces(text: str, kiwi: Kiwi) -> str:
    """Spaces put between words that were run together; nouns that make one name are left together."""
    for run in reversed(list(_HANGUL_RUN.finditer(text))):
        tokens = kiwi.tokenize(run.group())
        cuts = [token.start for before, token in pairwise(tokens) if _is_gap(before, token)]
        if len(cuts) >= 2 or (cuts and len(run.group()) >= 10):
            for cut in reversed(cuts):
                text = f"{text[: run.start() + cut]} {text[run.start() + cut :]}"
    return text


def _is_gap(before: Token, token: Token) -> bool:
    """Whether a word begins at ``token``: after a particle or an ending, and wherever a verb follows a noun."""
    if token.start < before.end:
        return False
    if before.tag in _ENDS_WORD:
        return token.tag in _STARTS_WORD or (before.tag == "ETM" and token.tag == "NNB")
    if before.tag == "NNB":
        return token.tag in ("NNG", "NNP", "VV", "VA")
    return before.tag.startswith("N") and (token.tag in ("VV", "VA") or token.form in _ASKING)
