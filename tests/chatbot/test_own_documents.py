from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chatbot.answer import AnswerStatus, Question
from chatbot.api.app import create_app
from chatbot.own_documents import collections as collections_module
from chatbot.own_documents.collections import FOLDER, Collection, CollectionFullError, Collections, safe_name
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from chatbot.ui import own_routes, source_pages
from chatbot.ui.browser_cookie import NAME, owner_of
from index.build import read_reports
from index.report import FileReport
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import FakeChatbot

ME, OTHER = "a" * 64, "b" * 64


def reading(path: Path) -> list[FileReport]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return [FileReport(path.name, "TXT", len(text), error="" if text.strip() else "글자가 없습니다")]


@pytest.fixture
def collections() -> Collections:
    return Collections(FakeChatbot().joined, reading)


def settled(collections: Collections, owner: str = ME) -> Collection:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = collections.of(owner)
        assert found is not None
        if not found.stage:
            return found
        time.sleep(0.01)
    raise AssertionError("never read")


def test_a_file_is_read_told_about_and_asked_over(collections: Collections) -> None:
    collections.add(ME, "계획.txt", "예산은 3억 원입니다.".encode())
    found = settled(collections)
    assert [(report.source, report.error) for report in found.reports] == [("계획.txt", "")]
    assert collections.chatbots(ME) is not None
    assert collections.chatbots(OTHER) is None
    assert collections.chatbots(None) is None


def test_reading_goes_on_until_the_last_file(collections: Collections) -> None:
    for number in range(3):
        collections.add(ME, f"{number}.txt", "글".encode())
    assert len(settled(collections).reports) == 3


def test_what_is_deleted_is_gone_from_the_disk(collections: Collections) -> None:
    root = collections.add(ME, "계획.txt", "예산".encode()).root
    settled(collections)
    assert root.exists()
    collections.delete(ME)
    assert not root.exists()
    assert collections.of(ME) is None
    collections.delete(ME)


def test_an_idle_session_ends_by_itself(collections: Collections, monkeypatch: pytest.MonkeyPatch) -> None:
    root = collections.add(ME, "계획.txt", "예산".encode()).root
    settled(collections)
    monkeypatch.setattr(collections_module, "IDLE_SECONDS", -1)
    assert collections.of(OTHER) is None
    assert not root.exists()


def test_nothing_stays_when_the_service_ends() -> None:
    collections = Collections(FakeChatbot().joined, reading)
    root = collections.add(ME, "계획.txt", "예산".encode()).root
    settled(collections)
    del collections
    assert not root.exists()


@pytest.mark.parametrize(("name", "content"), [("빈.txt", b" "), ("망가진.txt", "글".encode())])
def test_a_file_that_cannot_be_read_is_told_and_dropped(collections: Collections, name: str, content: bytes) -> None:
    collections.add(ME, name, content)
    found = settled(collections)
    assert found.reports[0].error
    assert list((found.documents / FOLDER).iterdir()) == []
    collections.add(ME, "좋은.txt", "글".encode())
    assert settled(collections).joined is not None


def test_there_is_an_end_to_files_bytes_characters_and_browsers(
    collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections_module, "MAX_FILES", 2)
    monkeypatch.setattr(collections_module, "MAX_FILE_BYTES", 100)
    monkeypatch.setattr(collections_module, "MAX_CHARACTERS", 40)
    monkeypatch.setattr(collections_module, "MAX_COLLECTIONS", 1)
    with pytest.raises(CollectionFullError, match="MB까지"):
        collections.add(ME, "큰.txt", b"x" * 101)
    collections.add(ME, "긴.txt", b"x" * 50)
    assert "나누어" in settled(collections).reports[0].error
    collections.add(ME, "1.txt", b"x")
    collections.add(ME, "2.txt", b"x")
    with pytest.raises(CollectionFullError, match="2개까지"):
        collections.add(ME, "3.txt", b"x")
    with pytest.raises(CollectionFullError, match="자리가 없습니다"):
        collections.add(OTHER, "1.txt", b"x")
    settled(collections)
    collections.delete(ME)
    monkeypatch.setattr(collections_module, "MAX_BYTES", 3)
    collections.add(ME, "1.txt", b"xx")
    with pytest.raises(CollectionFullError, match="모두"):
        collections.add(ME, "2.txt", b"xx")
    settled(collections)


