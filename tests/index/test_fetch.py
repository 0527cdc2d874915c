"""Addresses are asked whether they have changed, within limits, and nobody else is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner

from index.__main__ import cli
from index.errors import FetchError
from index.fetch import STATE_FILE, Fetch, Fetched, fetch_all, read_list


class Pages(BaseHTTPRequestHandler):
    """Answers from ``served`` (path → body, headers), with 304 for an entity tag that it knows."""

    served: ClassVar[dict[str, tuple[bytes, dict[str, str]]]] = {}
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        body, headers = self.served.get(self.path, (b"", {}))
        self.asked.append((self.path, self.headers.get("If-None-Match", "")))
        if not body and not headers:
            self.send_response(404)
        elif headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            self.send_response(304)
        else:
            self.send_response(302 if "Location" in headers else 200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.path in self.served:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def base() -> Iterator[str]:
    Pages.served, Pages.asked = {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(folder: Path, *urls: str, intranet: bool = True, max_bytes: int = 1000) -> list[Fetched]:
    return list(fetch_all(list(urls), folder, max_bytes=max_bytes, seconds=5, intranet=intranet))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def test_only_what_has_changed_is_sent_again(tmp_path: Path, base: str) -> None:
    Pages.served["/notices/a.txt"] = (b"one", {"ETag": '"1"'})
    Pages.served["/b"] = (b"two", {})
    urls = (f"{base}/notices/a.txt", f"{base}/b")
    assert [one.outcome for one in fetch(tmp_path, *urls)] == [Fetch.NEW, Fetch.NEW]
    assert sorted(files(tmp_path).values()) == [b"one", b"two"]
    assert all(name.startswith(("a-", "b-")) for name in files(tmp_path))
    assert [one.outcome for one in fetch(tmp_path, *urls)] == [Fetch.SAME, Fetch.SAME]
    assert Pages.asked[-2:] == [("/notices/a.txt", '"1"'), ("/b", "")]
    Pages.served["/notices/a.txt"] = (b"three", {"ETag": '"2"'})
    assert [one.outcome for one in fetch(tmp_path, *urls)] == [Fetch.CHANGED, Fetch.SAME]
    assert [one.outcome for one in fetch(tmp_path, urls[0])] == [Fetch.GONE, Fetch.SAME]
    assert list(files(tmp_path).values()) == [b"three"]


def test_a_file_that_was_lost_is_fetched_again(tmp_path: Path, base: str) -> None:
    Pages.served["/a"] = (b"one", {"ETag": '"1"'})
    [first] = fetch(tmp_path, f"{base}/a")
    (tmp_path / first.file).unlink()
    fetch(tmp_path, f"{base}/a")
    assert files(tmp_path) == {first.file: b"one"}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing", "404"),
        ("/large", "너무 큰"),
        ("/elsewhere", "다른 서버"),
        ("/file", "http나 https가 아닌"),
        ("/round", "여러 번"),
    ],
)
def test_what_cannot_be_fetched_is_told_and_the_rest_is(tmp_path: Path, base: str, path: str, reason: str) -> None:
    Pages.served |= {
        "/large": (b"x" * 1001, {}),
        "/elsewhere": (b"", {"Location": "http://localhost.invalid/x"}),
        "/file": (b"", {"Location": "file:///etc/passwd"}),
        "/round": (b"", {"Location": "/round"}),
        "/moved": (b"", {"Location": "/good"}),
        "/good": (b"good", {}),
    }
    failed, good = fetch(tmp_path, f"{base}{path}", f"{base}/moved")
    assert (failed.outcome, good.outcome) == (Fetch.FAILED, Fetch.NEW)
    assert reason in failed.reason
    assert list(files(tmp_path).values()) == [b"good"]


def test_a_private_network_is_not_asked_unless_told(tmp_path: Path, base: str) -> None:
    Pages.served["/a"] = (b"one", {})
    for url in (
        f"{base}/a",
        f"{base.replace('127.0.0.1', 'localhost')}/a",
        "http://[::1]:1/a",
        "http://169.254.169.254/",
    ):
        [refused] = fetch(tmp_path, url, intranet=False)
        assert "내부망" in refused.reason
    assert Pages.asked == []


def test_a_failure_keeps_what_was_fetched_before(tmp_path: Path, base: str) -> None:
    Pages.served["/a"] = (b"one", {"ETag": '"1"'})
    fetch(tmp_path, f"{base}/a")
    del Pages.served["/a"]
    [failed] = fetch(tmp_path, f"{base}/a")
    assert failed.outcome is Fetch.FAILED
    assert list(files(tmp_path).values()) == [b"one"]


def test_a_state_that_someone_wrote_removes_no_other_file(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (tmp_path / "keep.txt").write_text("keep")
    (folder / STATE_FILE).write_text('{"http://a.example/x": {"file": "../keep.txt"}}')
    assert fetch(folder) == []
    assert (tmp_path / "keep.txt").exists()


@pytest.mark.parametrize(
    "line", ["ftp://a/b", "file:///etc/passwd", "그냥 글", "http://", "http://me:pw@host/a", "http://[x"]
)
def test_a_line_that_is_no_address_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(f"# 목록\n\nhttps://a.example/x\n{line}\n", encoding="utf-8")
    with pytest.raises(FetchError, match="4행"):
        read_list(path)


def test_the_command_tells_a_line_an_address(tmp_path: Path, base: str) -> None:
    Pages.served["/a.txt"] = (b"one", {})
    (tmp_path / "urls.txt").write_text(f"{base}/a.txt\n{base}/missing\n", encoding="utf-8")
    arguments = ["fetch", "--urls", str(tmp_path / "urls.txt"), "--docs", str(tmp_path / "docs"), "--intranet"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert "받음: " in done.stderr
    assert "받지 못함: " in done.stderr
