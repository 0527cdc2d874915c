"""Which way of composing a question gets: by a rule of its own, or from the sentences chosen for it."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.agencies import AgencyTable
from chatbot.answer import QuestionKind
from chatbot.compose import compose_fact
from chatbot.compose_acronym import asked_acronym, compose_acronym
from chatbot.compose_aspects import compose_comparison, compose_summary, sides_of
from chatbot.compose_cases import asks_for_cases, compose_cases
from chatbot.compose_contact import compose_contact, with_number_first
from chatbot.compose_list import compose_announced, compose_list
from chatbot.draft import Draft
from chatbot.evidence import Evidence, EvidenceSelector
from chatbot.filters import search_filters
from chatbot.run import Run
from index.library import Library


class Composer:
    """Composes drafts over one library from the words of the documents.

    ``fact_chars``: quoted characters at most where one thing is asked.
    """

    def __init__(self, library: Library, selector: EvidenceSelector, agencies: AgencyTable, fact_chars: int) -> None:
        self._library = library
        self._selector = selector
        self._agencies = agencies
        self._fact_chars = fact_chars

    def by_rule(self, run: Run) -> Draft | None:
        """What no chat model is asked for: lists of cases, whom to call, what an acronym stands for."""
        if asks_for_cases(run.text, run.asked):
            return compose_cases(run.text, run.asked, self._library, self._agencies)
        draft = Draft()
        if run.asked.kind is QuestionKind.CONTACT:
            draft = compose_contact(run.text, run.asked, run.results, self._library)
            if not draft.sentences:
                draft = self.fact(run, with_number_first(run.evidence))
        elif acronym := asked_acronym(run.text):
            draft = compose_acronym(acronym, run.evidence, run.results, self._library, self._fact_chars)
        return draft if draft.sentences else None

    def extracted(self, run: Run) -> Draft:
        """The sentences chosen from the evidence, in the way that the question's kind wants."""
        if run.asked.kind is QuestionKind.SUMMARY:
            return compose_summary(run.asked, run.evidence, self._library, self._selector)
        if run.asked.kind is QuestionKind.COMPARE:
            sides = [self._side(side, run) for side in sides_of(run.text)]
            return compose_comparison(run.text, run.asked, run.evidence, self._library, sides)
        listed = (compose_list if run.asked.wants_list else compose_announced)(run.evidence, self._library)
        return listed if listed.sentences else self.fact(run, run.evidence)

    def fact(self, run: Run, evidence: Sequence[Evidence]) -> Draft:
        """The best sentences of ``evidence``, which is best first."""
        return compose_fact(run.asked, run.text, evidence, self._library, self._fact_chars)

    def _side(self, side: str, run: Run) -> Sequence[Evidence]:
        filters = search_filters(run.filters, self._agencies)
        results = self._library.search(side, top_k=3, filters=filters)
        return self._selector.select(f"{side} {run.text}", run.asked, results)
