"""Which cases the browser shows: words, filters, an order; and how many there are by year and agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from chatbot.api.ports import LibraryPort
from chatbot.themes import CaseWords, Theme, ThemeFinder
from chatbot.ui.facets import split_agencies
from index.document import Case, DocumentKind, SearchFilters

MAX_HITS = 200
# Any vector has neighbours; below this share of the best score are those that have nothing to do with the words.
# Lower than where an answer lists cases: who browses sees the best first and decides.
MIN_SHARE = 0.1


class Order(StrEnum):
    """How the cases are sorted."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What the address of the page says. Empty strings and ``None`` mean no condition."""

    q: str = ""
    year: int | None = None
    agency: str = ""
    kind: DocumentKind | None = None
    theme: str = ""
    sort: Order | None = None
    view: str = "cards"

    @property
    def order(self) -> Order:
        """The order asked for, or the best hit first where there is a search and the newest where there is none."""
        if self.sort is None or (self.sort is Order.RELEVANCE and not self.q):
            return Order.RELEVANCE if self.q else Order.NEWEST
        return self.sort

    @property
    def filtered(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.q or self.year or self.agency or self.kind or self.theme)

    def address(self, **changes: object) -> str:
        """The query string of this query with ``changes``; what is not asked for is left out."""
        values = asdict(replace(self, **changes))  # type: ignore[arg-type]  # names and types of our own templates
        if values["view"] == "cards":
            del values["view"]
        return urlencode({name: str(value) for name, value in values.items() if value})


def case_query(
    q: Annotated[str, Query(max_length=300)] = "",
    year: Annotated[str, Query(pattern=r"^(\d{4})?$")] = "",
    agency: Annotated[str, Query(max_length=100)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    theme: Annotated[str, Query(max_length=100)] = "",
    sort: Annotated[str, Query(max_length=20)] = "",
    view: Annotated[str, Query(pattern="^(cards|table)$")] = "cards",
) -> CaseQuery:
    """Query parameters as a query; a form sends empty ones for what was not chosen."""
    return CaseQuery(
        q=q.strip(),
        year=int(year) if year else None,
        agency=agency.strip(),
        kind=DocumentKind(kind) if kind in set(DocumentKind) else None,
        theme=theme.strip(),
        sort=Order(sort) if sort in set(Order) else None,
        view=view,
    )


CaseQueryDep = Annotated[CaseQuery, Depends(case_query)]


@dataclass(frozen=True, slots=True)
class Found:
    """The cases, sorted. A count of ``years`` holds for every other filter, so that another year can be picked.

    ``themes`` counts those of all cases found.
    """

    cases: tuple[Case, ...]
    years: tuple[tuple[int, int], ...]
    agencies: tuple[tuple[str, int], ...]
    themes: tuple[tuple[str, int], ...] = ()


def find_cases(library: LibraryPort, query: CaseQuery, themes: Sequence[Theme] = ()) -> Found:
    """The cases that ``query`` asks for; a theme that is not among ``themes`` has none."""
    ranks = _ranks(library, query.q) if query.q else None

    members = next((theme.case_ids for theme in themes if theme.name == query.theme), frozenset())

    def matching(filters: SearchFilters, *, themed: bool = True) -> list[Case]:
        found = [case for case in library.cases(filters) if ranks is None or case.case_id in ranks]
        return [case for case in found if case.case_id in members] if themed and query.theme else found

    filters = SearchFilters(year=query.year, agency=query.agency, kind=query.kind)
    found = matching(filters)
    years = Counter(case.year for case in matching(replace(filters, year=None)) if case.year)
    agencies = Counter(name for case in matching(replace(filters, agency="")) for name in split_agencies(case.agency))
    beside = {case.case_id for case in matching(filters, themed=False)}
    counts = [(theme.name, len(theme.case_ids & beside)) for theme in themes]
    return Found(
        cases=tuple(_sorted(found, query.order, ranks or {})),
        years=tuple(sorted(years.items(), reverse=True)),
        agencies=tuple(agencies.most_common()),
        themes=tuple((name, count) for name, count in counts if count),
    )


def words_of(request: Request) -> CaseWords:
    """Themes and words of the index, as far as they have been found."""
    finder: ThemeFinder | None = getattr(request.app.state, "themes", None)
    return finder.words() if finder else CaseWords()


def _ranks(library: LibraryPort, words: str) -> dict[str, int]:
    """The place of each case that ``words`` find."""
    hits = library.search(words, top_k=MAX_HITS)
    near = [hit.chunk.case_id for hit in hits if hit.score >= MIN_SHARE * hits[0].score]
    return {case_id: place for place, case_id in enumerate(dict.fromkeys(near))}


def _sorted(cases: Sequence[Case], order: Order, ranks: dict[str, int]) -> list[Case]:
    if order is Order.RELEVANCE:
        return sorted(cases, key=lambda case: ranks[case.case_id])
    if order is Order.NEWEST:
        return sorted(cases, key=lambda case: -(case.year or 0))
    if order is Order.OLDEST:
        return sorted(cases, key=lambda case: case.year or 9999)
    if order is Order.TITLE:
        return sorted(cases, key=lambda case: case.title)
    return sorted(cases, key=lambda case: (case.agency or "힣", case.title))
