"""Addresses of source pages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote


def document_url(document_id: str, start: int, end: int, cited: Sequence[tuple[int, int]] = ()) -> str:
    """The page of a document, opened at ``start`` with ``start`` to ``end`` highlighted.

    ``cited`` are all ranges of the document that an answer cites: the page leads from one to the next.
    """
    marks = "".join(f"&mark={first}-{last}" for first, last in cited) if len(cited) > 1 else ""
    return f"/documents/{quote(document_id, safe='')}?start={start}&end={end}{marks}#{start}"
