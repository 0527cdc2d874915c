"""What a question asks for: its kind, the years and agencies it names, the words to search with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kiwipiepy import Kiwi

from chatbot.agencies import AgencyTable
from chatbot.answer import QuestionKind
from chatbot.asking import asking_part
from chatbot.english import EnglishGlossary
from chatbot.kinds import AskedFor, kind_of
from chatbot.synonyms import SynonymTable
from chatbot.years import years_in


@dataclass(frozen=True)
class Understanding:
    """What could be read off the question.

    ``year`` and ``year_to`` (inclusive) restrict the cases and are set only when the question means them so; years
    that are part of the matter stand in ``mentioned_years``, and in ``relative_years`` with its words where the
    question says 올해 or the like. ``agencies`` are official names. ``asserts`` tells that the question takes something
    for granted (…다던데), ``numbers`` are the figures in such a question.
    ``asking`` is the part of the question that asks. ``expanded_terms`` are further words to search with: synonyms,
    Korean for English.
    """

    kind: QuestionKind
    asked_for: AskedFor
    year: int | None
    year_to: int | None
    mentioned_years: tuple[int, ...]
    agencies: tuple[str, ...]
    keywords: tuple[str, ...]
    asserts: bool
    numbers: tuple[str, ...]
    wants_list: bool
    is_english: bool
    expanded_terms: tuple[str, ...]
    relative_years: tuple[tuple[tuple[str, ...], int], ...] = ()
    asking: str = ""


_CLAIM = re.compile(
    r"(?:다|라|이라)면서|다던데|다는데|라는데|라던데|맞(?:나요|아요|죠|지요|습니까|는지|나$)|사실(?:인가|이에요|입니까|이야)|(?:이|라고)나\s|정말"
)
_FIGURE = re.compile(
    r"(?<!제)(?<![\d,.])\d[\d,.]*\s*(?:조|억|만|천)*\s*(?:여\s*)?(?:개|명|건|원|%|퍼센트|대|종|곳|배|일|개월|시간|분|초|위|면|마리|회)"
)
_CONTENT = ("NNG", "NNP", "SL", "SN", "VV", "XR", "SH")


def understand(
    question: str,
    kiwi: Kiwi,
    *,
    today: date,
    agencies: AgencyTable,
    synonyms: SynonymTable,
    glossary: EnglishGlossary,
) -> Understanding:
    """Reads the question once; nothing here decides whether it can be answered."""
    asking = asking_part(question)
    kind, asked_for = kind_of(asking)
    wants_list = kind is QuestionKind.LIST
    years = years_in(question, today=today, wants_list=wants_list)
    keywords = tuple(dict.fromkeys(token.form for token in kiwi.tokenize(question) if token.tag in _CONTENT))
    asserts = _CLAIM.search(question) is not None
    is_english = not re.search(r"[가-힣]", question)
    korean = glossary.korean(question) if is_english else ()
    return Understanding(
        kind=kind,
        asked_for=asked_for,
        year=years.first,
        year_to=years.last,
        mentioned_years=years.mentioned,
        agencies=agencies.names(" ".join((question, *korean))),
        keywords=keywords,
        asserts=asserts,
        numbers=tuple(_FIGURE.findall(question)) if asserts else (),
        wants_list=wants_list,
        is_english=is_english,
        expanded_terms=(*korean, *synonyms.expand([*keywords, *korean, *synonyms.find(question)])),
        relative_years=years.relative,
        asking=asking,
    )


__all__ = ["AskedFor", "Understanding", "understand"]
