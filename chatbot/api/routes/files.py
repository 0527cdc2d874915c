"""``GET /files``: what the last build read from each file, so that one that could not be read is seen."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from chatbot.api.services import ServicesDep
from index import report

router = APIRouter(prefix="/api/v1", tags=["files"])


class FileList(BaseModel):
    """Every file of the documents folder, by source. ``error`` says why one was skipped."""

    read: int
    skipped: int
    items: tuple[report.FileReport, ...]


@router.get("/files")
def list_files(services: ServicesDep) -> FileList:
    """The extraction report of the last build."""
    items = tuple(report.load(services.index_dir))
    skipped = sum(bool(item.error) for item in items)
    return FileList(read=len(items) - skipped, skipped=skipped, items=items)
