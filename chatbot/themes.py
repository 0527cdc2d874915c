"""What the cases are about: themes that they fall into, and the words that stand out in each year.

Themes are the parts of a non-negative factorisation of the cases' nouns (Lee and Seung, Nature 401, 1999), so that a
theme is named by its own heaviest words.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from kiwipiepy import Kiwi

from index.document import Case
from index.morphemes import shared_kiwi

MIN_CASES = 12
MAX_CASES = 5_000
MAX_THEMES = 10
NAME_WORDS = 3
MAX_SHARE = 0.3
"""A word that more of the cases hold tells nothing of what one is about."""
YEAR_WORDS = 6
READ_CHARS = 500
_NOUNS = ("NNG", "NNP", "SL")
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Theme:
    """``name`` is its heaviest words, heaviest first."""

    name: str
    case_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseWords:
    """``themes`` by size, largest first; ``years`` newest first, each with its words, most telling first."""

    themes: tuple[Theme, ...] = ()
    years: tuple[tuple[int, tuple[str, ...]], ...] = ()


def case_words(cases: Sequence[Case], texts: Sequence[str], kiwi: Kiwi) -> CaseWords:
    """Themes and words of ``cases``; ``texts`` are what each says. Nothing for fewer than :data:`MIN_CASES`."""
    if len(cases) < MIN_CASES:
        return CaseWords()
    agencies = " ".join({case.agency for case in cases})  # who acts is told elsewhere
    nouns = [
        [
            token.form
            for token in tokens
            if token.tag in _NOUNS and _WORD.fullmatch(token.form) and token.form not in agencies
        ]
        for tokens in kiwi.tokenize(list(texts))
    ]
    return CaseWords(tuple(_themes(cases, nouns)), tuple(_years(cases, nouns)))


def _themes(cases: Sequence[Case], nouns: Sequence[Sequence[str]]) -> Iterator[Theme]:
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=list, min_df=2, max_df=MAX_SHARE, sublinear_tf=True)
    try:
        weights = vectorizer.fit_transform(nouns)
    except ValueError:  # no word is in two cases and in few enough of them
        return
    parts = min(MAX_THEMES, weights.shape[1], max(3, round(len(cases) ** 0.5 / 1.2)))
    model = NMF(n_components=parts, init="random", random_state=0, max_iter=800, tol=1e-3)
    with np.errstate(invalid="ignore"):  # a perfect fit leaves an error a hair below zero, of which it takes the root
        shares = model.fit_transform(weights)
    words = vectorizer.get_feature_names_out()
    members: dict[int, set[str]] = {}
    for case, share in zip(cases, shares, strict=True):
        if share.max() > 0:
            members.setdefault(int(share.argmax()), set()).add(case.case_id)
    for part, case_ids in sorted(members.items(), key=lambda item: -len(item[1])):
        heaviest = (-model.components_[part]).argsort()[:NAME_WORDS]
        yield Theme("·".join(words[place] for place in heaviest), frozenset(case_ids))


def _years(cases: Sequence[Case], nouns: Sequence[Sequence[str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Words that more of a year's cases hold than of the others', by the difference of the two shares."""
    by_year: dict[int, list[set[str]]] = {}
    for case, own in zip(cases, nouns, strict=True):
        if case.year:
            by_year.setdefault(case.year, []).append(set(own))
    everywhere = Counter(word for held in by_year.values() for own in held for word in own)
    total = sum(len(held) for held in by_year.values())
    for year, held in sorted(by_year.items(), reverse=True):
        inside = Counter(word for own in held for word in own)
        others = max(1, total - len(held))
        telling = {
            word: count / len(held) - (everywhere[word] - count) / others
            for word, count in inside.items()
            if count > 1 and everywhere[word] <= MAX_SHARE * total
        }
        best = sorted(telling, key=lambda word: (-telling[word], word))[:YEAR_WORDS]
        if best:
            yield year, tuple(best)


class ThemeFinder:
    """Finds the themes of each index version once, behind the scenes; until then those of the version before.

    ``version`` names the version that answers now.
    """

    def __init__(
        self, version: Callable[[], str], cases: Callable[[], Sequence[Case]], text_of: Callable[[Case], str]
    ) -> None:
        self._version = version
        self._cases = cases
        self._text_of = text_of
        self._found: CaseWords | None = None
        self._of = ""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def words(self, *, wait: bool = False) -> CaseWords:
        """What has been found; with ``wait``, when it has been."""
        with self._lock:
            if self._thread is None or self._of != self._version():
                self._of = self._version()
                self._thread = threading.Thread(target=self._find, name="themes", daemon=True)
                self._thread.start()
            thread = self._thread
        if wait:
            thread.join()
        return self._found or CaseWords()

    def members(self, name: str) -> frozenset[str] | None:
        """The cases of the theme with this name; ``None`` if there is none."""
        return self._by_name().get(name)

    def _by_name(self) -> Mapping[str, frozenset[str]]:
        return {theme.name: theme.case_ids for theme in self.words().themes}

    def _find(self) -> None:
        cases = list(self._cases())[:MAX_CASES]
        self._found = case_words(cases, [self._text_of(case)[:READ_CHARS] for case in cases], shared_kiwi())
