"""One width for digits and marks, and blanking of what has been read; offsets stay those of the original."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_WIDTHS: Final = str.maketrans("０１２３４５６７８９％，．：∼〜～‘’′´`", "0123456789%,.:~~~'''''")
MASK: Final = "\x00"


def folded(text: str) -> str:
    """``text`` with full-width digits, tildes and apostrophes in their plain form, of the same length."""
    return text.translate(_WIDTHS)


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """``text`` with each span replaced by as many :data:`MASK` characters."""
    for start, end in spans:
        text = text[:start] + MASK * (end - start) + text[end:]
    return text
