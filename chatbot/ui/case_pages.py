"""``/cases``, ``/cases/{case_id}`` and ``/compare``: the cases as pages to browse, read and compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from chatbot.api.ports import LibraryPort
from chatbot.api.services import LibraryDep, PlaceDep
from chatbot.case_sheet import case_sheet, summary_of
from chatbot.export.cases import aspects_of
from chatbot.ui.bars import Count, bar_chart
from chatbot.ui.case_query import CaseQuery, CaseQueryDep, Found, Order, find_cases, words_of
from chatbot.ui.export_routes import CaseIds, compared
from chatbot.ui.facets import split_agencies
from chatbot.ui.labels import Labels
from chatbot.ui.look import look_of
from chatbot.ui.page_response import page_response
from index.document import Case, DocumentKind

router = APIRouter(include_in_schema=False)

PAGE_CASES = 24
CHARTED_AGENCIES = 10
CHARTED_YEARS = 12
SIMILAR_CASES = 5


@router.get("/cases", response_class=HTMLResponse)
def browse(
    request: Request,
    query: CaseQueryDep,
    library: LibraryDep,
    place: PlaceDep,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The cases that the address asks for, a page of them."""
    words = words_of(request)
    found = find_cases(library, query, words.themes)
    pages = max(1, -(-len(found.cases) // PAGE_CASES))
    page = min(page, pages)
    shown = found.cases[(page - 1) * PAGE_CASES : page * PAGE_CASES]
    return page_response(
        "cases.html",
        request,
        query=query,
        found=found,
        rows=[(case, summary_of(library.sentences(case.case_id)), _kind(library, case)) for case in shown],
        page=page,
        pages=pages,
        kinds=list(DocumentKind),
        orders=[order for order in Order if query.q or order is not Order.RELEVANCE],
        years=words.years,
        charts=list(_charts(query, found, look_of(request.cookies).t)),
    )


@router.get("/cases/{case_id:path}", response_class=HTMLResponse)
def one_case(case_id: str, request: Request, library: LibraryDep, place: PlaceDep) -> HTMLResponse:
    """One case by its aspects, with the cases nearest to it."""
    sheet = case_sheet(library, library.case(case_id))
    return page_response(
        "case.html",
        request,
        sheet=sheet,
        kind=_kind(library, sheet.case),
        agencies=split_agencies(sheet.case.agency),
        similar=library.similar_cases(case_id, SIMILAR_CASES),
    )


@router.get("/compare", response_class=HTMLResponse)
def compare(request: Request, library: LibraryDep, case: CaseIds) -> HTMLResponse:
    """Two to five cases side by side."""
    sheets = compared(library, case)
    addressed = urlencode([("case", sheet.case.case_id) for sheet in sheets])
    return page_response("compare.html", request, sheets=sheets, rows=list(aspects_of(sheets)), addressed=addressed)


def _kind(library: LibraryPort, case: Case) -> DocumentKind:
    return library.kind(case.document_id)


def _charts(query: CaseQuery, found: Found, t: Labels) -> Iterator[object]:
    """A press on a bar filters by it, a press on the chosen one takes the filter away."""
    years = [
        Count(
            t("year.of", year=year), count, query.address(year=None if year == query.year else year), year == query.year
        )
        for year, count in found.years[:CHARTED_YEARS]
    ]
    agencies = [
        Count(name, count, query.address(agency="" if name == query.agency else name), name == query.agency)
        for name, count in found.agencies[:CHARTED_AGENCIES]
    ]
    if years:
        yield bar_chart(t("cases.by-year"), years, narrow_labels=True)
    themes = [
        Count(name, count, query.address(theme="" if name == query.theme else name), name == query.theme)
        for name, count in found.themes
    ]
    if themes:
        yield bar_chart(t("cases.by-theme"), themes)
    if agencies:
        yield bar_chart(t("cases.by-agency"), agencies)
