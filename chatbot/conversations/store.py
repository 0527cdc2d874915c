"""The conversations of every browser; one browser never sees those of another."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from chatbot.answer import Answer, Question
from chatbot.conversations.database import Database
from chatbot.error_report import masked_question
from chatbot.explanation import Explanation

MAX_CONVERSATIONS = 300
"""Of one browser; the oldest that are not pinned go first."""
MAX_TURNS = 200
MAX_TITLE_CHARS = 80


class UnknownConversationError(KeyError):
    """There is no such conversation, or it is another browser's."""


class ConversationFullError(ValueError):
    """The conversation has as many turns as one may have."""


class KeptTurn(BaseModel):
    """A question, without personal numbers, and its answer word for word."""

    model_config = ConfigDict(frozen=True)

    question: Question
    answer: Answer
    explanation: Explanation | None = None


class ConversationEntry(BaseModel):
    """A conversation as the list names it."""

    conversation_id: str
    title: str
    pinned: bool
    updated_at: datetime
    turns: int
    shared: bool


class ConversationStore:
    """Kept in one SQLite file. ``owner`` is who keeps a conversation, as a digest; nothing here leads back to it."""

    def __init__(self, path: Path, *, days: int) -> None:
        self._database = Database(path)
        self._days = days
        self._forget_old()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def entries(self, owner: str, words: str = "") -> list[ConversationEntry]:
        """The owner's conversations that hold ``words`` in title, questions or answers; pinned, then newest first."""
        pattern = f"%{words.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        with self._database.transaction() as connection:
            rows = connection.execute(
                """SELECT c.*, (SELECT count(*) FROM turn t WHERE t.conversation_id = c.conversation_id) AS turns
                FROM conversation c WHERE owner = :owner AND (title LIKE :pattern ESCAPE '!' OR EXISTS (
                    SELECT 1 FROM turn t WHERE t.conversation_id = c.conversation_id
                    AND (t.question LIKE :pattern ESCAPE '!'
                         OR json_extract(t.said, '$.answer.text') LIKE :pattern ESCAPE '!')))
                ORDER BY pinned DESC, updated_at DESC""",
                {"owner": owner, "pattern": pattern},
            ).fetchall()
        return [ConversationEntry(**{**dict(row), "shared": row["share_token"] is not None}) for row in rows]

    def turns(self, owner: str, conversation_id: str) -> tuple[KeptTurn, ...]:
        """The turns, oldest first. Raises UnknownConversationError."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                """SELECT said FROM turn JOIN conversation USING (conversation_id)
                WHERE owner = ? AND conversation_id = ? ORDER BY position""",
                (owner, conversation_id),
            ).fetchall()
        if not rows:
            raise UnknownConversationError(conversation_id)
        return _read(rows)

    def append(self, owner: str, conversation_id: str, turn: KeptTurn) -> None:
        """Adds a turn; the first makes the conversation, named after its question.

        Raises:
            UnknownConversationError: It is another browser's.
            ConversationFullError: It has as many turns as it may have.
            sqlite3.Error: The file cannot be written, or is full.
        """
        kept = turn.model_copy(update={"question": masked_question(turn.question)})
        question = " ".join(kept.question.text.split())
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO conversation (conversation_id, owner, title, updated_at) VALUES (?, ?, ?, ?)",
                (conversation_id, owner, question[:MAX_TITLE_CHARS], _now()),
            )
            changed = connection.execute(
                "UPDATE conversation SET updated_at = ? WHERE conversation_id = ? AND owner = ?",
                (_now(), conversation_id, owner),
            )
            if not changed.rowcount:
                raise UnknownConversationError(conversation_id)
            [(place,)] = connection.execute(
                "SELECT coalesce(max(position) + 1, 0) FROM turn WHERE conversation_id = ?", (conversation_id,)
            ).fetchall()
            if place >= MAX_TURNS:
                raise ConversationFullError(conversation_id)
            connection.execute(
                "INSERT INTO turn VALUES (?, ?, ?, ?)", (conversation_id, place, question, kept.model_dump_json())
            )
            connection.execute(
                """DELETE FROM conversation WHERE conversation_id IN (
                    SELECT conversation_id FROM conversation WHERE owner = ?
                    ORDER BY pinned DESC, updated_at DESC LIMIT -1 OFFSET ?)""",
                (owner, MAX_CONVERSATIONS),
            )
        self._forget_old()

    def rename(self, owner: str, conversation_id: str, title: str) -> None:
        """Gives it another name. Raises UnknownConversationError."""
        self._change(owner, conversation_id, "title", title[:MAX_TITLE_CHARS])

    def pin(self, owner: str, conversation_id: str, pinned: bool) -> None:
        """Puts it on top of the list, or back. Raises UnknownConversationError."""
        self._change(owner, conversation_id, "pinned", int(pinned))

    def delete(self, owner: str, conversation_id: str) -> None:
        """Removes it and its shared link, and overwrites what it said. Raises UnknownConversationError."""
        with self._database.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM conversation WHERE owner = ? AND conversation_id = ?", (owner, conversation_id)
            )
        if not gone.rowcount:
            raise UnknownConversationError(conversation_id)

    def share(self, owner: str, conversation_id: str) -> str:
        """The token with which anybody may read it, the same until it is taken back.

        Raises:
            UnknownConversationError: There is none, or it is another browser's.
        """
        with self._database.transaction() as connection:
            connection.execute(
                """UPDATE conversation SET share_token = coalesce(share_token, ?)
                WHERE owner = ? AND conversation_id = ?""",
                (secrets.token_urlsafe(16), owner, conversation_id),
            )
            row = connection.execute(
                "SELECT share_token FROM conversation WHERE owner = ? AND conversation_id = ?", (owner, conversation_id)
            ).fetchone()
        if row is None:
            raise UnknownConversationError(conversation_id)
        return str(row["share_token"])

    def unshare(self, owner: str, conversation_id: str) -> None:
        """Nobody else can read it any more. Raises UnknownConversationError."""
        self._change(owner, conversation_id, "share_token", None)

    def shared(self, token: str) -> tuple[str, tuple[KeptTurn, ...]]:
        """Title and turns of what was shared under ``token``. Raises UnknownConversationError."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                """SELECT title, said FROM turn JOIN conversation USING (conversation_id)
                WHERE share_token = ? ORDER BY position""",
                (token,),
            ).fetchall()
        if not rows:
            raise UnknownConversationError(token)
        return str(rows[0]["title"]), _read(rows)

    def _change(self, owner: str, conversation_id: str, column: str, value: object) -> None:
        with self._database.transaction() as connection:
            changed = connection.execute(
                f"UPDATE conversation SET {column} = ? WHERE owner = ? AND conversation_id = ?",  # noqa: S608  ours
                (value, owner, conversation_id),
            )
        if not changed.rowcount:
            raise UnknownConversationError(conversation_id)

    def _forget_old(self) -> None:
        """A conversation that is not pinned goes after so many days without a question."""
        before = (datetime.now(UTC) - timedelta(days=self._days)).isoformat()
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM conversation WHERE pinned = 0 AND updated_at < ?", (before,))


def _read(rows: Iterable[object]) -> tuple[KeptTurn, ...]:
    return tuple(KeptTurn.model_validate_json(row["said"]) for row in rows)  # type: ignore[index]


def _now() -> str:
    return datetime.now(UTC).isoformat()
