"""The gate for every answer sentence: what it says must stand in the passages that it cites.

The same checks hold for a sentence taken from a document and for one that a chat model wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kiwipiepy import Kiwi, Token

from chatbot.contraries import contrary_words
from chatbot.marked import MarkedSentence, SentenceStream, split_marked
from chatbot.names import NameChecker, word_at
from chatbot.passages import AgencyNames, SourceReader, Sources, tidy, words_of
from chatbot.polarity import contradictions, predicates
from chatbot.quantities import quantity_problems
from chatbot.wording import particle

__all__ = ["MarkedSentence", "SentenceStream", "Verdict", "Verifier", "split_marked"]

MIN_SHARE: Final = 0.55
"""Share of a sentence's content words that the passages must have. Between rewordings and inventions: of 317 card
sentences against the documents that they retell 97 % reach it, of the same against another document 1 %."""

CACHED_PASSAGES: Final = 64

_EMPTY_WORDS: Final = frozenset(
    {
        "하",
        "되",
        "있",
        "없",
        "이",
        "아니",
        "않",
        "같",
        "대하",
        "위하",
        "따르",
        "통하",
        "의하",
        "알",
        "알리",
        "나오",
        "것",
    }
    | {
        "그리고",
        "또한",
        "또",
        "특히",
        "따라서",
        "필요",
        "내용",
        "경우",
        "때",
        "등",
        "수",
        "사례",
        "기대",
        "가능",
        "이번",
    }
    | {
        "당시",
        "후",
        "전",
        "중",
        "뒤",
        "위",
        "문의",
        "담당",
        "번호",
        "전화",
        "전화번호",
        "연락처",
        "자료",
        "문서",
        "설명",
    }
    | {"다음", "관련"}
)
"""Words that hold an answer together and say nothing that a source would have to say."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown; ``problems`` say in Korean what its sources lack."""

    supported: bool
    problems: tuple[str, ...]


class Verifier:
    """Checks sentences against passages. ``agency_names`` gives the official names of the agencies in a text."""

    def __init__(self, kiwi: Kiwi, agency_names: AgencyNames | None = None) -> None:
        names = agency_names or (lambda _: ())
        self._kiwi = kiwi
        self._names = NameChecker(names)
        self._sources = lru_cache(maxsize=CACHED_PASSAGES)(SourceReader(kiwi, names).read)

    def check(self, sentence: str, passages: Sequence[str], *, context: str = "") -> Verdict:
        """Whether ``passages`` say what ``sentence`` says.

        ``context`` is the header of the cited case: its title, agency and year count as said. A sentence that
        stands word for word in a passage is always supported; one without a word in it never is.
        """
        said = tidy(sentence)
        if not re.search(r"\w", said):
            return Verdict(False, ("내용이 없는 문장",))
        if any(_stands_in(said, tidy(passage)) for passage in passages):
            return Verdict(True, ())
        sources = self._sources(tuple(passages), context)
        tokens = self._kiwi.tokenize(said)
        problems = [
            *quantity_problems(said, tokens, sources),
            *self._names.problems(said, tokens, sources),
            *_polarity_problems(tokens, sources),
            *self._invention_problems(said, tokens, sources),
        ]
        return Verdict(not problems, tuple(dict.fromkeys(problems)))

    def _invention_problems(self, said: str, tokens: Sequence[Token], sources: Sources) -> Iterator[str]:
        places = {word: token.start for token in tokens for word in words_of([token]) if word not in _EMPTY_WORDS}
        known = 0
        for word, start in places.items():
            written = word_at(said, start)
            known += _is_known(word, written, sources) or self._names.is_spelling(written, sources)
        if places and known / len(places) < MIN_SHARE:
            yield "근거에 없는 내용이 많음"


def _stands_in(said: str, passage: str) -> bool:
    """Whether the words of ``said`` stand in ``passage`` in a row, cut at word borders and not before a denial."""
    bare = re.sub(r"[\s.!?。]+$", "", said)
    start = passage.find(bare)
    while start >= 0:
        end = start + len(bare)
        free = not re.match(r"\w", passage[end:]) and not (start and re.match(r"\w", passage[start - 1]))
        if free and not re.match(r"\s*(?:수\s|지\s|않|못|없|아니)", passage[end:]):
            return True
        start = passage.find(bare, start + 1)
    return False


def _polarity_problems(tokens: Sequence[Token], sources: Sources) -> Iterator[str]:
    for name in contradictions(predicates(tokens), sources.predicates):
        yield f"‘{name}’에 대한 긍정·부정이 근거와 반대임"
    for word, contrary in contrary_words(tokens, sources.tokens, sources.squeezed):
        yield f"‘{word}’: 근거의 ‘{contrary}’{particle(contrary, '과', '와')} 반대임"


def _is_known(word: str, written: str, sources: Sources) -> bool:
    """A word of one syllable may be a piece that Kiwi cut wrong: then the start of ``written`` decides."""
    if word in sources.words or (len(word) > 1 and word in sources.squeezed):
        return True
    return len(word) == 1 and re.match(r"\w\w", written) is not None and written[:2] in sources.squeezed
