"""From a folder to texts: which files are documents, and what they say before any processing.

What a file is follows from its first bytes, never from its name; :mod:`index.readers` has a reader a format.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from index.errors import DocumentsNotFoundError
from index.raw import RawDocument, SkippedFile
from index.readers.extract import Extract
from index.readers.files import FileReader
from index.readers.formats import Format
from index.report import FileReport
from index.sidecar import Sidecars, is_sidecar

__all__ = [
    "CORPUS_FILE",
    "RawDocument",
    "SkippedFile",
    "document_files",
    "document_id",
    "front_matter",
    "load_documents",
]

CORPUS_FILE = "corpus.jsonl"
_JUNK = frozenset({"thumbs.db", "desktop.ini"})
_LOCK_PREFIX = "~$"  # what Office leaves beside an open document
_FRONT_MATTER = re.compile(r"\A---\r?\n(?P<yaml>.{0,10000}?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_SCALARS = (str, int, float, date)


def load_documents(
    roots: Sequence[Path], *, max_file_bytes: int, reader: FileReader | None = None
) -> Iterator[RawDocument | SkippedFile]:
    """Documents of all ``roots`` (folders or single files), sorted by path within each root.

    ``reader`` remembers what it read; without one, files are read for this call alone. A folder that holds
    ``corpus.jsonl`` is read as one document a line. When two roots hold the same relative path, the later one's
    source is prefixed with its folder name; a file that two roots share is read once.

    Raises:
        DocumentsNotFoundError: A root does not exist or holds no file that could be a document.
    """
    if reader is None:
        with FileReader() as own:
            yield from load_documents(roots, max_file_bytes=max_file_bytes, reader=own)
        return
    seen: set[str] = set()
    read: set[Path] = set()
    for root, files in [(root, document_files(root)) for root in roots]:
        base = root if root.is_dir() else root.parent
        sidecars = Sidecars(base)
        for path in files:
            if path.resolve() in read:
                continue
            read.add(path.resolve())
            source = _source(path.relative_to(base))
            for item in _read(path, source, max_file_bytes, reader):
                told = item
                if isinstance(item, RawDocument) and path.name != CORPUS_FILE:
                    told = sidecars.applied(item, path, item.source[len(source) + 1 :])
                yield _distinct(told, _source(Path(root.resolve().name)), seen)
            yield from sidecars.problems()
        if root.is_dir():
            yield from sidecars.unused(path for path in _visible_files(root) if is_sidecar(path))


def document_id(source: str) -> str:
    """Stable, URL-safe id of the document at ``source``."""
    return "d" + hashlib.sha256(source.encode()).hexdigest()[:12]


def document_files(root: Path) -> list[Path]:
    """Files of one documents folder, sorted; nothing is opened.

    Raises:
        DocumentsNotFoundError: The folder does not exist or holds no file that could be a document.
    """
    if not root.exists():
        raise DocumentsNotFoundError(f"문서 폴더가 없습니다: {str(root)!r}. --docs에 준 경로를 확인해 주십시오.")
    files = _files_below(root)
    if not files:
        raise DocumentsNotFoundError(
            f"문서 폴더가 비어 있습니다: {str(root)!r}. HWP·HWPX·PDF·DOCX·XLSX·HTML·텍스트 문서를 넣거나 "
            "다른 폴더를 지정해 주십시오."
        )
    return files


def _files_below(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    corpus = root / CORPUS_FILE
    if corpus.is_file():
        return [corpus]
    return [path for path in _visible_files(root) if not is_sidecar(path)]


def _visible_files(root: Path) -> list[Path]:
    base = root.resolve()
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file()
        and path.name.lower() not in _JUNK
        and not path.name.startswith(_LOCK_PREFIX)
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
        and path.resolve().is_relative_to(base)  # a link out of the folder is not ours to read
    )


def _source(path: Path) -> str:
    """The path as text that can be stored: names that are not UTF-8 get replacement characters."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _distinct(item: RawDocument | SkippedFile, root_name: str, seen: set[str]) -> RawDocument | SkippedFile:
    if isinstance(item, SkippedFile):
        return item
    source = item.source
    while source in seen:
        source = f"{root_name}/{source}"
    seen.add(source)
    if source == item.source:
        return item
    return replace(item, source=source, report=item.report and replace(item.report, source=source))


