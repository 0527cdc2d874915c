"""Article numbers and telephone numbers in one spelling each."""

from __future__ import annotations

import re
from typing import Final

from chatbot.fold import folded

_ARTICLE: Final = re.compile(
    r"제\s?(?P<jo>\d+)\s?조(?:\s?의\s?(?P<eui>\d+))?(?:\s?제?\s?(?P<hang>\d+)\s?항)?(?:\s?제?\s?(?P<ho>\d+)\s?호)?"
    r"|(?<!\d)(?P<jo2>\d{1,4})\s?조(?:\s?의\s?(?P<eui2>\d+))?\s?제?\s?(?P<hang2>\d+)\s?항(?:\s?제?\s?(?P<ho2>\d+)\s?호)?"
    r"|제\s?(?P<hang3>\d+)\s?항(?:\s?제?\s?(?P<ho3>\d+)\s?호)?"
)
_PHONE: Final = re.compile(
    r"(?<![\d-])(?:\+82[-\s]?)?\(?(0\d{1,2})\)?\s?[-.)\s]\s?(\d{3,4})\s?[-.\s]\s?(\d{4})(?![\d-])"
    r"|(?<![\d-])(1[5-9]\d\d)\s?-\s?(\d{4})(?![\d-])"
    r"|(?:국번\s?없이|☎|☏|전화번호|콜센터)\s?:?\s?(1\d{2,3})(?![\d-])"
)


def articles(text: str) -> list[str]:
    """Article numbers in order, canonical: 제15조 2항 and 제15조제2항 are both ``제15조제2항``."""
    return [_canonical_article(match) for match in _ARTICLE.finditer(folded(text))]


def phones(text: str) -> list[str]:
    """Telephone numbers in order, with hyphens: 044)202-4440 is ``044-202-4440``."""
    matches = _PHONE.finditer(folded(text))
    return ["-".join(part for part in match.groups() if part) for match in matches]


def reference_spans(text: str) -> list[tuple[int, int]]:
    """Where telephone numbers and article numbers stand."""
    plain = folded(text)
    return [match.span() for pattern in (_PHONE, _ARTICLE) for match in pattern.finditer(plain)]


def _canonical_article(match: re.Match[str]) -> str:
    groups = match.groupdict()
    article, branch = groups["jo"] or groups["jo2"], groups["eui"] or groups["eui2"]
    paragraph = groups["hang"] or groups["hang2"] or groups["hang3"]
    item = groups["ho"] or groups["ho2"] or groups["ho3"]
    return "".join(
        (
            f"제{article}조" if article else "",
            f"의{branch}" if branch else "",
            f"제{paragraph}항" if paragraph else "",
            f"제{item}호" if item else "",
        )
    )
