"""What comes before any search: guard, spelling, follow-up, kind of question, conditions."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date

from chatbot import guardrails
from chatbot.agencies import AgencyTable
from chatbot.answer import AnswerStatus, QuestionKind
from chatbot.english import EnglishGlossary
from chatbot.filters import conditions_of
from chatbot.messages import GREETING
from chatbot.rephrase import condense
from chatbot.run import Run
from chatbot.spelling import normalise_question
from chatbot.synonyms import SynonymTable
from chatbot.understand import understand
from index.library import Library


@dataclass(frozen=True, slots=True)
class Ended:
    """A question that needs no search: how it ended, and what is said (empty: the fixed sentence of ``status``)."""

    status: AnswerStatus
    text: str = ""


class Intake:
    """Understands questions with the words of one library; of a longer question, ``max_chars`` characters are read."""

    def __init__(self, library: Library, agencies: AgencyTable, max_chars: int) -> None:
        self._library = library
        self._agencies = agencies
        self._max_chars = max_chars
        self._synonyms = SynonymTable.load()
        self._glossary = EnglishGlossary.load()

    def over(self, library: Library) -> Intake:
        """The same tables with the words of another version of the index."""
        other = copy(self)
        other._library = library
        return other

    def understand(self, run: Run) -> Ended | None:
        """Fills in what the question says and asks for; ``None`` when it is to be searched."""
        raw = run.question.text.strip()
        if not raw:
            return Ended(AnswerStatus.CLARIFICATION)
        guarded = guardrails.check(raw)
        if guarded.status is not None:
            return Ended(guarded.status)
        kiwi = self._library.kiwi
        text = normalise_question(raw[: self._max_chars], kiwi, self._library.vocabulary)
        rephrased = condense(text, run.question.history, kiwi, agencies=self._agencies)
        run.text = rephrased.text
        run.rewritten = rephrased.text if rephrased.changed else None
        asked = understand(
            run.text,
            kiwi,
            today=date.today(),
            agencies=self._agencies,
            synonyms=self._synonyms,
            glossary=self._glossary,
        )
        run.understanding = asked
        run.filters = conditions_of(run.question, asked)
        if asked.kind is QuestionKind.SMALL_TALK:
            return Ended(AnswerStatus.CLARIFICATION, GREETING)
        if asked.kind is QuestionKind.OUT_OF_SCOPE:
            return Ended(AnswerStatus.OUT_OF_SCOPE)
        if not asked.keywords and not asked.expanded_terms:
            return Ended(AnswerStatus.CLARIFICATION)
        return None
