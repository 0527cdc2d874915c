"""What happens when something is pressed: conversation in, conversation and HTML out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from chatbot.answer import Filters, Question
from chatbot.api.middleware import log_failure
from chatbot.api.ports import ChatbotPort
from chatbot.ui.conversation import Conversation
from chatbot.ui.conversation_panel import announcement, conversation_html
from chatbot.ui.facets import ALL, Facets, FacetsNow
from chatbot.ui.source_panel import SourceView, case_view, citation_view, contents_html, source_html

# Tokens of an extractive answer come faster than a browser can show them.
PAINT_SECONDS = 0.06


class Without(StrEnum):
    """What a question is asked again without."""

    HISTORY = "history"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Again:
    """The question of ``turn`` is asked again, without what the chatbot read into it."""

    turn: int
    without: Without


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page shows. ``source`` ``None``: the panel stays as it is."""

    conversation: Conversation
    log: str
    source: str | None
    announced: str
    working: bool


class Handlers:
    """The page's answers to its user; one for all tabs, which keep their own conversations."""

    def __init__(self, chatbot: ChatbotPort) -> None:
        self._chatbot = chatbot
        self._facets_now = FacetsNow()

    @property
    def facets(self) -> Facets:
        """What can be picked from the index that answers now."""
        return self._facets_now.of(self._chatbot.library)

    def start(self) -> Screen:
        """An empty conversation."""
        return self._screen(Conversation(), contents_html(self.facets))

    def ask(
        self, text: str, year: str, agency: str, conversation: Conversation, again: Again | None = None
    ) -> Iterator[Screen]:
        """The screen again and again while the answer grows; the last one opens its first source."""
        chosen = filters_of(year, agency)
        history = conversation.history(again.turn if again else None)
        without = again.without if again else None
        question = Question(
            text=text,
            history=() if without is Without.HISTORY else history,
            filters=chosen,
            any_year=without is Without.YEARS,
        )
        conversation = conversation.asking(text, chosen)
        yield self._screen(conversation)
        painted = time.monotonic()
        try:
            for event in self._chatbot.stream(question):
                conversation = conversation.with_last(conversation.turns[-1].after(event))
                if event.name == "status" or time.monotonic() - painted > PAINT_SECONDS:
                    yield self._screen(conversation)
                    painted = time.monotonic()
        except Exception as error:  # the page goes on; the log has where it broke
            log_failure(error)
        if conversation.turns[-1].working:
            conversation = conversation.with_last(replace(conversation.turns[-1], failed=True, step=""))
        yield self._screen(conversation, self._first_source(conversation))

    def stop(self, conversation: Conversation) -> Screen:
        """The same conversation with its last answer given up."""
        return self._screen(conversation.stopped())

    def show(self, request: dict[str, Any], conversation: Conversation) -> str | None:
        """The source panel for a pressed citation, case or list of cases; ``None`` when there is nothing to show."""
        if request.get("list") is True:
            return contents_html(self.facets)
        view: SourceView | None = None
        if isinstance(case_id := request.get("case"), str):
            view = case_view(self._chatbot.library, case_id)
        elif isinstance(turn := request.get("turn"), int) and isinstance(number := request.get("number"), int):
            answer = conversation.answer_of(turn)
            view = citation_view(self._chatbot.library, answer, turn, number) if answer else None
        return source_html(view) if view else None

    def _first_source(self, conversation: Conversation) -> str | None:
        answer = conversation.turns[-1].answer
        if answer is None or not answer.citations:
            return None
        turn = len(conversation.turns) - 1
        view = citation_view(self._chatbot.library, answer, turn, answer.citations[0].number)
        return source_html(view) if view else None

    def _screen(self, conversation: Conversation, source: str | None = None) -> Screen:
        return Screen(
            conversation=conversation,
            log=conversation_html(conversation, self.facets.examples),
            source=source,
            announced=announcement(conversation),
            working=bool(conversation.turns) and conversation.turns[-1].working,
        )


def filters_of(year: str, agency: str) -> Filters:
    """The chosen filters; :data:`~chatbot.ui.facets.ALL` and what is not a year mean no condition."""
    digits = year.removesuffix("년")
    return Filters(
        year=int(digits) if digits.isdecimal() and len(digits) == 4 else None,
        agency=agency[:100] if agency and agency != ALL else None,
    )


def again_of(data: dict[str, Any]) -> Again | None:
    """What a press in the page asks again; ``None`` when it asks something new."""
    turn, without = data.get("turn"), data.get("without")
    if not isinstance(turn, int) or turn < 0 or without not in set(Without):
        return None
    return Again(turn, Without(without))


def question_text(typed: object, max_chars: int) -> str:
    """What was typed, or pressed in the page, as a question; empty when there is none."""
    return typed.strip()[:max_chars] if isinstance(typed, str) else ""
