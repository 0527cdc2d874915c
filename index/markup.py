"""Traces of layout in extracted text: HTML tags, Markdown emphasis, table pipes.

They stay in the stored text, so that quotations are slices of what was delivered, and are taken out
wherever words matter: tokenizing, embedding, showing.
"""

from __future__ import annotations

import re

_TAG = re.compile(
    r"</?(?:p|b|u|i|br|sup|sub|strong|em|span|td|tr|th|table|tbody|thead|ul|ol|li|div)\b[^<>]{0,200}>", re.I
)
_EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_ESCAPED = re.compile(r"\\([*_#\-<>\[\]()])")
_SPACE = re.compile(r"[ \t\n\u00a0\u3000]+")


def plain(text: str) -> str:
    """``text`` without tags, emphasis marks and escapes, on one line with single spaces."""
    return _SPACE.sub(" ", unmarked(text)).strip()


def unmarked(text: str) -> str:
    """``text`` without tags, emphasis marks and escapes; line breaks are kept."""
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub("", _TAG.sub("", text)))


def blank_markup(text: str) -> str:
    """``text`` with every mark-up character replaced by a space: same length, so offsets stay true."""
    blanked = _TAG.sub(lambda found: " " * len(found.group()), text)
    blanked = _EMPHASIS.sub(lambda found: " " * len(found.group()), blanked)
    return _ESCAPED.sub(lambda found: " " + found.group(1), blanked)
