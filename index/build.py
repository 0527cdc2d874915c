"""Build an index version: only what changed is analysed and embedded, and it shows in one step or not at all."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from index.catalog import Catalog
from index.chunking import CHUNKER_VERSION, chunk_header
from index.document import Chunk
from index.embed import Embedder, bundled_adapter, load_embedder
from index.errors import DocumentsNotFoundError, IndexWriteError
from index.ingest import IngestedDocument, ingest
from index.lexical import LexicalEntry, LexicalIndex
from index.load import RawDocument, SkippedFile, load_documents
from index.markup import plain
from index.morphemes import TOKENIZER_VERSION, bigrams, content_terms, shared_kiwi
from index.settings import IndexSettings
from index.store import VectorStore
from index.vector_cache import VectorCache
from index.versions import Manifest, VersionFolder

FORMAT_VERSION = "1"
_T = TypeVar("_T")
_DOCUMENTS_PER_BATCH = 64
_PROBE_TERMS = 5
VOCABULARY_FILE = "vocabulary.txt"
_MIN_WORD_CHUNKS = 2
_WORD = re.compile(r"[가-힣]{2,}")


class Progress(Protocol):
    """Told how far a stage is: ``("문서 읽기", 3, 10)``; ``total`` 0 means not known."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note."""
        ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``embedded`` counts chunks that went through the model, 0 when nothing changed."""

    version: str
    documents: int
    cases: int
    chunks: int
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int
    skipped: tuple[SkippedFile, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """The report as the command line prints it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What differs between the documents and the version to start from."""

    base: str | None
    fresh: tuple[RawDocument, ...]
    stale_ids: tuple[str, ...]
    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[SkippedFile, ...]
    corpus_digest: str


def embedder_for(settings: IndexSettings) -> Embedder:
    """The embedding model that these settings name."""
    adapter = bundled_adapter() if settings.embedding_adapter else None
    return load_embedder(settings.embedding_model, settings.cache_dir, adapter=adapter)


def fingerprint_of(settings: IndexSettings, embedder: Embedder) -> str:
    """Digest of all that decides how an index is made; a version with another one is not added to."""
    parts = (FORMAT_VERSION, TOKENIZER_VERSION, CHUNKER_VERSION, str(settings.max_chunk_chars), embedder.fingerprint)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def build_index(
    docs: Sequence[Path],
    settings: IndexSettings,
    *,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Make the index of ``docs`` the current version in ``settings.index_dir``.

    An unreadable file is reported and skipped. A build that is killed leaves the former version answering;
    the next one finishes without embedding again what was embedded.

    Raises:
        DocumentsNotFoundError: A folder is missing, empty, or holds nothing readable.
        IndexWriteError: The index folder cannot be written.
        IndexLockedError: Another build runs in the same folder.
    """
    told: Progress = progress or (lambda stage, done, total: None)
    versions = VersionFolder(settings.index_dir)
    with versions.building():
        told("문서 읽기", 0, 0)
        embedder = embedder or embedder_for(settings)
        fingerprint = fingerprint_of(settings, embedder)
        plan = _plan(docs, settings, versions, fingerprint)
        if plan.base and not plan.fresh and not plan.stale_ids:
            return _report(versions.manifest(plan.base), plan, embedded=0)
        try:
            manifest, embedded = _build_version(plan, settings, versions, embedder, fingerprint, told)
            versions.publish(manifest)
        except OSError as error:
            raise IndexWriteError(
                f"색인을 저장하지 못했습니다: {str(settings.index_dir)!r}({error.strerror}). "
                "남은 디스크 공간과 쓰기 권한을 확인해 주십시오. 이전 색인은 그대로입니다."
            ) from error
        versions.prune(settings.keep_versions)
    return _report(manifest, plan, embedded=embedded)


