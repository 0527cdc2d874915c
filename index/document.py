"""What the index stores and returns: documents, cases, sentences, chunks, search results.

Every offset is a character position in :attr:`Document.text`, the stored (normalised) text, so that
``document.text[start:end]`` is always the exact passage; ``end`` is exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document is, as far as its layout tells: ``LAW`` is rules of any rank, ``TABLE`` holds mostly figures."""

    PRESS_RELEASE = "press_release"
    PLAN = "plan"
    CASE_COLLECTION = "case_collection"
    CASE_CARD = "case_card"
    LAW = "law"
    FAQ = "faq"
    MINUTES = "minutes"
    TABLE = "table"
    OTHER = "other"


class CaseField(StrEnum):
    """The part of a case in which a sentence stands; ``BODY`` where the document has no such parts."""

    TITLE = "title"
    SUMMARY = "summary"
    PURPOSE = "purpose"
    PROCESS = "process"
    RESULT = "result"
    BEFORE = "before"
    AFTER = "after"
    EFFECT = "effect"
    CONTACT = "contact"
    METADATA = "metadata"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Contact:
    """One person or desk to call; empty strings for what the document does not give."""

    department: str
    name: str
    phone: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page of the original begins in the stored text. ``number`` counts from 1."""

    number: int
    start: int


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """A page of the original that was a picture and was read by character recognition.

    ``number`` counts from 1; ``confidence`` is the mean over its words, in [0, 1].
    """

    number: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Document:
    """One source file (or one line of a ``corpus.jsonl``) with its stored text.

    ``document_id`` is derived from ``source``, the path relative to the documents folder, and is stable
    across builds. ``digest`` is the SHA-256 of what was read, in hexadecimal. ``licence`` is the mark under which it
    may be used (공공누리 제1유형), empty where it has none.
    """

    document_id: str
    source: str
    title: str
    kind: DocumentKind
    agency: str
    published_on: date | None
    year: int | None
    text: str
    digest: str
    pages: tuple[Page, ...] = ()
    tags: tuple[str, ...] = ()
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case, task or section that can be answered about on its own; a document holds at least one."""

    case_id: str
    document_id: str
    title: str
    agency: str
    year: int | None
    start: int
    end: int
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence (or a table row, or an outline item) of a case.

    ``structural`` marks lines that match every question and answer none: titles, agency lines, years,
    bare headings, one-line summaries.
    """

    document_id: str
    case_id: str
    ordinal: int
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    field: CaseField = CaseField.BODY
    structural: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive sentences of one case, the unit that is embedded and searched.

    ``text`` is ``document.text[start:end]``; title, agency and year are carried beside it and are never
    part of a quotation. ``digest`` covers everything the embedding sees.
    """

    chunk_id: str
    document_id: str
    case_id: str
    case_title: str
    agency: str
    year: int | None
    heading_path: tuple[str, ...]
    start: int
    end: int
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Conditions that every result meets. ``None`` or an empty string means no condition.

    ``agency`` matches when it, or one of ``agency_spellings``, occurs in the case's agency (white space aside).
    """

    year: int | None = None
    year_to: int | None = None
    agency: str = ""
    kind: DocumentKind | None = None
    agency_spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A chunk with its place in the ranking; ``rank`` counts from 1, ``score`` is in [0, 1], higher is better.

    ``lexical`` and ``dense`` are the two legs' own normalised scores (0 where a leg did not return it);
    ``similarity`` is the plain cosine between question and chunk, comparable across questions.
    """

    chunk: Chunk
    rank: int
    score: float
    lexical: float = 0.0
    dense: float = 0.0
    similarity: float = 0.0
