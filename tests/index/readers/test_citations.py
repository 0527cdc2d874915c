"""One press release as HWPX, HWP, DOCX, PDF and HTML: the same cases, the same answer, the right page."""

from __future__ import annotations

from pathlib import Path

import pytest
from kiwipiepy import Kiwi

from chatbot.answer import Question
from chatbot.pipeline import build_chatbot
from chatbot.settings import Settings
from index.build import build_index
from index.catalog import Catalog
from index.document import Contact
from index.embed import Embedder
from index.ingest import IngestedDocument, ingest
from index.load import RawDocument, load_documents
from index.settings import IndexSettings
from index.versions import VersionFolder
from tests.fake_embedder import FakeEmbedder
from tests.index.readers.test_same_document import MADE

FORMATS = ("HWPX", "HWP", "DOCX", "PDF", "HTML")


def ingested(folder: Path, kind: str, kiwi: Kiwi) -> IngestedDocument:
    (folder / "보도자료").write_bytes(MADE[kind]())
    (raw,) = load_documents([folder], max_file_bytes=10**7)
    assert isinstance(raw, RawDocument)
    return ingest(raw, kiwi, max_chunk_chars=400)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_cases(tmp_path: Path, kiwi: Kiwi, kind: str) -> None:
    item = ingested(tmp_path, kind, kiwi)
    (case,) = item.cases
    assert item.document.title == case.title == "가람시, 여권 발급 수수료를 내린다"
    assert (case.year, case.contacts) == (2026, (Contact("가람시 민원과", "김하늘 주무관", "02-555-0101", "담당자"),))
    said = [termed.sentence.text for termed in item.sentences]
    assert "복수여권 10년\t수수료: 53,000원\t처리 기간: 나흘" in said
    row = item.sentences[said.index("단수여권\t수수료: 20,000원\t처리 기간: 이틀")].sentence
    assert row.heading_path == ("□ 조정 내용", "여권 | 종류 | 수수료 | 처리 | 기간")


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "HTML"])
def test_pages_are_stored_with_the_document(tmp_path: Path, settings: IndexSettings, kind: str) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "보도자료").write_bytes(MADE[kind]())
    version = build_index([docs], settings, embedder=FakeEmbedder()).version
    catalog = Catalog(VersionFolder(settings.index_dir).path(version) / "catalog.sqlite", read_only=True)
    (document,) = catalog.documents()
    catalog.close()
    starts = {page.number: document.text[page.start :].split("\n")[0] for page in document.pages}
    assert starts == {1: "가람시, 여권 발급 수수료를 내린다", 2: "□ 조정 내용", 3: "□ 문의처"}


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_question_gets_the_same_figure_from_the_right_page(
    tmp_path: Path, real_embedder: Embedder, kind: str
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "보도자료").write_bytes(MADE[kind]())
    settings = Settings(index=IndexSettings(index_dir=tmp_path / "index", chroma_url=""))
    build_index([docs], settings.index, embedder=real_embedder)
    chatbot = build_chatbot(settings)
    try:
        answer = chatbot.answer(Question(text="복수여권 10년 수수료는 얼마인가?"))
        assert answer.status.is_answer, answer
        assert "53,000원" in answer.text
        cited = [citation for citation in answer.citations if "53,000원" in citation.quote]
        assert [citation.page for citation in cited] == [None if kind == "HTML" else 2]
        document = chatbot.library.document(cited[0].document_id)
        assert document.text[cited[0].start : cited[0].end] == cited[0].quote
    finally:
        chatbot.library.close()
