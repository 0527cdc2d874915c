"""Puts the evaluation page onto the application without making its start slower: it is built when first opened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from chatbot.live import LiveChatbot
    from index.document import Document

PATH = "/eval"
MAX_UPLOAD_BYTES = 16 * 2**20
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip")


def mount_eval(app: FastAPI, chatbot: LiveChatbot) -> None:
    """Adds the page at ``/eval``, for this machine only; call it before the chat takes every other path."""
    route = EvalRoute(chatbot)
    app.router.routes.append(route)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        async with before(running):
            try:
                yield
            finally:
                await route.close()

    app.router.lifespan_context = lifespan


class EvalRoute(BaseRoute):
    """All below ``/eval``. Who is not at this machine, or comes through a proxy, finds nothing there."""

    path = PATH

    def __init__(self, chatbot: LiveChatbot) -> None:
        self._chatbot = chatbot
        self._app: ASGIApp | None = None
        self._opening = asyncio.Lock()
        self._opened = AsyncExitStack()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only pages, and only ours."""
        ours = scope["type"] == "http" and (scope["path"] == PATH or scope["path"].startswith(f"{PATH}/"))
        return (Match.FULL, {}) if ours else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers from the page, which the first visitor waits for."""
        if not is_local(scope):
            raise HTTPException(404)
        async with self._opening:
            if self._app is None:
                self._app = await self._open()
        await self._app(scope, receive, send)

    async def close(self) -> None:
        """Ends what the page has started."""
        await self._opened.aclose()

    async def _open(self) -> ASGIApp:
        # In a thread, so that others are answered meanwhile; under a loop, or Gradio makes some and closes none.
        page = await asyncio.to_thread(asyncio.run, _built(self._chatbot))
        await self._opened.enter_async_context(page.router.lifespan_context(page))
        return page


def is_local(scope: Scope) -> bool:
    """Whether a request comes from this machine itself, by address, by the name it calls us, and without a proxy."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if name not in _LOCAL_NAMES or any(header in headers for header in _PROXY_HEADERS):
        return False
    try:
        return ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return False


async def _built(chatbot: LiveChatbot) -> FastAPI:
    """An application with only the page in it."""
    import gradio as gr

    from chatbot.ui.closed import CLOSED
    from chatbot.ui.labels import Language
    from chatbot.ui.shell import PageShell
    from chatbot.ui.theme import theme
    from eval.chatbot_subject import subject_of
    from eval.page.growth import Growth
    from eval.page.handlers import Handlers
    from eval.page.page import EvalPage
    from eval.page.workspace import Workspace
    from eval.report.html import resource
    from index.morphemes import shared_kiwi

    def documents() -> Iterator[Document]:
        return chatbot.library.documents()

    workspace = Workspace()
    handlers = Handlers(workspace, lambda: subject_of(chatbot.current), documents)
    growth = Growth(workspace, documents, shared_kiwi)
    page = FastAPI(openapi_url=None)
    style = files("eval.page").joinpath("page.css").read_text(encoding="utf-8")
    gr.mount_gradio_app(
        page,
        EvalPage(handlers, growth).build(),
        path=PATH,
        theme=theme(),
        css=f"{style}\n.eval {{\n{resource('parts.css')}\n}}\n",
        **{**CLOSED, "max_file_size": MAX_UPLOAD_BYTES},
    )
    page.add_middleware(PageShell, language=Language.KOREAN, path=f"{PATH}/")
    return page
