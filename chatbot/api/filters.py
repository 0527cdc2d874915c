"""The filters of list and search routes, and what they mean for a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from index.document import Case, DocumentKind, SearchFilters

Year = Annotated[int | None, Query(ge=1900, le=2100)]


def search_filters(
    year: Year = None,
    year_to: Year = None,
    agency: Annotated[str, Query(max_length=100)] = "",
    kind: DocumentKind | None = None,
) -> SearchFilters:
    """Query parameters as filters; years are inclusive, ``year`` alone means that year."""
    return SearchFilters(year=year, year_to=year_to, agency=agency.strip(), kind=kind)


FiltersDep = Annotated[SearchFilters, Depends(search_filters)]


def case_matches(case: Case, kind: DocumentKind, filters: SearchFilters) -> bool:
    """Whether a case of a document of this kind meets every condition."""
    if filters.kind is not None and kind != filters.kind:
        return False
    if filters.agency and _squeeze(filters.agency) not in _squeeze(case.agency):
        return False
    return _year_matches(case.year, filters.year, filters.year_to)


def _year_matches(year: int | None, first: int | None, last: int | None) -> bool:
    if first is None and last is None:
        return True
    if year is None:
        return False
    if last is None:
        return year == first
    return (first is None or first <= year) and year <= last


def _squeeze(text: str) -> str:
    return "".join(text.split()).lower()
