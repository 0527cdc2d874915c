"""What a press in the page says, read strictly: anyone can send anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from chatbot.answer import Filters
from chatbot.api.feedback import Reason
from chatbot.ui.labels import Labels


class Without(StrEnum):
    """What a question is asked again without."""

    HISTORY = "history"
    YEARS = "years"


class Scope(StrEnum):
    """Where answers come from."""

    COMMON = "common"
    OWN = "own"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Again:
    """The question of ``turn`` is asked again, without what the chatbot read into it."""

    turn: int
    without: Without


def filters_of(year: str, agency: str, t: Labels) -> Filters:
    """The chosen filters; "all" and what is not a year mean no condition."""
    digits = "".join(character for character in year if character in "0123456789")
    return Filters(
        year=int(digits) if len(digits) == 4 and 1900 <= int(digits) <= 2100 else None,
        agency=agency[:100] if agency and agency != t("all") else None,
    )


def reasons_of(sent: object) -> tuple[Reason, ...]:
    """The reasons of a report that are reasons; anyone can send anything."""
    given = sent if isinstance(sent, list) else []
    return tuple(reason for reason in get_args(Reason) if reason in given)


def again_of(data: dict[str, Any]) -> Again | None:
    """What a press in the page asks again; ``None`` when it asks something new."""
    turn, without = data.get("turn"), data.get("without")
    if not isinstance(turn, int) or turn < 0 or without not in set(Without):
        return None
    return Again(turn, Without(without))


def question_text(typed: object, max_chars: int) -> str:
    """What was typed, or pressed in the page, as a question; empty when there is none."""
    return typed.strip()[:max_chars] if isinstance(typed, str) else ""


def scope_of(chosen: object) -> Scope:
    """Where to search; what is no such place means the common documents."""
    return Scope(chosen) if isinstance(chosen, str) and chosen in set(Scope) else Scope.COMMON
