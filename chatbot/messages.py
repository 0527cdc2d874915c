"""Every fixed Korean sentence that a user can see."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatbot.answer import AnswerStatus

FIXED: Mapping[AnswerStatus, str] = {
    AnswerStatus.CLARIFICATION: (
        "무엇을 찾으시는지 조금만 더 알려 주십시오. 사업이나 기관의 이름, 궁금한 점을 함께 적어 주시면 찾아보겠습니다."
    ),
    AnswerStatus.NO_SOURCES: (
        "질문과 관련된 자료를 찾지 못했습니다. 다른 낱말로 다시 물어보시거나 해당 기관에 문의해 주십시오."
    ),
    AnswerStatus.NOT_IN_SOURCES: "물어보신 내용은 보유한 자료에 나와 있지 않습니다.",
    AnswerStatus.OUT_OF_SCOPE: (
        "이 챗봇은 정부 문서에 실린 사례와 계획만 안내합니다. 그 밖의 질문에는 답하지 못합니다. "
        "찾으시는 정책이나 사례를 물어봐 주십시오."
    ),
    AnswerStatus.PERSONAL_DATA: (
        "질문에 개인정보가 들어 있어 처리하지 않았습니다. 주민등록번호, 카드번호, 계좌번호, 휴대전화번호 같은 "
        "개인정보를 지우고 다시 물어봐 주십시오. 입력하신 내용은 저장하지 않습니다."
    ),
    AnswerStatus.INJECTION: (
        "챗봇의 동작을 바꾸거나 자료에 없는 내용을 지어내라는 요청에는 답하지 않습니다. "
        "문서에서 찾고 싶은 내용을 물어봐 주십시오."
    ),
    AnswerStatus.TIMEOUT: "답을 찾는 데 시간이 너무 오래 걸려 멈췄습니다. 잠시 뒤 다시 물어봐 주십시오.",
    AnswerStatus.MODEL_ERROR: "언어 모델에 연결하지 못했습니다. 잠시 뒤 다시 시도하시거나 운영자에게 알려 주십시오.",
    AnswerStatus.INDEX_ERROR: "자료를 찾는 중 문제가 생겼습니다. 잠시 뒤 다시 시도하시거나 운영자에게 알려 주십시오.",
}

GREETING = (
    "안녕하세요. 정부 문서에 실린 혁신 사례와 계획을 찾아 드리는 챗봇입니다. "
    "예를 들어 “주차 문제를 로봇으로 푼 지자체가 있나요?”처럼 물어봐 주십시오."
)
FOUND_INSTEAD = "대신 다음 자료를 찾았습니다: {cases}."
ASK_THERE = "자세한 내용은 {contact}로 문의해 주십시오."
CORRECTION = "질문에 적힌 {asserted}은(는) 자료의 내용과 다릅니다."
ENGLISH_LEAD = "The source documents are in Korean. The passage that answers your question:"
LIST_LEAD = "모두 {count}건을 찾았습니다."
LIST_CUT = "관련도가 높은 {shown}건을 보여 드립니다. 조건에 맞는 사례는 모두 {count}건입니다."
"""Shown in place of :data:`LIST_LEAD` when a list is longer than fits an answer."""
ITEMS_CUT = "이 밖의 {count}개 항목은 원문에서 보실 수 있습니다."

_OWN_WORDS = (CORRECTION, ENGLISH_LEAD, LIST_LEAD, LIST_CUT, ITEMS_CUT)
_OWN = re.compile("|".join(re.sub(r"\\{\w+\\}", ".{1,80}?", re.escape(line)) for line in _OWN_WORDS))

STATUS_STEPS: Mapping[str, str] = {
    "understand": "질문을 살펴보고 있습니다",
    "retrieve": "자료를 찾고 있습니다",
    "rerank": "근거 문장을 고르고 있습니다",
    "compose": "답을 쓰고 있습니다",
    "verify": "근거와 맞는지 확인하고 있습니다",
}

IN_QUEUE = "앞선 질문 {count}개에 먼저 답하고 있습니다. 잠시만 기다려 주십시오."
NEXT_IN_QUEUE = "곧 차례입니다. 잠시만 기다려 주십시오."


def queue_step(in_front: int) -> str:
    """What somebody who waits for a free worker is told."""
    return IN_QUEUE.format(count=in_front) if in_front else NEXT_IN_QUEUE


def without_own_words(text: str) -> str:
    """An answer without the sentences in which we speak of the answer itself, and not of the documents."""
    return _OWN.sub("", text).strip()


def refusal(status: AnswerStatus, *, nearest: tuple[str, ...] = (), contact: str = "") -> str:
    """The fixed sentence of a status, with what was found instead and whom to ask."""
    parts = [FIXED[status]]
    if nearest:
        parts.append(FOUND_INSTEAD.format(cases=", ".join(f"「{title}」" for title in nearest)))
    if contact:
        parts.append(ASK_THERE.format(contact=contact))
    return " ".join(parts)
