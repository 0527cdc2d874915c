"""The real chatbot over the bundled cards, built once a session; the fake one; the pages beside the chat over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chatbot.api.app import create_app
from chatbot.pipeline import Chatbot, build_chatbot
from chatbot.settings import Settings
from chatbot.ui import case_pages, export_routes, file_pages, source_pages
from index.build import build_index
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import FakeChatbot

BUNDLED_CORPUS = Path(__file__).parents[2] / "index" / "corpus"


@pytest.fixture(scope="session")
def bundled_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(index=IndexSettings(index_dir=tmp_path_factory.mktemp("bundled") / "index"))


@pytest.fixture(scope="session")
def chatbot(bundled_settings: Settings) -> Iterator[Chatbot]:
    build_index([BUNDLED_CORPUS], bundled_settings.index)
    bot = build_chatbot(bundled_settings)
    yield bot
    bot.library.close()


@pytest.fixture
def fake_chatbot() -> Iterator[FakeChatbot]:
    """One that the edges are tested against; what it still holds back at the end is let go."""
    fake = FakeChatbot()
    yield fake
    fake.gate.set()


@pytest.fixture(scope="session")
def pages_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The pages beside the chat, without Gradio, which takes seconds."""
    settings = Settings(index=IndexSettings(index_dir=tmp_path_factory.mktemp("pages") / "index"))
    settings.index.index_dir.mkdir()
    app = create_app(FakeChatbot(), settings)
    for pages in (source_pages, case_pages, file_pages, export_routes):
        app.include_router(pages.router)
    with TestClient(app) as client:
        yield client