def test_an_installation_may_take_no_documents(app: FastAPI) -> None:
    app.state.own_documents = None
    mine = TestClient(app, cookies={NAME: "m" * 43})
    assert mine.get("/own").status_code == 404
    assert mine.post("/own/files", params={"name": "a"}, content=b"x").status_code == 404
    assert mine.get("/documents/bike").status_code == 200


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\문서\\계획.hwp", "C_문서_계획.hwp"),
        ("...", "문서"),
        ("~$lock.docx", "lock.docx"),
        ("가" * 200 + ".pdf", "가" * 116 + ".pdf"),
        ("있음.txt", "2-있음.txt"),
        ("a\x00b.txt", "a_b.txt"),
    ],
)
def test_a_name_never_leaves_its_folder(name: str, safe: str) -> None:
    assert safe_name(name, {"있음.txt"}) == safe


@pytest.fixture
def app(tmp_path: Path, collections: Collections) -> FastAPI:
    app = create_app(FakeChatbot(), Settings(index=IndexSettings(index_dir=tmp_path / "index")))
    app.state.own_documents = collections
    for pages in (own_routes, source_pages):
        app.include_router(pages.router)
    return app


def test_only_a_browser_with_a_cookie_brings_documents(app: FastAPI) -> None:
    mine = TestClient(app, cookies={NAME: "m" * 43})
    sent = mine.post("/own/files", params={"name": "계획.txt"}, content="예산".encode())
    assert sent.status_code == 202
    settled(app.state.own_documents, owner_of({NAME: "m" * 43}) or "")
    status = mine.get("/own").json()
    assert (status["ready"], status["stage"], [file["source"] for file in status["files"]]) == (True, "", ["계획.txt"])
    assert "2자" in status["files"][0]["told"]
    nobody = TestClient(app)
    assert nobody.get("/own").json()["files"] == []
    assert nobody.post("/own/files", params={"name": "a"}, content=b"x").status_code == 403
    assert nobody.delete("/own").status_code == 403
    assert mine.post("/own/files", params={"name": "a"}, content=b"").status_code == 422
    assert mine.post("/own/files", params={"name": "a"}, content=b"x" * (20 * 2**20 + 1)).status_code == 413
    assert mine.delete("/own", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert mine.delete("/own").status_code == 204
    assert mine.get("/own").json()["files"] == []


@pytest.fixture
def real(chatbot: Chatbot, bundled_settings: Settings) -> Iterator[Callable[[str, str], Collections]]:
    collections = Collections(chatbot.joined, lambda path: read_reports([path], bundled_settings.index))

    def add(name: str, text: str) -> Collections:
        collections.add(ME, name, text.encode())
        return collections

    yield add
    collections.delete(ME)


@pytest.mark.model
def test_answers_come_from_own_documents_from_common_ones_or_from_both(
    chatbot: Chatbot, real: Callable[[str, str], Collections]
) -> None:
    text = (
        "# 달빛시 수달 쉼터 조성 계획\n\n□ 추진 배경\n- 수달 서식지가 줄어들고 있습니다.\n\n"
        "□ 추진 내용\n- 달빛천에 수달 쉼터 7곳을 만듭니다.\n- 예산은 4억 2천만 원입니다.\n"
    )
    collections = real("수달.md", text)
    found = settled(collections)
    assert [report.error for report in found.reports] == [""]
    chatbots = collections.chatbots(ME)
    assert chatbots is not None
    own, both = chatbots
    asked = Question(text="달빛시 수달 쉼터는 몇 곳을 만드나요?")
    for over in (own, both):
        answer = over.answer(asked)
        assert "7곳" in answer.text
        for citation in answer.citations:
            assert citation.source == f"{FOLDER}/수달.md"
            assert over.library.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    assert not chatbot.answer(asked).status.is_answer
    common = Question(text="불법 전화번호 이용중지 처리 기간이 며칠로 줄었나요?")
    assert "3일" in both.answer(common).text
    assert own.answer(common).status is not AnswerStatus.ANSWERED
