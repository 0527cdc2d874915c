"""Bytes to documents: which reader takes them. A bundle gives a document for each file in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from index.errors import UnreadableFileError
from index.readers.extract import Extract
from index.readers.formats import Format, sniff

if TYPE_CHECKING:
    from index.readers.recognition import Recognizer

READERS_VERSION = "readers-1"
"""Raise when a reader gives other text for the same bytes: what was read is then read again."""

MAX_NESTING = 3
MAX_MEMBERS = 5_000

_READERS: dict[Format, tuple[str, str]] = {
    Format.PDF: ("pdf", "read_pdf"),
    Format.HWP: ("hwp5", "read_ole"),
    Format.HWPX: ("hwpx", "read_hwpx"),
    Format.HWPML: ("hwpml", "read_hwpml"),
    Format.DOCX: ("docx", "read_docx"),
    Format.PPTX: ("pptx", "read_pptx"),
    Format.XLSX: ("xlsx", "read_xlsx"),
    Format.ODS: ("opendocument", "read_ods"),
    Format.ODT: ("opendocument", "read_odt"),
    Format.HTML: ("html", "read_html"),
    Format.EML: ("eml", "read_eml"),
}


def read(data: bytes, recognizer: Recognizer | None = None) -> list[Extract]:
    """All documents in ``data``; parts of a bundle that cannot be read come with their ``error``.

    ``recognizer`` reads pages that are pictures; without one they are reported.

    Raises:
        UnreadableFileError: The file itself cannot be read.
    """
    return list(_read(data, "", 0, recognizer))


def _read(data: bytes, name: str, depth: int, recognizer: Recognizer | None) -> Iterator[Extract]:
    kind = sniff(data)
    if kind is Format.ZIP:
        from index.readers.bundle import members

        yield from _parts(members(data), name, depth, recognizer)
        return
    extract = _one(kind, data, recognizer)
    # The same text in another encoding is the same document.
    seen = b"" if extract.format is Format.TEXT else READERS_VERSION.encode() + data
    if extract.format is Format.TEXT or extract.recognized:  # other settings may read more of a picture
        seen += extract.text.encode("utf-8", "surrogatepass")
    yield replace(extract, name=name, digest=hashlib.sha256(seen).hexdigest())
    if kind is Format.EML:
        from index.readers.eml import attachments

        yield from _parts(attachments(data), name, depth, recognizer)


def _parts(
    parts: Iterator[tuple[str, bytes | UnreadableFileError]] | Iterator[tuple[str, bytes]],
    name: str,
    depth: int,
    recognizer: Recognizer | None,
) -> Iterator[Extract]:
    if depth >= MAX_NESTING:
        raise UnreadableFileError(f"압축이 {MAX_NESTING}겹을 넘어 열지 않았습니다. 풀어서 다시 넣어 주십시오")
    for number, (inner, content) in enumerate(parts):
        path = f"{name}/{inner}" if name else inner
        if number >= MAX_MEMBERS:
            yield Extract("ZIP", name=path, error=f"묶음 안의 파일이 {MAX_MEMBERS:,}개를 넘어 나머지를 읽지 않았습니다")
            return
        if isinstance(content, UnreadableFileError):
            yield Extract("ZIP", name=path, error=str(content))
            continue
        try:
            yield from _read(content, path, depth + 1, recognizer)
        except UnreadableFileError as error:
            yield Extract("ZIP", name=path, error=str(error))


def _one(kind: Format, data: bytes, recognizer: Recognizer | None) -> Extract:
    if kind in _READERS:
        module, function = _READERS[kind]
        reader: Callable[..., Extract] = getattr(import_module(f"index.readers.{module}"), function)
        try:
            return reader(data, recognizer) if kind is Format.PDF else reader(data)
        except (UnreadableFileError, MemoryError):
            raise
        except Exception as error:
            # The libraries meet damaged files with whatever these make them do: KeyError, zlib.error, AssertionError.
            raise UnreadableFileError(
                f"{kind} 파일이 손상되어 읽을 수 없습니다. 원본을 다시 받아 넣어 주십시오"
            ) from error
    from index.readers.text import decode, delimiter_of, read_csv, with_tables

    text = decode(data)
    delimiter = delimiter_of(text)
    return read_csv(text, delimiter) if delimiter else Extract(Format.TEXT, with_tables(text))
