"""Documents, cases, sentences and chunks of one index version, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from index.document import Case, CaseField, Chunk, Contact, Document, DocumentKind, Page, Sentence
from index.editions import Edition
from index.errors import UnknownIdError
from index.ingest import IngestedDocument

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  document_id TEXT PRIMARY KEY, source TEXT UNIQUE, title TEXT, kind TEXT, agency TEXT, published_on TEXT,
  year INTEGER, text TEXT, digest TEXT, pages TEXT, tags TEXT, licence TEXT);
CREATE TABLE IF NOT EXISTS cases (
  case_id TEXT PRIMARY KEY, document_id TEXT, title TEXT, agency TEXT, year INTEGER, start INTEGER, end INTEGER,
  contacts TEXT);
CREATE INDEX IF NOT EXISTS cases_document ON cases (document_id);
CREATE TABLE IF NOT EXISTS sentences (
  case_id TEXT, ordinal INTEGER, document_id TEXT, start INTEGER, end INTEGER, heading_path TEXT, field TEXT,
  structural INTEGER, PRIMARY KEY (case_id, ordinal)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chunks (
  chunk_id TEXT PRIMARY KEY, document_id TEXT, case_id TEXT, heading_path TEXT, start INTEGER, end INTEGER,
  digest TEXT);
CREATE INDEX IF NOT EXISTS chunks_case ON chunks (case_id);
CREATE TABLE IF NOT EXISTS replaced (document_id TEXT PRIMARY KEY, by_id TEXT);
"""


