"""Everyday words against official ones, from a file that anyone can read and extend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import TypeAdapter

# Below this a word is looked up as a whole word only: 의사 must not be found in 회의사항.
_SUBSTRING_LENGTH = 4


@dataclass(frozen=True)
class SynonymTable:
    """Groups of words that mean the same in administrative text, the official word first.

    ``groups_of`` maps a word without white space, in lower case, to the numbers of its groups.
    """

    groups: tuple[tuple[str, ...], ...]
    groups_of: Mapping[str, tuple[int, ...]]

    @classmethod
    def load(cls, path: Path | None = None) -> SynonymTable:
        """Reads the table; ``None`` is the one that ships with the package."""
        source = path.read_text("utf-8") if path else files("chatbot").joinpath("data/synonyms.yaml").read_text("utf-8")
        groups = TypeAdapter(tuple[tuple[str, ...], ...]).validate_python(yaml.safe_load(source))
        index: dict[str, list[int]] = {}
        for number, group in enumerate(groups):
            for word in group:
                index.setdefault(_key(word), []).append(number)
        return cls(groups, {word: tuple(numbers) for word, numbers in index.items()})

    def find(self, text: str) -> tuple[str, ...]:
        """Words of the table that stand in ``text`` (white space aside): long ones anywhere, short ones as words."""
        squeezed = _key(text)
        starts = {_key(part) for part in re.split(r"[^0-9A-Za-z가-힣]+", text) if part}
        return tuple(
            word
            for word in self.groups_of
            if (len(word) >= _SUBSTRING_LENGTH and word in squeezed)
            or (len(word) < _SUBSTRING_LENGTH and word in starts)
        )

    def expand(self, words: Iterable[str]) -> tuple[str, ...]:
        """The other words of each group that one of ``words`` belongs to, in the table's order, none given twice."""
        given = {_key(word) for word in words}
        extra: dict[str, None] = {}
        for key in given & self.groups_of.keys():
            for number in self.groups_of[key]:
                extra.update(dict.fromkeys(word for word in self.groups[number] if _key(word) not in given))
        return tuple(extra)


def _key(word: str) -> str:
    return re.sub(r"\s+", "", word).lower()
