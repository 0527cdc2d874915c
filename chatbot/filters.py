"""The conditions that a question sets on the cases which may answer it."""

from __future__ import annotations

from chatbot.agencies import AgencyTable
from chatbot.answer import Filters, Question
from chatbot.understand import Understanding
from index.document import DocumentKind, SearchFilters


def conditions_of(question: Question, asked: Understanding) -> Filters:
    """Those set by hand, which win over those read from the question."""
    if question.filters != Filters() or question.any_year:
        return question.filters
    return Filters(year=asked.year, year_to=asked.year_to)


def search_filters(filters: Filters, agencies: AgencyTable) -> SearchFilters | None:
    """The same for the index; ``None`` where there is no condition."""
    if filters == Filters():
        return None
    kind = DocumentKind(filters.kind) if filters.kind in set(DocumentKind) else None
    agency = filters.agency or ""
    # 행안부 in the filter, 행정안전부 in the document
    spellings = tuple(one for name in agencies.names(agency) for one in agencies.spellings_of(name))
    return SearchFilters(filters.year, filters.year_to, agency, kind, spellings)
