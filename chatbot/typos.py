"""Common Korean typing errors: endings by rule, words by one confusable letter when that makes a known word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from kiwipiepy import Kiwi, Token

from chatbot.hangul import Syllable, is_syllable, split

# Ids of the dictionary's own entries begin behind those of the bare tags, which stand for unknown words.
_FIRST_KNOWN_ID: Final = 64
# How much likelier (natural log) the word must become. Unknown words cost 10 to 15 more than known ones.
_LISTED_GAIN: Final = 2.0
_SAME_SOUND_GAIN: Final = 8.0
_NEAR_SOUND_GAIN: Final = 12.0
_MAX_WORDS: Final = 3
# Longer words are names run together: hundreds of candidates, none a word.
_MAX_LENGTH: Final = 9

_SURNAMES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현"
)
_PAST: Final = dict(zip("햇됫갓왓엿겻앗엇잇밧낫떳졋렷첫봣샀컷", "했됐갔왔였겼았었있받났떴졌렸쳤봤샀컸", strict=True))
_ENDINGS: Final = (
    (
        re.compile(
            r"([햇됫갓왓엿겻앗엇졋렷봣컷])(?=(?:나요|습니|는데|는지|다고|다는|다면|어요|어여|을까|던|죠|지요|니\b|냐|네요|고\s))"
        ),
        None,
    ),
    (re.compile(r"(?<![가-힣])잇(?=(?:나|습|는데|는지|다|어|을|던|죠|지요))"), "있"),
    (re.compile(r"(?<=[가-힣]수 )잇(?=[가-힣])"), "있"),
    (re.compile(r"됬(?=[가-힣])"), "됐"),
    (re.compile(r"돼(?=나요|는|면|고|지|니)"), "되"),
    (re.compile(r"되(?=요(?:[?.!\s]|$))"), "돼"),
    (re.compile(r"(?<=지원|해당|적용|포함|처리|제공|인정|연장|발급|면제)대(?=나요|는|면|고)"), "되"),
    (re.compile(r"어떡게"), "어떻게"),
    (re.compile(r"(?<![가-힣])몃(?=\s|[가-힣])"), "몇"),
    (re.compile(r"(?<=[가-힣])ㄹ껀데"), "ㄹ건데"),
    (re.compile(r"(?<=[할될갈볼받낼])(?:께요|꼐요)"), "게요"),
    (re.compile(r"(?<=[할될갈볼을낼])껀데"), "건데"),
    (re.compile(r"거에[여요]"), "거예요"),
    (re.compile(r"(?<=[가-힣])애요(?=[?.!\s]|$)"), "예요"),
    (re.compile(r"(?<=[가-힣])됨니까"), "됩니까"),
    (re.compile(r"(?<=[가-힣])함니까"), "합니까"),
    (re.compile(r"(?<=[가-힣])임니까"), "입니까"),
)


def mend_endings(text: str) -> str:
    """Endings as they are spelt: 얼마엿죠 → 얼마였죠, 햇나요 → 했나요, 되요 → 돼요."""
    for pattern, replacement in _ENDINGS:
        text = pattern.sub(replacement or _past_tense, text)
    return text


def _past_tense(match: re.Match[str]) -> str:
    return _PAST[match.group(1)]


# Letters that sound alike in their place (the first groups), or are often mistaken for each other.
_SAME_VOWEL: Final = ("ㅐㅔ", "ㅒㅖ", "ㅖㅔ", "ㅙㅚㅞ", "ㅢㅣ", "ㅢㅡ")
_SAME_LEAD: Final = ("ㅅㅆ", "ㄱㄲ", "ㄷㄸ", "ㅂㅃ", "ㅈㅉ")
_NEAR_VOWEL: Final = (
    "ㅓㅗ",
    "ㅓㅏ",
    "ㅗㅜ",
    "ㅛㅗ",
    "ㅠㅜ",
    "ㅡㅜ",
    "ㅓㅡ",
    "ㅣㅡ",
    "ㅕㅓ",
    "ㅑㅏ",
    "ㅘㅏ",
    "ㅝㅓ",
    "ㅐㅏ",
    "ㅟㅣ",
    "ㅚㅣ",
    "ㅗㅚ",
)
_NEAR_LEAD: Final = ("ㄱㅋ", "ㄷㅌ", "ㅂㅍ", "ㅈㅊ", "ㄴㄹ", "ㄲㅋ", "ㄸㅌ", "ㅃㅍ", "ㅅㅈ", "ㅇㅎ")
_NEAR_TAIL: Final = ("ㄱㄲㅋ", "ㄷㅅㅆㅈㅊㅌㅎ", "ㅂㅍ", "ㄴㅁㅇ", "ㄴㄶ", "ㄴㄵ", "ㄹㅀ", "ㄱㅇ", "ㅂㅁ")
_AFTER_PALATAL: Final = ("ㅕㅓ", "ㅑㅏ", "ㅛㅗ", "ㅠㅜ")


_IN_NOUNS: Final = ("XR", "XPN", "XSN")


class NounIndex(Collection[str]):
    """A vocabulary that can be asked for its words one syllable away from a misspelt one. Build it once."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if len(word) > 1)
        self._by_gap: dict[str, list[str]] = {}
        for word in self._words:
            if len(word) > 2 and all(map(is_syllable, word)):
                for gap in _gaps(word):
                    self._by_gap.setdefault(gap, []).append(word)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def neighbours(self, word: str, *, near: bool | None = None) -> tuple[str, ...]:
        """Words that differ from ``word`` in one letter: short ones in the same sound, longer ones in a near one.

        강천사 is no neighbour of 강천산: short names often differ in a letter that is merely near.
        """
        found = (known for gap in _gaps(word) for known in self._by_gap.get(gap, ()))
        near = len(word) > 3 if near is None else near
        return tuple(dict.fromkeys(known for known in found if known != word and _one_letter_apart(word, known, near)))


