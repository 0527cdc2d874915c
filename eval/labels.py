"""Korean words for what the data names in English."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.answer import AnswerStatus
from eval.cases import CaseType, Difficulty, Persona
from eval.compare import Verdict

TYPES: Mapping[str, str] = {
    CaseType.FACT: "사실",
    CaseType.NUMBER: "수치",
    CaseType.WHO: "주체",
    CaseType.WHEN: "시기",
    CaseType.WHY_HOW: "이유·방법",
    CaseType.LIST: "목록",
    CaseType.COMPARE: "비교",
    CaseType.CONTACT: "연락처",
    CaseType.SUMMARY: "요약",
    CaseType.PARAPHRASE: "바꿔 말하기",
    CaseType.COLLOQUIAL: "구어",
    CaseType.TYPO: "오타",
    CaseType.NOSPACE: "붙여 쓰기",
    CaseType.ACRONYM: "줄임말",
    CaseType.FOLLOWUP: "이어 묻기",
    CaseType.ENGLISH: "영어",
    CaseType.UNANSWERABLE: "자료에 없음",
    CaseType.FALSE_PREMISE: "틀린 전제",
    CaseType.INJECTION: "지시 주입",
}
PERSONAS: Mapping[str, str] = {
    Persona.CIVIL_SERVANT: "공무원",
    Persona.CITIZEN: "시민",
    Persona.EVALUATOR: "평가자",
}
DIFFICULTIES: Mapping[str, str] = {
    Difficulty.EASY: "쉬움",
    Difficulty.MEDIUM: "보통",
    Difficulty.HARD: "어려움",
    "": "적지 않음",
}
STATUSES: Mapping[str, str] = {
    AnswerStatus.ANSWERED: "답변",
    AnswerStatus.ANSWERED_PARTIAL: "일부 답변",
    AnswerStatus.CLARIFICATION: "되물음",
    AnswerStatus.NO_SOURCES: "거절: 찾은 자료 없음",
    AnswerStatus.NOT_IN_SOURCES: "거절: 자료에 없음",
    AnswerStatus.OUT_OF_SCOPE: "거절: 범위 밖",
    AnswerStatus.PERSONAL_DATA: "차단: 개인정보",
    AnswerStatus.INJECTION: "차단: 지시 주입",
    AnswerStatus.TIMEOUT: "오류: 시간 초과",
    AnswerStatus.MODEL_ERROR: "오류: 언어 모델",
    AnswerStatus.INDEX_ERROR: "오류: 색인",
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.IMPROVED: "좋아짐",
    Verdict.UNCHANGED: "변화 없음",
    Verdict.REGRESSED: "나빠짐",
}


def share(value: float | None) -> str:
    """A share with three decimals, a dash where it is undefined."""
    return "–" if value is None else f"{value:.3f}"


def bounds(interval: tuple[float, float] | None) -> str:
    """An interval as ``.123–.456``, empty where it is undefined."""
    return "" if interval is None else f"{interval[0]:.3f}–{interval[1]:.3f}"


def signed(value: float | None) -> str:
    """A difference with its sign."""
    return "–" if value is None else f"{value:+.3f}"


def number(value: float | None) -> str:
    """A count or a duration without decimals."""
    return "–" if value is None else f"{value:,.0f}"
