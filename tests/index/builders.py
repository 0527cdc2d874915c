"""Small values that several test files make."""

from __future__ import annotations

from index.document import Chunk


def chunk(number: int, *, case_id: str = "d-1", text: str = "글", agency: str = "", year: int | None = None) -> Chunk:
    return Chunk(
        chunk_id=f"d#{number}",
        document_id="d",
        case_id=case_id,
        case_title="제목",
        agency=agency,
        year=year,
        heading_path=(),
        start=0,
        end=len(text),
        text=text,
        digest=f"digest-{number}",
    )
