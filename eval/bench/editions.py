"""Finding editions among 1,000 documents: by title and then exactly, as the index does, and by MinHash over all texts.

``pip install '.[bench]' && python -m eval.bench.editions [--documents 1000]`` prints one JSON line a way. Of the
generated documents one in twenty has a later edition under the same title, one in twenty a later one under another
title, and one in twenty is followed by a notice after the same template for another place, which replaces nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Annotated, NamedTuple

import typer

from eval.bench.generated import GeneratedDocument, documents
from index.editions import DATED_SHARE, Edition, pieces, replaced

_EVERY = 20
_PERMUTATIONS = 128


class Corpus(NamedTuple):
    """Documents, and what holds of them: ``former id -> newer id`` of the editions under the same and another title."""

    editions: list[Edition]
    texts: Mapping[str, str]
    same_title: Mapping[str, str]
    other_title: Mapping[str, str]


def main(
    count: Annotated[int, typer.Option("--documents", min=60, help="문서 수")] = 1_000,
) -> None:
    """Print seconds, the editions found under the same and another title, and what was taken for one wrongly."""
    corpus = made(count)
    ways: dict[str, Callable[[Corpus], Mapping[str, str]]] = {
        "title, then exact": lambda given: replaced(given.editions, given.texts.__getitem__),
        "MinHash over all": by_min_hash,
    }
    for name, way in ways.items():
        began = time.process_time()
        found = way(corpus)
        seconds = time.process_time() - began
        right = {**corpus.same_title, **corpus.other_title}
        row = {
            "way": name,
            "documents": len(corpus.texts),
            "processor_seconds": round(seconds, 2),
            "same_title": f"{sum(found.get(old) == new for old, new in corpus.same_title.items())}"
            f"/{len(corpus.same_title)}",
            "other_title": f"{sum(found.get(old) == new for old, new in corpus.other_title.items())}"
            f"/{len(corpus.other_title)}",
            "wrong": sum(right.get(old) != new for old, new in found.items()),
        }
        typer.echo(json.dumps(row))


def made(count: int) -> Corpus:
    """``count`` documents, the copies among them."""
    texts: dict[str, str] = {}
    same: dict[str, str] = {}
    other: dict[str, str] = {}
    editions: list[Edition] = []
    first = date(2024, 1, 1)

    def add(name: str, document: GeneratedDocument, days: int, title: str = "") -> None:
        text = document.text.replace(document.title, title) if title else document.text
        texts[name] = text
        editions.append(Edition(name, f"{name}.md", title or document.title, first + timedelta(days=days)))

    for number, document in enumerate(documents(count * _EVERY // (_EVERY + 3))):
        name = f"d{number}"
        add(name, document, number)
        later = document.with_fee(document.fee + 100)
        if number % _EVERY == 0:
            add(f"{name}-same", later, number + 30)
            same[name] = f"{name}-same"
        elif number % _EVERY == 1:
            add(f"{name}-renamed", later, number + 30, f"{document.title} 이용 안내")
            other[name] = f"{name}-renamed"
        elif number % _EVERY == 2:
            add(f"{name}-notice", later, number + 30, f"{document.title[:-2]}동 지구")
    return Corpus(editions, texts, same, other)


def by_min_hash(corpus: Corpus) -> dict[str, str]:
    """The later of two documents that share as much as editions do, whatever their titles (datasketch)."""
    from datasketch import MinHash, MinHashLSH

    published = {edition.document_id: edition.published_on or date.min for edition in corpus.editions}
    index = MinHashLSH(threshold=DATED_SHARE, num_perm=_PERMUTATIONS)
    signatures = {}
    for document_id, text in corpus.texts.items():
        signature = signatures[document_id] = MinHash(num_perm=_PERMUTATIONS)
        signature.update_batch([piece.encode() for piece in pieces(text)])
        index.insert(document_id, signature)
    found: dict[str, str] = {}
    for document_id, signature in signatures.items():
        later = [str(other) for other in index.query(signature) if published[str(other)] > published[document_id]]
        if later:
            found[document_id] = max(later, key=published.__getitem__)
    return found


if __name__ == "__main__":
    typer.run(main)
