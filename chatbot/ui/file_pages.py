"""``/files``: what the last build read from each file, so that one that could not be read is seen."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chatbot.api.services import ServicesDep
from chatbot.ui.page_response import page_response
from index import report

router = APIRouter(include_in_schema=False)

SHOWN_FILES = 1_000


@router.get("/files", response_class=HTMLResponse)
def files_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """The extraction report: what was not read first, then what calls for a look, then the rest by name."""
    files = sorted(report.load(services.index_dir), key=lambda file: (not file.error, not file.warnings, file.source))
    return page_response(
        "files.html",
        request,
        files=files[:SHOWN_FILES],
        total=len(files),
        skipped=sum(bool(file.error) for file in files),
        warned=sum(bool(file.warnings) for file in files),
    )
