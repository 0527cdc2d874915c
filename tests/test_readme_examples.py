"""The README's examples, run as they stand there but for the port."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatbot.api.app import create_app
from chatbot.settings import Settings
from index.settings import IndexSettings
from tests.browser.widget_host import served
from tests.chatbot.fake_chatbot import FakeChatbot

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
HTTP = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## HTTP")[1].split("\n### 키와 누리집")[0]
ADDRESS = "http://localhost:7860"
ASKED = "미국행 국제우편은 왜 멈췄나요?"


@pytest.fixture(scope="module")
def chatbot() -> FakeChatbot:
    return FakeChatbot()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, chatbot: FakeChatbot) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("readme")
    settings = Settings(index=IndexSettings(index_dir=folder / "index"), access_file=folder / "access.json")
    with served(lambda: create_app(chatbot, settings)) as address:
        yield address


def examples(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", HTTP, re.M | re.S)
    assert found
    assert all(ADDRESS in example and ASKED in example for example in found)
    return found


@pytest.mark.parametrize("example", examples("python"), ids=["client", "openai"])
def test_python(example: str, address: str, chatbot: FakeChatbot) -> None:
    before = len(chatbot.asked)
    code = example.replace(ADDRESS, address)
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert [question.text for question in chatbot.asked[before:]] == [ASKED] * (2 if "ask_stream" in code else 1)
    if "ask_stream" in code:
        assert ended.stdout.splitlines()[-1] == "answer"


@pytest.mark.parametrize("example", examples("sh"))
def test_curl(example: str, address: str, chatbot: FakeChatbot) -> None:
    command = shlex.split(example.replace(ADDRESS, address))
    assert command[0] == "curl"
    ended = subprocess.run(
        [*command, "--silent", "--show-error"], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "event: answer" in ended.stdout
    assert chatbot.asked[-1].text == ASKED


@pytest.mark.browser
@pytest.mark.parametrize("example", examples("javascript"))
def test_javascript(example: str, address: str, chatbot: FakeChatbot, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{address}/healthz")
    answer = page.evaluate(f"async () => {{ {example.replace(ADDRESS, address)}; return answer; }}")
    page.close()
    assert answer["answer_id"]
    assert chatbot.asked[-1].text == ASKED
