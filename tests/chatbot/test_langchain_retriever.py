from __future__ import annotations

from collections.abc import Iterator

import pytest
from langchain_core.runnables import RunnableLambda

from chatbot.langchain_retriever import CaseRetriever
from index.document import SearchFilters
from index.library import Library
from tests.chatbot.fake_model import tiny_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = tiny_library(tmp_path_factory.mktemp("tiny"))
    yield library
    library.close()


def test_documents_come_best_first_with_where_they_stand(library: Library) -> None:
    found = CaseRetriever(library=library).invoke("작은도서관은 몇 시까지 여나요?")
    assert (found[0].metadata["title"], found[0].metadata["agency"], found[0].metadata["year"]) == (
        "밤에도 여는 작은도서관",
        "한들구",
        2023,
    )
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)


def test_every_document_is_a_slice_of_the_stored_text(library: Library) -> None:
    for found in CaseRetriever(library=library).invoke("수리 기간과 이용자"):
        place = found.metadata
        assert found.page_content == library.document(place["document_id"]).text[place["start"] : place["end"]]


def test_it_honours_top_k_and_filters(library: Library) -> None:
    assert len(CaseRetriever(library=library, top_k=1).invoke("성과")) == 1
    only = CaseRetriever(library=library, filters=SearchFilters(year=2024)).invoke("작은도서관")
    assert {document.metadata["year"] for document in only} == {2024}


def test_it_stands_in_a_chain_of_somebody_else(library: Library) -> None:
    chain = CaseRetriever(library=library, top_k=1) | RunnableLambda(lambda found: found[0].metadata["agency"])
    assert chain.invoke("큐알코드 고장 신고") == "새빛시"
