"""From a statement to the question that it answers, by Kiwi's morphemes: 40분 빨라졌고 … to 몇 분 빨라졌습니까?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiwipiepy import Kiwi, Token

from chatbot.figures import dates, figures

FORMAL, POLITE = "습니까", "어요"
MAX_CLAUSE_CHARS = 90
_PREDICATE = ("VV", "VA", "VX", "VCP", "XSV", "XSA", "EP")
# A connective after which a clause can stand alone; 면 or 도록 would leave a condition or an aim as a statement.
_CONNECTIVES = frozenset({"고", "며", "으며", "어", "아", "어서", "아서", "여", "으나", "나", "지만", "면서", "으면서"})
_PAST = ("었", "EP")
_NUMBER = re.compile(r"[\d,.]+\s?(?:여\s?)?(?:[십백천만억조]\s?)*")
_MONEY = ("원", "달러")
# 얼마 ends in a vowel, the unit of money it stands for in a consonant.
_AFTER_VOWEL = {"으로": "로", "을": "를", "은": "는", "이": "가", "과": "와"}
_DATE_PARTICLE = re.compile(
    r"(에는|에|부터|까지)?(?=\s|$)(?!\s?(?:\d|제|봄|여름|가을|겨울|[상하]반기|말|초|기준|현재))"
)
# First, second, third: a place in an order is no quantity.
_ORDINAL = re.compile(r"제\s?$")
_ORDERS = frozenset({"분기", "위", "차", "호", "번", "번째", "주년", "단계", "학년", "층", "세대"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the expression that answers it. ``about`` is ``number`` or ``when``."""

    formal: str
    polite: str
    fact: str
    about: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """``stem`` are the morphemes of the predicate without its ending; it begins at ``start``."""

    start: int
    end: int
    stem: tuple[tuple[str, str], ...]


def questions_of(sentence: str, kiwi: Kiwi) -> Iterator[Asked]:
    """The questions that one clause of ``sentence`` answers; none where the clause has no plain predicate."""
    tokens = kiwi.tokenize(sentence)
    for date in dates(sentence):
        clause, found = _clause(tokens, date.end), _DATE_PARTICLE.match(sentence, date.end)
        if clause and found and clause.stem[0][1] != "VCP":
            particle = found[1] if found[1] in ("부터", "까지") else ""
            yield _asked(
                sentence, (date.start, found.end()), f"언제{particle}", date.text.strip(), "when", clause, kiwi
            )
    last: dict[int, Asked] = {}
    for figure in figures(sentence):
        word = "" if _ORDINAL.search(sentence[: figure.start]) else _word_for(figure.text)
        clause = _clause(tokens, figure.end) if word else None
        if clause is None:
            continue
        end = figure.end
        if word == "얼마" and clause.start > end:
            end, word = _with_particle(sentence, end)
        # Of 40면에서 52면으로, the figure before the predicate is the one that it is about.
        last[clause.start] = _asked(sentence, (figure.start, end), word, figure.text.strip(), "number", clause, kiwi)
    yield from last.values()


def _asked(
    sentence: str, span: tuple[int, int], word: str, fact: str, about: str, clause: _Clause, kiwi: Kiwi
) -> Asked:
    lead = sentence[: span[0]] + word + sentence[span[1] : clause.start]
    stem = list(clause.stem)
    polite = "에요" if stem[-1][1] == "VCP" else POLITE
    return Asked(
        formal=f"{lead}{kiwi.join([*stem, (FORMAL, 'EF')])}?",
        polite=f"{lead}{kiwi.join([*stem, (polite, 'EF')])}?".replace("얼마이에요", "얼마예요"),
        fact=fact,
        about=about,
    )


def _clause(tokens: Sequence[Token], after: int) -> _Clause | None:
    """The clause that ends first after a position; ``None`` when that one cannot stand alone, or is too long."""
    for place, token in enumerate(tokens):
        if token.start < after or token.tag not in ("EC", "EF", "ETN", "ETM"):
            continue
        following = tokens[place + 1].tag if place + 1 < len(tokens) else "SF"
        if token.tag == "EC" and following == "VX":
            continue
        stands = {
            "EF": True,
            "EC": token.form in _CONNECTIVES,
            "ETN": following == "SF" and token.form in ("ᆷ", "음"),
        }
        alone = stands.get(token.tag, False) and token.end <= MAX_CLAUSE_CHARS
        return _with_stem(tokens, place) if alone else None
    return None


def _with_stem(tokens: Sequence[Token], place: int) -> _Clause | None:
    first = place
    while first > 0 and (tokens[first - 1].tag.split("-")[0] in _PREDICATE or _joins(tokens, first - 1)):
        first -= 1
    stem = tuple((token.form, token.tag) for token in tokens[first:place])
    if not stem or stem[0][1] == "EP":
        return None
    # A connective leaves the tense to the last predicate, and 추진함 reports what was done.
    past_later = any(token.tag == "EP" and token.form in ("었", "았", "였") for token in tokens[place:])
    if stem[-1][1] != "EP" and tokens[place].tag != "EF" and (past_later or tokens[place].tag == "ETN"):
        stem = (*stem, _PAST)
    return _Clause(tokens[first].start, tokens[place].end, stem)


def _joins(tokens: Sequence[Token], place: int) -> bool:
    return [token.tag for token in tokens[place : place + 2]] == ["EC", "VX"]


def _word_for(figure: str) -> str:
    """What stands for a figure in a question; empty for one without a unit, and for a place in an order."""
    unit = _NUMBER.sub("", figure, count=1).strip()
    if unit in _MONEY:
        return "얼마"
    if unit in ("%", "일"):
        return {"%": "몇 퍼센트", "일": "며칠"}[unit]
    return f"몇 {unit}" if re.fullmatch(r"[가-힣]{1,3}", unit) and unit not in _ORDERS else ""


def _with_particle(sentence: str, end: int) -> tuple[int, str]:
    for before, after in _AFTER_VOWEL.items():
        if sentence.startswith(before, end):
            return end + len(before), f"얼마{after}"
    return end, "얼마"
