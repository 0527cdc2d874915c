"""From a folder to texts: which files are documents, and what they say before any processing.

What a file is follows from its first bytes, never from its name alone. New formats join in
:func:`_decode` as readers of bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from index.errors import DocumentsNotFoundError, UnreadableFileError

CORPUS_FILE = "corpus.jsonl"
_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".text", ""})
_BINARY_FORMATS: Mapping[bytes, str] = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "HWP·DOC(OLE)",
    b"PK\x03\x04": "HWPX·DOCX·ZIP",
    b"\x89PNG": "PNG 그림",
    b"\xff\xd8\xff": "JPEG 그림",
    b"GIF8": "GIF 그림",
    b"\x1f\x8b": "GZIP",
    b"{\\rtf": "RTF",
}
_MAX_REPLACED_SHARE = 0.02
_FRONT_MATTER = re.compile(r"\A---\r?\n(?P<yaml>.{0,10000}?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_SCALARS = (str, int, float, date)


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A text as delivered. ``source`` is relative to its documents folder; ``digest`` is SHA-256 in hex."""

    source: str
    text: str
    digest: str
    title: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not indexed and the Korean line that says why."""

    source: str
    reason: str


def load_documents(roots: Sequence[Path], *, max_file_bytes: int) -> Iterator[RawDocument | SkippedFile]:
    """Documents of all ``roots`` (folders or single files), sorted by path within each root.

    A folder that holds ``corpus.jsonl`` is read as one document a line. When two roots hold the same
    relative path, the later one's source is prefixed with its folder name; a file that two roots share is
    read once.

    Raises:
        DocumentsNotFoundError: A root does not exist or holds no file that could be a document.
    """
    seen: set[str] = set()
    read: set[Path] = set()
    for root, files in [(root, document_files(root)) for root in roots]:
        base = root if root.is_dir() else root.parent
        for path in files:
            if path.resolve() in read:
                continue
            read.add(path.resolve())
            for item in _read(path, _source(path.relative_to(base)), max_file_bytes):
                yield _distinct(item, _source(Path(root.resolve().name)), seen)


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
            f"문서 폴더가 비어 있습니다: {str(root)!r}. .txt 또는 .md 문서를 넣거나 다른 폴더를 지정해 주십시오."
        )
    return files


def _files_below(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    corpus = root / CORPUS_FILE
    if corpus.is_file():
        return [corpus]
    base = root.resolve()
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file()
        and path.suffix.lower() in _SUFFIXES
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
    return item if source == item.source else RawDocument(source, item.text, item.digest, item.title, item.metadata)


def _read(path: Path, source: str, max_file_bytes: int) -> Iterator[RawDocument | SkippedFile]:
    if path.name == CORPUS_FILE:
        yield from _read_corpus(path, source)
        return
    try:
        size = path.stat().st_size
        if size > max_file_bytes:
            raise UnreadableFileError(f"너무 큰 파일입니다({size:,}바이트, 최대 {max_file_bytes:,})")
        text = _decode(path.read_bytes())
    except UnreadableFileError as error:
        yield SkippedFile(source, f"{source!r}: {error}. 건너뜁니다.")
        return
    except OSError as error:
        yield SkippedFile(source, f"{source!r}: 열 수 없습니다({error.strerror}). 권한을 확인해 주십시오. 건너뜁니다.")
        return
    metadata, start = front_matter(text)
    body = text[start:].lstrip("\r\n")
    if not _says_something(body):
        yield SkippedFile(source, f"{source!r}: 내용이 없습니다. 건너뜁니다.")
        return
    yield RawDocument(source, body, _digest(text), str(metadata.get("title") or ""), metadata)


def _read_corpus(path: Path, source: str) -> Iterator[RawDocument | SkippedFile]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _corpus_record(line, source, number)
    except OSError as error:
        yield SkippedFile(source, f"{source!r}: 열 수 없습니다({error.strerror}). 권한을 확인해 주십시오. 건너뜁니다.")


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


def _decode(data: bytes) -> str:
    """Text of ``data``: UTF-8, UTF-16 with a byte-order mark, or CP949.

    Raises:
        UnreadableFileError: The bytes are of a binary format or of no Korean encoding.
    """
    for magic, name in _BINARY_FORMATS.items():
        if data.startswith(magic):
            raise UnreadableFileError(f"{name} 형식이라 글자를 읽을 수 없습니다. 텍스트로 저장해 다시 넣어 주십시오")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    text = data.decode("utf-8-sig", errors="replace")
    if "\ufffd" in text and not _is_damaged_utf8(text):
        # cp949 comes second: it takes damaged UTF-8 for rare Hanja without complaint.
        text = _as_cp949(data) or text
    if "\x00" in text or text.count("\ufffd") > _MAX_REPLACED_SHARE * len(text):
        raise UnreadableFileError("글자 인코딩을 알 수 없습니다. UTF-8로 저장해 다시 넣어 주십시오")
    return text


def _is_damaged_utf8(text: str) -> bool:
    """Whether decoding as UTF-8 gave far more Korean than damage; of CP949 it gives the reverse."""
    replaced = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) > 6 * replaced


def _as_cp949(data: bytes) -> str:
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        return ""
