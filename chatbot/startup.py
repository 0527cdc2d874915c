"""What has to be right before the service starts, cheapest first, each failure one Korean line."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

from chatbot.errors import ChatbotError
from index.build import file_reader
from index.catalog import Catalog
from index.errors import DocumentsNotFoundError
from index.load import RawDocument, SkippedFile, document_files, load_documents
from index.settings import IndexSettings
from index.versions import VersionFolder


class StartupError(ChatbotError):
    """The service cannot start; the message says what, where and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """A socket that holds ``host:port`` from now on, so that a long build does not end at a taken port.

    Raises:
        StartupError: The address is taken, not ours, or needs more rights.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise StartupError(_why_not(host, port, error)) from error
    return taken


def documents_to_serve(docs: Sequence[Path], settings: IndexSettings) -> list[Path]:
    """The folders and files to answer from; empty where an index of other documents is to be served as it is.

    Without ``docs``, the bundled documents are served if there is no index yet, or only one of them.

    Raises:
        DocumentsNotFoundError: One of ``docs`` does not exist or holds no file that could be a document.
    """
    for root in docs:
        document_files(root)
    if docs:
        return list(docs)
    with as_file(files("index").joinpath("corpus")) as bundled:
        names = {path.relative_to(bundled).as_posix() for path in bundled.rglob("*")}
        return [bundled] if _indexed(settings).keys() <= names else []


def is_indexed(docs: Sequence[Path], settings: IndexSettings) -> bool:
    """Whether the current index was made from ``docs`` as they are now; costs no model.

    Files other than text are read once, here or by the build: both remember in the index folder what they read.

    Raises:
        DocumentsNotFoundError: None of the files can be read.
        OSError: The index folder cannot be written.
    """
    settings.index_dir.mkdir(parents=True, exist_ok=True)
    with file_reader(settings) as reader:
        items = list(load_documents(docs, max_file_bytes=settings.max_file_bytes, reader=reader))
    digests = {item.source: item.digest for item in items if isinstance(item, RawDocument)}
    if not digests:
        reasons = [item.reason for item in items if isinstance(item, SkippedFile)]
        raise DocumentsNotFoundError("읽을 수 있는 문서가 없습니다. " + " ".join(reasons[:3]))
    return digests == _indexed(settings)


def _indexed(settings: IndexSettings) -> dict[str, str]:
    """Digest by source of what the current index holds; nothing before the first build."""
    versions = VersionFolder(settings.index_dir)
    current = versions.current()
    if current is None:
        return {}
    catalog = Catalog(versions.path(current) / "catalog.sqlite", read_only=True)
    try:
        return {source: digest for source, (_, digest) in catalog.digests().items()}
    finally:
        catalog.close()


def _why_not(host: str, port: int, error: OSError) -> str:
    address = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return f"{address}을(를) 다른 프로그램이 쓰고 있습니다. 그 프로그램을 끝내거나 --port로 다른 번호를 주십시오."
    if error.errno == errno.EACCES:
        return f"{address} 포트를 열 권한이 없습니다. --port로 1024보다 큰 번호를 주십시오."
    return f"{address}에서 들을 수 없습니다({error.strerror or error}). --host의 주소를 확인해 주십시오."
