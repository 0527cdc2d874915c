"""The open index: search, and the documents, cases and sentences behind the results."""

from __future__ import annotations

import math
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from index.build import VOCABULARY_FILE, embedder_for, fingerprint_of
from index.catalog import Catalog, chunk_of
from index.document import Case, Chunk, Document, DocumentKind, SearchFilters, SearchResult, Sentence
from index.embed import Embedder
from index.errors import IndexSelfTestError, IndexVersionError, IndexWriteError, UnknownIdError
from index.fusion import LITERAL, LegWeights, blend, min_max
from index.lexical import BIGRAMS, MORPHEMES, LexicalIndex
from index.morphemes import bigrams, content_terms, shared_kiwi
from index.settings import IndexSettings
from index.store import VectorStore, open_store
from index.versions import Manifest, VersionFolder

_CACHED_DOCUMENTS = 512
_CASE_CANDIDATES = 30
# What the embedding model reads of a case at once, and how many chunks of one case may stand beside each other.
_SIMILAR_CHARS = 600
_CHUNKS_A_CASE = 8


class _Catalogs:
    """The catalog of a version, with a connection for each thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def __call__(self) -> Catalog:
        if not hasattr(self._local, "catalog"):
            self._local.catalog = Catalog(self._path, read_only=True)
        catalog: Catalog = self._local.catalog
        return catalog


class Library:
    """One version of the index, open for reading. Safe to share between threads.

    It closes itself when nothing refers to it any more, so that a server can go on with the next version while
    requests end on this one.
    """

    def __init__(self, folder: Path, manifest: Manifest, settings: IndexSettings, embedder: Embedder) -> None:
        self.manifest = manifest
        self.settings = settings
        self.embedder = embedder
        self.kiwi = shared_kiwi()
        self._lexical = LexicalIndex(folder / "lexical")
        held = VersionFolder(settings.index_dir).hold(manifest.name)
        try:
            self._store = open_store(folder, manifest.name, settings.chroma_url)
        except BaseException:
            os.close(held)
            raise
        self._release = weakref.finalize(self, _released, self._store, held)
        self._release.atexit = False  # a process that ends releases everything itself
        catalog = self._catalog = _Catalogs(folder / "catalog.sqlite")
        self._cases = {case.case_id: case for case in self._catalog().cases()}
        self._kinds = self._catalog().kinds()
        self._replaced = self._catalog().replaced()
        words = folder / VOCABULARY_FILE
        self.vocabulary = frozenset(words.read_text(encoding="utf-8").split("\n")) if words.exists() else frozenset()
        # Not a bound method: the library must not refer to itself, or nobody could tell when it is let go.
        self._document = lru_cache(maxsize=_CACHED_DOCUMENTS)(lambda document_id: catalog().document(document_id))

    @property
    def version(self) -> str:
        """Name of the open version; answers and evaluation runs carry it."""
        return self.manifest.name

    def search(
        self,
        query: str,
        *,
        top_k: int = 10,
        filters: SearchFilters | None = None,
        extra_terms: Sequence[str] = (),
    ) -> list[SearchResult]:
        """The ``top_k`` best chunks, best first; empty for a query without a searchable word.

        ``extra_terms`` are words that only the lexical legs look for (synonyms, official terms). A document that a
        newer edition replaces is not found.
        """
        allowed = self._allowed(filters)
        terms = content_terms(f"{query} {' '.join(extra_terms)}", self.kiwi)
        pairs = bigrams(query)
        if not terms and not pairs:
            return []
        size = max(self.settings.candidate_chunks, top_k)
        by_chunk = by_bigram = by_case = dense = {}
        if self.settings.use_lexical:
            by_chunk = self._lexical.search_chunks(MORPHEMES, terms, size, allowed)
            by_bigram = self._lexical.search_chunks(BIGRAMS, pairs, size, allowed)
            by_case = self._lexical.search_cases(terms, _CASE_CANDIDATES, allowed)
        if self.settings.use_dense:
            dense = self._store.search(self.embedder.embed_query(query), size, allowed)
        chunks = self._latest(self.chunks([*dict.fromkeys((*by_chunk, *by_bigram, *dense))]))
        weights = self._weights(content_terms(query, self.kiwi), by_chunk, chunks)
        return _ranked(chunks, by_chunk, by_bigram, by_case, dense, weights)[:top_k]

    def document(self, document_id: str) -> Document:
        """The document, or UnknownIdError."""
        return self._document(document_id)

    def replaces(self, document_id: str) -> list[str]:
        """Sources of the earlier editions that the document replaces."""
        return sorted(self.document(former).source for former, newer in self._replaced.items() if newer == document_id)

    def replaced_by(self, document_id: str) -> str | None:
        """Id of the newest edition of the document; ``None`` where the document is the newest itself."""
        return self._replaced.get(document_id)

    def kind(self, document_id: str) -> DocumentKind:
        """Kind of the document, without reading its text; or UnknownIdError."""
        try:
            return self._kinds[document_id]
        except KeyError:
            raise UnknownIdError(f"그런 문서가 없습니다: {document_id!r}") from None

    def documents(self) -> Iterator[Document]:
        """Every document, by source."""
        yield from self._catalog().documents()

    def case(self, case_id: str) -> Case:
        """The case, or UnknownIdError."""
        try:
            return self._cases[case_id]
        except KeyError:
            raise UnknownIdError(f"그런 사례가 없습니다: {case_id!r}") from None

    def cases(self, filters: SearchFilters | None = None) -> list[Case]:
        """Cases that meet ``filters``, in index order."""
        allowed = self._allowed(filters)
        return [case for case_id, case in self._cases.items() if allowed is None or case_id in allowed]

    def sentences(self, case_id: str) -> list[Sentence]:
        """Sentences of a case in order, or UnknownIdError."""
        case = self.case(case_id)
        return self._catalog().sentences(case_id, self.document(case.document_id).text)

    def similar_cases(self, case_id: str, top_k: int) -> list[Case]:
        """The ``top_k`` cases nearest in meaning, nearest first, without the case itself; or UnknownIdError."""
        case = self.case(case_id)
        head = f"{case.title}\n{self.document(case.document_id).text[case.start : case.end][:_SIMILAR_CHARS]}"
        near = self._store.search(self.embedder.embed_query(head), (top_k + 1) * _CHUNKS_A_CASE)
        found = self._latest(self.chunks([*near]))
        ids = dict.fromkeys(found[chunk_id].case_id for chunk_id in near if chunk_id in found)
        return [self._cases[other] for other in ids if other != case_id][:top_k]

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id; unknown ids are left out."""
        found: dict[str, Chunk] = {}
        for start in range(0, len(chunk_ids), 500):
            for row in self._catalog().chunk_rows(chunk_ids[start : start + 500]):
                found[row[0]] = chunk_of(row, self._cases[row[2]], self.document(row[1]).text)
        return found

    def knows(self, term: str) -> bool:
        """Whether the morpheme occurs anywhere in the index."""
        return self.frequency(term) > 0

    def frequency(self, term: str) -> int:
        """How many chunks hold the morpheme."""
        return self._lexical.document_frequency(term)

    def rarity(self, term: str) -> float:
        """BM25's inverse document frequency of a morpheme, >= 0; highest for words that occur nowhere."""
        total, frequency = self._lexical.size, self.frequency(term)
        return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))

    def self_test(self) -> None:
        """Look up nouns that are in the index on every leg.

        Raises:
            IndexSelfTestError: A leg finds nothing. A hybrid hides a dead leg otherwise: answers only get worse.
        """
        for term in self.manifest.probe_terms:
            legs = {
                "형태소 검색": self._lexical.search_chunks(MORPHEMES, [term], 1),
                "사례 검색": self._lexical.search_cases([term], 1),
            }
            if term == self.manifest.probe_terms[0]:
                # Any vector finds its neighbours: one look-up shows the leg alive, five only cost a start its seconds.
                legs["임베딩 검색"] = self._store.search(self.embedder.embed_query(term), 1)
            dead = [name for name, found in legs.items() if not found]
            if dead:
                raise IndexSelfTestError(
                    f"색인 자체 점검 실패: {', '.join(dead)}이 {term!r}을(를) 찾지 못합니다. "
                    "`python -m index build`로 다시 만들어 주십시오."
                )
        if self._store.size != self.manifest.chunks or self._lexical.size != self.manifest.chunks:
            raise IndexSelfTestError(
                f"색인 자체 점검 실패: 청크 {self.manifest.chunks}개 가운데 형태소 색인에 {self._lexical.size}개, "
                f"벡터 색인에 {self._store.size}개가 있습니다. `python -m index build`로 다시 만들어 주십시오."
            )

    def close(self) -> None:
        """Release files and threads."""
        self._release()

    def _latest(self, chunks: dict[str, Chunk]) -> dict[str, Chunk]:
        if not self._replaced:
            return chunks
        return {key: chunk for key, chunk in chunks.items() if chunk.document_id not in self._replaced}

    def _allowed(self, filters: SearchFilters | None) -> frozenset[str] | None:
        if filters is None or filters == SearchFilters():
            return None
        return frozenset(case_id for case_id, case in self._cases.items() if self._meets(case, filters))

    def _meets(self, case: Case, filters: SearchFilters) -> bool:
        if filters.year is not None:
            last = filters.year_to or filters.year
            if case.year is None or not filters.year <= case.year <= last:
                return False
        if filters.agency:
            agency = "".join(case.agency.split())
            if not any("".join(name.split()) in agency for name in (filters.agency, *filters.agency_spellings)):
                return False
        return filters.kind is None or self._kinds[case.document_id] is filters.kind

    def _weights(self, terms: Sequence[str], by_chunk: dict[str, float], chunks: dict[str, Chunk]) -> LegWeights:
        if not terms or not by_chunk:
            return blend(0.0)
        best = next((chunks[chunk_id] for chunk_id in by_chunk if chunk_id in chunks), None)
        if best is None:
            return blend(0.0)
        inside = set(content_terms(f"{best.case_title} {best.agency} {best.text}", self.kiwi))
        weights = {term: self.rarity(term) for term in set(terms)}
        total = sum(weights.values())
        return blend(sum(weights[term] for term in weights if term in inside) / total) if total else LITERAL


