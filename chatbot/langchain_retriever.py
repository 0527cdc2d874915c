"""Our search as a LangChain retriever, for chains that others build."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.document import SearchFilters, SearchResult
from index.library import Library


class CaseRetriever(BaseRetriever):
    """The best chunks as LangChain documents, best first.

    ``page_content`` is the verbatim passage ``document.text[start:end]``; ``metadata`` says where it stands
    (``document_id``, ``start``, ``end``), whose it is (``title``, ``agency``, ``year``) and its ``score`` in [0, 1].
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    top_k: int = Field(default=8, ge=1, le=100)
    filters: SearchFilters | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        results = self.library.search(query, top_k=self.top_k, filters=self.filters)
        return [as_document(result) for result in results]


def as_document(result: SearchResult) -> Document:
    """A search result as LangChain has it."""
    chunk = result.chunk
    return Document(
        id=chunk.chunk_id,
        page_content=chunk.text,
        metadata={
            "document_id": chunk.document_id,
            "start": chunk.start,
            "end": chunk.end,
            "title": chunk.case_title,
            "agency": chunk.agency,
            "year": chunk.year,
            "score": result.score,
        },
    )
