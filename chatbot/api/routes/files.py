"""``GET /files``: what the last build read from each file, so that one that could not be read is seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chatbot.api.paging import Offset, link_neighbours
from chatbot.api.services import ServicesDep
from chatbot.api.versions import tag
from index import report

router = APIRouter(prefix="/api/v1", tags=["files"])
MAX_FILES = 1_000


class FileList(BaseModel):
    """``limit`` files of the documents folder from ``offset`` on, by source. ``error`` says why one was skipped.

    ``read`` and ``skipped`` count all of them.
    """

    read: int
    skipped: int
    limit: int
    offset: int
    items: tuple[report.FileReport, ...]


@router.get("/files")
def list_files(
    request: Request,
    response: Response,
    services: ServicesDep,
    limit: Annotated[int, Query(ge=1, le=MAX_FILES)] = MAX_FILES,
    offset: Offset = 0,
) -> FileList:
    """The extraction report of the last build, which may be newer than the index that is open."""
    found = report.load(services.index_dir)
    skipped = sum(bool(item.error) for item in found)
    items = tuple(found[offset : offset + limit])
    page = FileList(read=len(found) - skipped, skipped=skipped, limit=limit, offset=offset, items=items)
    tag(request, response, page.model_dump_json())
    link_neighbours(request, response, total=len(found), limit=limit, offset=offset)
    return page
