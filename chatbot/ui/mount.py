"""Puts the pages onto the application."""

from __future__ import annotations

import os
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from chatbot.api.ports import ChatbotPort
from chatbot.api.problems import install_problems
from chatbot.settings import Settings
from chatbot.ui import case_pages, export_routes, file_pages, source_pages
from chatbot.ui.shell import KoreanShell

if TYPE_CHECKING:
    from gradio.routes import App


def mount_pages(app: FastAPI, chatbot: ChatbotPort, settings: Settings) -> None:
    """Adds the pages beside the chat, their files, and the chat at ``/``; call it after every other route is there."""
    for pages in (source_pages, case_pages, file_pages, export_routes):
        app.include_router(pages.router)
    app.mount("/pages", StaticFiles(packages=[("chatbot.ui", "assets")]), name="pages")
    _mount_chat(app, chatbot, settings)


def _mount_chat(app: FastAPI, chatbot: ChatbotPort, settings: Settings) -> None:
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when it is imported
    import gradio as gr  # three seconds, which the API alone can do without

    from chatbot.ui.page import ChatPage
    from chatbot.ui.theme import theme

    assets = files("chatbot.ui").joinpath("assets")
    gr.mount_gradio_app(
        app,
        ChatPage(chatbot, settings).build(),
        path="/",
        theme=theme(),
        css=assets.joinpath("chat.css").read_text(encoding="utf-8"),
        favicon_path=str(assets.joinpath("favicon.svg")),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=0,
    )
    mount = app.router.routes.pop()
    assert isinstance(mount, Mount)  # noqa: S101  what mount_gradio_app has just added
    chat: App = mount.app  # type: ignore[assignment]
    install_problems(chat)
    app.router.routes.append(PageMount("/", app=KoreanShell(chat)))


class PageMount(Mount):
    """Takes what no other route wants, and leaves our own paths their 404 and 405."""

    own = (
        *("/api/", "/v1/", "/mcp", "/documents", "/cases", "/compare", "/files", "/export", "/pages", "/widget"),
        *("/healthz", "/readyz", "/metrics", "/gradio_api/upload"),
    )

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As its parent, except for our own paths."""
        if scope["type"] == "http" and scope["path"].startswith(self.own):
            return Match.NONE, {}
        return super().matches(scope)
