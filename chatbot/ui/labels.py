"""The words of the pages, in every language that they speak: one table, ``labels.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter


class Language(StrEnum):
    """A language of the pages; documents and answers stay as they are."""

    KOREAN = "ko"
    ENGLISH = "en"


class Labels:
    """The table in one language; calling it with a key gives the words, with ``values`` set into them."""

    def __init__(self, language: Language, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The words for ``key``; KeyError for one that is not in the table."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def starting(self, prefix: str) -> dict[str, str]:
        """All words whose key begins with ``prefix``, by the rest of the key; for scripts."""
        return {key.removeprefix(prefix): text for key, text in self._texts.items() if key.startswith(prefix)}


@lru_cache
def labels(language: Language = Language.KOREAN) -> Labels:
    """The words in ``language``."""
    return Labels(language, {key: texts[language] for key, texts in table().items()})


@lru_cache(maxsize=1)
def table() -> dict[str, dict[Language, str]]:
    """Every key with its words in each language."""
    source = files("chatbot.ui").joinpath("labels.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, dict[Language, str]]).validate_python(yaml.safe_load(source))
