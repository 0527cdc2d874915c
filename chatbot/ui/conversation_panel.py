"""The conversation: questions, and under each its answer, its refusal, or what is being done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.answer import Answer, AnswerStatus, Citation, QuestionKind
from chatbot.export.conversation import GivenAnswer, GivenTurn
from chatbot.messages import FIXED
from chatbot.ui.answer_text import plain_answer
from chatbot.ui.conversation import NO_FILTERS, ChatTurn, Conversation
from chatbot.ui.render import render

_HEADINGS: dict[AnswerStatus, str] = {
    AnswerStatus.CLARIFICATION: "조금 더 알려 주십시오",
    AnswerStatus.NO_SOURCES: "찾은 자료가 없습니다",
    AnswerStatus.NOT_IN_SOURCES: "자료에서 확인하지 못했습니다",
    AnswerStatus.OUT_OF_SCOPE: "이 자료의 범위 밖 질문입니다",
    AnswerStatus.PERSONAL_DATA: "개인정보가 들어 있습니다",
    AnswerStatus.INJECTION: "처리할 수 없는 요청입니다",
    AnswerStatus.TIMEOUT: "시간이 너무 오래 걸렸습니다",
    AnswerStatus.MODEL_ERROR: "답을 만들지 못했습니다",
    AnswerStatus.INDEX_ERROR: "자료를 열지 못했습니다",
}
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


def conversation_html(conversation: Conversation, examples: Sequence[str]) -> str:
    """All turns, or the welcome with ``examples`` before the first."""
    return render("conversation.html", turns=[_view(turn) for turn in conversation.turns], examples=examples)


def announcement(conversation: Conversation) -> str:
    """What a screen reader says now: one sentence when an answer has come, never its tokens."""
    if not conversation.turns:
        return ""
    turn = conversation.turns[-1]
    if turn.answer is None:
        return turn.step if turn.working else "답변을 멈췄습니다."
    if turn.answer.status.is_answer:
        return f"답변이 왔습니다. {turn.answer.short_answer or ''} 출처 {len(turn.answer.citations)}건."
    return f"{_heading(turn.answer)}. {_message(turn.answer)}"


def _view(turn: ChatTurn) -> ReplyView:
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
        cases=_cases(answer.citations) if answer else (),
        copied=_copied(answer) if answer else "",
        exported=_exported(turn.question, answer) if answer else "",
        heading=_heading(answer) if answer else "",
        message=_message(answer) if answer else "",
        guard=answer is not None and answer.status in _GUARDS,
        filters_read=turn.chosen == NO_FILTERS,
    )


def _cases(citations: Sequence[Citation]) -> tuple[CitedCase, ...]:
    """The cited cases in the order of their first citation."""
    by_case: dict[str, list[Citation]] = {}
    for citation in citations:
        by_case.setdefault(citation.case_id, []).append(citation)
    return tuple(
        CitedCase(
            title=cited[0].case_title,
            about=" · ".join(
                filter(None, [cited[0].agency, f"{cited[0].year}년" if cited[0].year else "", _edition(cited[0])])
            ),
            numbers=tuple(citation.number for citation in cited),
        )
        for cited in by_case.values()
    )


def _edition(citation: Citation) -> str:
    return f"새 판(이전 판: {', '.join(citation.replaces)})" if citation.replaces else ""


def _heading(answer: Answer) -> str:
    if answer.kind is QuestionKind.SMALL_TALK:
        return "안내해 드립니다"
    return _HEADINGS.get(answer.status, "답을 드리지 못했습니다")


def _message(answer: Answer) -> str:
    """The fixed sentence alone where the card lists the cases and contacts that the text repeats."""
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
