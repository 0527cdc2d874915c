"""English questions over Korean documents: the Korean words to search with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import TypeAdapter


@dataclass(frozen=True)
class EnglishGlossary:
    """English words and phrases in lower case with their Korean search words."""

    entries: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, path: Path | None = None) -> EnglishGlossary:
        """Reads the glossary; ``None`` is the one that ships with the package."""
        source = path.read_text("utf-8") if path else files("chatbot").joinpath("data/english.yaml").read_text("utf-8")
        entries = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(yaml.safe_load(source))
        return cls(dict(sorted(entries.items(), key=lambda item: -len(item[0]))))

    def korean(self, question: str) -> tuple[str, ...]:
        """Korean words for the English ones in ``question``, in their order; a phrase wins over its parts."""
        rest = question.lower()
        found: list[tuple[int, tuple[str, ...]]] = []
        for phrase, words in self.entries.items():
            for match in re.finditer(rf"(?<![a-z]){re.escape(phrase)}(?:s|es|ed|ing)?(?![a-z])", rest):
                found.append((match.start(), words))
                rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
        return tuple(dict.fromkeys(word for _, words in sorted(found) for word in words))
