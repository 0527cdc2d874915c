"""Build an index version: only what changed is analysed and embedded, and it shows in one step or not at all."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from index import report
from index.agency_names import full_names
from index.catalog import Catalog, chunk_of
from index.chunking import CHUNKER_VERSION, chunk_header
from index.document import Chunk
from index.e5 import ModelFileError
from index.editions import replaced
from index.embed import Embedder, EmbeddingModelError, bundled_adapter, load_embedder
from index.errors import IndexModelError, IndexWriteError
from index.ingest import ingest_all
from index.lexical import LexicalIndex
from index.load import RawDocument, SkippedFile, document_files, load_documents
from index.markup import plain
from index.morphemes import TOKENIZER_VERSION, content_terms, shared_kiwi
from index.plan import FileChange, Plan, fresh_batches, make_plan
from index.readers.files import FileReader
from index.report import FileReport
from index.settings import IndexSettings
from index.store import VectorStore, drop_collections, open_store
from index.terms import lexical_entries
from index.vector_cache import VectorCache
from index.versions import Manifest, VersionFolder

FORMAT_VERSION = "3"
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
    """What a build did. ``embedded`` counts chunks that went through the model, 0 when nothing changed.

    ``bytes_over`` is what the index folder is larger than the limit after the oldest versions are gone.
    """

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
    changes: tuple[FileChange, ...] = field(default=())
    files: tuple[FileReport, ...] = field(default=())
    replacements: tuple[str, ...] = field(default=())
    bytes_over: int = 0

    def as_json(self) -> dict[str, object]:
        """The report as the command line prints it."""
        return asdict(self)


def embedder_for(settings: IndexSettings) -> Embedder:
    """The embedding model that these settings name.

    Raises:
        IndexModelError: It is not on this machine, or the adapter is for another one.
    """
    adapter = bundled_adapter() if settings.embedding_adapter else None
    try:
        return load_embedder(settings.embedding_model, settings.cache_dir, adapter=adapter)
    except (EmbeddingModelError, ModelFileError) as error:
        raise IndexModelError(
            f"임베딩 모델 {settings.embedding_model!r}을(를) 쓸 수 없습니다({error}). "
            "INDEX_EMBEDDING_MODEL과 INDEX_CACHE_DIR을 확인해 주십시오."
        ) from error


def fingerprint_of(settings: IndexSettings, embedder: Embedder) -> str:
    """Digest of all that decides how an index is made; a version with another one is not added to."""
    parts = [FORMAT_VERSION, TOKENIZER_VERSION, CHUNKER_VERSION, str(settings.max_chunk_chars), embedder.fingerprint]
    if settings.agencies_file:
        parts.append(",".join(sorted(full_names(settings.agencies_file))))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def build_index(
    docs: Sequence[Path],
    settings: IndexSettings,
    *,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
    anew: bool = False,
) -> BuildReport:
    """Make the index of ``docs`` the current version in ``settings.index_dir``.

    ``anew`` takes nothing from the current version; what was read and embedded is still not done again.

    An unreadable file is reported and skipped. A build that is killed leaves the former version answering;
    the next one finishes without embedding again what was embedded.

    Raises:
        DocumentsNotFoundError: A folder is missing, empty, or holds nothing readable.
        IndexWriteError: The index folder cannot be written.
        IndexLockedError: Another build runs in the same folder.
        IndexModelError: The embedding model cannot be loaded.
    """
    told: Progress = progress or (lambda stage, done, total: None)
    for root in docs:
        document_files(root)
    versions = VersionFolder(settings.index_dir)
    with versions.building():
        told("문서 읽기", 0, 0)
        embedder = embedder or embedder_for(settings)
        fingerprint = fingerprint_of(settings, embedder)
        try:
            with file_reader(settings) as reader:
                plan = make_plan(docs, settings, fingerprint, reader, anew=anew)
                report.save(settings.index_dir, plan.reports)
                reader.prune()
                if plan.is_empty:
                    return _report(versions.manifest(plan.base), plan, embedded=0)
                fresh = fresh_batches(docs, settings, plan, reader)
                manifest, embedded = _build_version(fresh, plan, settings, versions, embedder, fingerprint, told)
            versions.publish(manifest)
        except (OSError, sqlite3.Error) as error:
            raise IndexWriteError(
                f"색인을 저장하지 못했습니다: {str(settings.index_dir)!r}({getattr(error, 'strerror', error)}). "
                "남은 디스크 공간과 쓰기 권한을 확인해 주십시오. 이전 색인은 그대로입니다."
            ) from error
        limit = settings.max_disk_mb * 2**20
        drop_collections(versions.prune(settings.keep_versions, limit), settings.chroma_url)
    built = _report(manifest, plan, embedded=embedded)
    return replace(built, bytes_over=max(0, versions.size() - limit)) if limit else built


def file_reader(settings: IndexSettings) -> FileReader:
    """A reader that remembers in the index folder what it read."""
    return _reader(settings, settings.index_dir / "readings.sqlite")


def read_reports(docs: Sequence[Path], settings: IndexSettings) -> list[FileReport]:
    """What each file gives, without indexing.

    Raises:
        DocumentsNotFoundError: A folder is missing or empty.
    """
    reports = []
    with _reader(settings) as reader:
        for item in load_documents(docs, max_file_bytes=settings.max_file_bytes, reader=reader):
            if isinstance(item, SkippedFile):
                reports.append(FileReport(item.source, error=item.reason))
            elif item.report is not None:
                reports.append(item.report)
    return reports


def _reader(settings: IndexSettings, cache: Path | None = None) -> FileReader:
    return FileReader(cache, seconds=settings.read_seconds, memory_mb=settings.read_memory_mb, recognize=settings.ocr)


def _build_version(
    batches: Iterable[Sequence[RawDocument]],
    plan: Plan,
    settings: IndexSettings,
    versions: VersionFolder,
    embedder: Embedder,
    fingerprint: str,
    told: Progress,
) -> tuple[Manifest, int]:
    name = versions.new_name()
    folder = versions.path(name)
    if plan.base is not None:
        shutil.copytree(versions.path(plan.base), folder, ignore=shutil.ignore_patterns("manifest.json"))
    folder.mkdir(parents=True, exist_ok=True)
    catalog = Catalog(folder / "catalog.sqlite", read_only=False)
    lexical = LexicalIndex(folder / "lexical")
    store = open_store(folder, name, settings.chroma_url)
    model = hashlib.sha256(embedder.fingerprint.encode()).hexdigest()[:12]
    cache = VectorCache(settings.index_dir / f"vectors-{model}.sqlite", embedder.dimension)
    try:
        _remove(plan.stale_ids, catalog, lexical, store)
        embedded = _copy_vectors(catalog, cache, store, embedder) if settings.chroma_url else 0
        vocabulary = folder / VOCABULARY_FILE
        embedded += _add(batches, len(plan.fresh), settings, catalog, lexical, store, cache, embedder, told, vocabulary)
        told("마무리", 0, 0)
        catalog.mark_replaced(replaced(catalog.editions(), lambda document_id: catalog.document(document_id).text))
        replacements = tuple(f"{former!r} → {newer!r}" for former, newer in catalog.replacements())
        manifest = Manifest(
            name=name,
            fingerprint=fingerprint,
            embedding=embedder.fingerprint,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus_digest=plan.corpus_digest,
            documents=catalog.count("documents"),
            cases=catalog.count("cases"),
            chunks=catalog.count("chunks"),
            probe_terms=_probe_terms(catalog, lexical),
            replacements=replacements,
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


def _copy_vectors(catalog: Catalog, cache: VectorCache, store: VectorStore, embedder: Embedder) -> int:
    """A server cannot copy a folder: the kept chunks' vectors go from the cache into the new collection."""
    embedded = 0
    for document in catalog.documents():
        cases = {case.case_id: case for case in catalog.cases(document.document_id)}
        rows = catalog.chunk_rows(catalog.chunk_ids([document.document_id]))
        embedded += _store([chunk_of(row, cases[row[2]], document.text) for row in rows], store, cache, embedder)
    return embedded


