"""The dense leg: chunk vectors in Chroma. The only module that knows Chroma's distances."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
import numpy.typing as npt
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from index.document import Chunk
from index.errors import IndexWriteError, VectorServerError

_BATCH = 2_000
_MAX_IN_FILTER = 500


class VectorStore:
    """Chunk vectors with cosine similarity, in a folder or on a Chroma server (``url``).

    The embedded client is not fork-safe: several worker processes need the server
    (https://docs.trychroma.com/guides/deploy/client-server-mode).
    """

    def __init__(self, folder: Path, *, url: str = "", collection: str = "chunks") -> None:
        try:
            self._client: Any = _server(url) if url else _embedded(folder)
            self._collection = self._client.get_or_create_collection(
                collection,
                # Chroma's default space is squared L2, its default embedding function downloads a model.
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                embedding_function=None,
            )
        except ChromaError as error:
            raise IndexWriteError(f"벡터 색인을 열 수 없습니다({error}). 색인을 다시 만들어 주십시오.") from error

    def add(self, chunks: Sequence[Chunk], vectors: npt.NDArray[np.float32]) -> None:
        """Add chunks with their vectors, ``(n, d)`` float32, L2-normalised."""
        for start in range(0, len(chunks), _BATCH):
            batch = chunks[start : start + _BATCH]
            try:
                self._collection.add(
                    ids=[chunk.chunk_id for chunk in batch],
                    embeddings=vectors[start : start + _BATCH],
                    metadatas=[{"case_id": chunk.case_id, "document_id": chunk.document_id} for chunk in batch],
                )
            except ChromaError as error:
                raise IndexWriteError(
                    f"벡터 색인에 쓸 수 없습니다({error}). 남은 디스크 공간과 쓰기 권한을 확인해 주십시오."
                ) from error

    def remove(self, chunk_ids: Sequence[str]) -> None:
        """Remove chunks; unknown ids are ignored."""
        for start in range(0, len(chunk_ids), _BATCH):
            self._collection.delete(ids=list(chunk_ids[start : start + _BATCH]))

    def search(
        self, vector: npt.NDArray[np.float32], top_k: int, case_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """Cosine similarity in [-1, 1] of the ``top_k`` nearest chunks by chunk id, best first."""
        size = self._collection.count()
        if size == 0 or (case_ids is not None and not case_ids):
            return {}
        # A long $in list is slower than asking for more and dropping what is not allowed.
        narrow = case_ids is not None and len(case_ids) <= _MAX_IN_FILTER
        wide = case_ids is not None and not narrow
        found = self._collection.query(
            query_embeddings=[vector],
            n_results=min(size, top_k * 20 if wide else top_k),
            where={"case_id": {"$in": list(case_ids)}} if narrow and case_ids is not None else None,
            include=["distances", "metadatas"],
        )
        rows = zip(found["ids"][0], found["distances"][0], found["metadatas"][0], strict=True)
        scores = {
            chunk_id: 1.0 - float(distance)
            for chunk_id, distance, metadata in rows
            if case_ids is None or metadata["case_id"] in case_ids
        }
        return dict(list(scores.items())[:top_k])

    def chunk_ids(self) -> set[str]:
        """Ids of all chunks."""
        return set(self._collection.get(include=[])["ids"])

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._collection.count())

    def close(self) -> None:
        """Release files and threads."""
        self._client.close()


def open_store(folder: Path, name: str, url: str) -> VectorStore:
    """The vectors of version ``name``: in its ``folder``, or in a collection of its own on the server at ``url``."""
    return VectorStore(folder / "vectors", url=url, collection=_collection(name) if url else "chunks")


def drop_collections(names: Sequence[str], url: str) -> None:
    """Delete what versions that are gone had on the server; nothing to do without one."""
    if not url or not names:
        return
    client = _server(url)
    try:
        for name in names:
            with suppress(NotFoundError):
                client.delete_collection(_collection(name))
    finally:
        client.close()


def _collection(name: str) -> str:
    return f"chunks-{name}"


def _settings() -> ChromaSettings:
    return ChromaSettings(anonymized_telemetry=False)


def _embedded(folder: Path) -> Any:  # noqa: ANN401 - as Chroma types its clients
    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(folder), settings=_settings())


def _server(url: str) -> Any:  # noqa: ANN401 - as Chroma types its clients
    parts = urlsplit(url)
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 8000,
            ssl=parts.scheme == "https",
            settings=_settings(),
        )
    except (ValueError, ChromaError) as error:
        raise VectorServerError(
            f"Chroma 서버에 연결할 수 없습니다: {url!r}. 주소(INDEX_CHROMA_URL)와 서버 상태를 확인해 주십시오."
        ) from error