def _plan(docs: Sequence[Path], settings: IndexSettings, versions: VersionFolder, fingerprint: str) -> _Plan:
    base = versions.current()
    if base is not None and versions.manifest(base).fingerprint != fingerprint:
        base = None
    known: dict[str, tuple[str, str]] = {}
    if base is not None:
        catalog = Catalog(versions.path(base) / "catalog.sqlite", read_only=True)
        known = catalog.digests()
        catalog.close()
    fresh: list[RawDocument] = []
    skipped: list[SkippedFile] = []
    seen: dict[str, str] = {}
    for item in load_documents(docs, max_file_bytes=settings.max_file_bytes):
        if isinstance(item, SkippedFile):
            skipped.append(item)
            continue
        seen[item.source] = item.digest
        if known.get(item.source, ("", ""))[1] != item.digest:
            fresh.append(item)
    if not seen:
        raise DocumentsNotFoundError("읽을 수 있는 문서가 없습니다. " + " ".join(item.reason for item in skipped[:3]))
    gone = [document_id for source, (document_id, _) in known.items() if source not in seen]
    changed = [known[item.source][0] for item in fresh if item.source in known]
    corpus = hashlib.sha256("\n".join(f"{source} {seen[source]}" for source in sorted(seen)).encode()).hexdigest()
    return _Plan(
        base=base,
        fresh=tuple(fresh),
        stale_ids=(*gone, *changed),
        added=len(fresh) - len(changed),
        changed=len(changed),
        removed=len(gone),
        unchanged=len(seen) - len(fresh),
        skipped=tuple(skipped),
        corpus_digest=corpus[:16],
    )


def _build_version(
    plan: _Plan, settings: IndexSettings, versions: VersionFolder, embedder: Embedder, fingerprint: str, told: Progress
) -> tuple[Manifest, int]:
    name = versions.new_name()
    folder = versions.path(name)
    if plan.base is not None:
        shutil.copytree(versions.path(plan.base), folder, ignore=shutil.ignore_patterns("manifest.json"))
    folder.mkdir(parents=True, exist_ok=True)
    catalog = Catalog(folder / "catalog.sqlite", read_only=False)
    lexical = LexicalIndex(folder / "lexical")
    collection = f"chunks-{name}" if settings.chroma_url else "chunks"
    store = VectorStore(folder / "vectors", url=settings.chroma_url, collection=collection)
    model = hashlib.sha256(embedder.fingerprint.encode()).hexdigest()[:12]
    cache = VectorCache(settings.index_dir / f"vectors-{model}.sqlite", embedder.dimension)
    try:
        _remove(plan.stale_ids, catalog, lexical, store)
        if settings.chroma_url:
            _copy_vectors(catalog, cache, store)
        embedded = _add(plan.fresh, settings, catalog, lexical, store, cache, embedder, told, folder / VOCABULARY_FILE)
        told("마무리", 0, 0)
        manifest = Manifest(
            name=name,
            fingerprint=fingerprint,
            embedding=embedder.fingerprint,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus_digest=plan.corpus_digest,
            documents=catalog.count("documents"),
            cases=catalog.count("cases"),
            chunks=catalog.count("chunks"),
            probe_terms=_probe_terms(catalog),
        )
    finally:
        catalog.close()
        store.close()
        cache.close()
    return manifest, embedded


def _remove(document_ids: Sequence[str], catalog: Catalog, lexical: LexicalIndex, store: VectorStore) -> None:
    if not document_ids:
        return
    case_ids = [case.case_id for document_id in document_ids for case in catalog.cases(document_id)]
    store.remove(catalog.chunk_ids(document_ids))
    lexical.remove(case_ids)
    catalog.remove(document_ids)


def _copy_vectors(catalog: Catalog, cache: VectorCache, store: VectorStore) -> None:
    """A server cannot copy a folder: the kept chunks' vectors go from the cache into the new collection."""
    cases = {case.case_id: case for case in catalog.cases()}
    texts = {document.document_id: document.text for document in catalog.documents()}
    from index.catalog import chunk_of

    chunks = [chunk_of(row, cases[row[2]], texts[row[1]]) for row in catalog.chunk_rows()]
    vectors = cache.get([chunk.digest for chunk in chunks])
    store.add(chunks, np.stack([vectors[chunk.digest] for chunk in chunks]) if chunks else np.zeros((0, 1), np.float32))


