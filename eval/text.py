"""The three forms in which texts are compared; each is documented in ``eval/datasets/README.md``."""

from __future__ import annotations

import re
import unicodedata

_MARK = re.compile(r"\[\d{1,2}\]")
_THOUSANDS_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WHITE_SPACE = re.compile(r"\s+")


def strip_marks(text: str) -> str:
    """``text`` without its citation marks ``[1]`` … ``[99]``; a bracketed year stays."""
    return _MARK.sub("", text)


def squeeze(text: str) -> str:
    """Form for comparing quotations: NFC, white space removed. Nothing else may differ from the source."""
    return _WHITE_SPACE.sub("", unicodedata.normalize("NFC", text))


def fold(text: str) -> str:
    """Form for comparing facts: NFKC, lower case, thousands commas and white space removed."""
    return _WHITE_SPACE.sub("", _THOUSANDS_COMMA.sub("", unicodedata.normalize("NFKC", text).lower()))
