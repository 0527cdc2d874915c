"""``/documents/{document_id}``: a source document as a page to read, with the cited range marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from chatbot.api.links import document_url
from chatbot.api.services import LibraryDep
from chatbot.ui.passage import Line, passage, window_around
from chatbot.ui.render import render

router = APIRouter(include_in_schema=False)

# Of a longer document this much is shown on both sides of the mark; a browser lays out the whole page at once.
REACH_CHARS = 200_000
# This page needs nothing that Gradio needs.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
Offset = Annotated[int | None, Query(ge=0)]


@router.get("/documents/{document_id:path}", response_class=HTMLResponse)
def source_page(
    document_id: str, request: Request, library: LibraryDep, start: Offset = None, end: Offset = None
) -> HTMLResponse:
    """The document; ``start`` and ``end`` are offsets into its text, and are cut to it."""
    document = library.document(document_id)
    length = len(document.text)
    first = min(start or 0, length)
    mark = (first, min(max(end or 0, first), length))
    shown = passage(document.text, mark, window_around(mark, (0, length), REACH_CHARS))
    newest = library.replaced_by(document_id)
    html = render(
        "source_page.html",
        site="정부 문서 질의응답",
        base=request.scope.get("root_path", ""),
        document=document,
        replaces=library.replaces(document_id),
        newest=library.document(newest).source if newest else None,
        newest_url=document_url(newest, 0, 0) if newest else None,
        passage=shown,
        marked=mark[0] < mark[1],
        anchor=_anchor(shown.lines),
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


def _anchor(lines: Sequence[Line]) -> int | None:
    """Where the mark begins, as the page names it."""
    return next((span.start for line in lines for span in line.spans if span.marked), None)
