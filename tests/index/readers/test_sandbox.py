"""Reading in a process of its own: limits hold, a process that died is replaced, a file is read once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.document import Page
from index.errors import UnreadableFileError
from index.readers.cache import Reading, ReadingCache
from index.readers.extract import Extract
from index.readers.files import FileReader
from index.readers.sandbox import Sandbox
from tests.index.readers.makers import make_html, make_pdf, make_xlsx


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=60, memory_mb=1024) as made:
        yield made


def page(folder: Path, said: str = "글입니다.") -> Path:
    path = folder / "a.html"
    path.write_bytes(make_html([said]))
    return path


def test_one_process_reads_many_files(tmp_path: Path, sandbox: Sandbox) -> None:
    first, second = sandbox.read(page(tmp_path)), sandbox.read(page(tmp_path, "다른 글입니다."))
    assert (first[0].text, second[0].text) == ("글입니다.", "다른 글입니다.")


def test_the_process_takes_no_code_from_the_documents_folder_and_knows_no_keys(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATBOT_CHAT_API_KEY", "열쇠")
    assert sandbox.read(page(tmp_path))[0].text == "글입니다."
    environment = Path(f"/proc/{sandbox._running().pid}/environ").read_bytes()
    assert b"CHATBOT_CHAT_API_KEY" not in environment


def test_a_process_that_died_is_replaced(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.read(page(tmp_path))
    sandbox._running().kill()
    time.sleep(0.2)
    assert sandbox.read(page(tmp_path))[0].text == "글입니다."


def test_a_file_that_ends_the_process_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    with Sandbox(seconds=60, memory_mb=1024) as sandbox:
        sandbox._running().kill()  # dies while it is asked
        process = sandbox._process
        assert process is not None
        process.poll = lambda: None  # type: ignore[method-assign]
        with pytest.raises(UnreadableFileError, match="멈췄습니다"):
            sandbox.read(page(tmp_path))
        assert sandbox.read(page(tmp_path))[0].text == "글입니다."


def test_time_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(["긴 글입니다. " * 20] * 400))
    with Sandbox(seconds=0.3, memory_mb=1024) as sandbox:
        began = time.monotonic()
        with pytest.raises(UnreadableFileError, match="0초가 넘게 걸려 멈췄습니다"):
            sandbox.read(path)
        assert time.monotonic() - began < 5


@pytest.mark.slow
def test_memory_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(make_xlsx({"가": [[f"칸 {r} {c}" for c in range(200)] for r in range(1500)]}))
    with Sandbox(seconds=120, memory_mb=256) as sandbox:
        with pytest.raises(UnreadableFileError, match="256MB"):
            sandbox.read(path)
        assert sandbox.read(page(tmp_path))[0].text == "글입니다."


def test_a_file_is_read_once(tmp_path: Path) -> None:
    path, cache = page(tmp_path), tmp_path / "readings.sqlite"
    data = path.read_bytes()
    with FileReader(cache) as reader:
        first = reader.read(path, data)
    path.unlink()  # what is remembered needs no file
    with FileReader(cache) as reader:
        assert reader.read(path, data) == first
        assert reader.read(path, data + b"<p>more</p>").error


def test_errors_are_remembered_too(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    with FileReader() as reader:
        first = reader.read(path, b"%PDF-1.7")
        assert "손상" in first.error
        assert reader.read(tmp_path / "없음", b"%PDF-1.7") == first


def test_what_was_not_asked_for_is_forgotten(tmp_path: Path) -> None:
    whole = Extract("PDF", "글", pages=(Page(1, 0),), warnings=("주의",), empty_pages=(2,))
    cache = ReadingCache(tmp_path / "c.sqlite")
    cache.put("a", Reading((whole,), seconds=1.5))
    cache.put("b", Reading(error="없음"))
    assert cache.get("a") == Reading((whole,), seconds=1.5)
    cache.prune()
    assert cache.get("b") is None
    cache.close()


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(b"damaged" * 1000)
    cache = ReadingCache(path)
    cache.put("a", Reading(error="없음"))
    assert cache.get("a") == Reading(error="없음")
    cache.close()
