"""Addresses of source pages."""

from __future__ import annotations

from urllib.parse import quote


def document_url(document_id: str, start: int, end: int) -> str:
    """The page of a document, opened at ``start`` with ``start`` to ``end`` highlighted."""
    return f"/documents/{quote(document_id, safe='')}?start={start}&end={end}#{start}"
