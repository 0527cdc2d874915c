"""Reported answers asked again: what has changed since."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from chatbot.answer import Answer, Question
from chatbot.error_report import ErrorReport


class Answerer(Protocol):
    """The part of the chatbot that a replay needs."""

    def answer(self, question: Question) -> Answer:
        """The answer to one question."""


class Change(BaseModel):
    """One part of an answer, as it was reported and as it is now."""

    model_config = ConfigDict(frozen=True)

    field: str
    before: str
    after: str


class Replayed(BaseModel):
    """A report and what its question gets now. ``masked``: what was asked again is not all that was asked."""

    model_config = ConfigDict(frozen=True)

    report_id: str
    question: str
    reasons: tuple[str, ...]
    comment: str
    masked: bool
    index_changed: bool
    changes: tuple[Change, ...]
    answer: Answer


def replay(reports: Iterable[ErrorReport], answerer: Answerer) -> Iterator[Replayed]:
    """Asks every reported question again, with the conversation and the filters of then."""
    for report in reports:
        now = answerer.answer(report.question)
        yield Replayed(
            report_id=report.report_id,
            question=report.question.text,
            reasons=report.reasons,
            comment=report.comment,
            masked=report.masked,
            index_changed=report.answer.provenance.index_version != now.provenance.index_version,
            changes=tuple(_changes(report.answer, now)),
            answer=now,
        )


def _changes(before: Answer, after: Answer) -> Iterator[Change]:
    for field, one, other in zip(_FIELDS, _told(before), _told(after), strict=True):
        if one != other:
            yield Change(field=field, before=one, after=other)


_FIELDS = ("상태", "짧은 답", "답", "인용", "연락처", "조건", "이해한 질문")


def _told(answer: Answer) -> tuple[str, ...]:
    """The parts of an answer that a reader sees, in the order of :data:`_FIELDS`."""
    return (
        answer.status.value,
        answer.short_answer or "",
        answer.text,
        "\n".join(f"[{one.number}] {one.source} {one.start}–{one.end}: {one.quote}" for one in answer.citations),
        "\n".join(f"{one.department} {one.name} {one.phone}".strip() for one in answer.contacts),
        answer.filters.model_dump_json(exclude_none=True),
        answer.rewritten_question or "",
    )


def lines_of(replayed: Replayed) -> list[str]:
    """What a person reads about one report."""
    said = ", ".join(filter(None, [*replayed.reasons, replayed.comment]))
    outcome = "바뀌었습니다" if replayed.changes else "그대로입니다"
    lines = [f"{replayed.report_id} {outcome}: {replayed.question}" + (f" ({said})" if said else "")]
    if replayed.masked:
        lines.append("  개인 번호를 가린 질문이라 신고한 때와 다르게 답할 수 있습니다.")
    if replayed.index_changed:
        lines.append("  신고한 때와 색인 판이 다릅니다.")
    for change in replayed.changes:
        lines.append(f"  {change.field}")
        diff = difflib.ndiff(change.before.splitlines(), change.after.splitlines())
        lines.extend(f"    {line}" for line in diff if line[0] in "-+")
    return lines
