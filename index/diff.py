"""What changed between two versions, in documents, cases and chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from index.catalog import Catalog
from index.errors import IndexVersionError
from index.plan import FileChange, changes_between
from index.versions import VersionFolder


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """Documents one by one, cases by title, chunks by number."""

    former: str
    later: str
    documents: tuple[FileChange, ...]
    cases_added: tuple[str, ...]
    cases_removed: tuple[str, ...]
    chunks_added: int
    chunks_removed: int
    chunks_kept: int

    def as_json(self) -> dict[str, object]:
        """As the command line prints it."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The difference as Korean lines."""
        yield f"{self.former} → {self.later}"
        yield from (change.line() for change in self.documents)
        yield from (f"새 사례: {title}" for title in self.cases_added)
        yield from (f"없어진 사례: {title}" for title in self.cases_removed)
        yield (
            f"문서 {len(self.documents):,}건, 사례 +{len(self.cases_added):,} -{len(self.cases_removed):,}, "
            f"청크 +{self.chunks_added:,} -{self.chunks_removed:,} (그대로 {self.chunks_kept:,})"
        )


@dataclass(frozen=True, slots=True)
class _Contents:
    digests: dict[str, str]
    cases: Counter[str]
    chunks: Counter[str]


def diff_versions(versions: VersionFolder, former: str | None = None, later: str | None = None) -> VersionDiff:
    """Compare two versions; by default the current one with the one before it.

    Raises:
        IndexVersionError: A version is not there.
        IndexNotBuiltError: There is no current version.
    """
    later = later or versions.manifest().name
    former = former or versions.previous()
    known = versions.complete()
    for name in (former, later):
        if name not in known:
            raise IndexVersionError(
                f"견줄 색인 판이 없습니다: {name!r}. `python -m index status`로 판을 확인해 주십시오."
            )
    assert former is not None  # noqa: S101 - it is among the known ones
    before, after = _contents(versions, former), _contents(versions, later)
    return VersionDiff(
        former=former,
        later=later,
        documents=tuple(changes_between(after.digests, before.digests)),
        cases_added=tuple(sorted((after.cases - before.cases).elements())),
        cases_removed=tuple(sorted((before.cases - after.cases).elements())),
        chunks_added=(after.chunks - before.chunks).total(),
        chunks_removed=(before.chunks - after.chunks).total(),
        chunks_kept=(before.chunks & after.chunks).total(),
    )


def _contents(versions: VersionFolder, name: str) -> _Contents:
    catalog = Catalog(versions.path(name) / "catalog.sqlite", read_only=True)
    try:
        return _Contents(
            digests={source: digest for source, (_, digest) in catalog.digests().items()},
            cases=Counter(case.title for case in catalog.cases()),
            chunks=Counter(row[6] for row in catalog.chunk_rows()),
        )
    finally:
        catalog.close()
