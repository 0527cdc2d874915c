"""The embedder as LangChain's interface; a module of its own, since starting does not need LangChain."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from index.embed import Embedder


class LangchainEmbeddings(Embeddings):
    """An Embedder as LangChain wants it, for chains and vector stores of others."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed document texts, one list of floats each."""
        found: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return found

    def embed_query(self, text: str) -> list[float]:
        """Embed one question."""
        found: list[float] = self._embedder.embed_query(text).tolist()
        return found
