"""``/export``: what the pages show, as a file to keep."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chatbot.api.ports import LibraryPort
from chatbot.api.problems import ProblemError
from chatbot.api.services import PlaceDep
from chatbot.case_sheet import CaseSheet, case_sheet
from chatbot.export.cases import case_list_report, comparison_report
from chatbot.export.conversation import GivenTurn, StaleAnswerError, conversation_report
from chatbot.export.formats import ExportFormat, file_response
from chatbot.ui.case_query import CaseQueryDep, find_cases, words_of
from chatbot.ui.own_routes import PageLibraryDep

router = APIRouter(prefix="/export", include_in_schema=False)

MAX_CASES = 1_000
MIN_COMPARED, MAX_COMPARED = 2, 5
Format = Annotated[ExportFormat, Query(alias="format")]
CaseIds = Annotated[list[Annotated[str, Query(max_length=1_000)]], Query(alias="case", max_length=MAX_CASES)]


class ConversationExport(BaseModel):
    """The turns to export, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: ExportFormat
    turns: tuple[GivenTurn, ...] = Field(min_length=1, max_length=200)


@router.post("/conversation")
def export_conversation(body: ConversationExport, request: Request, library: PageLibraryDep) -> Response:
    """One answer or a whole conversation."""
    now = datetime.now().astimezone()
    try:
        report = conversation_report(body.turns, library, base_url(request), f"{now:%Y. %-m. %-d. %H:%M}")
    except StaleAnswerError as error:
        raise ProblemError(409, "답한 뒤에 자료가 바뀌어 인용을 확인할 수 없습니다. 다시 질문해 주십시오.") from error
    return file_response(report, body.format, "질의응답", now.date())


@router.get("/cases")
def export_cases(
    query: CaseQueryDep,
    request: Request,
    library: PageLibraryDep,
    place: PlaceDep,
    format_: Format = ExportFormat.XLSX,
    case: CaseIds = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """The cases named, or else those that the case browser shows for the same query."""
    found = [library.case(case_id) for case_id in case] or find_cases(library, query, words_of(request).themes).cases
    if not found:
        raise ProblemError(404, "내보낼 사례가 없습니다. 찾는 말이나 조건을 바꿔 주십시오.")
    if len(found) > MAX_CASES:
        raise ProblemError(422, f"사례는 {MAX_CASES:,}건까지 내보낼 수 있습니다. 연도나 기관으로 좁혀 주십시오.")
    now = datetime.now().astimezone()
    sheets = [case_sheet(library, one) for one in found]
    report = case_list_report(sheets, library.version, base_url(request), f"{now:%Y. %-m. %-d. %H:%M}")
    return file_response(report, format_, "사례목록", now.date())


@router.get("/comparison")
def export_comparison(
    request: Request,
    library: PageLibraryDep,
    case: CaseIds,
    format_: Format = ExportFormat.DOCX,
) -> Response:
    """Two to five cases side by side."""
    now = datetime.now().astimezone()
    sheets = compared(library, case)
    report = comparison_report(sheets, library.version, base_url(request), f"{now:%Y. %-m. %-d. %H:%M}")
    return file_response(report, format_, "사례비교", now.date())


def compared(library: LibraryPort, case_ids: list[str]) -> list[CaseSheet]:
    """The cases to compare, each once; 422 when they are too few or too many."""
    unique = list(dict.fromkeys(case_ids))
    if not MIN_COMPARED <= len(unique) <= MAX_COMPARED:
        raise ProblemError(422, "비교할 사례를 두 건에서 다섯 건까지 골라 주십시오.")
    return [case_sheet(library, library.case(case_id)) for case_id in unique]


def base_url(request: Request) -> str:
    """Where this service is, as the browser knows it."""
    return str(request.base_url).rstrip("/")
