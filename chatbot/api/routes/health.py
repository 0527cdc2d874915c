"""``/healthz``, ``/readyz`` and ``/metrics``: for whoever runs the service."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from chatbot.api.metrics import CONTENT_TYPE
from chatbot.api.problems import ProblemError
from chatbot.api.services import ServicesDep

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The index is open and holds something."""

    status: Literal["ready"] = "ready"
    index_version: str
    documents: int
    cases: int


@router.get("/healthz")
async def healthz() -> Alive:
    """Whether the process is alive."""
    return Alive()


@router.get("/readyz")
def readyz(shared: ServicesDep) -> Ready:
    """Whether questions can be answered; 503 while there is no document."""
    library = shared.chatbot.library
    if library.manifest.documents == 0:
        raise ProblemError(503, "색인에 문서가 없습니다. 문서 폴더를 확인해 주십시오.")
    return Ready(index_version=library.version, documents=library.manifest.documents, cases=library.manifest.cases)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(shared: ServicesDep) -> Response:
    """Counts in the Prometheus text format."""
    workers = shared.workers
    text = shared.metrics.render(
        busy=workers.taken, waiting=workers.waiting, index_version=shared.chatbot.library.version
    )
    return Response(text, media_type=CONTENT_TYPE)
