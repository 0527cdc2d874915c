"""The real chatbot over the bundled cards, built once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.pipeline import Chatbot, build_chatbot
from chatbot.settings import Settings
from index.build import build_index
from index.settings import IndexSettings

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
