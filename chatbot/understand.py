"""What a question asks for: its kind, the years and agencies it names, the words to search with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiwipiepy import Kiwi

from chatbot.agencies import AgencyTable
from chatbot.answer import QuestionKind
from chatbot.synonyms import SynonymTable


class AskedFor(StrEnum):
    """The sort of thing that would answer the question."""

    AMOUNT = "amount"
    COUNT = "count"
    DATE = "date"
    DURATION = "duration"
    ORGANISATION = "organisation"
    PERSON = "person"
    PLACE = "place"
    PHONE = "phone"
    REASON = "reason"
    METHOD = "method"
    LIST = "list"
    NAME = "name"
    OTHER = "other"


@dataclass(frozen=True)
class Understanding:
    """What could be read off the question.

    ``year`` and ``year_to`` (inclusive) restrict the cases and are set only when the question means them so; years
    that are part of the matter stand in ``mentioned_years``. ``agencies`` are official names. ``numbers`` are figures
    that the question itself asserts. ``expanded_terms`` are further words to search with: synonyms, Korean for English.
    """

    kind: QuestionKind
    asked_for: AskedFor
    year: int | None
    year_to: int | None
    mentioned_years: tuple[int, ...]
    agencies: tuple[str, ...]
    keywords: tuple[str, ...]
    numbers: tuple[str, ...]
    wants_list: bool
    is_english: bool
    expanded_terms: tuple[str, ...]


_KINDS: tuple[tuple[QuestionKind, AskedFor, re.Pattern[str]], ...] = (
    (QuestionKind.CONTACT, AskedFor.PHONE, re.compile(r"전화번호|연락처|담당자|문의")),
    (QuestionKind.SUMMARY, AskedFor.OTHER, re.compile(r"요약|정리해|설명해")),
    (QuestionKind.COMPARE, AskedFor.OTHER, re.compile(r"차이|비교|어떻게 다른|각각")),
    (QuestionKind.LIST, AskedFor.LIST, re.compile(r"모두|다 알려|목록|어떤 사례들|무엇들")),
    (QuestionKind.NUMBER, AskedFor.COUNT, re.compile(r"얼마|몇")),
    (QuestionKind.WHEN, AskedFor.DATE, re.compile(r"언제|며칠")),
    (QuestionKind.WHO, AskedFor.PERSON, re.compile(r"누구|누가|어느 부처|어느 기관")),
    (QuestionKind.WHERE, AskedFor.PLACE, re.compile(r"어디|어느 곳")),
    (QuestionKind.WHY_HOW, AskedFor.REASON, re.compile(r"왜|이유|어떻게|방법|배경|목적")),
)


def understand(
    question: str, kiwi: Kiwi, *, today: date, agencies: AgencyTable, synonyms: SynonymTable
) -> Understanding:
    """Reads the question once; nothing here decides whether it can be answered."""
    kind, asked_for = next(((k, a) for k, a, p in _KINDS if p.search(question)), (QuestionKind.FACT, AskedFor.OTHER))
    keywords = tuple(
        dict.fromkeys(t.form for t in kiwi.tokenize(question) if t.tag in ("NNG", "NNP", "SL", "SN", "VV", "XR"))
    )
    return Understanding(
        kind=kind,
        asked_for=asked_for,
        year=None,
        year_to=None,
        mentioned_years=tuple(int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)년", question)),
        agencies=agencies.names(question),
        keywords=keywords,
        numbers=(),
        wants_list=kind is QuestionKind.LIST,
        is_english=not re.search(r"[가-힣]", question),
        expanded_terms=synonyms.expand([*keywords, *synonyms.find(question)]),
    )
