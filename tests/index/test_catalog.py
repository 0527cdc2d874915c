from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kiwipiepy import Kiwi

from index.catalog import Catalog, chunk_of
from index.errors import UnknownIdError
from index.ingest import IngestedDocument, ingest_all
from index.load import RawDocument, load_documents


@pytest.fixture(scope="module")
def items(kiwi: Kiwi, corpus_dir: Path) -> list[IngestedDocument]:
    raws = [item for item in load_documents([corpus_dir], max_file_bytes=10**7) if isinstance(item, RawDocument)]
    return ingest_all(raws, kiwi, max_chunk_chars=100)


@pytest.fixture
def catalog(tmp_path: Path, items: list[IngestedDocument]) -> Iterator[Catalog]:
    """A catalog that was written, closed, and opened for reading."""
    written = Catalog(tmp_path / "c.sqlite", read_only=False)
    for item in items:
        written.add(item)
    written.commit()
    written.close()
    opened = Catalog(tmp_path / "c.sqlite", read_only=True)
    yield opened
    opened.close()


def test_everything_comes_back_as_it_went_in(catalog: Catalog, items: list[IngestedDocument]) -> None:
    assert list(catalog.documents()) == sorted((item.document for item in items), key=lambda document: document.source)
    for item in items:
        identifier, text = item.document.document_id, item.document.text
        assert catalog.document(identifier) == item.document
        assert tuple(catalog.cases(identifier)) == item.cases
        for case in item.cases:
            own = [termed.sentence for termed in item.sentences if termed.sentence.case_id == case.case_id]
            assert catalog.sentences(case.case_id, text) == own
        cases = {case.case_id: case for case in item.cases}
        rows = catalog.chunk_rows(catalog.chunk_ids([identifier]))
        assert {chunk_of(row, cases[row[2]], text) for row in rows} == set(item.chunks)


def test_counts_and_digests(catalog: Catalog, items: list[IngestedDocument]) -> None:
    assert catalog.count("documents") == len(items) == 10
    assert catalog.count("chunks") == len(catalog.chunk_rows()) == sum(len(item.chunks) for item in items)
    assert catalog.digests() == {
        item.document.source: (item.document.document_id, item.document.digest) for item in items
    }


def test_a_removed_document_leaves_nothing_behind(tmp_path: Path, items: list[IngestedDocument]) -> None:
    catalog = Catalog(tmp_path / "c.sqlite", read_only=False)
    for item in items[:2]:
        catalog.add(item)
    catalog.commit()
    catalog.remove([items[0].document.document_id, "unknown"])
    for table, left in (
        ("documents", 1),
        ("cases", len(items[1].cases)),
        ("sentences", len(items[1].sentences)),
        ("chunks", len(items[1].chunks)),
    ):
        assert catalog.count(table) == left
    catalog.close()


def test_an_unknown_document_is_an_error_that_names_it(catalog: Catalog) -> None:
    with pytest.raises(UnknownIdError) as caught:
        catalog.document("d-없음")
    assert str(caught.value) == "그런 문서가 없습니다: 'd-없음'"


def test_what_was_not_committed_is_not_there(tmp_path: Path, items: list[IngestedDocument]) -> None:
    catalog = Catalog(tmp_path / "c.sqlite", read_only=False)
    catalog.add(items[0])
    catalog.close()
    opened = Catalog(tmp_path / "c.sqlite", read_only=True)
    assert opened.count("documents") == 0
    opened.close()
