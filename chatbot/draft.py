"""An answer before verification: sentences with the passages they cite."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatbot.answer import AnswerStatus, ContactCard
from index.document import Case


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a stored document, ``[start, end)``; ``context`` is what the sentence around it may rely on."""

    case: Case
    start: int
    end: int
    heading_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One sentence (or list line) of the answer with at least one passage behind it.

    ``fixed`` sentences are our own words about the answer (a count, a heading); they carry their passages but are
    not compared with them.
    """

    text: str
    passages: tuple[Passage, ...]
    fixed: bool = False
    line_break: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a composer proposes. No sentences means that it found nothing to say.

    ``settled`` drafts were found by rule (a contact block, a spelled-out acronym, a list of cases): their own
    ``confidence`` stands, and nothing but the verifier decides over them.
    """

    sentences: tuple[DraftSentence, ...] = ()
    short_answer: str | None = None
    confidence: float = 0.0
    status: AnswerStatus = AnswerStatus.ANSWERED
    contacts: tuple[ContactCard, ...] = field(default=())
    lead: str = ""
    settled: bool = False
