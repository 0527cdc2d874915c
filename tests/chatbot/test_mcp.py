from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chatbot.access.file import new_secret, write_access
from chatbot.access.keys import new_api_key
from chatbot.access.model import AccessList, Scope
from chatbot.api.app import create_app
from chatbot.errors import ChatbotError
from chatbot.mcp_server import build_server
from chatbot.settings import Settings
from index.settings import IndexSettings
from tests.aside import run_aside
from tests.browser.widget_host import served
from tests.chatbot.fake_chatbot import BIKE, FakeChatbot

mcp = pytest.importorskip("mcp", reason="the optional extra mcp is not installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of ``/mcp`` and a key for it."""
    folder = tmp_path_factory.mktemp("mcp")
    key, entry = new_api_key("시험", [Scope.ASK])
    write_access(folder / "access.json", AccessList(token_secrets=(new_secret(),), api_keys=(entry,)))
    settings = Settings(
        index=IndexSettings(index_dir=folder / "index"),
        access_file=folder / "access.json",
        mcp=True,
        require_api_key=True,
    )
    with served(lambda: create_app(FakeChatbot(), settings)) as base:
        yield f"{base}/mcp", key


@asynccontextmanager
async def over_http(address: str, key: str) -> Any:
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}) as http,
        Client(streamable_http_client(address, http_client=http)) as client,
    ):
        yield client


def test_over_http_the_four_tools_answer_with_citations(address: tuple[str, str]) -> None:
    async def use() -> tuple[list[Any], dict[str, Any]]:
        async with over_http(*address) as client:
            tools = (await client.list_tools()).tools
            results = {
                name: (await client.call_tool(name, arguments)).structured_content
                for name, arguments in (
                    ("ask", {"question": "수리 기간은?", "year": 2024}),
                    ("search_cases", {"query": "큐알코드"}),
                    ("get_case", {"case_id": "bike-1"}),
                    ("get_document", {"document_id": "bike"}),
                )
            }
            return tools, results

    tools, results = run_aside(use)
    assert {tool.name for tool in tools} == {"ask", "search_cases", "get_case", "get_document"}
    assert all("가" <= tool.description[0] <= "힣" for tool in tools)
    assert results["ask"]["status"] == "answered"
    for citation in results["ask"]["citations"]:
        assert results["get_document"]["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert results["search_cases"]["results"][0]["case_id"] == "bike-1"
    assert results["get_case"]["text"] == BIKE


def test_what_is_wrong_is_told_as_a_tool_error(address: tuple[str, str]) -> None:
    async def use() -> list[Any]:
        async with over_http(*address) as client:
            return [
                await client.call_tool("get_case", {"case_id": "nothing"}),
                await client.call_tool("ask", {"question": ""}),
            ]

    for result in run_aside(use):
        assert result.is_error
    assert "색인에 없습니다" in run_aside(use)[0].content[0].text


def test_without_a_key_the_gate_stands_here_too(address: tuple[str, str]) -> None:
    import httpx

    assert httpx.post(address[0], json={}).status_code == 401
    headers = {"Authorization": f"Bearer {address[1]}", "Origin": "https://attacker.example"}
    assert httpx.post(address[0], json={}, headers=headers).status_code == 403


def test_the_sdk_is_not_imported_where_it_is_not_switched_on() -> None:
    code = "import sys, chatbot.api.app; sys.exit('mcp' in sys.modules or 'langchain_core' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_missing_extra_is_one_korean_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(work: Any, /) -> Any:
        return work()

    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(ChatbotError, match="pip install"):
        build_server(FakeChatbot, run)


def test_without_an_index_the_command_ends_with_one_korean_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chatbot.mcp_server", "--index-dir", str(tmp_path / "index")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
    assert ended.returncode == 1
    assert ended.stdout == ""
    [line] = ended.stderr.splitlines()
    assert str(tmp_path / "index") in line


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_over_standard_input_the_real_chatbot_answers(chatbot: object, bundled_settings: Settings) -> None:
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client

    folder = Path(bundled_settings.index.index_dir)
    started = StdioServerParameters(
        command=sys.executable,
        args=["-m", "chatbot.mcp_server", "--index-dir", str(folder)],
        cwd=str(Path(__file__).parents[2]),
    )

    async def use() -> Any:
        async with Client(stdio_client(started), read_timeout_seconds=600) as client:
            return await client.call_tool("ask", {"question": "미국행 국제우편은 왜 멈췄나요?"})

    answer = run_aside(use).structured_content
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"]
