"""What users say about answers: one JSON line each, without the question unless the user sends it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chatbot.lines_file import LinesFile
from chatbot.personal_data import mask

MAX_COMMENT_CHARS = 2_000
MAX_QUESTION_CHARS = 4_000
Reason = Literal["wrong", "incomplete", "not_cited", "not_found", "hard_to_read", "other"]


class Feedback(BaseModel):
    """One opinion about one answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_id: str = Field(min_length=1, max_length=100)
    rating: Literal["up", "down"]
    reasons: tuple[Reason, ...] = Field(default=(), max_length=6)
    comment: str | None = Field(default=None, max_length=MAX_COMMENT_CHARS)
    question: str | None = Field(default=None, max_length=MAX_QUESTION_CHARS)


class FeedbackFile:
    """The opinions of one installation."""

    def __init__(self, path: Path) -> None:
        self._file = LinesFile(path)

    def append(self, feedback: Feedback) -> None:
        """Keeps it without personal numbers. Raises OSError when the file cannot be written or is full."""
        said = {
            "comment": feedback.comment and mask(feedback.comment)[:MAX_COMMENT_CHARS],
            "question": feedback.question and mask(feedback.question)[:MAX_QUESTION_CHARS],
        }
        record = _Record(at=datetime.now(UTC), **{**feedback.model_dump(), **said})
        self._file.append(record.model_dump_json(exclude_none=True))


class _Record(Feedback):
    at: datetime
