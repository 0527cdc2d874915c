"""An index that changes while a chatbot answers from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from chatbot.live import LiveChatbot
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from index.build import build_index
from index.library import open_library
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

FIRST = "# 여권 수수료 안내\n\n가람시는 2024년 3월 2일 복수여권 수수료를 53,000원으로 정했다고 밝혔다.\n"
SECOND = FIRST.replace("53,000원", "47,000원").replace("2024년 3월", "2025년 6월")


def publish(settings: IndexSettings, **texts: str) -> str:
    """Writes the documents, which replace what was there, and builds; gives the name of the version."""
    docs = settings.index_dir.parent / "docs"
    docs.mkdir(exist_ok=True)
    for path in docs.iterdir():
        path.unlink()
    for name, said in texts.items():
        (docs / f"{name}.md").write_text(said, encoding="utf-8")
    return build_index([docs], settings, embedder=FakeEmbedder()).version


def live_chatbot(settings: IndexSettings) -> LiveChatbot:
    """A chatbot without a reader over the current version."""
    return LiveChatbot(Chatbot(Settings(index=settings), open_library(settings, FakeEmbedder()), None))


def wait_for(met: Callable[[], bool], seconds: float = 20.0) -> None:
    """Until ``met`` is true; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def folders(settings: IndexSettings) -> set[str]:
    """The versions on the disk."""
    return {path.name for path in Path(settings.index_dir / "versions").iterdir()}
