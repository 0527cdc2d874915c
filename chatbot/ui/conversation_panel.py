"""The conversation: questions, and under each its answer, its refusal, or what is being done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from chatbot.answer import Answer, AnswerStatus, Citation, QuestionKind
from chatbot.api.feedback import Reason
from chatbot.explanation import Explanation
from chatbot.export.conversation import GivenAnswer, GivenTurn
from chatbot.export.formats import ExportFormat
from chatbot.messages import FIXED
from chatbot.ui.answer_text import plain_answer
from chatbot.ui.conversation import NO_FILTERS, ChatTurn, Conversation, Report
from chatbot.ui.labels import Labels
from chatbot.ui.render import render

_GUARDS = (AnswerStatus.PERSONAL_DATA, AnswerStatus.INJECTION)


@dataclass(frozen=True, slots=True)
class CitedCase:
    """A case in the list of sources, with every citation from it."""

    title: str
    about: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What the template of a turn needs."""

    question: str
    step: str
    partial: str
    stopped: bool
    failed: bool
    answer: Answer | None
    answered: bool
    citations: Mapping[int, Citation]
    cases: tuple[CitedCase, ...]
    copied: str
    exported: str
    heading: str
    message: str
    guard: bool
    filters_read: bool
    explanation: Explanation | None
    steps: tuple[tuple[str, str], ...]
    report: Report | None
    private: bool


def conversation_html(conversation: Conversation, examples: Sequence[str], t: Labels, notice: str = "") -> str:
    """All turns, or the welcome with ``examples`` before the first; ``notice`` stands above."""
    return render(
        "conversation.html",
        t,
        turns=[_view(turn, t) for turn in conversation.turns],
        examples=examples,
        conversation_id=conversation.conversation_id,
        unkept=conversation.unkept,
        notice=notice,
        formats=list(ExportFormat),
        reasons=get_args(Reason),
    )


def announcement(conversation: Conversation, t: Labels) -> str:
    """What a screen reader says now: one sentence when an answer has come, never its tokens."""
    if not conversation.turns:
        return ""
    turn = conversation.turns[-1]
    if turn.answer is None:
        return t(f"step.{turn.step}") if turn.working else t("answer.failed" if turn.failed else "answer.stopped")
    if turn.answer.status.is_answer:
        return t("answer.came", short=turn.answer.short_answer or "", count=len(turn.answer.citations))
    return f"{_heading(turn.answer, t)}. {_message(turn.answer, t)}"


def _view(turn: ChatTurn, t: Labels) -> ReplyView:
    answer = turn.answer
    return ReplyView(
        question=turn.question,
        step=turn.step,
        partial=turn.partial,
        stopped=turn.stopped,
        failed=turn.failed,
        answer=answer,
        answered=answer is not None and answer.status.is_answer,
        citations={citation.number: citation for citation in answer.citations} if answer else {},
        cases=_cases(answer.citations, t) if answer else (),
        copied=_copied(answer) if answer else "",
        exported=_exported(turn.question, answer) if answer else "",
        heading=_heading(answer, t) if answer else "",
        message=_message(answer, t) if answer else "",
        guard=answer is not None and answer.status in _GUARDS,
        filters_read=turn.asked.filters == NO_FILTERS,
        explanation=turn.explanation,
        steps=tuple((step, f"{seconds:.2f}") for step, seconds in turn.step_seconds),
        report=turn.report,
        private=turn.private,
    )


def _cases(citations: Sequence[Citation], t: Labels) -> tuple[CitedCase, ...]:
    """The cited cases in the order of their first citation."""
    by_case: dict[str, list[Citation]] = {}
    for citation in citations:
        by_case.setdefault(citation.case_id, []).append(citation)
    return tuple(
        CitedCase(
            title=cited[0].case_title,
            about=" · ".join(
                filter(
                    None,
                    [cited[0].agency, t("year.of", year=cited[0].year) if cited[0].year else "", _edition(cited[0], t)],
                )
            ),
            numbers=tuple(citation.number for citation in cited),
        )
        for cited in by_case.values()
    )


def _edition(citation: Citation, t: Labels) -> str:
    return t("edition.newer", former=", ".join(citation.replaces)) if citation.replaces else ""


def _heading(answer: Answer, t: Labels) -> str:
    if answer.kind is QuestionKind.SMALL_TALK:
        return t("status.small_talk")
    return t("status.none" if answer.status.is_answer else f"status.{answer.status}")


def _message(answer: Answer, t: Labels) -> str:
    """The fixed sentence alone where the card lists the cases and contacts that the text repeats."""
    if not answer.status.is_answer and (told := t(f"message.{answer.status}")):
        return told
    return FIXED.get(answer.status, answer.text) if answer.nearest_cases or answer.contacts else answer.text


def _exported(question: str, answer: Answer) -> str:
    """What the page sends to ``/export/conversation``: the places in documents, and what stood there."""
    given = GivenAnswer.model_validate(answer.model_dump())
    return GivenTurn(question=question, answer=given).model_dump_json(exclude_none=True)


def _copied(answer: Answer) -> str:
    sources = [
        f"[{citation.number}] {', '.join(filter(None, [citation.case_title, citation.agency, citation.source]))}"
        for citation in answer.citations
    ]
    return plain_answer(answer.text, answer.short_answer, sources)
