"""The dense leg on a Chroma server of its own: what several processes share."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chromadb
import pytest
from chromadb.api import ClientAPI

from index.build import build_index
from index.errors import IndexSelfTestError
from index.library import open_library
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

pytestmark = [
    pytest.mark.slow,
    # Chroma's HTTP client has no way to close its connections.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def no_connections_left_for_other_tests() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on a free port, without telemetry."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--host", "127.0.0.1", "--port", str(port), "--path"]
    folder = tmp_path_factory.mktemp("server")
    with subprocess.Popen(
        [*command, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    ) as process:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
        process.kill()


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not start")


@contextmanager
def client(server: str) -> Iterator[ClientAPI]:
    opened = chromadb.HttpClient(host="127.0.0.1", port=int(server.rsplit(":", 1)[1]))
    yield opened
    opened.close()


def collections(server: str) -> set[str]:
    with client(server) as opened:
        return {collection.name for collection in opened.list_collections()}


def test_build_search_change_and_prune_on_a_server(server: str, tmp_path: Path, corpus_dir: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for path in corpus_dir.glob("0*"):
        (docs / path.name).write_bytes(path.read_bytes())
    settings = IndexSettings(index_dir=tmp_path / "index", chroma_url=server, keep_versions=2, embedding_batch=4)
    reports = []
    for number in range(3):
        (docs / "일지.txt").write_text(f"오늘은 {number}차 점검을 하였다.", encoding="utf-8")
        reports.append(build_index([docs], settings, embedder=FakeEmbedder()))
    assert [report.embedded for report in reports] == [reports[0].chunks, 1, 1]
    assert build_index([docs], settings, embedder=FakeEmbedder()).version == reports[2].version
    assert collections(server) == {f"chunks-{report.version}" for report in reports[1:]}

    library = open_library(settings, FakeEmbedder())
    library.self_test()
    best = library.search("주차 로봇")[0]
    assert best.chunk.case_title.startswith("주차 로봇")
    assert best.similarity > 0
    library.close()

    local = IndexSettings(index_dir=tmp_path / "local", chroma_url="")
    build_index([docs], local, embedder=FakeEmbedder())
    same = open_library(local, FakeEmbedder())
    assert same.search("주차 로봇")[0].similarity == pytest.approx(best.similarity, abs=1e-5)
    same.close()


def test_a_collection_that_the_server_lost_is_noticed_and_made_again(
    server: str, tmp_path: Path, corpus_dir: Path
) -> None:
    settings = IndexSettings(index_dir=tmp_path / "index", chroma_url=server)
    first = build_index([corpus_dir], settings, embedder=FakeEmbedder())
    with client(server) as opened:
        opened.delete_collection(f"chunks-{first.version}")
    library = open_library(settings, FakeEmbedder())
    with pytest.raises(IndexSelfTestError, match="임베딩 검색"):
        library.self_test()
    library.close()
    second = build_index([corpus_dir], settings, embedder=FakeEmbedder())
    assert (second.version != first.version, second.embedded) == (True, 0)
    library = open_library(settings, FakeEmbedder())
    library.self_test()
    library.close()
