"""Answers that users report as wrong, kept with all that is needed to ask again and see whether it is mended."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from chatbot.answer import Answer, Question, Turn
from chatbot.api.feedback import MAX_COMMENT_CHARS, MAX_QUESTION_CHARS, Reason
from chatbot.explanation import Explanation
from chatbot.fingerprint import recorded, versions
from chatbot.lines_file import LinesFile
from chatbot.personal_data import mask
from chatbot.settings import Settings


class ErrorReport(BaseModel):
    """One report. ``masked``: personal numbers were taken out, so that asking again asks something else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_id: str
    at: datetime
    reasons: tuple[Reason, ...] = ()
    comment: str = Field(default="", max_length=MAX_COMMENT_CHARS)
    question: Question
    masked: bool
    answer: Answer
    explanation: Explanation | None = None
    settings: dict[str, JsonValue]
    versions: dict[str, str]


class ErrorReports:
    """The reports of one installation, in a file beside those of opinions."""

    def __init__(self, path: Path, settings: Mapping[str, JsonValue] | None = None) -> None:
        self._file = LinesFile(path)
        self._settings = dict(settings or {})

    @classmethod
    def of(cls, settings: Settings) -> ErrorReports:
        """The reports that belong to these settings."""
        return cls(settings.data_dir / "feedback" / "reports.jsonl", recorded(settings))

    def add(
        self,
        question: Question,
        answer: Answer,
        reasons: tuple[Reason, ...],
        comment: str,
        explanation: Explanation | None = None,
    ) -> str:
        """Keeps a report without personal numbers and returns its number.

        Raises:
            OSError: It cannot be written, or the file is full.
        """
        kept = masked_question(question)
        report = ErrorReport(
            report_id=secrets.token_hex(4),
            at=datetime.now(UTC),
            reasons=reasons,
            comment=mask(comment[:MAX_COMMENT_CHARS])[:MAX_COMMENT_CHARS],
            question=kept,
            masked=kept != question,
            answer=_masked_answer(answer),
            explanation=explanation,
            settings=self._settings,
            versions=versions(),
        )
        self._file.append(report.model_dump_json())
        return report.report_id

    def __iter__(self) -> Iterator[ErrorReport]:
        """The reports, oldest first.

        Raises:
            OSError: There is no such file.
            ValidationError: A line is no report.
        """
        for line in self._file.lines():
            yield ErrorReport.model_validate_json(line)


def masked_question(question: Question) -> Question:
    """The same question and history with personal numbers replaced by what they are."""
    history = tuple(Turn(role=turn.role, content=mask(turn.content)) for turn in question.history)
    return question.model_copy(update={"text": mask(question.text)[:MAX_QUESTION_CHARS], "history": history})


def _masked_answer(answer: Answer) -> Answer:
    """The text of an answer comes from documents; a follow-up written out comes from the user."""
    if answer.rewritten_question is None:
        return answer
    return answer.model_copy(update={"rewritten_question": mask(answer.rewritten_question)})
