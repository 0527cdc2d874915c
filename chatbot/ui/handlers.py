"""What happens when something is pressed: conversation in, conversation and HTML out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chatbot.answer import Question
from chatbot.api.middleware import log_failure
from chatbot.api.ports import ChatbotPort, LibraryPort
from chatbot.error_report import ErrorReports
from chatbot.own_documents.collections import Collections
from chatbot.ui.archive import Archive
from chatbot.ui.browser_cookie import owner_of
from chatbot.ui.conversation import ChatTurn, Conversation, Report
from chatbot.ui.conversation_panel import announcement, conversation_html
from chatbot.ui.facets import Facets, FacetsNow
from chatbot.ui.labels import Labels
from chatbot.ui.presses import Again, Scope, Without, filters_of, reasons_of
from chatbot.ui.source_panel import (
    SourceView,
    candidate_view,
    case_view,
    citation_view,
    contents_html,
    source_html,
)

# Tokens of an extractive answer come faster than a browser can show them.
PAINT_SECONDS = 0.06
NO_COOKIES: Mapping[str, str] = {}


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

    def __init__(
        self,
        chatbot: ChatbotPort,
        reports: ErrorReports,
        t: Labels,
        *,
        archive: Archive | None = None,
        collections: Collections | None = None,
        base: str = "",
    ) -> None:
        self._chatbot = chatbot
        self._facets_now = FacetsNow()
        self._reports = reports
        self._t = t
        self._archive = archive or Archive(None)
        self._collections = collections
        self._base = base

    @property
    def facets(self) -> Facets:
        """What can be picked from the index that answers now."""
        return self._facets_now.of(self._chatbot.library)

    def start(self, notice: str = "") -> Screen:
        """An empty conversation."""
        return self._screen(Conversation(), contents_html(self.facets, self._t), notice)

    def open(self, conversation_id: str, cookies: Mapping[str, str]) -> Screen:
        """A conversation as it was kept, with the first source of its last answer."""
        conversation = self._archive.open(conversation_id, cookies)
        if conversation is None:
            return self.start(self._t("history.gone"))
        source = self._first_source(conversation, self._chatbot.library)
        return self._screen(conversation, source or contents_html(self.facets, self._t))

    def ask(
        self,
        text: str,
        year: str,
        agency: str,
        conversation: Conversation,
        again: Again | None = None,
        cookies: Mapping[str, str] = NO_COOKIES,
        scope: Scope = Scope.COMMON,
    ) -> Iterator[Screen]:
        """The screen again and again while the answer grows; the last one opens its first source.

        ``cookies`` tell for which browser the answer is kept.
        """
        history = conversation.history(again.turn if again else None, private=scope is not Scope.COMMON)
        without = again.without if again else None
        question = Question(
            text=text,
            history=() if without is Without.HISTORY else history,
            filters=filters_of(year, agency, self._t),
            any_year=without is Without.YEARS,
            explain=True,
        )
        chatbot = self._chatbot_for(scope, cookies)
        if chatbot is None:
            yield self._screen(conversation, notice=self._t("own.gone"))
            return
        conversation = conversation.asking(question, private=scope is not Scope.COMMON)
        yield self._screen(conversation)
        painted = time.monotonic()
        try:
            for event in chatbot.stream(question):
                now = time.monotonic()
                conversation = conversation.with_last(conversation.turns[-1].after(event, now))
                # A token of several words is a sentence of a chat model, and the next one may take seconds.
                sentence = event.name == "token" and " " in event.data["text"].strip()
                if event.name == "status" or sentence or now - painted > PAINT_SECONDS:
                    yield self._screen(conversation)
                    painted = time.monotonic()
        except Exception as error:  # the page goes on; the log has where it broke
            log_failure(error)
        if conversation.turns[-1].working:
            conversation = conversation.with_last(replace(conversation.turns[-1], failed=True, step=""))
        conversation = self._archive.keep(conversation, cookies)
        yield self._screen(conversation, self._first_source(conversation, chatbot.library))

    def stop(self, conversation: Conversation) -> Screen:
        """The same conversation with its last answer given up."""
        return self._screen(conversation.stopped())

    def report(self, request: dict[str, Any], conversation: Conversation) -> Screen:
        """Keeps the answer to a turn as reported wrong, once; the turn then says so."""
        place = request.get("turn")
        turn = conversation.turn(place) if isinstance(place, int) else None
        if turn is None or turn.answer is None or turn.report or turn.private or conversation.working:
            return self._screen(conversation)
        comment = request.get("comment")
        try:
            number = self._reports.add(
                turn.asked,
                turn.answer,
                reasons_of(request.get("reasons")),
                comment if isinstance(comment, str) else "",
                turn.explanation,
            )
        except OSError as error:
            log_failure(error)
            number = None
        return self._screen(conversation.with_report(conversation.turns.index(turn), Report(number)))

    def show(
        self, request: dict[str, Any], conversation: Conversation, cookies: Mapping[str, str] = NO_COOKIES
    ) -> str | None:
        """The source panel for a pressed citation, case or list of cases; ``None`` when there is nothing to show."""
        if request.get("list") is True:
            return contents_html(self.facets, self._t)
        library = self._library(cookies)
        view: SourceView | None = None
        if isinstance(case_id := request.get("case"), str):
            view = case_view(library, case_id)
        elif isinstance(place := request.get("turn"), int) and (turn := conversation.turn(place)):
            view = _view(library, turn, place, request)
        return source_html(view, self._t, self._base) if view else None

    def _chatbot_for(self, scope: Scope, cookies: Mapping[str, str]) -> ChatbotPort | None:
        """Who answers from there; ``None`` when the browser has no documents of its own (any more)."""
        if scope is Scope.COMMON:
            return self._chatbot
        chatbots = self._collections.chatbots(owner_of(cookies)) if self._collections else None
        return chatbots[scope is Scope.BOTH] if chatbots else None

    def has_own_documents(self, cookies: Mapping[str, str]) -> bool:
        """Whether this browser has documents of its own to ask over."""
        return self._chatbot_for(Scope.BOTH, cookies) is not None

    def _library(self, cookies: Mapping[str, str]) -> LibraryPort:
        return (self._chatbot_for(Scope.BOTH, cookies) or self._chatbot).library

    def _first_source(self, conversation: Conversation, library: LibraryPort) -> str | None:
        answer = conversation.turns[-1].answer
        if answer is None or not answer.citations:
            return None
        turn = len(conversation.turns) - 1
        view = citation_view(library, answer, turn, answer.citations[0].number)
        return source_html(view, self._t, self._base) if view else None

    def _screen(self, conversation: Conversation, source: str | None = None, notice: str = "") -> Screen:
        return Screen(
            conversation=conversation,
            log=conversation_html(conversation, self.facets.examples, self._t, notice),
            source=source,
            announced=announcement(conversation, self._t),
            working=bool(conversation.turns) and conversation.turns[-1].working,
        )


def _view(library: LibraryPort, turn: ChatTurn, place: int, request: dict[str, Any]) -> SourceView | None:
    if isinstance(number := request.get("number"), int) and turn.answer:
        return citation_view(library, turn.answer, place, number)
    if isinstance(number := request.get("candidate"), int) and turn.explanation:
        candidates = turn.explanation.candidates
        return candidate_view(library, candidates[number]) if 0 <= number < len(candidates) else None
    return None