def _gaps(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield f"{word[:place]}*{word[place + 1 :]}"


def _one_letter_apart(word: str, known: str, near: bool) -> bool:
    place = next(i for i, (a, b) in enumerate(zip(word, known, strict=True)) if a != b)
    return is_syllable(word[place]) and known[place] in {str(s) for s in _variants(split(word[place]), near=near)}


def correct_words(text: str, kiwi: Kiwi, nouns: NounIndex) -> str:
    """Replaces a misspelt word by the known one a confusable letter away that makes its sentence much likelier."""
    tokens = kiwi.tokenize(text)
    odd = 0
    for word in reversed(list(re.finditer(r"(?<![가-힣A-Za-z0-9])[가-힣]{2,}", text))):
        inside = [token for token in tokens if word.start() <= token.start < word.end()]
        stem = _noun_stem(word, inside)
        if stem in nouns or _has_title(text[word.start() + len(stem) :]):
            continue
        better = _listed(word.group(), stem, kiwi, nouns)
        if better is None and odd < _MAX_WORDS and _is_odd(inside):
            odd += 1
            better = _likelier(word.group(), kiwi, near=not _may_be_name(inside))
        if better:
            text = f"{text[: word.start()]}{better}{text[word.end() :]}"
    return text


def _noun_stem(word: re.Match[str], tokens: list[Token]) -> str:
    """The nouns at the start of the word, with a particle that was misread in them (수수로 of 수수로가)."""
    end = word.start()
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.start != end or not (token.tag.startswith("N") or token.tag in _IN_NOUNS or _is_misread(token, after)):
            break
        end = token.end
    return word.string[word.start() : end]


def _is_misread(token: Token, after: Token | None) -> bool:
    """수수로가 cannot be 수수 + 로 + 가: no subject or object particle follows one of place."""
    return token.tag == "JKB" and len(token.form) < 3 and after is not None and after.tag in ("JKS", "JKO")


def _has_misread_particle(tokens: list[Token]) -> bool:
    return any(_is_misread(token, after) for token, after in pairwise(tokens))


def _is_odd(tokens: list[Token]) -> bool:
    """Whether the analysis had to make do with an unknown word, stray syllables, or an impossible particle."""
    unknown = any(token.tag in ("NNG", "NNP") and token.id < _FIRST_KNOWN_ID for token in tokens)
    stray = any(_is_stray(a) and _is_stray(b) and a.tag not in ("JC", "JX", "XSN") for a, b in pairwise(tokens))
    return unknown or stray or _has_misread_particle(tokens)


def _is_stray(token: Token) -> bool:
    return len(token.form) == 1 and token.tag in ("NNG", "NNP", "XR", "XPN", "IC", "XSN", "JC", "JX")


def _has_title(after: str) -> bool:
    return (
        re.match(r"\s*(?:씨|님|군|양|사무관|주무관|서기관|과장|팀장|국장|장관|차관|위원|교수|대표|청장|시장)", after)
        is not None
    )


def _may_be_name(tokens: list[Token]) -> bool:
    """Three syllables with a surname: only a letter of the same sound is then mended (조달쳥, but not 강천산)."""
    first = tokens[0] if tokens else None
    return first is not None and first.tag == "NNP" and len(first.form) == 3 and first.form[0] in _SURNAMES


def _listed(word: str, stem: str, kiwi: Kiwi, nouns: NounIndex) -> str | None:
    """The word with its stem as the vocabulary spells it."""
    if len(stem) < 3:
        return None
    near = True if _has_misread_particle(_read(word, kiwi).tokens) else None
    others = [known + word[len(stem) :] for known in nouns.neighbours(stem, near=near)]
    return _best(word, {other: _read(other, kiwi).score - _LISTED_GAIN for other in others}, kiwi)


def _likelier(word: str, kiwi: Kiwi, *, near: bool) -> str | None:
    """The word with one letter changed such that only dictionary words are left."""
    scores: dict[str, float] = {}
    for place, char in enumerate(word if len(word) <= _MAX_LENGTH else ""):
        same = set(_variants(split(char), near=False))
        for variant in _variants(split(char), near=near and len(word) > 2):
            changed = f"{word[:place]}{variant}{word[place + 1 :]}"
            reading = _read(changed, kiwi)
            if reading.is_regular_at(place):
                scores[changed] = reading.score - (_SAME_SOUND_GAIN if variant in same else _NEAR_SOUND_GAIN)
    return _best(word, scores, kiwi)


class _Reading(NamedTuple):
    """An analysis and its score (natural log)."""

    tokens: list[Token]
    score: float

    def is_regular_at(self, place: int) -> bool:
        """Whether all nouns are known words of two or more syllables and one of them covers ``place``."""
        nouns = [token for token in self.tokens if token.tag in ("NNG", "NNP", "XR", "XPN")]
        return all(token.id >= _FIRST_KNOWN_ID and len(token.form) > 1 for token in nouns) and any(
            token.start <= place < token.end for token in nouns
        )


def _read(word: str, kiwi: Kiwi) -> _Reading:
    tokens, score = kiwi.analyze(word)[0]
    return _Reading(tokens, float(score))


def _best(word: str, scores: dict[str, float], kiwi: Kiwi) -> str | None:
    """The best of ``scores`` (the required gain already taken off) if it still beats the word as it stands."""
    best = max(scores, key=lambda candidate: scores[candidate], default=None)
    return best if best is not None and scores[best] >= _read(word, kiwi).score else None


def _variants(syllable: Syllable, *, near: bool = True) -> Iterator[Syllable]:
    lead, vowel, tail = syllable
    vowels = [*_SAME_VOWEL, *(_AFTER_PALATAL if lead in "ㅈㅉㅊ" else ()), *(_NEAR_VOWEL if near else ())]
    leads = [*_SAME_LEAD, *(_NEAR_LEAD if near else ())]
    yield from (Syllable(lead, other, tail) for other in _others(vowel, vowels))
    yield from (Syllable(other, vowel, tail) for other in _others(lead, leads))
    if near:
        yield from (Syllable(lead, vowel, other) for other in _others(tail, _NEAR_TAIL))
        yield from (Syllable(lead, vowel, other) for other in ((*"ㅇㄴㄹㅎ",) if not tail else ("",)))


def _others(letter: str, groups: Iterable[str]) -> Iterator[str]:
    if letter:
        for group in groups:
            if letter in group:
                yield from (other for other in group if other != letter)
