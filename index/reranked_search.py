"""Search whose first results are put in the order of what the reader finds in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.chunking import chunk_header
from index.document import Chunk, Document, SearchFilters, SearchResult, Sentence
from index.library import Library
from index.markup import plain
from index.rerank import Passage, SentenceReranker

READ_CHUNKS = 5
"""As many as an answer reads: the cost is the same quarter of a second."""
READER_SHARE = 0.2
"""Weight of the reader beside the two legs, from the held-out questions of both training sets; 0.1 to 0.3 are level
(table in eval/README.md)."""
_MIN_SENTENCE_CHARS = 6


class RerankedSearch:
    """A library's search with the reader's word on the first results. Safe to share between threads."""

    def __init__(self, library: Library, reranker: SentenceReranker) -> None:
        self._library = library
        self._reranker = reranker

    def search(
        self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None, extra_terms: Sequence[str] = ()
    ) -> list[SearchResult]:
        """As :meth:`index.library.Library.search`; at least ``READ_CHUNKS`` results are looked at."""
        found = self._library.search(query, top_k=max(top_k, READ_CHUNKS), filters=filters, extra_terms=extra_terms)
        passages = {
            result.chunk.chunk_id: passage_of(result.chunk, sentences)
            for result in found[:READ_CHUNKS]
            if (sentences := answer_sentences(result.chunk, self._library))
        }
        scores = self._reranker.score(query, list(passages.values()))
        answerable = {name: score.answerable for name, score in zip(passages, scores, strict=True)}
        scored = [
            replace(
                result,
                score=(1 - READER_SHARE) * result.score + READER_SHARE * answerable.get(result.chunk.chunk_id, 0.0),
            )
            for result in found
        ]
        scored.sort(key=lambda result: -result.score)
        return [replace(result, rank=rank) for rank, result in enumerate(scored[:top_k], start=1)]

    def document(self, document_id: str) -> Document:
        """The document, or UnknownIdError."""
        return self._library.document(document_id)


def answer_sentences(chunk: Chunk, library: Library) -> list[Sentence]:
    """The sentences of a chunk that can answer anything: no headings, no crumbs; in document order."""
    return [
        sentence
        for sentence in library.sentences(chunk.case_id)
        if chunk.start <= sentence.start < chunk.end
        and not sentence.structural
        and len(sentence.text) >= _MIN_SENTENCE_CHARS
    ]


def passage_of(chunk: Chunk, sentences: Sequence[Sentence]) -> Passage:
    """What the reader gets to read of a chunk."""
    return Passage(chunk_header(chunk), tuple(plain(sentence.text) for sentence in sentences))
