"""The filters of list and search routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from index.document import DocumentKind, SearchFilters

FIRST_YEAR = 1900
Year = Annotated[int | None, Query(ge=FIRST_YEAR, le=2100)]


def search_filters(
    year: Year = None,
    year_to: Year = None,
    agency: Annotated[str, Query(max_length=100)] = "",
    kind: DocumentKind | None = None,
) -> SearchFilters:
    """Query parameters as filters; years are inclusive, ``year`` alone means that year."""
    if year is None and year_to is not None:
        year = FIRST_YEAR
    return SearchFilters(year=year, year_to=year_to, agency=agency.strip(), kind=kind)


FiltersDep = Annotated[SearchFilters, Depends(search_filters)]
