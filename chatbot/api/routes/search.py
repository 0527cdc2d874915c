"""``GET /search``: the passages that a query finds, without an answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from chatbot.api.filters import FiltersDep
from chatbot.api.links import document_url
from chatbot.api.services import ServicesDep, in_worker
from index.document import SearchResult

router = APIRouter(prefix="/api/v1", tags=["search"])


class Hit(BaseModel):
    """One passage; ``text`` is verbatim, ``score`` in [0, 1], higher is better."""

    rank: int
    score: float
    chunk_id: str
    document_id: str
    case_id: str
    case_title: str
    agency: str
    year: int | None
    heading_path: tuple[str, ...]
    start: int
    end: int
    text: str
    url: str


class SearchPage(BaseModel):
    """What was found, best first, and in which index."""

    index_version: str
    results: tuple[Hit, ...]


@router.get("/search")
async def search(
    q: Annotated[str, Query(min_length=1, max_length=1_000, pattern=r"\S")],
    filters: FiltersDep,
    shared: ServicesDep,
    request: Request,
    k: Annotated[int, Query(ge=1, le=100)] = 10,
) -> SearchPage:
    """The ``k`` best passages for ``q``."""
    chatbot = shared.chatbot

    def work() -> list[SearchResult]:
        return chatbot.search(q, top_k=k, filters=filters)

    found = await in_worker(shared, request, work, shared.timeout_seconds)
    return SearchPage(index_version=chatbot.library.version, results=tuple(hit(result) for result in found))


def hit(result: SearchResult) -> Hit:
    """A search result as the edges show it."""
    chunk = result.chunk
    return Hit(
        rank=result.rank,
        score=result.score,
        chunk_id=chunk.chunk_id,
        document_id=chunk.document_id,
        case_id=chunk.case_id,
        case_title=chunk.case_title,
        agency=chunk.agency,
        year=chunk.year,
        heading_path=chunk.heading_path,
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        url=document_url(chunk.document_id, chunk.start, chunk.end),
    )