def _add(
    batches: Iterable[Sequence[RawDocument]],
    total: int,
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
    agencies = full_names(settings.agencies_file)
    for batch in batches:
        items = ingest_all(batch, kiwi, max_chunk_chars=settings.max_chunk_chars, agencies=agencies)
        for item in items:
            catalog.add(item)
        catalog.commit()
        entries = list(lexical_entries(items, kiwi))
        lexical.add(entries)
        counts.update(term for entry in entries for term in set(entry.morphemes))
        chunks = [chunk for item in items for chunk in item.chunks]
        for part in _parts(chunks, settings.embedding_batch):
            told("임베딩과 색인", done, total)
            embedded += _store(part, store, cache, embedder)
        done += len(batch)
        told("임베딩과 색인", done, total)
    _extend_vocabulary(vocabulary, counts)
    return embedded


def _extend_vocabulary(path: Path, counts: Counter[str]) -> None:
    """Words of the documents, one a line, for repairing typos in questions. A word of one chunk may be one itself."""
    known = set(path.read_text(encoding="utf-8").split("\n")) if path.exists() else set()
    known |= {term for term, count in counts.items() if count >= _MIN_WORD_CHUNKS and _WORD.fullmatch(term)}
    path.write_text("\n".join(sorted(known - {""})), encoding="utf-8")


def _store(chunks: Sequence[Chunk], store: VectorStore, cache: VectorCache, embedder: Embedder) -> int:
    """Put the chunks' vectors into the store; gives how many had to be embedded."""
    if not chunks:
        return 0
    known = cache.get([chunk.digest for chunk in chunks])
    missing = list({chunk.digest: chunk for chunk in chunks if chunk.digest not in known}.values())
    if missing:
        fresh = embedder.embed_passages([f"{chunk_header(chunk)}\n{plain(chunk.text)}" for chunk in missing])
        digests = [chunk.digest for chunk in missing]
        cache.put(digests, fresh)
        known.update(zip(digests, fresh, strict=True))
    store.add(chunks, np.stack([known[chunk.digest] for chunk in chunks]))
    return len(missing)


def _probe_terms(catalog: Catalog, lexical: LexicalIndex) -> tuple[str, ...]:
    """Nouns of the titles that can be found, kept for the self-test at start-up."""
    counts: Counter[str] = Counter()
    for case in catalog.cases()[:200]:
        counts.update({term for term in content_terms(case.title, shared_kiwi()) if len(term) > 1})
    # Beside an agency's name Kiwi may cut a title another way: only what the index holds can be asked for.
    found = (term for term, _ in counts.most_common() if lexical.document_frequency(term))
    return tuple(islice(found, _PROBE_TERMS))


def _parts(chunks: Sequence[Chunk], size: int) -> Iterator[Sequence[Chunk]]:
    return (chunks[start : start + size] for start in range(0, len(chunks), size))


def _report(manifest: Manifest, plan: Plan, *, embedded: int) -> BuildReport:
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
        changes=plan.changes,
        files=plan.reports,
        replacements=manifest.replacements,
    )
