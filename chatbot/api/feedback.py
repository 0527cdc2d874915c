"""What users say about answers: one JSON line each, without the question unless the user sends it."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Reason = Literal["wrong", "incomplete", "not_cited", "not_found", "hard_to_read", "other"]


class Feedback(BaseModel):
    """One opinion about one answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_id: str = Field(min_length=1, max_length=100)
    rating: Literal["up", "down"]
    reasons: tuple[Reason, ...] = Field(default=(), max_length=6)
    comment: str | None = Field(default=None, max_length=2_000)
    question: str | None = Field(default=None, max_length=4_000)


class FeedbackFile:
    """Appends to one file that only the service's user can read; a full line at a time."""

    # A flood of opinions must not fill the disk; at 64 MB somebody has to look.
    max_bytes = 64 * 2**20

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def append(self, feedback: Feedback) -> None:
        """Raises OSError when the file cannot be written or is full."""
        record = _Record(at=datetime.now(UTC), **feedback.model_dump())
        line = record.model_dump_json(exclude_none=True) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(self._path, "ab", opener=_private) as file:
                if file.tell() > self.max_bytes:
                    raise OSError("feedback file is full")
                file.write(line.encode())


class _Record(Feedback):
    at: datetime


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
