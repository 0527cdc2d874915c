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


def decide(run: Run, draft: Draft, library: Library, agencies: AgencyTable, *, threshold: float | None) -> Decision:
    """Refuse what the evidence does not answer; with ``threshold`` ``None`` only what has no sentence left."""
    if draft.settled or threshold is None:
        return Decision(draft, refused=not draft.sentences)
    draft = replace(draft, confidence=answer_confidence(draft, run.evidence))
    reason = refuse(run.text, run.asked, draft, run.evidence, library, agencies, threshold=threshold)
    return Decision(draft, refused=reason is not None, lacking=reason.reason if reason else "")
