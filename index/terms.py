"""What the lexical index is told about each chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiwipiepy import Kiwi

from index.document import Chunk
from index.ingest import IngestedDocument
from index.lexical import LexicalEntry
from index.markup import plain
from index.morphemes import bigrams, content_terms_of
from index.segment import TermedSentence


def lexical_entries(items: Sequence[IngestedDocument], kiwi: Kiwi) -> Iterator[LexicalEntry]:
    """Terms of each chunk, in order: those of its title and agency, then those of its sentences."""
    headers = list(dict.fromkeys(_header(chunk) for item in items for chunk in item.chunks))
    terms = dict(zip(headers, content_terms_of(headers, kiwi), strict=True))
    for item in items:
        for chunk, sentences in _with_sentences(item):
            header = _header(chunk)
            yield LexicalEntry(
                chunk,
                (*terms[header], *(term for sentence in sentences for term in sentence.terms)),
                (*bigrams(header), *bigrams(plain(chunk.text))),
            )


def _header(chunk: Chunk) -> str:
    return f"{chunk.case_title} {chunk.agency}"


def _with_sentences(item: IngestedDocument) -> Iterator[tuple[Chunk, list[TermedSentence]]]:
    """Each chunk with the sentences that it was made of: both are in document order and lose nothing."""
    rest = iter(item.sentences)
    for chunk in item.chunks:
        inside: list[TermedSentence] = []
        for termed in rest:
            inside.append(termed)
            if termed.sentence.end == chunk.end:
                break
        yield chunk, inside
