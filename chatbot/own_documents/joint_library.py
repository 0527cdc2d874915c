"""Two open indexes as one: what a browser brought along, and what everybody has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.document import Case, Chunk, Document, DocumentKind, SearchFilters, SearchResult, Sentence
from index.errors import UnknownIdError
from index.library import Library


class JointLibrary(Library):
    """``own`` before ``common``. It opens nothing and closes nothing: the two belong to others.

    Scores are comparable because both indexes are made and searched alike; the reader decides between their passages.
    """

    def __init__(self, own: Library, common: Library) -> None:
        self._both = (own, common)
        self.manifest = common.manifest
        self.settings = common.settings
        self.embedder = common.embedder
        self.kiwi = common.kiwi
        self.vocabulary = own.vocabulary | common.vocabulary

    @property
    def version(self) -> str:
        """Both versions."""
        return "+".join(library.version for library in reversed(self._both))

    def search(
        self,
        query: str,
        *,
        top_k: int = 10,
        filters: SearchFilters | None = None,
        extra_terms: Sequence[str] = (),
    ) -> list[SearchResult]:
        """The best chunks of both."""
        found = [
            result
            for library in self._both
            for result in library.search(query, top_k=top_k, filters=filters, extra_terms=extra_terms)
        ]
        found.sort(key=lambda result: -result.score)
        return [replace(result, rank=rank) for rank, result in enumerate(found[:top_k], 1)]

    def document(self, document_id: str) -> Document:
        """The document, or UnknownIdError."""
        own, common = self._both
        try:
            return own.document(document_id)
        except UnknownIdError:
            return common.document(document_id)

    def replaces(self, document_id: str) -> list[str]:
        """Sources of the earlier editions that the document replaces."""
        return self._of_document(document_id).replaces(document_id)

    def kind(self, document_id: str) -> DocumentKind:
        """Kind of the document, or UnknownIdError."""
        return self._of_document(document_id).kind(document_id)

    def documents(self) -> Iterator[Document]:
        """Every document of both."""
        for library in self._both:
            yield from library.documents()

    def case(self, case_id: str) -> Case:
        """The case, or UnknownIdError."""
        return self._of_case(case_id).case(case_id)

    def cases(self, filters: SearchFilters | None = None) -> list[Case]:
        """Cases of both that meet ``filters``."""
        return [case for library in self._both for case in library.cases(filters)]

    def sentences(self, case_id: str) -> list[Sentence]:
        """Sentences of a case in order, or UnknownIdError."""
        return self._of_case(case_id).sentences(case_id)

    def similar_cases(self, case_id: str, top_k: int) -> list[Case]:
        """The nearest cases where the case itself stands."""
        return self._of_case(case_id).similar_cases(case_id, top_k)

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id; unknown ids are left out."""
        own, common = self._both
        return {**common.chunks(chunk_ids), **own.chunks(chunk_ids)}

    def knows(self, term: str) -> bool:
        """Whether the morpheme occurs in either."""
        return any(library.knows(term) for library in self._both)

    def rarity(self, term: str) -> float:
        """As in the larger one; a word that only the other has is as rare as there."""
        own, common = self._both
        return common.rarity(term) if common.knows(term) or not own.knows(term) else own.rarity(term)

    def self_test(self) -> None:
        """Tests both."""
        for library in self._both:
            library.self_test()

    def close(self) -> None:
        """Nothing to release."""

    def _of_case(self, case_id: str) -> Library:
        own, common = self._both
        try:
            own.case(case_id)
        except UnknownIdError:
            return common
        return own

    def _of_document(self, document_id: str) -> Library:
        own, common = self._both
        try:
            own.kind(document_id)
        except UnknownIdError:
            return common
        return own
