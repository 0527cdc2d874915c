"""The lexical legs: BM25 over morphemes, over syllable bigrams, and over whole cases (tantivy).

Chroma has no BM25 in a local install; tantivy indexes 100,000 documents in under a second, answers in about
a millisecond, is memory-mapped and can be read by many processes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from index.document import Chunk
from index.errors import IndexWriteError

MORPHEMES, BIGRAMS = "morphemes", "bigrams"
_HEAP_BYTES = 128_000_000
_MAX_QUERY_TERMS = 64


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """The searchable terms of one chunk, header terms included."""

    chunk: Chunk
    morphemes: tuple[str, ...]
    bigrams: tuple[str, ...]


class LexicalIndex:
    """Two tantivy indexes side by side: one document a chunk, one document a case."""

    def __init__(self, folder: Path) -> None:
        self._chunks = _open(folder / "chunks", "chunk_id")
        self._cases = _open(folder / "cases", "case_id")

    def add(self, entries: Iterable[LexicalEntry]) -> None:
        """Add chunks; a case's terms are those of the chunks given in the same call."""
        by_case: dict[str, list[LexicalEntry]] = {}
        for entry in entries:
            by_case.setdefault(entry.chunk.case_id, []).append(entry)
        chunk_writer, case_writer = self._writers()
        for case_id, group in by_case.items():
            for entry in group:
                chunk_writer.add_document(_document("chunk_id", entry.chunk.chunk_id, case_id, [entry]))
            case_writer.add_document(_document("case_id", case_id, case_id, group))
        self._commit(chunk_writer, case_writer)

    def remove(self, case_ids: Collection[str]) -> None:
        """Remove the cases and their chunks."""
        chunk_writer, case_writer = self._writers()
        for case_id in case_ids:
            chunk_writer.delete_documents_by_term("case", case_id)
            case_writer.delete_documents_by_term("case", case_id)
        self._commit(chunk_writer, case_writer)

    def search_chunks(
        self, field: str, terms: Sequence[str], top_k: int, case_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """BM25 scores of the best ``top_k`` chunks by chunk id, best first; empty when no term occurs."""
        return _search(self._chunks, "chunk_id", field, terms, top_k, case_ids)

    def search_cases(
        self, terms: Sequence[str], top_k: int, case_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """BM25 scores over morphemes of the best ``top_k`` cases by case id, best first."""
        return _search(self._cases, "case_id", MORPHEMES, terms, top_k, case_ids)

    def document_frequency(self, term: str) -> int:
        """Number of chunks in which the morpheme occurs.

        Counted, because tantivy's own figure includes deleted chunks until their segment is merged.
        """
        query = tantivy.Query.term_query(self._chunks.schema, MORPHEMES, term)
        return int(self._chunks.searcher().search(query, 1).count)

    def chunk_ids(self) -> set[str]:
        """Ids of all chunks."""
        searcher = self._chunks.searcher()
        hits = searcher.search(tantivy.Query.all_query(), max(1, self.size), count=False).hits
        return {str(searcher.doc(address)["chunk_id"][0]) for _, address in hits}

    @property
    def size(self) -> int:
        """Number of chunks."""
        return int(self._chunks.searcher().num_docs)

    def _writers(self) -> tuple[Any, Any]:
        try:
            return self._chunks.writer(_HEAP_BYTES, 1), self._cases.writer(_HEAP_BYTES, 1)
        except ValueError as error:
            raise IndexWriteError(
                f"형태소 색인을 쓸 수 없습니다({error}). 폴더의 쓰기 권한을 확인해 주십시오."
            ) from error

    def _commit(self, *writers: Any) -> None:  # noqa: ANN401 - tantivy ships no types
        for writer in writers:
            writer.commit()
            writer.wait_merging_threads()
        self._chunks.reload()
        self._cases.reload()


def _open(folder: Path, key: str) -> Any:  # noqa: ANN401 - tantivy ships no types
    folder.mkdir(parents=True, exist_ok=True)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(key, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("case", stored=False, tokenizer_name="raw", index_option="basic")
    # Terms arrive cut: the white-space tokenizer only takes them apart again.
    builder.add_text_field(MORPHEMES, stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(BIGRAMS, stored=False, tokenizer_name="whitespace", index_option="freq")
    return tantivy.Index(builder.build(), path=str(folder))


def _document(key: str, identifier: str, case_id: str, entries: Sequence[LexicalEntry]) -> Any:  # noqa: ANN401
    fields: Mapping[str, str] = {
        key: identifier,
        "case": case_id,
        MORPHEMES: " ".join(term for entry in entries for term in entry.morphemes),
        BIGRAMS: " ".join(term for entry in entries for term in entry.bigrams),
    }
    return tantivy.Document(**fields)


def _search(
    index: Any,  # noqa: ANN401 - tantivy ships no types
    key: str,
    field: str,
    terms: Sequence[str],
    top_k: int,
    case_ids: Collection[str] | None,
) -> dict[str, float]:
    wanted = list(dict.fromkeys(terms))[:_MAX_QUERY_TERMS]
    if not wanted or (case_ids is not None and not case_ids):
        return {}
    query_class, occur = tantivy.Query, tantivy.Occur
    query = query_class.boolean_query(
        [(occur.Should, query_class.term_query(index.schema, field, term)) for term in wanted]
    )
    if case_ids is not None:
        allowed = query_class.const_score_query(query_class.term_set_query(index.schema, "case", list(case_ids)), 0.0)
        query = query_class.boolean_query([(occur.Must, query), (occur.Must, allowed)])
    searcher = index.searcher()
    hits = searcher.search(query, top_k, count=False).hits
    return {searcher.doc(address)[key][0]: float(score) for score, address in hits}
