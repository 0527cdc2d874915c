"""Whether a draft becomes the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chatbot.agencies import AgencyTable
from chatbot.draft import Draft
from chatbot.refusal import answer_confidence, refuse
from chatbot.run import Run
from index.library import Library


@dataclass(frozen=True, slots=True)
class Decision:
    """``draft`` with the confidence that was decided on; ``lacking`` says in Korean why it is refused."""

    draft: Draft
    refused: bool
    lacking: str = ""


class Decider:
    """Decides by ``threshold``, the confidence below which is refused; ``None`` refuses only what has no sentence."""

    def __init__(self, library: Library, agencies: AgencyTable, threshold: float | None) -> None:
        self._library = library
        self._agencies = agencies
        self._threshold = threshold

    def decide(self, run: Run, draft: Draft) -> Decision:
        """Whether the evidence answers the question; what was found by rule stands as it is."""
        if draft.settled or self._threshold is None:
            return Decision(draft, refused=not draft.sentences)
        draft = replace(draft, confidence=answer_confidence(draft, run.evidence))
        reason = refuse(
            run.text, run.asked, draft, run.evidence, self._library, self._agencies, threshold=self._threshold
        )
        return Decision(draft, refused=reason is not None, lacking=reason.reason if reason else "")
