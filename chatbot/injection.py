"""Orders to the assistant: disguises taken off, then the written patterns, then the learned model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from chatbot.disguise import readings
from chatbot.foreign_orders import ENGLISH, MARKUP, OTHER_LANGUAGES
from chatbot.korean_orders import ANSWER_ORDER, APPEND, DISREGARD, FORGE, PERSONA, REVEAL
from chatbot.order_model import bundled_model

_READER: Final = r"(?:ai|인공지능|챗봇|어시스턴트|assistant|언어\s*모델|llm|gpt|claude|gemini)"
# Orders that a hostile document gives to whatever machine reads it.
_TO_READER: Final = (
    rf"이\s*(?:글|문서|문장|내용|페이지|자료)\S?\s*(?:읽|처리|요약|참고|분석|인용)\S*\s*(?:모든\s*)?(?"
    rf":{_READER}|모델|시스템|도우미)",
    rf"(?<![가-힣a-z]){_READER}\s*(?:에게|께|여|야|는|은|이라면|라면)[\s,:][^.\n]{{0,60}}?(?:{ANSWER_ORDER}|"
    rf"답해야\s*(?:한다|합니다))",
    rf"(?<![가-힣a-z]){_READER}\s*(?:에게|for|전용)\s*(?:주는|보내는|남기는)?\s*(?:지시|명령|안내|메모|note|"
    rf"instruction)",
    r"\b(?:ai|assistants?|llms?|language models?|chatbots?)\b.{0,30}\b(?:must|should|shall|please)"
    r"\b.{0,20}\b(?:say|answer|respond|recommend|"
    r"output|reply|ignore|tell)\b",
    r"\bwhen (?:asked|answering|summari[sz]ing)\b.{0,60}\b(?:say|answer|respond|recommend|reply|state)\b",
)


def _union(*families: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for family in families for pattern in family))


_FAMILIES: Final = {
    "규칙 무시 요구": _union(DISREGARD),
    "내부 지시 공개 요구": _union(REVEAL),
    "역할 변경 요구": _union(PERSONA),
    "지어내기 요구": _union(FORGE),
    "문구 삽입 요구": _union(APPEND),
    "위장한 지시문": _union(MARKUP),
    "외국어 지시": _union(ENGLISH, OTHER_LANGUAGES),
}
_DOCUMENT_ORDER: Final = _union(_TO_READER)


def find_order(text: str) -> str:
    """The family of the order to the assistant in ``text``, in Korean; empty when there is none."""
    views = readings(text)
    known = find_known_order(views)
    if known or not any(bundled_model().is_order(view) for view in views):
        return known
    return "지시로 읽히는 문장"


def find_known_order(views: Iterable[str]) -> str:
    """The family whose pattern is in one of the readings; empty when none is."""
    for view in views:
        for family, pattern in _FAMILIES.items():
            if pattern.search(view):
                return family
    return ""


def addresses_reader(sentence: str) -> bool:
    """Whether a sentence of a document tells the machine that reads it what to do.

    Without the learned model: it has read questions, not documents.
    """
    views = readings(sentence)
    return bool(find_known_order(views)) or any(_DOCUMENT_ORDER.search(view) for view in views)
