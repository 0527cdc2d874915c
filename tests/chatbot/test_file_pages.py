"""Whoever keeps the documents sees what was read from each, what was not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index import report
from index.report import FileReport
from tests.chatbot.fake_chatbot import HOSTILE


@pytest.fixture
def index_dir(pages_client: TestClient) -> Iterator[Path]:
    folder: Path = pages_client.app.state.services.index_dir  # type: ignore[attr-defined]
    yield folder
    (folder / report.REPORT_FILE).unlink(missing_ok=True)


def test_without_a_build_it_says_what_to_do(pages_client: TestClient, index_dir: Path) -> None:
    assert "python -m index build" in pages_client.get("/files").text


def test_what_was_not_read_comes_first_with_its_reason(pages_client: TestClient, index_dir: Path) -> None:
    read = FileReport("가.pdf", "PDF", 1234, 3, 0.67, 2, 0.4, (2,), ("2쪽에 글자가 없습니다",))
    broken = FileReport(f"나{HOSTILE}.hwp", error=f"'나{HOSTILE}.hwp': HWP 파일이 손상되었습니다. 건너뜁니다.")
    report.save(index_dir, [FileReport("다.txt", "텍스트", 10), read, broken])
    response = pages_client.get("/files")
    page = response.text
    assert page.index("나&lt;img") < page.index("가.pdf") < page.index("다.txt")
    assert "파일 3개 가운데 2개" in page
    assert "HWP 파일이 손상되었습니다" in page
    assert "2쪽에 글자가 없습니다" in page
    assert HOSTILE not in page
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert pages_client.get("/api/v1/files").json()["skipped"] == 1


def test_the_case_browser_leads_there(pages_client: TestClient) -> None:
    assert 'href="/files"' in pages_client.get("/cases").text
