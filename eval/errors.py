"""What can go wrong in an evaluation, each with one Korean line and an exit code."""

from __future__ import annotations

import errno
from typing import ClassVar

_REASONS = {
    errno.ENOENT: "없습니다",
    errno.EACCES: "권한이 없습니다",
    errno.EPERM: "권한이 없습니다",
    errno.EROFS: "쓸 수 없는 저장소입니다",
    errno.EISDIR: "파일이 아니라 폴더입니다",
    errno.ENOTDIR: "경로에 폴더가 아닌 것이 있습니다",
    errno.EEXIST: "같은 이름의 파일이 있습니다",
    errno.ENOSPC: "남은 공간이 없습니다",
}


class EvalError(Exception):
    """Base of every error raised on purpose; ``str(error)`` is fit for a user, one line a problem."""

    exit_code: ClassVar[int] = 2


class CaseFormatError(EvalError):
    """A question file does not follow the data contract (``eval/datasets/README.md``)."""


class TableFormatError(EvalError):
    """A spreadsheet of questions cannot be read, or rows of it are no questions; one line a row."""


class BeirFormatError(EvalError):
    """A BEIR folder lacks a file, or a line of it cannot be read."""


class LabelsError(EvalError):
    """Labels of documents do not follow the data contract or do not fit the documents."""


class RunFormatError(EvalError):
    """A run folder lacks a file, or a file in it cannot be read."""


class NotComparableError(EvalError):
    """Two runs differ in what they measured, so a difference between them means nothing."""

    exit_code = 3


def reason(error: OSError) -> str:
    """Why the system refused, in Korean."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
