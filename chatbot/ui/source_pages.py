"""``/documents/{document_id}``: a source document as a page to read, with the cited range marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from chatbot.api.links import document_url
from chatbot.ui.outline import outline_of
from chatbot.ui.own_routes import PageLibraryDep
from chatbot.ui.page_response import page_response
from chatbot.ui.passage import Line, Range, passage, window_around

router = APIRouter(include_in_schema=False)

# Of a longer document this much is shown on both sides of the mark; a browser lays out the whole page at once.
REACH_CHARS = 200_000
MAX_MARKS = 60
Offset = Annotated[int | None, Query(ge=0)]
Mark = Annotated[str, Query(pattern=r"^\d{1,9}-\d{1,9}$")]


@dataclass(frozen=True, slots=True)
class Cited:
    """Where the opened citation stands among those of its answer; ``previous`` and ``next`` are addresses."""

    number: int
    total: int
    previous: str
    next: str


@router.get("/documents/{document_id:path}", response_class=HTMLResponse)
def source_page(
    document_id: str,
    request: Request,
    library: PageLibraryDep,
    start: Offset = None,
    end: Offset = None,
    mark: Annotated[list[Mark], Query(max_length=MAX_MARKS)] = [],  # noqa: B006  FastAPI copies it
) -> HTMLResponse:
    """The document; ``start`` and ``end`` are offsets into its text, and are cut to it.

    ``mark`` are all ranges that the same answer cites, to go from one to the next.
    """
    document = library.document(document_id)
    length = len(document.text)
    first = min(start or 0, length)
    opened = (first, min(max(end or 0, first), length))
    cited = sorted({(a, b) for a, b in map(_range, mark) if a < b <= length})
    window = window_around(opened, (0, length), REACH_CHARS)
    shown = passage(document.text, opened, window, [one for one in cited if one != opened])
    sentences = [
        sentence
        for case in library.cases()
        if case.document_id == document_id
        for sentence in library.sentences(case.case_id)
    ]
    newest = library.replaced_by(document_id)
    return page_response(
        "source_page.html",
        request,
        document=document,
        replaces=library.replaces(document_id),
        newest=library.document(newest).source if newest else None,
        newest_url=document_url(newest, 0, 0) if newest else None,
        passage=shown,
        marked=opened[0] < opened[1],
        anchor=_anchor(shown.lines),
        outline=outline_of(sorted(sentences, key=lambda sentence: sentence.start), window),
        cited=_cited(document_id, opened, cited),
        copied=f"{document.text[slice(*opened)].strip()}\n— {document.title}, {document.agency}, {document.source}",
    )


def _range(mark: str) -> Range:
    first, _, last = mark.partition("-")
    return int(first), int(last)


def _cited(document_id: str, opened: Range, cited: Sequence[Range]) -> Cited | None:
    if opened not in cited or len(cited) < 2:
        return None
    place = cited.index(opened)
    before, after = cited[place - 1], cited[(place + 1) % len(cited)]
    return Cited(
        number=place + 1,
        total=len(cited),
        previous=document_url(document_id, *before, cited),
        next=document_url(document_id, *after, cited),
    )


def _anchor(lines: Sequence[Line]) -> int | None:
    """Where the mark begins, as the page names it."""
    return next((span.start for line in lines for span in line.spans if span.marked), None)
