"""From what is known of a question to the answer that users, programs and the evaluation get."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from chatbot.answer import Answer, AnswerStatus, ContactCard, NearestCase, Provenance, QuestionKind
from chatbot.citations import cite
from chatbot.compose_contact import card, contact_phrase, nearest_contacts
from chatbot.draft import Draft
from chatbot.follow_ups import follow_ups
from chatbot.messages import refusal
from chatbot.run import Run
from index.document import Case
from index.library import Library

if TYPE_CHECKING:
    from chatbot.generate import GenerativeComposer

MAX_NEAREST_CASES = 3


class AnswerAssembly:
    """Assembles answers over one library; ``chat_model`` is the name of the model behind ``generative``."""

    def __init__(self, library: Library, generative: GenerativeComposer | None, chat_model: str) -> None:
        self._library = library
        self._generative = generative
        self._chat_model = chat_model

    def answered(self, run: Run, draft: Draft) -> Answer:
        """The sentences of ``draft`` with their citations; what was released stays as it was shown."""
        shown = run.released
        cited = shown.cited if shown.sentences else cite(draft.sentences, self._library, lead=draft.lead)
        case = draft.sentences[0].passages[0].case
        return Answer(
            answer_id=uuid4().hex,
            status=draft.status,
            text=cited.text,
            short_answer=draft.short_answer,
            citations=cited.citations,
            kind=run.asked.kind,
            filters=run.filters,
            confidence=round(draft.confidence, 4),
            rewritten_question=run.rewritten,
            contacts=draft.contacts or tuple(card(contact) for contact in case.contacts[:2]),
            follow_ups=follow_ups(run.asked.kind, case),
            provenance=self._provenance(run),
            timings_ms=run.clock.finished(),
        )

    def refused(self, run: Run, status: AnswerStatus, confidence: float = 0.0) -> Answer:
        """What was found instead, and whom to ask."""
        cases = list({result.chunk.case_id: result for result in run.results}.values())[:MAX_NEAREST_CASES]
        nearest = tuple(self._library.case(result.chunk.case_id) for result in cases)
        people = nearest_contacts(run.evidence)
        text = refusal(
            status,
            nearest=tuple(case.title for case in nearest[:2]),
            contact=contact_phrase(people[0]) if people else "",
        )
        run.answerer = "none"
        return self.fixed(
            run,
            status,
            text,
            nearest=tuple(_nearest(case) for case in nearest),
            contacts=tuple(card(contact) for contact in people),
            confidence=confidence,
        )

    def fixed(
        self,
        run: Run,
        status: AnswerStatus,
        text: str = "",
        *,
        nearest: tuple[NearestCase, ...] = (),
        contacts: tuple[ContactCard, ...] = (),
        confidence: float = 0.0,
    ) -> Answer:
        """An answer in our own words: ``text``, or the fixed sentence of ``status``."""
        return Answer(
            answer_id=uuid4().hex,
            status=status,
            text=text or refusal(status),
            kind=run.understanding.kind if run.understanding else QuestionKind.FACT,
            filters=run.filters,
            confidence=round(confidence, 4),
            rewritten_question=run.rewritten,
            nearest_cases=nearest,
            contacts=contacts,
            provenance=self._provenance(run),
            timings_ms=run.clock.finished(),
        )

    def _provenance(self, run: Run) -> Provenance:
        written = self._generative if run.answerer == "generative" else None
        return Provenance(
            index_version=self._library.version,
            answerer=run.answerer,
            model=self._chat_model if written else None,
            prompt=written.prompt.name if written else None,
            prompt_sha256=written.prompt.sha256 if written else None,
        )


def _nearest(case: Case) -> NearestCase:
    return NearestCase(
        case_id=case.case_id,
        document_id=case.document_id,
        title=case.title,
        agency=case.agency,
        year=case.year,
        url=f"/documents/{case.document_id}?start={case.start}&end={case.end}#{case.start}",
    )
