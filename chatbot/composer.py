"""Which way of composing an answer a question gets: by rule, by the chat model, or by the sentences chosen."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatbot.agencies import AgencyTable
from chatbot.answer import QuestionKind
from chatbot.compose import compose_fact
from chatbot.compose_acronym import asked_acronym, compose_acronym
from chatbot.compose_aspects import compose_comparison, compose_summary, sides_of
from chatbot.compose_cases import asks_for_cases, compose_cases
from chatbot.compose_contact import compose_contact, with_number_first
from chatbot.compose_list import compose_announced, compose_list
from chatbot.draft import Draft
from chatbot.errors import ChatModelError
from chatbot.evidence import Evidence, EvidenceSelector
from chatbot.filters import search_filters
from chatbot.run import Run
from index.library import Library

if TYPE_CHECKING:
    from chatbot.generate import GenerativeComposer

log = logging.getLogger(__name__)


class Composer:
    """Composes drafts over one library. Without ``generative`` all of them are extracted.

    ``fact_chars``: quoted characters at most where one thing is asked.
    """

    def __init__(
        self,
        library: Library,
        selector: EvidenceSelector,
        agencies: AgencyTable,
        generative: GenerativeComposer | None,
        fact_chars: int,
    ) -> None:
        self._library = library
        self._selector = selector
        self._agencies = agencies
        self._generative = generative
        self._fact_chars = fact_chars

    def compose(self, run: Run) -> Draft:
        """The draft for the question and its evidence; ``run.answerer`` says who wrote it."""
        run.answerer = "extractive"
        if asks_for_cases(run.text, run.asked):
            return compose_cases(run.text, run.asked, self._library, self._agencies)
        settled = self._by_rule(run)
        if settled.sentences:
            return settled
        written = self._written(run)
        if written.sentences:
            run.answerer = "generative"
            return written
        return self._extracted(run)

    def fact(self, run: Run, evidence: Sequence[Evidence]) -> Draft:
        """The best sentences of ``evidence``, which is best first."""
        return compose_fact(run.asked, run.text, evidence, self._library, self._fact_chars)

    def _by_rule(self, run: Run) -> Draft:
        """What no chat model is asked for: whom to call, what an acronym stands for."""
        if run.asked.kind is QuestionKind.CONTACT:
            found = compose_contact(run.text, run.asked, run.results, self._library)
            if found.sentences:
                return found
            return self.fact(run, with_number_first(run.evidence))
        if acronym := asked_acronym(run.text):
            return compose_acronym(acronym, run.evidence, run.results, self._library, self._fact_chars)
        return Draft()

    def _written(self, run: Run) -> Draft:
        if self._generative is None:
            return Draft()
        try:
            return self._generative.compose(run.text, run.evidence)
        except ChatModelError as error:
            log.warning("chat model failed: %s", type(error).__name__)
            return Draft()

    def _extracted(self, run: Run) -> Draft:
        if run.asked.kind is QuestionKind.SUMMARY:
            return compose_summary(run.asked, run.evidence, self._library, self._selector)
        if run.asked.kind is QuestionKind.COMPARE:
            sides = [self._side(side, run) for side in sides_of(run.text)]
            return compose_comparison(run.text, run.asked, run.evidence, self._library, sides)
        listed = (compose_list if run.asked.wants_list else compose_announced)(run.evidence, self._library)
        return listed if listed.sentences else self.fact(run, run.evidence)

    def _side(self, side: str, run: Run) -> Sequence[Evidence]:
        filters = search_filters(run.filters, self._agencies)
        results = self._library.search(side, top_k=3, filters=filters)
        return self._selector.select(f"{side} {run.text}", run.asked, results)
