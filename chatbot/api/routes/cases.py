"""``GET /cases`` and ``GET /cases/{case_id}``: what the documents hold, case by case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chatbot.answer import ContactCard
from chatbot.api.filters import FiltersDep
from chatbot.api.links import document_url
from chatbot.api.paging import Offset, link_neighbours
from chatbot.api.ports import LibraryPort
from chatbot.api.services import LibraryDep
from chatbot.api.versions import Versioned
from index.document import Case

router = APIRouter(prefix="/api/v1", tags=["cases"], dependencies=[Versioned])


class CaseSummary(BaseModel):
    """One case as a list shows it."""

    case_id: str
    document_id: str
    title: str
    agency: str
    year: int | None
    start: int
    end: int
    url: str


class CaseDetail(CaseSummary):
    """One case with its text, verbatim, and whom to ask."""

    text: str
    contacts: tuple[ContactCard, ...]


class CasePage(BaseModel):
    """``limit`` cases from ``offset`` on, of ``total`` that match."""

    items: tuple[CaseSummary, ...]
    total: int
    limit: int
    offset: int


@router.get("/cases")
def list_cases(
    request: Request,
    response: Response,
    library: LibraryDep,
    filters: FiltersDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Offset = 0,
) -> CasePage:
    """The cases that meet every filter, in the order of the index; ``Link`` names the pages beside this one."""
    found = library.cases(filters)
    items = tuple(_summary(case) for case in found[offset : offset + limit])
    link_neighbours(request, response, total=len(found), limit=limit, offset=offset)
    return CasePage(items=items, total=len(found), limit=limit, offset=offset)


@router.get("/cases/{case_id:path}")
def get_case(case_id: str, library: LibraryDep) -> CaseDetail:
    """One case."""
    return case_detail(library, case_id)


def case_detail(library: LibraryPort, case_id: str) -> CaseDetail:
    """One case with its text. Raises :class:`index.errors.UnknownIdError`."""
    case = library.case(case_id)
    text = library.document(case.document_id).text[case.start : case.end]
    contacts = tuple(
        ContactCard(department=c.department, name=c.name, phone=c.phone, role=c.role) for c in case.contacts
    )
    return CaseDetail(**_summary(case).model_dump(), text=text, contacts=contacts)


def _summary(case: Case) -> CaseSummary:
    return CaseSummary(
        case_id=case.case_id,
        document_id=case.document_id,
        title=case.title,
        agency=case.agency,
        year=case.year,
        start=case.start,
        end=case.end,
        url=document_url(case.document_id, case.start, case.end),
    )