def _released(store: VectorStore, held: int) -> None:
    store.close()
    os.close(held)


def open_library(settings: IndexSettings, embedder: Embedder | None = None) -> Library:
    """Open the current version of ``settings.index_dir``.

    Raises:
        IndexNotBuiltError: There is no index in the folder.
        IndexVersionError: It was made with another model, tokenizer or chunker, or is damaged.
        IndexWriteError: The folder is read-only.
    """
    versions = VersionFolder(settings.index_dir)
    manifest = versions.manifest()
    embedder = embedder or embedder_for(settings)
    if manifest.fingerprint != fingerprint_of(settings, embedder):
        raise IndexVersionError(
            f"색인 {manifest.name!r}은(는) 지금과 다른 설정(모델 {manifest.embedding.split(':')[0]!r} 등)으로 "
            "만들었습니다. "
            "`python -m index build`로 새 판을 만들거나 설정을 되돌려 주십시오."
        )
    folder = versions.path(manifest.name)
    if not os.access(folder, os.W_OK):
        raise IndexWriteError(
            f"색인 폴더에 쓸 수 없어 열지 못합니다: {str(settings.index_dir)!r}. "
            "검색할 때도 tantivy와 Chroma가 잠금 파일을 만듭니다. 쓰기 권한이 있는 폴더로 옮겨 주십시오."
        )
    try:
        return Library(folder, manifest, settings, embedder)
    except (OSError, ValueError, sqlite3.DatabaseError, IndexWriteError) as error:
        raise IndexVersionError(
            f"색인 {manifest.name!r}이(가) 손상되었습니다({type(error).__name__}). "
            "`python -m index rollback`으로 이전 판을 쓰거나 `python -m index build`로 다시 만들어 주십시오."
        ) from error


def _ranked(
    chunks: dict[str, Chunk],
    by_chunk: dict[str, float],
    by_bigram: dict[str, float],
    by_case: dict[str, float],
    dense: dict[str, float],
    weights: LegWeights,
) -> list[SearchResult]:
    word, pair, case, near = min_max(by_chunk), min_max(by_bigram), min_max(by_case), min_max(dense)
    lexical_share = weights.chunk + weights.bigram + weights.case
    rows: list[tuple[float, float, Chunk]] = []
    for chunk_id, chunk in chunks.items():
        lexical = (
            weights.chunk * word.get(chunk_id, 0.0)
            + weights.bigram * pair.get(chunk_id, 0.0)
            + weights.case * case.get(chunk.case_id, 0.0)
        )
        rows.append((lexical + weights.dense * near.get(chunk_id, 0.0), lexical / lexical_share, chunk))
    rows.sort(key=lambda row: (-row[0], row[2].chunk_id))
    return [
        SearchResult(
            chunk=chunk,
            rank=rank,
            score=score,
            lexical=lexical,
            dense=near.get(chunk.chunk_id, 0.0),
            similarity=dense.get(chunk.chunk_id, 0.0),
        )
        for rank, (score, lexical, chunk) in enumerate(rows, start=1)
    ]
