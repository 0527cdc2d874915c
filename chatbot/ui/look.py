"""How a browser wants the pages: language, brightness, size of type; each in a cookie that the page itself sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from chatbot.ui.labels import Labels, Language, labels

PREFIX = "gov_case_"
_CHOICES = {"theme": ("light", "dark"), "size": ("large",)}


@dataclass(frozen=True, slots=True)
class Look:
    """``attributes`` go on the ``html`` element; ``home`` is the chat in this language, below the service's root."""

    t: Labels
    attributes: Markup
    home: str


def look_of(cookies: Mapping[str, str]) -> Look:
    """The look that the cookies ask for; what they ask for that is no choice is the usual."""
    chosen = cookies.get(f"{PREFIX}lang")
    language = Language(chosen) if chosen in set(Language) else Language.KOREAN
    attributes = Markup("").join(
        Markup(' data-{}="{}"').format(name, value)
        for name, choices in _CHOICES.items()
        if (value := cookies.get(PREFIX + name)) in choices
    )
    return Look(labels(language), attributes, "/en/" if language is Language.ENGLISH else "/")
