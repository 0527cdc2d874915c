"""Puts the pages onto the application."""

from __future__ import annotations

import os
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from chatbot.api.ports import ChatbotPort, LibraryPort
from chatbot.api.problems import install_problems
from chatbot.conversations.store import ConversationStore
from chatbot.error_report import ErrorReports
from chatbot.own_documents.collections import Collections
from chatbot.settings import Settings
from chatbot.themes import ThemeFinder
from chatbot.ui import case_pages, export_routes, file_pages, history_routes, own_routes, source_pages
from chatbot.ui.archive import Archive
from chatbot.ui.browser_cookie import BrowserCookie
from chatbot.ui.closed import CLOSED
from chatbot.ui.labels import Language, labels
from chatbot.ui.shell import PageShell
from index.build import read_reports
from index.document import Case

if TYPE_CHECKING:
    from gradio import Blocks
    from gradio.routes import App

# A file that somebody brings along may take less than one of the installation.
READ_LIMITS = {"read_seconds": 30.0, "read_memory_mb": 1024}


def mount_pages(app: FastAPI, chatbot: ChatbotPort, settings: Settings) -> None:
    """Adds the pages beside the chat, their files, and the chat at ``/``; call it after every other route is there."""
    app.state.conversations = _conversations(settings)
    app.state.own_documents = _own_documents(chatbot, settings)
    app.state.themes = ThemeFinder(
        lambda: chatbot.library.version, lambda: chatbot.library.cases(), lambda case: _text_of(case, chatbot.library)
    )
    for pages in (source_pages, case_pages, file_pages, export_routes, history_routes, own_routes):
        app.include_router(pages.router)
    app.mount("/pages", StaticFiles(packages=[("chatbot.ui", "assets")]), name="pages")
    _mount_chat(app, chatbot, settings)


def _text_of(case: Case, library: LibraryPort) -> str:
    return f"{case.title}\n{library.document(case.document_id).text[case.start : case.end]}"


def _conversations(settings: Settings) -> ConversationStore | None:
    if not settings.conversation_days:
        return None
    return ConversationStore(settings.data_dir / "conversations.sqlite", days=settings.conversation_days)


def _own_documents(chatbot: ChatbotPort, settings: Settings) -> Collections | None:
    if not settings.own_documents:
        return None
    limited = settings.index.model_copy(update=READ_LIMITS)
    return Collections(chatbot.joined, lambda path: read_reports([path], limited))


def _mount_chat(app: FastAPI, chatbot: ChatbotPort, settings: Settings) -> None:
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when it is imported
    reports = ErrorReports.of(settings)
    archive = Archive(app.state.conversations)
    # The last one takes every path that nobody else wants.
    for language, path, base in ((Language.ENGLISH, "/en", "../"), (Language.KOREAN, "/", "")):
        # Three seconds to import, which the API alone can do without.
        from chatbot.ui.page import ChatPage

        page = ChatPage(
            chatbot,
            settings,
            labels(language),
            reports=reports,
            archive=archive,
            collections=app.state.own_documents,
            base=base,
        )
        chat = _gradio_app(app, page.build(), path)
        install_problems(chat)
        framed = BrowserCookie(PageShell(chat, language, "/" if path == "/" else f"{path}/"))
        app.router.routes.append(PageMount(path, app=framed))


def _gradio_app(app: FastAPI, blocks: Blocks, path: str) -> App:
    """Gradio's application around ``blocks``, not mounted yet."""
    import gradio as gr

    from chatbot.ui.theme import theme

    assets = files("chatbot.ui").joinpath("assets")
    gr.mount_gradio_app(
        app,
        blocks,
        path=path,
        theme=theme(),
        css="".join(assets.joinpath(name).read_text(encoding="utf-8") for name in ("chat.css", "sheet.css")),
        favicon_path=str(assets.joinpath("favicon.svg")) if path == "/" else None,
        **CLOSED,
    )
    mount = app.router.routes.pop()
    assert isinstance(mount, Mount)  # noqa: S101  what mount_gradio_app has just added
    found: App = mount.app  # type: ignore[assignment]
    return found


class PageMount(Mount):
    """Takes what no other route wants, and leaves our own paths their 404 and 405."""

    own = (
        *(
            "/api/",
            "/v1/",
            "/mcp",
            "/documents",
            "/cases",
            "/compare",
            "/files",
            "/export",
            "/conversations",
            "/shared",
            "/own",
            "/pages",
            "/widget",
        ),
        *("/healthz", "/readyz", "/metrics", "/gradio_api/upload", "/en/gradio_api/upload"),
    )

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As its parent, except for our own paths."""
        if scope["type"] == "http" and scope["path"].startswith(self.own):
            return Match.NONE, {}
        return super().matches(scope)
