"""``/files``: what the last build read from each file, so that one that could not be read is seen."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chatbot.api.services import ServicesDep
from chatbot.ui.case_pages import CONTENT_SECURITY_POLICY
from chatbot.ui.render import render
from index import report

router = APIRouter(include_in_schema=False)

SHOWN_FILES = 1_000


@router.get("/files", response_class=HTMLResponse)
def files_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """The extraction report: what was not read first, then what calls for a look, then the rest by name."""
    files = sorted(report.load(services.index_dir), key=lambda file: (not file.error, not file.warnings, file.source))
    html = render(
        "files.html",
        site="정부 문서 질의응답",
        base=request.scope.get("root_path", ""),
        files=files[:SHOWN_FILES],
        total=len(files),
        skipped=sum(bool(file.error) for file in files),
        warned=sum(bool(file.warnings) for file in files),
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})
