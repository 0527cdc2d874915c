from __future__ import annotations

from datetime import date

from kiwipiepy import Kiwi

from chatbot.agencies import AgencyTable
from chatbot.answer import Filters, Question
from chatbot.english import EnglishGlossary
from chatbot.filters import conditions_of, search_filters
from chatbot.synonyms import SynonymTable
from chatbot.understand import Understanding, understand
from index.document import DocumentKind


def asked(text: str, kiwi: Kiwi) -> Understanding:
    tables = {"agencies": AgencyTable.load(), "synonyms": SynonymTable.load(), "glossary": EnglishGlossary.load()}
    return understand(text, kiwi, today=date(2026, 1, 1), **tables)  # type: ignore[arg-type]


def test_a_year_in_the_text_is_a_condition_until_one_is_set_by_hand_or_it_is_taken_back(kiwi: Kiwi) -> None:
    text = "2020년 사례에는 어떤 것이 있나요?"
    understood = asked(text, kiwi)
    assert conditions_of(Question(text=text), understood).year == 2020
    assert conditions_of(Question(text=text, filters=Filters(agency="부천시")), understood) == Filters(agency="부천시")
    assert conditions_of(Question(text=text, any_year=True), understood) == Filters()


def test_an_agency_is_looked_for_under_all_its_names_and_an_unknown_kind_is_no_condition() -> None:
    agencies = AgencyTable.load()
    assert search_filters(Filters(), agencies) is None
    found = search_filters(Filters(agency="행안부", kind=str(DocumentKind.PLAN)), agencies)
    assert found is not None
    assert found.kind is DocumentKind.PLAN
    assert "행정안전부" in found.agency_spellings
    unknown = search_filters(Filters(kind="없는 종류"), agencies)
    assert unknown is not None
    assert unknown.kind is None
