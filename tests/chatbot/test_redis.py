"""Limits that several processes count together, in a real Redis where the machine has one."""

from __future__ import annotations

import importlib.util
import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chatbot.api.app import create_app
from chatbot.settings import Settings
from chatbot.startup import bind
from index.settings import IndexSettings
from tests.chatbot.fake_chatbot import FakeChatbot

REDIS = shutil.which("redis-server") or shutil.which("valkey-server") or ""

pytestmark = [
    pytest.mark.skipif(not REDIS, reason="no redis-server on this machine (Debian: apt-get install redis-server)"),
    pytest.mark.skipif(importlib.util.find_spec("redis") is None, reason="pip install '.[redis]'"),
]


class Redis:
    """A Redis that can be stopped and started again at the same address, and forgets nothing in between."""

    def __init__(self, folder: Path) -> None:
        with bind("127.0.0.1", 0) as probe:
            self.port = probe.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [REDIS, "--port", str(self.port), "--dir", str(self._folder), "--bind", "127.0.0.1"]
        self._process = subprocess.Popen([*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def opened(redis: Redis, tmp_path: Path) -> Iterator[Callable[[], TestClient]]:
    """Another process of the service, as far as the counts go."""
    clients: list[TestClient] = []

    def open_one() -> TestClient:
        settings = Settings(
            index=IndexSettings(index_dir=tmp_path / "index"),
            rate_storage=f"redis://127.0.0.1:{redis.port}/0",
            limit_address="3/minute",
        )
        clients.append(TestClient(create_app(FakeChatbot(), settings)))
        return clients[-1].__enter__()

    yield open_one
    for client in clients:
        client.__exit__(None, None, None)


def code(client: TestClient) -> int:
    return client.get("/api/v1/cases").status_code


def test_two_processes_count_together(opened: Callable[[], TestClient]) -> None:
    one, other = opened(), opened()
    assert [code(one), code(other), code(one)] == [200, 200, 200]
    refused = other.get("/api/v1/cases")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert code(one) == 429


def test_without_its_redis_the_service_answers_and_counts_again_when_it_is_back(
    opened: Callable[[], TestClient], redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    client = opened()
    assert code(client) == 200
    redis.stop()
    with caplog.at_level(logging.ERROR):
        assert [code(client) for _ in range(5)] == [200] * 5
    assert "rate limits cannot be counted" in caplog.text
    redis.start()
    codes = [code(client) for _ in range(5)]
    assert codes[-1] == 429
    assert codes.count(200) <= 4
