"""Lists in pages: which part of a list, and the ``Link`` to the pages beside it (RFC 8288)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

MAX_OFFSET = 10_000_000
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET)]


def link_neighbours(request: Request, response: Response, *, total: int, limit: int, offset: int) -> None:
    """Names the page before and the page after this one, where there are such."""
    neighbours = {"prev": max(0, offset - limit) if offset else None, "next": offset + limit}
    links = [
        f'<{request.url.include_query_params(offset=place, limit=limit)}>; rel="{name}"'
        for name, place in neighbours.items()
        if place is not None and place < total
    ]
    if links:
        response.headers["Link"] = ", ".join(links)
