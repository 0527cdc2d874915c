"""What can go wrong in an evaluation, each with one Korean line and an exit code."""

from __future__ import annotations

from typing import ClassVar


class EvalError(Exception):
    """Base of every error raised on purpose; ``str(error)`` is one line fit for a user."""

    exit_code: ClassVar[int] = 2


class CaseFormatError(EvalError):
    """A question file does not follow the data contract (``eval/datasets/README.md``)."""


class BeirFormatError(EvalError):
    """A BEIR folder lacks a file, or a line of it cannot be read."""


class RunFormatError(EvalError):
    """A run folder lacks a file, or a file in it cannot be read."""


class NotComparableError(EvalError):
    """Two runs differ in what they measured, so a difference between them means nothing."""

    exit_code = 3