def _read(path: Path, source: str, max_file_bytes: int, reader: FileReader) -> Iterator[RawDocument | SkippedFile]:
    if path.name == CORPUS_FILE:
        yield from _read_corpus(path, source)
        return
    try:
        size = path.stat().st_size
        if size > max_file_bytes:
            yield _skipped(source, f"너무 큰 파일입니다({size:,}바이트, 최대 {max_file_bytes:,})")
            return
        reading = reader.read(path, path.read_bytes())
    except OSError as error:
        yield _skipped(source, f"열 수 없습니다({error.strerror}). 권한을 확인해 주십시오")
        return
    if reading.error:
        yield _skipped(source, reading.error)
    elif not reading.parts:
        yield _skipped(source, "묶음 안에 읽을 문서가 없습니다")
    for part in reading.parts:
        yield _document(part, f"{source}/{_whole(part.name)}" if part.name else source, reading.seconds)


def _document(part: Extract, source: str, seconds: float) -> RawDocument | SkippedFile:
    if part.error:
        return _skipped(source, part.error)
    metadata, start = front_matter(part.text) if part.format is Format.TEXT else ({}, 0)
    body = part.text[start:].lstrip("\r\n") if part.format is Format.TEXT else part.text
    if not _says_something(body):
        return _skipped(source, "내용이 없습니다")
    return RawDocument(
        source=source,
        text=body,
        digest=part.digest,
        title=str(metadata.get("title") or part.title),
        metadata=metadata,
        pages=part.pages,
        report=FileReport(
            source=source,
            format=str(part.format),
            characters=len(body),
            pages=part.page_count,
            text_share=round(1 - len(part.empty_pages) / part.page_count, 3) if part.page_count else 1.0,
            tables=part.tables,
            table_share=round(min(1.0, part.table_chars / len(body)), 3),
            empty_pages=part.empty_pages,
            recognized=part.recognized,
            warnings=part.warnings,
            seconds=seconds,
        ),
    )


def _skipped(source: str, reason: str) -> SkippedFile:
    return SkippedFile(source, f"{source!r}: {reason}. 건너뜁니다.")


def _read_corpus(path: Path, source: str) -> Iterator[RawDocument | SkippedFile]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _corpus_record(line, source, number)
    except OSError as error:
        yield _skipped(source, f"열 수 없습니다({error.strerror}). 권한을 확인해 주십시오")


def _corpus_record(line: str, source: str, number: int) -> RawDocument | SkippedFile:
    try:
        record = json.loads(line)
        identifier, text, title = record["_id"], record["text"], record.get("title") or ""
        if not (isinstance(identifier, str | int) and isinstance(text, str) and isinstance(title, str)):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        reason = f"{source!r} {number}행: _id와 text가 있는 JSON이 아닙니다. 건너뜁니다."
        return SkippedFile(f"{source}#{number}", reason)
    if not _says_something(text):
        return SkippedFile(f"{source}#{number}", f"{source!r} {number}행: 내용이 없습니다. 건너뜁니다.")
    name = _whole(str(identifier))
    return RawDocument(f"{source}#{name}", _whole(text), _digest(f"{title}\n{text}"), _whole(title))


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _whole(text: str) -> str:
    """``text`` with replacement characters for half surrogates, which JSON can spell and no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """YAML front matter of a Markdown text and the offset at which the body starts (0 when there is none).

    Values are single values or lists of them; anything nested deeper is left out.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, 0
    try:
        loaded = yaml.safe_load(found["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date such as 2024-13-45
        return {}, 0
    if not isinstance(loaded, dict):
        return {}, 0
    return {str(key): value for key, value in loaded.items() if _is_flat(value)}, found.end()


def _is_flat(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, _SCALARS) for item in value)
    return isinstance(value, _SCALARS)
