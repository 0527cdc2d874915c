"""``/conversations`` and ``/shared``: the list beside the chat, and a conversation that its owner lets others read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from chatbot.api.problems import ProblemError
from chatbot.conversations.store import (
    MAX_TITLE_CHARS,
    ConversationEntry,
    ConversationStore,
    KeptTurn,
    UnknownConversationError,
)
from chatbot.ui.browser_cookie import owner_of
from chatbot.ui.page_response import page_response

router = APIRouter(include_in_schema=False)


class ConversationList(BaseModel):
    """``kept`` is false where this installation keeps none."""

    kept: bool
    conversations: tuple[ConversationEntry, ...]


class Changes(BaseModel):
    """What to change of a conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = Field(default=None, min_length=1, max_length=MAX_TITLE_CHARS, pattern=r"\S")
    pinned: bool | None = None


def store_of(request: Request) -> ConversationStore:
    """The store, or 404 where nothing is kept."""
    store: ConversationStore | None = request.app.state.conversations
    if store is None:
        raise ProblemError(404, "이 설치에서는 대화를 보관하지 않습니다.")
    return store


def owner(request: Request) -> str:
    """Whose browser asks, or 404: without a cookie there is nothing of its own."""
    found = owner_of(request.cookies)
    if found is None:
        raise ProblemError(404, "이 브라우저에 보관된 대화가 없습니다. 채팅 화면을 먼저 열어 주십시오.")
    return found


Store = Annotated[ConversationStore, Depends(store_of)]
Owner = Annotated[str, Depends(owner)]
ConversationId = Annotated[str, Path(max_length=100)]
GONE = ProblemError(404, "그 대화를 찾을 수 없습니다. 지워졌거나 다른 브라우저의 대화입니다.")


@router.get("/conversations")
def list_conversations(
    request: Request, response: Response, q: Annotated[str, Query(max_length=200)] = ""
) -> ConversationList:
    """This browser's conversations, those that hold ``q``."""
    response.headers["Cache-Control"] = "no-store"
    store: ConversationStore | None = request.app.state.conversations
    asker = owner_of(request.cookies)
    found = store.entries(asker, q.strip()) if store and asker else []
    return ConversationList(kept=store is not None, conversations=tuple(found))


@router.patch("/conversations/{conversation_id}", status_code=204)
def change_conversation(
    conversation_id: ConversationId, changes: Annotated[Changes, Body()], store: Store, owner: Owner
) -> Response:
    """Another name, or pinned or not."""
    try:
        if changes.title is not None:
            store.rename(owner, conversation_id, " ".join(changes.title.split()))
        if changes.pinned is not None:
            store.pin(owner, conversation_id, changes.pinned)
    except UnknownConversationError:
        raise GONE from None
    return Response(status_code=204)


@router.delete("/conversations/{conversation_id}", status_code=204)
def delete_conversation(conversation_id: ConversationId, store: Store, owner: Owner) -> Response:
    """Gone for good, the shared link too."""
    try:
        store.delete(owner, conversation_id)
    except UnknownConversationError:
        raise GONE from None
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/share")
def share_conversation(conversation_id: ConversationId, request: Request, store: Store, owner: Owner) -> dict[str, str]:
    """A link with which anybody who has it reads the conversation."""
    try:
        token = store.share(owner, conversation_id)
    except UnknownConversationError:
        raise GONE from None
    return {"url": f"{str(request.base_url).rstrip('/')}/shared/{token}"}


@router.delete("/conversations/{conversation_id}/share", status_code=204)
def unshare_conversation(conversation_id: ConversationId, store: Store, owner: Owner) -> Response:
    """The link leads nowhere any more."""
    try:
        store.unshare(owner, conversation_id)
    except UnknownConversationError:
        raise GONE from None
    return Response(status_code=204)


@router.get("/shared/{token}", response_class=HTMLResponse)
def shared_conversation(token: ConversationId, request: Request, store: Store) -> HTMLResponse:
    """A conversation to read: the same numbers and sentences that its owner saw."""
    try:
        title, turns = store.shared(token)
    except UnknownConversationError:
        raise ProblemError(
            404, "이 링크의 대화를 찾을 수 없습니다. 링크를 준 사람이 지웠거나 공유를 멈췄습니다."
        ) from None
    return page_response("shared.html", request, title=title, turns=[_shown(turn) for turn in turns])


def _shown(turn: KeptTurn) -> dict[str, object]:
    citations = {citation.number: citation for citation in turn.answer.citations}
    return {"question": turn.question.text, "answer": turn.answer, "citations": citations}
