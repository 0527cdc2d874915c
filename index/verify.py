"""Whether a version is whole: stored text, offsets and both retrieval legs agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass

from index.catalog import Catalog, chunk_of
from index.chunking import chunk_digest
from index.document import Case, Document
from index.errors import IndexVersionError
from index.lexical import LexicalIndex
from index.settings import IndexSettings
from index.store import open_store
from index.versions import Manifest, VersionFolder

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared, and one Korean line for each thing that does not agree."""

    version: str
    documents: int
    chunks: int
    problems: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """As the command line prints it."""
        return asdict(self)


def verify(settings: IndexSettings) -> Verification:
    """Compare the parts of the current version. The embedding model is not loaded.

    Raises:
        IndexNotBuiltError: There is no current version.
    """
    versions = VersionFolder(settings.index_dir)
    manifest = versions.manifest()
    folder = versions.path(manifest.name)
    try:
        catalog = Catalog(folder / "catalog.sqlite", read_only=True)
        try:
            problems = list(_catalog_problems(catalog, manifest))
            chunk_ids = {row[0] for row in catalog.chunk_rows()}
        finally:
            catalog.close()
        lexical = LexicalIndex(folder / "lexical").chunk_ids()
        store = open_store(folder, manifest.name, settings.chroma_url)
        try:
            dense = store.chunk_ids()
        finally:
            store.close()
    except Exception as error:
        # SQLite, tantivy and Chroma each have their own ways to meet a damaged file.
        raise IndexVersionError(
            f"색인 {manifest.name!r}을(를) 열 수 없을 만큼 손상되었습니다({type(error).__name__}). "
            "`python -m index repair --docs 문서폴더`로 고치거나 `python -m index rollback`으로 되돌려 주십시오."
        ) from error
    problems.extend(_leg_problems("형태소 색인", chunk_ids, lexical))
    problems.extend(_leg_problems("벡터 색인", chunk_ids, dense))
    return Verification(manifest.name, manifest.documents, len(chunk_ids), tuple(problems))


def _catalog_problems(catalog: Catalog, manifest: Manifest) -> Iterator[str]:
    for table, said, expected in (
        ("documents", "문서", manifest.documents),
        ("cases", "사례", manifest.cases),
        ("chunks", "청크", manifest.chunks),
    ):
        if (count := catalog.count(table)) != expected:
            yield f"{said}가 {expected:,}건이어야 하는데 {count:,}건입니다."
    for document in catalog.documents():
        cases = {case.case_id: case for case in catalog.cases(document.document_id)}
        wrong = sum(1 for _ in _misplaced(catalog, document, cases))
        if wrong:
            yield f"{document.source!r}: 저장된 글과 위치가 맞지 않는 곳이 {wrong:,}개 있습니다."


def _misplaced(catalog: Catalog, document: Document, cases: dict[str, Case]) -> Iterator[str]:
    """Ids of the records whose offsets do not give what was indexed."""
    size = len(document.text)
    yield from (str(page.number) for page in document.pages if not 0 <= page.start <= size)
    for case in cases.values():
        if not 0 <= case.start < case.end <= size:
            yield case.case_id
        for sentence in catalog.sentences(case.case_id, document.text):
            if not case.start <= sentence.start < sentence.end <= case.end or sentence.text != sentence.text.strip():
                yield f"{case.case_id}:{sentence.ordinal}"
    for row in catalog.chunk_rows(catalog.chunk_ids([document.document_id])):
        owner = cases.get(row[2])
        if owner is None:
            yield row[0]
            continue
        chunk = chunk_of(row, owner, document.text)
        if chunk.digest != chunk_digest(owner, chunk.heading_path, chunk.text):
            yield row[0]


def _leg_problems(leg: str, wanted: Collection[str], found: Collection[str]) -> Iterator[str]:
    missing, extra = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    if missing:
        yield f"{leg}에 없는 청크가 {len(missing):,}개 있습니다: {', '.join(missing[:_SHOWN])}"
    if extra:
        yield f"{leg}에만 있는 청크가 {len(extra):,}개 있습니다: {', '.join(extra[:_SHOWN])}"
