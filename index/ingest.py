"""One delivered text to everything the index keeps of it. Pure: the same text gives the same result."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from kiwipiepy import Kiwi

from index.cases import CaseDraft, split_cases
from index.chunking import chunk_sentences
from index.document import Case, Chunk, Contact, Document, DocumentKind, Page
from index.document_kinds import document_kind
from index.issuer import issuing_agency
from index.load import RawDocument, document_id
from index.markup import plain
from index.metadata import contacts, document_title, lead_agency, licence_mark, published_on
from index.normalize import NormalizedText, normalize
from index.numbered import numbered_headings
from index.outline import read_lines
from index.segment import CaseLines, TermedSentence, sentences_of


@dataclass(frozen=True, slots=True)
class IngestedDocument:
    """A document with its cases, sentences and chunks, in document order."""

    document: Document
    cases: tuple[Case, ...]
    sentences: tuple[TermedSentence, ...]
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class _Outlined:
    """A document that was read and divided, but not yet cut into sentences."""

    document: Document
    cases: tuple[Case, ...]
    lines: tuple[CaseLines, ...]


def ingest(
    raw: RawDocument, kiwi: Kiwi, *, max_chunk_chars: int, agencies: frozenset[str] | None = None
) -> IngestedDocument:
    """Normalise, outline, split into cases, cut into sentences and chunks.

    ``agencies`` are the names that count as agencies without another sign; by default those that ship with us.
    """
    return ingest_all([raw], kiwi, max_chunk_chars=max_chunk_chars, agencies=agencies)[0]


def ingest_all(
    raws: Sequence[RawDocument], kiwi: Kiwi, *, max_chunk_chars: int, agencies: frozenset[str] | None = None
) -> list[IngestedDocument]:
    """What :func:`ingest` gives for each, with one pass of Kiwi over all of them."""
    outlined = [_outlined(raw, agencies) for raw in raws]
    found = iter(sentences_of([lines for item in outlined for lines in item.lines], kiwi))
    return [_assembled(item, [next(found) for _ in item.cases], max_chunk_chars) for item in outlined]


def _outlined(raw: RawDocument, agencies: frozenset[str] | None = None) -> _Outlined:
    normalized = normalize(raw.text)
    text = normalized.text
    card = raw.metadata.get("kind") == DocumentKind.CASE_CARD
    lines = list(read_lines(text))
    if not card:
        lines = numbered_headings(text, lines)
    stem = PurePosixPath(raw.source).stem
    title = plain(normalize(raw.title).text) or document_title(text, lines, stem)
    kind = document_kind(text, title, lines, raw.metadata.get("kind"))
    published = published_on(text, raw.metadata.get("date"), title)
    drafts = split_cases(text, title, lines, card=card)
    if kind is DocumentKind.CASE_COLLECTION and title == stem:
        title = f"사례 모음 {len(drafts)}건"
    document = Document(
        document_id=document_id(raw.source),
        source=raw.source,
        title=title,
        kind=kind,
        agency=normalize(str(raw.metadata.get("agency") or "")).text
        or lead_agency(text)
        or issuing_agency(text, title, agencies),
        published_on=published,
        year=_year(raw.metadata.get("year"), published),
        text=text,
        digest=raw.digest,
        pages=_pages(raw.pages, normalized),
        tags=_tags(raw.metadata.get("tags")),
        licence=_plain(raw.metadata.get("licence")) or licence_mark(text),
    )
    cases = _cases(document, drafts, raw.contacts)
    return _Outlined(
        document,
        cases,
        tuple(
            CaseLines(text, document.document_id, case.case_id, draft.lines, card=card)
            for case, draft in zip(cases, drafts, strict=True)
        ),
    )


def _cases(document: Document, drafts: Sequence[CaseDraft], declared: tuple[Contact, ...]) -> tuple[Case, ...]:
    people = contacts(document.text)
    # A collection gathers cases of many years: where they tell theirs, a case without a year has none.
    dated = document.kind is DocumentKind.CASE_COLLECTION and any(draft.year for draft in drafts)
    return tuple(
        Case(
            case_id=f"{document.document_id}-{number}",
            document_id=document.document_id,
            title=draft.title,
            agency=draft.agency or document.agency,
            year=draft.year if dated else draft.year or document.year,
            start=draft.start,
            end=draft.end,
            contacts=declared or contacts(document.text[draft.start : draft.end]) or people,
        )
        for number, draft in enumerate(drafts, start=1)
    )


def _assembled(
    outlined: _Outlined, found: Sequence[Sequence[TermedSentence]], max_chunk_chars: int
) -> IngestedDocument:
    text = outlined.document.text
    chunks: list[Chunk] = []
    for case, sentences in zip(outlined.cases, found, strict=True):
        chunks.extend(
            chunk_sentences(case, sentences, text, max_chunk_chars=max_chunk_chars, first_ordinal=len(chunks))
        )
    sentences = tuple(sentence for own in found for sentence in own)
    return IngestedDocument(outlined.document, outlined.cases, sentences, tuple(chunks))


def _pages(pages: Sequence[Page], normalized: NormalizedText) -> tuple[Page, ...]:
    if normalized.origins is None:
        return tuple(pages)
    return tuple(Page(page.number, bisect_left(normalized.origins, page.start)) for page in pages)


def _plain(declared: object) -> str:
    return normalize(str(declared or "")).text


def _year(declared: object, published: object) -> int | None:
    if isinstance(declared, int) and 1900 <= declared <= 2100:
        return declared
    return getattr(published, "year", None)


def _tags(declared: object) -> tuple[str, ...]:
    return tuple(str(tag) for tag in declared) if isinstance(declared, list) else ()
