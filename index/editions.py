"""Editions of one document: a corrected or later one replaces the others, and only it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

MARKED_SHARE, DATED_SHARE = 0.6, 0.85
"""Share of five-letter pieces that two editions have in common at least: where a mark says that one corrects the
other, and where only the dates differ, as those of notices after one template do too."""

MAX_GROUP = 50
"""More documents than this under one title are no editions but a series (주간 동향)."""

_PIECE = 5
_EDITION = re.compile(
    r"[(\[_\s\-]*(?:(?P<round>\d{1,2})\s*차\s*(?:수정|개정|정정)|(?P<mark>최종|수정본?|정정본?|개정본?|재배포|변경)|"
    r"(?:ver|rev|v|r)[.\s]?(?P<version>\d{1,2}(?:\.\d{1,2})?))[)\]]*(?=$|[_\s\-.(\[)\]])",
    re.IGNORECASE,
)
_RANKS = {"수정": 1.0, "정정": 1.0, "재배포": 1.0, "변경": 1.0, "개정": 1.0, "최종": 50.0}


@dataclass(frozen=True, slots=True)
class Edition:
    """What tells editions apart, without the text."""

    document_id: str
    source: str
    title: str
    published_on: date | None


def replaced(editions: Iterable[Edition], text_of: Callable[[str], str]) -> dict[str, str]:
    """``id of a replaced document -> id of the newest``.

    Two documents are editions of one when their titles are the same but for edition marks, their texts are nearly
    the same, and a mark or a later date says which is the newer. Without such a sign both stay.
    """
    groups: dict[str, list[Edition]] = {}
    for edition in editions:
        groups.setdefault(_key(edition.title), []).append(edition)
    found: dict[str, str] = {}
    for group in groups.values():
        if 2 <= len(group) <= MAX_GROUP:
            found.update(_within(sorted(group, key=_age), text_of))
    return found


def _within(group: list[Edition], text_of: Callable[[str], str]) -> Mapping[str, str]:
    """Oldest first in ``group``: each document with the newest edition of it."""
    shingles = {edition.document_id: pieces(text_of(edition.document_id)) for edition in group}
    found: dict[str, str] = {}
    for number, older in enumerate(group):
        for newer in reversed(group[number + 1 :]):
            own, others = shingles[older.document_id], shingles[newer.document_id]
            shared = len(own & others)
            marked = _age(newer)[1] > _age(older)[1]
            needed = MARKED_SHARE if marked else DATED_SHARE
            if _age(newer) > _age(older) and shared >= needed * (len(own) + len(others) - shared):
                found[older.document_id] = newer.document_id
                break
    return found


def _key(title: str) -> str:
    return "".join(_EDITION.sub(" ", title).split())


def _age(edition: Edition) -> tuple[date, float]:
    """Later editions compare greater."""
    name = edition.source.rsplit("/", 1)[-1].rpartition(".")[0]
    return edition.published_on or date.min, max(_mark(edition.title), _mark(name))


def _mark(said: str) -> float:
    found = [_rank(match) for match in _EDITION.finditer(said)]
    return max(found, default=0.0)


def _rank(match: re.Match[str]) -> float:
    if match["round"]:
        return float(match["round"])
    if match["version"]:
        return float(match["version"])
    return _RANKS[match["mark"].removesuffix("본")]


def pieces(text: str) -> frozenset[str]:
    """The five-letter pieces of a text, white space aside."""
    flat = "".join(text.split())
    return frozenset(flat[at : at + _PIECE] for at in range(max(1, len(flat) - _PIECE + 1)))
