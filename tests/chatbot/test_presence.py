"""A client that hangs up is not worked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from chatbot.api.app import create_app
from chatbot.settings import Settings
from index.settings import IndexSettings
from tests.browser.widget_host import served
from tests.chatbot.fake_chatbot import FakeChatbot

QUESTION = {"question": "수리 기간은?"}


@pytest.mark.parametrize("path", ["ask", "search"])
def test_who_hangs_up_in_the_queue_is_taken_out_of_it(tmp_path: Path, path: str) -> None:
    chatbot = FakeChatbot()
    settings = Settings(index=IndexSettings(index_dir=tmp_path / "index"), workers=1)
    app = create_app(chatbot, settings)
    workers = app.state.services.workers
    with served(lambda: app) as address:
        chatbot.gate.clear()
        first = threading.Thread(target=lambda: httpx.post(f"{address}/api/v1/ask", json=QUESTION, timeout=30))
        first.start()
        until(lambda: len(chatbot.asked) == 1)
        with pytest.raises(httpx.ReadTimeout):
            if path == "ask":
                httpx.post(f"{address}/api/v1/ask", json=QUESTION, timeout=0.5)
            else:
                httpx.get(f"{address}/api/v1/search", params={"q": "큐알코드"}, timeout=0.5)
        until(lambda: workers.taken == 1)
        assert workers.waiting == 0
        chatbot.gate.set()
        first.join()
    assert len(chatbot.asked) == 1


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