def _add(
    fresh: Sequence[RawDocument],
    settings: IndexSettings,
    catalog: Catalog,
    lexical: LexicalIndex,
    store: VectorStore,
    cache: VectorCache,
    embedder: Embedder,
    told: Progress,
    vocabulary: Path,
) -> int:
    kiwi = shared_kiwi()
    counts: Counter[str] = Counter()
    embedded = 0
    done = 0
    for batch in _batches(fresh, _DOCUMENTS_PER_BATCH):
        items = [ingest(raw, kiwi, max_chunk_chars=settings.max_chunk_chars) for raw in batch]
        for item in items:
            catalog.add(item)
        catalog.commit()
        entries = [entry for item in items for entry in _lexical_entries(item)]
        lexical.add(entries)
        counts.update(term for entry in entries for term in set(entry.morphemes))
        chunks = [chunk for item in items for chunk in item.chunks]
        for part in _batches(chunks, settings.embedding_batch):
            vectors, count = _vectors(part, cache, embedder)
            store.add(part, vectors)
            embedded += count
            told("임베딩과 색인", done, len(fresh))
        done += len(batch)
        told("임베딩과 색인", done, len(fresh))
    _extend_vocabulary(vocabulary, counts)
    return embedded


def _extend_vocabulary(path: Path, counts: Counter[str]) -> None:
    """Words of the documents, one a line, for repairing typos in questions. A word of one chunk may be one itself."""
    known = set(path.read_text(encoding="utf-8").split("\n")) if path.exists() else set()
    known |= {term for term, count in counts.items() if count >= _MIN_WORD_CHUNKS and _WORD.fullmatch(term)}
    path.write_text("\n".join(sorted(known - {""})), encoding="utf-8")


def _lexical_entries(item: IngestedDocument) -> Iterator[LexicalEntry]:
    """Terms of each chunk: those of its sentences, and those of its title and agency beside them."""
    kiwi = shared_kiwi()
    headers: dict[str, tuple[list[str], list[str]]] = {}
    for chunk in item.chunks:
        inside = [
            termed
            for termed in item.sentences
            if termed.sentence.case_id == chunk.case_id and chunk.start <= termed.sentence.start < chunk.end
        ]
        if chunk.case_id not in headers:
            header = f"{chunk.case_title} {chunk.agency}"
            headers[chunk.case_id] = (content_terms(header, kiwi), bigrams(header))
        terms, pairs = headers[chunk.case_id]
        body = plain(chunk.text)
        yield LexicalEntry(
            chunk,
            (*terms, *(term for termed in inside for term in termed.terms)),
            (*pairs, *bigrams(body)),
        )


def _vectors(chunks: Sequence[Chunk], cache: VectorCache, embedder: Embedder) -> tuple[npt.NDArray[np.float32], int]:
    known = cache.get([chunk.digest for chunk in chunks])
    missing = list({chunk.digest: chunk for chunk in chunks if chunk.digest not in known}.values())
    if missing:
        fresh = embedder.embed_passages([f"{chunk_header(chunk)}\n{plain(chunk.text)}" for chunk in missing])
        digests = [chunk.digest for chunk in missing]
        cache.put(digests, fresh)
        known.update(zip(digests, fresh, strict=True))
    return np.stack([known[chunk.digest] for chunk in chunks]), len(missing)


def _probe_terms(catalog: Catalog) -> tuple[str, ...]:
    """Nouns that occur in the titles, kept for the self-test at start-up."""
    counts: Counter[str] = Counter()
    for case in catalog.cases()[:200]:
        counts.update({term for term in content_terms(case.title, shared_kiwi()) if len(term) > 1})
    return tuple(term for term, _ in counts.most_common(_PROBE_TERMS))


def _batches(items: Sequence[_T], size: int) -> Iterable[Sequence[_T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _report(manifest: Manifest, plan: _Plan, *, embedded: int) -> BuildReport:
    return BuildReport(
        version=manifest.name,
        documents=manifest.documents,
        cases=manifest.cases,
        chunks=manifest.chunks,
        added=plan.added,
        changed=plan.changed,
        removed=plan.removed,
        unchanged=plan.unchanged,
        embedded=embedded,
        skipped=plan.skipped,
    )
