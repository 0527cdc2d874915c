"""What a build has to do: the documents that differ from those of the version it starts from."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from index.catalog import Catalog
from index.errors import DocumentsNotFoundError, IndexPackageError
from index.lexical import LexicalIndex
from index.load import RawDocument, SkippedFile, load_documents
from index.readers.files import FileReader
from index.report import FileReport
from index.settings import IndexSettings
from index.store import open_store
from index.versions import VersionFolder

_DOCUMENTS_PER_BATCH = 64
_CHARS_PER_BATCH = 250_000


class Action(StrEnum):
    """What a build does with a document; the value is what people are shown."""

    ADDED = "추가"
    CHANGED = "변경"
    REMOVED = "삭제"
    RENAMED = "이름 변경"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One document that differs; ``former`` is the source that it was renamed from."""

    source: str
    action: Action
    former: str = ""

    def line(self) -> str:
        """The change as one Korean line."""
        moved = f"{self.former!r} → " if self.former else ""
        return f"{self.action.value}: {moved}{self.source!r}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs between the documents and the version ``base``; ``fresh`` are the sources to read again."""

    base: str | None
    fresh: frozenset[str]
    stale_ids: tuple[str, ...]
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[SkippedFile, ...]
    corpus_digest: str
    changes: tuple[FileChange, ...] = ()
    reports: tuple[FileReport, ...] = ()

    @property
    def added(self) -> int:
        """Number of documents that the base does not have."""
        return len(self.fresh) - self.changed

    @property
    def is_empty(self) -> bool:
        """Whether the base already is what would be built."""
        return self.base is not None and not self.fresh and not self.stale_ids


def make_plan(
    docs: Sequence[Path],
    settings: IndexSettings,
    fingerprint: str,
    reader: FileReader | None = None,
    *,
    anew: bool = False,
) -> Plan:
    """Read every document once, keeping only digests. ``anew`` starts from nothing.

    Raises:
        DocumentsNotFoundError: A folder is missing, empty, or holds nothing readable.
    """
    versions = VersionFolder(settings.index_dir)
    base = None if anew else _base(versions, settings, fingerprint)
    known = _digests(versions.path(base)) if base else {}
    skipped: list[SkippedFile] = []
    seen: dict[str, str] = {}
    reports: list[FileReport] = []
    for item in load_documents(docs, max_file_bytes=settings.max_file_bytes, reader=reader):
        if isinstance(item, SkippedFile):
            skipped.append(item)
            reports.append(FileReport(item.source, error=item.reason))
        else:
            seen[item.source] = item.digest
            if item.report is not None:
                reports.append(item.report)
    if not seen:
        raise DocumentsNotFoundError("읽을 수 있는 문서가 없습니다. " + " ".join(item.reason for item in skipped[:3]))
    fresh = frozenset(source for source, digest in seen.items() if known.get(source, ("", ""))[1] != digest)
    gone = [document_id for source, (document_id, _) in known.items() if source not in seen]
    changed = [known[source][0] for source in sorted(fresh) if source in known]
    corpus = hashlib.sha256("\n".join(f"{source} {seen[source]}" for source in sorted(seen)).encode()).hexdigest()
    return Plan(
        base=base,
        fresh=fresh,
        stale_ids=(*gone, *changed),
        changed=len(changed),
        removed=len(gone),
        unchanged=len(seen) - len(fresh),
        skipped=tuple(skipped),
        corpus_digest=corpus[:16],
        changes=tuple(changes_between(seen, {source: digest for source, (_, digest) in known.items()})),
        reports=tuple(reports),
    )


def changes_between(seen: Mapping[str, str], known: Mapping[str, str]) -> Iterator[FileChange]:
    """What differs between ``source -> digest`` now and before.

    A new source with the digest of one that is gone is that document, renamed.
    """
    gone: dict[str, list[str]] = {}
    for source in sorted(known, reverse=True):
        if source not in seen:
            gone.setdefault(known[source], []).append(source)
    for source in sorted(seen):
        if source in known:
            if known[source] != seen[source]:
                yield FileChange(source, Action.CHANGED)
        elif gone.get(seen[source]):
            yield FileChange(source, Action.RENAMED, gone[seen[source]].pop())
        else:
            yield FileChange(source, Action.ADDED)
    for source in sorted(source for left in gone.values() for source in left):
        yield FileChange(source, Action.REMOVED)


def fresh_batches(
    docs: Sequence[Path], settings: IndexSettings, plan: Plan, reader: FileReader | None = None
) -> Iterator[list[RawDocument]]:
    """The documents to add, read again a few at a time: a large archive is never in memory as a whole."""
    batch: list[RawDocument] = []
    size = 0
    for item in load_documents(docs, max_file_bytes=settings.max_file_bytes, reader=reader):
        if isinstance(item, SkippedFile) or item.source not in plan.fresh:
            continue
        if batch and (len(batch) == _DOCUMENTS_PER_BATCH or size + len(item.text) > _CHARS_PER_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += len(item.text)
    if batch:
        yield batch


def _base(versions: VersionFolder, settings: IndexSettings, fingerprint: str) -> str | None:
    """The current version, unless it was made otherwise or is damaged: then everything is made anew."""
    name = versions.current()
    if name is None:
        return None
    try:
        manifest = versions.manifest(name)
        if manifest.fingerprint != fingerprint:
            return None
        sizes = _sizes(versions.path(name), name, settings)
    except (IndexPackageError, OSError, ValueError, sqlite3.Error):
        return None
    return name if sizes == {manifest.chunks} else None


def _sizes(folder: Path, name: str, settings: IndexSettings) -> set[int]:
    """Numbers of chunks in catalog, lexical index and vector store."""
    catalog = Catalog(folder / "catalog.sqlite", read_only=True)
    store = open_store(folder, name, settings.chroma_url)
    try:
        return {catalog.count("chunks"), LexicalIndex(folder / "lexical").size, store.size}
    finally:
        catalog.close()
        store.close()


def _digests(folder: Path) -> dict[str, tuple[str, str]]:
    catalog = Catalog(folder / "catalog.sqlite", read_only=True)
    try:
        return catalog.digests()
    finally:
        catalog.close()
