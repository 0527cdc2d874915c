from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def start(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """``python app.py`` with these arguments, which are expected to end it."""
    command = [sys.executable, "app.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def assert_one_korean_line(ended: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert ended.returncode == 1
    assert ended.stdout == ""
    [line] = [line for line in ended.stderr.splitlines() if not line.startswith("색인을 만듭니다")]
    assert any("가" <= letter <= "힣" for letter in line)
    for part in parts:
        assert part in line


@pytest.fixture
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_missing_folder_is_named(tmp_path: Path, port: str) -> None:
    missing = tmp_path / "없는폴더"
    assert_one_korean_line(
        start("--docs", missing, "--index-dir", tmp_path / "index", "--port", port), str(missing), "--docs"
    )
    assert not (tmp_path / "index").exists()


def test_an_empty_folder_is_named(tmp_path: Path, port: str) -> None:
    empty = tmp_path / "빈폴더"
    empty.mkdir()
    assert_one_korean_line(start("--docs", empty, "--index-dir", tmp_path / "index", "--port", port), str(empty))


def test_a_folder_without_a_readable_document_says_why(tmp_path: Path, port: str) -> None:
    docs = tmp_path / "문서"
    docs.mkdir()
    (docs / "그림.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert_one_korean_line(start("--docs", docs, "--index-dir", tmp_path / "index", "--port", port), "그림.txt")


def test_a_taken_port_is_told_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert_one_korean_line(start("--index-dir", tmp_path / "index", "--port", port), port, "--port")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("docs", [[], ["--docs"]], ids=["bundled", "own"])
def test_an_index_folder_that_cannot_be_written_is_named(tmp_path: Path, port: str, docs: list[str]) -> None:
    (tmp_path / "파일").write_text("폴더가 아닙니다")
    (tmp_path / "a.txt").write_text("새빛시는 작은도서관 12곳의 문을 밤 10시까지 열었습니다.", encoding="utf-8")
    own = [*docs, str(tmp_path / "a.txt")] if docs else []
    ended = start(*own, "--index-dir", tmp_path / "파일" / "index", "--port", port)
    assert_one_korean_line(ended, str(tmp_path / "파일"))


def test_help_is_korean_and_needs_no_model() -> None:
    ended = start("--help")
    assert ended.returncode == 0
    assert "색인을 두는 폴더" in ended.stdout
