"""What is stopped before any search: personal data that has no place in a question, and orders to the assistant."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.answer import AnswerStatus
from chatbot.disguise import visible
from chatbot.injection import addresses_reader, find_order
from chatbot.personal_data import find_personal_data, mask, without_invisible


@dataclass(frozen=True)
class GuardResult:
    """``status`` is ``None`` for a question that may be answered.

    ``reason`` is Korean and safe to show and to log: the kinds of number to take out (주민등록번호, 카드번호), or the
    family of the order (규칙 무시 요구). ``masked_text`` is the question without personal numbers.
    """

    status: AnswerStatus | None
    reason: str
    masked_text: str


def check(text: str) -> GuardResult:
    """Whether the question may go on to search. Personal data first: such a question is not read any further."""
    masked = mask(text)
    labels = dict.fromkeys(datum.label for datum in find_personal_data(without_invisible(text)) if datum.refused)
    if not labels:
        labels = dict.fromkeys(datum.label for datum in find_personal_data(visible(text)) if datum.refused)
        masked = mask(visible(text)) if labels else masked
    if labels:
        return GuardResult(AnswerStatus.PERSONAL_DATA, ", ".join(labels), masked)
    order = find_order(text)
    return GuardResult(AnswerStatus.INJECTION if order else None, order, masked)


def mask_personal_data(text: str) -> str:
    """The text with personal numbers replaced by their kind in brackets, safe to log."""
    return mask(text)


def looks_like_instruction(text: str) -> bool:
    """Whether a sentence of a document gives orders to the machine that reads it."""
    return addresses_reader(text)
