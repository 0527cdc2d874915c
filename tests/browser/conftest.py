"""A real browser on the real pages, over the fake chatbot or the bundled documents."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from chatbot.api.app import create_app
from chatbot.settings import Settings
from chatbot.startup import bind
from chatbot.ui.mount import mount_pages
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import FakeChatbot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@dataclass
class Visit:
    """A page and what it did: every address it asked for, and every complaint of the browser."""

    page: Page
    base: str
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Types a question, sends it, and waits for what comes of it."""
        before = self.page.locator(".turn").count()
        self.page.get_by_label("질문", exact=True).fill(question)
        self.page.keyboard.press("Enter")
        self.finished(before + 1)

    def finished(self, turns: int) -> None:
        """Waits until there are so many turns and none is working."""
        self.page.wait_for_function(
            "n => document.querySelectorAll('.turn').length === n && !document.querySelector('.working')", arg=turns
        )

    @property
    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture(scope="module")
def chatbot() -> Iterator[FakeChatbot]:
    fake = FakeChatbot()
    yield fake
    fake.gate.set()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def base(chatbot: FakeChatbot, data_dir: Path) -> Iterator[str]:
    """The address of the pages over the fake chatbot."""
    listening = bind("127.0.0.1", 0)
    listening.listen()
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        settings = Settings(index=IndexSettings(index_dir=data_dir / "index"))
        app = create_app(chatbot, settings)
        mount_pages(app, chatbot, settings)
        servers.append(uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning")))
        await servers[0].serve(sockets=[listening])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    servers[0].should_exit = True
    servers[0].force_exit = True
    thread.join(timeout=30)


@pytest.fixture
def window() -> dict[str, object]:
    """Size and scheme of the window; a test may have its own by parametrising this."""
    return {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def visit(browser: Browser, base: str, window: dict[str, object]) -> Iterator[Visit]:
    """The chat, opened and ready."""
    context = browser.new_context(locale="ko-KR", **window)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    visit = Visit(page, base)
    page.on("request", lambda request: visit.requested.append(request.url))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", lambda line: visit.complaints.append(line.text) if line.type == "error" else None)
    page.goto(base)
    page.wait_for_selector("#conversation .log")
    yield visit
    context.close()


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
