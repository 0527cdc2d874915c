"""``GET /documents/{document_id}``: a stored document, whole, as citations count in it."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from chatbot.api.ports import LibraryPort
from chatbot.api.services import LibraryDep
from chatbot.api.versions import Versioned
from index.document import DocumentKind

router = APIRouter(prefix="/api/v1", tags=["documents"], dependencies=[Versioned])


class PageStart(BaseModel):
    """Where a page of the original begins in ``text``."""

    number: int
    start: int


class DocumentBody(BaseModel):
    """A document; every offset of a citation is a character position in ``text``.

    ``replaces`` are the sources of its earlier editions, which no longer answer; ``replaced_by`` is the id of the
    newest edition where this is an earlier one.
    """

    document_id: str
    source: str
    title: str
    kind: DocumentKind
    agency: str
    published_on: date | None
    year: int | None
    licence: str
    digest: str
    pages: tuple[PageStart, ...]
    replaces: tuple[str, ...]
    replaced_by: str | None
    text: str


@router.get("/documents/{document_id:path}")
def get_document(document_id: str, library: LibraryDep) -> DocumentBody:
    """One document."""
    return document_body(library, document_id)


def document_body(library: LibraryPort, document_id: str) -> DocumentBody:
    """One document with its text. Raises :class:`index.errors.UnknownIdError`."""
    document = library.document(document_id)
    return DocumentBody(
        document_id=document.document_id,
        source=document.source,
        title=document.title,
        kind=document.kind,
        agency=document.agency,
        published_on=document.published_on,
        year=document.year,
        licence=document.licence,
        digest=document.digest,
        pages=tuple(PageStart(number=page.number, start=page.start) for page in document.pages),
        replaces=tuple(library.replaces(document_id)),
        replaced_by=library.replaced_by(document_id),
        text=document.text,
    )
