"""What is stopped before any search: personal data that does not belong in a question, and orders to the assistant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chatbot.answer import AnswerStatus

_RRN: Final = re.compile(r"(?<!\d)(\d{6})[-\s]?[1-8]\d{6}(?!\d)")
_MOBILE: Final = re.compile(r"(?<!\d)01[016789][-.\s]?\d{3,4}[-.\s]?\d{4}(?!\d)")
_ORDER: Final = re.compile(
    r"(규칙|지시|명령|프롬프트)\S*\s*(모두\s*)?(무시|잊)(하고|해|고|어)|시스템\s*(프롬프트|설정 내용)|개발자 모드로 전환|문서 말고 네 생각|"
    r"ignore (all )?(previous|prior) instructions",
    re.I,
)


@dataclass(frozen=True)
class GuardResult:
    """``status`` is ``None`` for an ordinary question; ``reason`` says what was found, without the data itself."""

    status: AnswerStatus | None
    reason: str
    masked_text: str


def check(text: str) -> GuardResult:
    """Whether the question may be answered at all."""
    masked = mask_personal_data(text)
    if masked != text:
        return GuardResult(AnswerStatus.PERSONAL_DATA, "개인정보", masked)
    if looks_like_instruction(text):
        return GuardResult(AnswerStatus.INJECTION, "지시 변경 요구", masked)
    return GuardResult(None, "", masked)


def mask_personal_data(text: str) -> str:
    """The text with personal numbers replaced, safe to log."""
    return _MOBILE.sub("[휴대전화번호]", _RRN.sub("[주민등록번호]", text))


def looks_like_instruction(text: str) -> bool:
    """Whether a sentence, in a question or in a document, gives orders to the assistant."""
    return _ORDER.search(text) is not None
