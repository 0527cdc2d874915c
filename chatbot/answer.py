"""Question in, answer out: the data that the command line, the API, the pages and the evaluation share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class AnswerStatus(StrEnum):
    """How a question ended. The part before the first ``_`` is the family that dashboards count."""

    ANSWERED = "answered"
    ANSWERED_PARTIAL = "answered_partial"
    CLARIFICATION = "clarification"
    NO_SOURCES = "unanswerable_no_sources"
    NOT_IN_SOURCES = "unanswerable_not_in_sources"
    OUT_OF_SCOPE = "unanswerable_out_of_scope"
    PERSONAL_DATA = "guardrail_personal_data"
    INJECTION = "guardrail_injection"
    TIMEOUT = "error_timeout"
    MODEL_ERROR = "error_model"
    INDEX_ERROR = "error_index"

    @property
    def is_answer(self) -> bool:
        """Whether the text is an answer with citations rather than a fixed message."""
        return self in (AnswerStatus.ANSWERED, AnswerStatus.ANSWERED_PARTIAL)


class QuestionKind(StrEnum):
    """What is asked for; decides how an answer is composed."""

    FACT = "fact"
    NUMBER = "number"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    WHY_HOW = "why_how"
    LIST = "list"
    COMPARE = "compare"
    SUMMARY = "summary"
    CONTACT = "contact"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Model):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class Filters(_Model):
    """Conditions on the cases an answer may use; ``None`` means no condition. Years are inclusive."""

    year: int | None = Field(default=None, ge=1900, le=2100)
    year_to: int | None = Field(default=None, ge=1900, le=2100)
    agency: str | None = Field(default=None, max_length=100)
    kind: str | None = Field(default=None, max_length=40)


class Question(_Model):
    """What the user wrote, with the conversation so far (oldest turn first) and the filters set by hand.

    ``any_year``: a year in the text is no condition on the cases. ``explain``: a stream also tells how the answer was
    found.
    """

    text: str = Field(max_length=4_000)
    history: tuple[Turn, ...] = Field(default=(), max_length=50)
    filters: Filters = Filters()
    any_year: bool = False
    explain: bool = False


class Citation(_Model):
    """A verbatim passage: ``quote == document.text[start:end]``. ``number`` counts from 1, as in ``[1]``.

    ``replaces`` are the sources of the earlier editions that the cited document replaces.
    """

    number: int
    document_id: str
    source: str
    case_id: str
    case_title: str
    agency: str
    year: int | None
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    replaces: tuple[str, ...] = ()
    quote: str
    start: int
    end: int
    url: str


class ContactCard(_Model):
    """Whom to ask; empty strings for what the document does not give."""

    department: str
    name: str
    phone: str
    role: str = ""


class NearestCase(_Model):
    """A case shown beside a refusal: what was found instead."""

    case_id: str
    document_id: str
    title: str
    agency: str
    year: int | None
    url: str


class Provenance(_Model):
    """What produced the answer, enough to produce it again."""

    index_version: str
    answerer: Literal["extractive", "generative", "none"]
    model: str | None = None
    prompt: str | None = None
    prompt_sha256: str | None = None


class Answer(_Model):
    """One answer: the same JSON from the command line, the API, the stream's last event and ``generated.jsonl``.

    ``text`` carries ``[n]`` marks that refer to ``citations``; ``short_answer`` is a span of a quote where the
    question asks for one thing; ``confidence`` is in [0, 1]; ``timings_ms`` has one entry a step and ``total``.
    """

    answer_id: str
    status: AnswerStatus
    text: str
    short_answer: str | None = None
    citations: tuple[Citation, ...] = ()
    kind: QuestionKind = QuestionKind.FACT
    filters: Filters = Filters()
    confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    rewritten_question: str | None = None
    contacts: tuple[ContactCard, ...] = ()
    nearest_cases: tuple[NearestCase, ...] = ()
    follow_ups: tuple[str, ...] = ()
    provenance: Provenance
    timings_ms: dict[str, float] = Field(default_factory=dict)


class Event(_Model):
    """One step of a streamed answer; ``answer`` is the last event and holds the whole answer.

    ``explanation`` comes only where the question asks for it.
    """

    name: Literal["status", "token", "citation", "explanation", "answer"]
    data: dict[str, Any]
