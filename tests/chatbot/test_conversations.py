from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatbot.answer import Question
from chatbot.conversations import store as store_module
from chatbot.conversations.database import Database, DatabaseVersionError
from chatbot.conversations.store import ConversationFullError, ConversationStore, KeptTurn, UnknownConversationError
from tests.chatbot.fake_chatbot import FakeChatbot

ME, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "conversations.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[ConversationStore]:
    found = ConversationStore(path, days=90)
    yield found
    found.close()


def turn(text: str) -> KeptTurn:
    question = Question(text=text)
    return KeptTurn(question=question, answer=FakeChatbot().answer(question))


def test_turns_come_back_word_for_word_in_order(store: ConversationStore) -> None:
    kept = [turn("수리 기간은?"), turn("없는 내용은?")]
    for one in kept:
        store.append(ME, "c1", one)
    assert list(store.turns(ME, "c1")) == kept
    [entry] = store.entries(ME)
    assert (entry.title, entry.turns, entry.pinned, entry.shared) == ("수리 기간은?", 2, False, False)


def test_one_browser_reaches_nothing_of_another(store: ConversationStore) -> None:
    store.append(ME, "c1", turn("수리 기간은?"))
    assert store.entries(OTHER) == []
    for reach in (
        lambda: store.turns(OTHER, "c1"),
        lambda: store.append(OTHER, "c1", turn("끼어들기")),
        lambda: store.rename(OTHER, "c1", "남의 것"),
        lambda: store.pin(OTHER, "c1", pinned=True),
        lambda: store.share(OTHER, "c1"),
        lambda: store.unshare(OTHER, "c1"),
        lambda: store.delete(OTHER, "c1"),
    ):
        with pytest.raises(UnknownConversationError):
            reach()
    assert len(store.turns(ME, "c1")) == 1


@pytest.mark.parametrize(("words", "found"), [("자전거", 0), ("수리", 1), ("1,240건", 1), ("%", 0), ("_", 0), ("!", 0)])
def test_words_are_looked_for_in_questions_and_answers(store: ConversationStore, words: str, found: int) -> None:
    store.append(ME, "c1", turn("수리 기간은?"))
    assert len(store.entries(ME, words)) == found


def test_pinned_ones_come_first_then_the_newest(store: ConversationStore) -> None:
    for name in ("c1", "c2", "c3"):
        store.append(ME, name, turn(name))
    store.pin(ME, "c1", pinned=True)
    assert [entry.conversation_id for entry in store.entries(ME)] == ["c1", "c3", "c2"]
    store.pin(ME, "c1", pinned=False)
    store.rename(ME, "c1", "새 이름")
    assert [entry.title for entry in store.entries(ME)] == ["c3", "c2", "새 이름"]


def test_what_is_deleted_stands_in_no_file_any_more(store: ConversationStore, path: Path) -> None:
    store.append(ME, "c1", turn("비밀스러운 질문입니다"))
    store.append(ME, "c2", turn("남아 있는 질문입니다"))
    token = store.share(ME, "c1")
    store.delete(ME, "c1")
    bytes_left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert "비밀스러운".encode() not in bytes_left
    assert "남아".encode() in bytes_left
    with pytest.raises(UnknownConversationError):
        store.shared(token)


def test_a_shared_link_is_read_by_anybody_until_it_is_taken_back(store: ConversationStore) -> None:
    store.append(ME, "c1", turn("수리 기간은?"))
    token = store.share(ME, "c1")
    assert store.share(ME, "c1") == token
    assert store.shared(token) == ("수리 기간은?", store.turns(ME, "c1"))
    store.unshare(ME, "c1")
    with pytest.raises(UnknownConversationError):
        store.shared(token)
    assert store.share(ME, "c1") != token


def test_personal_numbers_are_not_kept(store: ConversationStore, path: Path) -> None:
    store.append(ME, "c1", turn("메일 hong@example.com으로 수리 기간을 알려 주세요"))
    assert b"hong@" not in path.read_bytes()
    assert "[전자우편 주소]" in store.entries(ME)[0].title


def test_there_is_an_end_to_conversations_and_turns(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MAX_CONVERSATIONS", 2)
    monkeypatch.setattr(store_module, "MAX_TURNS", 2)
    store.append(ME, "c1", turn("하나"))
    store.pin(ME, "c1", pinned=True)
    for name in ("c2", "c3"):
        store.append(ME, name, turn(name))
    assert {entry.conversation_id for entry in store.entries(ME)} == {"c1", "c3"}
    store.append(ME, "c3", turn("둘"))
    with pytest.raises(ConversationFullError):
        store.append(ME, "c3", turn("셋"))


def test_old_ones_go_unless_they_are_pinned(path: Path) -> None:
    store = ConversationStore(path, days=90)
    for name in ("old", "pinned", "new"):
        store.append(ME, name, turn(name))
    store.pin(ME, "pinned", pinned=True)
    store.close()
    long_ago = (datetime.now(UTC) - timedelta(days=91)).isoformat()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE conversation SET updated_at = ? WHERE conversation_id != 'new'", (long_ago,))
    connection.close()
    again = ConversationStore(path, days=90)
    assert {entry.conversation_id for entry in again.entries(ME)} == {"pinned", "new"}
    again.close()


def test_the_file_is_private_and_opens_again(path: Path) -> None:
    Database(path).close()
    assert path.stat().st_mode & 0o077 == 0
    Database(path).close()


def test_a_file_of_a_newer_program_is_refused_in_one_line(path: Path) -> None:
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(DatabaseVersionError, match="더 새로운 프로그램"):
        Database(path)
