"""Questions a user may want to ask next, about the case of the answer."""

from __future__ import annotations

from chatbot.answer import QuestionKind
from index.document import Case

MAX_FOLLOW_UPS = 3
_MAX_NAME = 40


def follow_ups(kind: QuestionKind, case: Case) -> tuple[str, ...]:
    """Up to three questions that the documents can answer; none repeats the kind just asked."""
    name = case.title if len(case.title) <= _MAX_NAME else case.title[:_MAX_NAME].rsplit(" ", 1)[0] + "…"
    offers = [
        (QuestionKind.SUMMARY, f"「{name}」을 요약해 주세요."),
        (QuestionKind.WHY_HOW, f"「{name}」은 왜 추진했나요?"),
        (QuestionKind.LIST, f"{case.agency.split(',')[0]}의 다른 사례를 모두 알려 주세요." if case.agency else ""),
        (QuestionKind.CONTACT, f"「{name}」의 담당자 연락처는 무엇인가요?" if case.contacts else ""),
    ]
    return tuple(text for offered, text in offers if text and offered is not kind)[:MAX_FOLLOW_UPS]