class Catalog:
    """Reads and writes one version's records. A connection is used by one thread at a time."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        if read_only:
            # immutable: a published version is never written again, so no lock or journal file is needed.
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False
            )
        else:
            self._connection = sqlite3.connect(path)
            self._connection.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL;" + _SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add(self, item: IngestedDocument) -> None:
        """Add one document with all that belongs to it. Call :meth:`commit` after a batch."""
        run = self._connection
        document = item.document
        run.execute(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                document.document_id,
                document.source,
                document.title,
                document.kind.value,
                document.agency,
                document.published_on.isoformat() if document.published_on else None,
                document.year,
                document.text,
                document.digest,
                json.dumps([[page.number, page.start] for page in document.pages]),
                json.dumps(document.tags, ensure_ascii=False),
                document.licence,
            ),
        )
        run.executemany(
            "INSERT INTO cases VALUES (?,?,?,?,?,?,?,?)",
            [
                (
                    case.case_id,
                    case.document_id,
                    case.title,
                    case.agency,
                    case.year,
                    case.start,
                    case.end,
                    json.dumps([asdict(contact) for contact in case.contacts], ensure_ascii=False),
                )
                for case in item.cases
            ],
        )
        run.executemany(
            "INSERT INTO sentences VALUES (?,?,?,?,?,?,?,?)",
            [
                (
                    s.case_id,
                    s.ordinal,
                    s.document_id,
                    s.start,
                    s.end,
                    _path(s.heading_path),
                    s.field.value,
                    s.structural,
                )
                for s in (termed.sentence for termed in item.sentences)
            ],
        )
        run.executemany(
            "INSERT INTO chunks VALUES (?,?,?,?,?,?,?)",
            [
                (c.chunk_id, c.document_id, c.case_id, _path(c.heading_path), c.start, c.end, c.digest)
                for c in item.chunks
            ],
        )

    def remove(self, document_ids: Sequence[str]) -> None:
        """Remove documents with all that belongs to them."""
        with self._connection:
            for table in ("documents", "cases", "sentences", "chunks"):
                self._connection.executemany(
                    f"DELETE FROM {table} WHERE document_id = ?",  # noqa: S608 - table names of ours
                    [(document_id,) for document_id in document_ids],
                )

    def commit(self) -> None:
        """Make what was added durable."""
        self._connection.commit()

    def digests(self) -> dict[str, tuple[str, str]]:
        """``source -> (document_id, digest)`` of every document."""
        rows = self._connection.execute("SELECT source, document_id, digest FROM documents")
        return {source: (document_id, digest) for source, document_id, digest in rows}

    def count(self, table: str) -> int:
        """Number of rows of ``documents``, ``cases``, ``sentences`` or ``chunks``."""
        return int(self._connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608

    def document(self, document_id: str) -> Document:
        """The document, or UnknownIdError."""
        row = self._connection.execute("SELECT * FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        if row is None:
            raise UnknownIdError(f"그런 문서가 없습니다: {document_id!r}")
        return _document(row)

    def documents(self) -> Iterator[Document]:
        """Every document, by source."""
        for row in self._connection.execute("SELECT * FROM documents ORDER BY source"):
            yield _document(row)

    def editions(self) -> list[Edition]:
        """What tells the editions of a document apart."""
        rows = self._connection.execute("SELECT document_id, source, title, published_on FROM documents")
        return [
            Edition(document_id, source, title, date.fromisoformat(published) if published else None)
            for document_id, source, title, published in rows
        ]

    def mark_replaced(self, replaced: Mapping[str, str]) -> None:
        """Keep which documents are replaced by which; what was kept before is forgotten."""
        with self._connection:
            self._connection.execute("DELETE FROM replaced")
            self._connection.executemany("INSERT INTO replaced VALUES (?,?)", list(replaced.items()))

    def replaced(self) -> dict[str, str]:
        """``id of a replaced document -> id of the newest``."""
        return dict(self._connection.execute("SELECT document_id, by_id FROM replaced").fetchall())

    def replacements(self) -> list[tuple[str, str]]:
        """``(source of a replaced document, source of the newest)``, by source."""
        return self._connection.execute(
            "SELECT former.source, newer.source FROM replaced JOIN documents AS former USING (document_id) "
            "JOIN documents AS newer ON newer.document_id = by_id ORDER BY former.source"
        ).fetchall()

    def kinds(self) -> dict[str, DocumentKind]:
        """Kind of every document by id, without its text."""
        rows = self._connection.execute("SELECT document_id, kind FROM documents")
        return {document_id: DocumentKind(kind) for document_id, kind in rows}

    def cases(self, document_id: str | None = None) -> list[Case]:
        """Cases of a document, or of all, in document order."""
        where, values = ("WHERE document_id = ?", (document_id,)) if document_id else ("", ())
        rows = self._connection.execute(f"SELECT * FROM cases {where} ORDER BY rowid", values)  # noqa: S608
        return [
            Case(
                case_id, document, title, agency, year, start, end, tuple(Contact(**one) for one in json.loads(people))
            )
            for case_id, document, title, agency, year, start, end, people in rows
        ]

    def sentences(self, case_id: str, text: str) -> list[Sentence]:
        """Sentences of a case in order; ``text`` is the stored text of its document."""
        rows = self._connection.execute(
            "SELECT document_id, case_id, ordinal, start, end, heading_path, field, structural "
            "FROM sentences WHERE case_id = ? ORDER BY ordinal",
            (case_id,),
        )
        return [
            Sentence(doc, case, n, a, b, text[a:b], tuple(json.loads(path)), CaseField(field), bool(structural))
            for doc, case, n, a, b, path, field, structural in rows
        ]

    def chunk_rows(self, chunk_ids: Sequence[str] | None = None) -> list[tuple[str, str, str, str, int, int, str]]:
        """Rows ``(chunk_id, document_id, case_id, heading_path, start, end, digest)`` of these chunks, or of all."""
        if chunk_ids is None:
            return self._connection.execute("SELECT * FROM chunks").fetchall()
        marks = ",".join("?" * len(chunk_ids))
        query = f"SELECT * FROM chunks WHERE chunk_id IN ({marks})"  # noqa: S608 - only question marks
        return self._connection.execute(query, list(chunk_ids)).fetchall()

    def chunk_ids(self, document_ids: Sequence[str]) -> list[str]:
        """Ids of the chunks of these documents."""
        return [
            row[0]
            for document_id in document_ids
            for row in self._connection.execute("SELECT chunk_id FROM chunks WHERE document_id = ?", (document_id,))
        ]


def chunk_of(row: tuple[str, str, str, str, int, int, str], case: Case, text: str) -> Chunk:
    """A chunk from its row, its case and the stored text of its document."""
    chunk_id, document_id, case_id, path, start, end, digest = row
    return Chunk(
        chunk_id, document_id, case_id, case.title, case.agency, case.year, tuple(json.loads(path)), start, end,
        text[start:end], digest,
    )  # fmt: skip


def _path(names: tuple[str, ...]) -> str:
    return json.dumps(names, ensure_ascii=False)


def _document(row: tuple[str, ...]) -> Document:
    document_id, source, title, kind, agency, published, year, text, digest, pages, tags, licence = row
    return Document(
        document_id=document_id,
        source=source,
        title=title,
        kind=DocumentKind(kind),
        agency=agency,
        published_on=date.fromisoformat(published) if published else None,
        year=int(year) if year is not None else None,
        text=text,
        digest=digest,
        pages=tuple(Page(number, start) for number, start in json.loads(pages)),
        tags=tuple(json.loads(tags)),
        licence=licence,
    )
