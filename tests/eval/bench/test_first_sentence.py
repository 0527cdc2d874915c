"""The measure of the first sentence, on two tiny cases and a server that writes slowly."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.generate import build_composer
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from eval.bench.first_sentence import paced_server, timed
from tests.chatbot.fake_model import tiny_library


def test_the_first_sentence_of_a_slow_model_comes_long_before_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    library = tiny_library(tmp_path)
    with paced_server(40) as address:
        settings = Settings(
            _env_file=None, chat_provider="openai", chat_model="copy", chat_base_url=address, use_refusal=False
        )
        bot = Chatbot(settings, library, None, build_composer(settings, library))
        timing = timed(bot, "자전거 수리 기간이 얼마나 줄었나요?")
    library.close()
    assert timing.answerer == "generative"
    assert timing.first is not None
    # Three sentences of about fifteen tokens each.
    assert timing.whole - timing.first > 0.5
