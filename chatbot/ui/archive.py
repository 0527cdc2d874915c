"""Between a tab and the store: turns kept as they are answered, conversations opened again."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from chatbot.answer import AnswerStatus
from chatbot.api.middleware import log_failure
from chatbot.conversations.store import ConversationFullError, ConversationStore, KeptTurn, UnknownConversationError
from chatbot.ui.browser_cookie import owner_of
from chatbot.ui.conversation import ChatTurn, Conversation


class Archive:
    """What one page keeps; without a ``store`` nothing is kept."""

    def __init__(self, store: ConversationStore | None) -> None:
        self._store = store

    def keep(self, conversation: Conversation, cookies: Mapping[str, str]) -> Conversation:
        """Keeps the last turn, and tells in the conversation whether that went well.

        A question with personal data is not kept, nor one over documents that go with the session: both are promised.
        """
        owner = owner_of(cookies)
        turn = conversation.turns[-1] if conversation.turns else None
        if self._store is None or owner is None or turn is None or turn.answer is None:
            return conversation
        if turn.answer.status is AnswerStatus.PERSONAL_DATA or turn.private:
            return conversation
        named = replace(conversation, conversation_id=conversation.conversation_id or secrets.token_urlsafe(16))
        kept = KeptTurn(question=turn.asked, answer=turn.answer, explanation=turn.explanation)
        try:
            self._store.append(owner, named.conversation_id, kept)
        except (sqlite3.Error, UnknownConversationError, ConversationFullError) as error:
            log_failure(error)
            return replace(conversation, unkept=True)
        return named

    def open(self, conversation_id: str, cookies: Mapping[str, str]) -> Conversation | None:
        """A conversation of this browser; ``None`` when it is gone, another's, or none."""
        owner = owner_of(cookies)
        if self._store is None or owner is None:
            return None
        try:
            kept = self._store.turns(owner, conversation_id)
        except UnknownConversationError:
            return None
        turns = tuple(ChatTurn(asked=one.question, answer=one.answer, explanation=one.explanation) for one in kept)
        return Conversation(turns, conversation_id=conversation_id)
