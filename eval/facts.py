"""The expressions of an answer that can be checked by looking: dates, figures, telephone numbers, quoted names."""

from __future__ import annotations

import re

from chatbot.figures import dates, figures, phones

_NAMED = re.compile(r"[「『'‘\"“]([^「」『』'‘’\"“”]{2,40})[」』'’\"”]")
_ENDING = re.compile(r"(입니다|이다|임|합니다|이에요|예요)?[.!]?\s*$")
# A longer answer is a sentence, and no other answer will have its very words.
_NAME_CHARS = 20


def facts_of(answer: str) -> tuple[str, ...]:
    """The expressions in order, none inside another; a short answer without any is itself the expression."""
    spans = [(date.start, date.end) for date in dates(answer)]
    spans += [(figure.start, figure.end) for figure in figures(answer)]
    spans += [(found.start(1), found.end(1)) for found in _NAMED.finditer(answer)]
    spans += [(answer.find(phone), answer.find(phone) + len(phone)) for phone in phones(answer) if phone in answer]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if all(end <= other_start or start >= other_end for other_start, other_end in kept):
            kept.append((start, end))
    if not kept:
        name = _ENDING.sub("", answer.strip(), count=1).strip()
        return (name,) if 0 < len(name) <= _NAME_CHARS else ()
    return tuple(dict.fromkeys(answer[start:end].strip() for start, end in sorted(kept)))
