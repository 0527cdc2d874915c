"""Chunks: runs of whole sentences of one case, small enough to embed, with exact offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from index.document import Case, Chunk
from index.segment import TermedSentence

CHUNKER_VERSION = "sentences-3"
"""Raise when chunk borders change: every index is then rebuilt."""


def chunk_sentences(
    case: Case, sentences: Sequence[TermedSentence], text: str, *, max_chunk_chars: int, first_ordinal: int
) -> list[Chunk]:
    """Chunks of one case in order, numbered from ``first_ordinal`` within the document.

    A chunk is at most ``max_chunk_chars`` characters unless a single sentence is longer. Together the chunks
    hold every sentence of the case once.
    """
    return [
        _chunk(case, group, text, first_ordinal + number)
        for number, group in enumerate(_groups(sentences, max_chunk_chars))
    ]


def chunk_header(chunk: Chunk) -> str:
    """Title, agency, year and headings: what the embedding sees in front of the text. Never quoted."""
    year = f"{chunk.year}년" if chunk.year else ""
    return " · ".join(part for part in (chunk.case_title, chunk.agency, year, " > ".join(chunk.heading_path)) if part)


def _groups(sentences: Sequence[TermedSentence], limit: int) -> Iterator[list[TermedSentence]]:
    group: list[TermedSentence] = []
    for item in sentences:
        if group and item.sentence.end - group[0].sentence.start > limit:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _chunk(case: Case, group: Sequence[TermedSentence], text: str, ordinal: int) -> Chunk:
    start, end = group[0].sentence.start, group[-1].sentence.end
    path = _common(tuple(item.sentence.heading_path for item in group))
    passage = text[start:end]
    return Chunk(
        chunk_id=f"{case.document_id}#{ordinal}",
        document_id=case.document_id,
        case_id=case.case_id,
        case_title=case.title,
        agency=case.agency,
        year=case.year,
        heading_path=path,
        start=start,
        end=end,
        text=passage,
        digest=chunk_digest(case, path, passage),
    )


def chunk_digest(case: Case, path: tuple[str, ...], passage: str) -> str:
    """Digest of everything that the embedding of a chunk sees."""
    seen = "\x1f".join((case.title, case.agency, str(case.year), *path, passage))
    return hashlib.sha256(seen.encode()).hexdigest()


def _common(paths: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    common: list[str] = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    return tuple(common)
