"""From a folder to texts: which files are documents, and what they say before any processing.

What a file is follows from its first bytes, never from its name alone. New formats join in
:func:`_decode` as readers of bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    relative path, the later one's source is prefixed with its folder name.

    Raises:
        DocumentsNotFoundError: A root does not exist or holds no file that could be a document.
    """
    seen: set[str] = set()
    for root in roots:
        if not root.exists():
            raise DocumentsNotFoundError(f"문서 폴더가 없습니다: {str(root)!r}. --docs에 준 경로를 확인해 주십시오.")
        files = _document_files(root)
        if not files:
            raise DocumentsNotFoundError(
                f"문서 폴더가 비어 있습니다: {str(root)!r}. .txt 또는 .md 문서를 넣거나 다른 폴더를 지정해 주십시오."
            )
        base = root if root.is_dir() else root.parent
        for path in files:
            for item in _read(path, path.relative_to(base).as_posix(), max_file_bytes):
                yield _distinct(item, root.name, seen)


def document_id(source: str) -> str:
    """Stable, URL-safe id of the document at ``source``."""
    return "d" + hashlib.sha256(source.encode()).hexdigest()[:12]


def _document_files(root: Path) -> list[Path]:
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
    body = text[start:].lstrip("\n")
    if not body.strip():
        yield SkippedFile(source, f"{source!r}: 내용이 없습니다. 건너뜁니다.")
        return
    digest = hashlib.sha256(text.encode()).hexdigest()
    yield RawDocument(source, body, digest, str(metadata.get("title") or ""), metadata)


def _read_corpus(path: Path, source: str) -> Iterator[RawDocument | SkippedFile]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                identifier, text, title = str(record["_id"]), str(record["text"]), str(record.get("title") or "")
            except (ValueError, KeyError, TypeError, AttributeError):
                yield SkippedFile(
                    f"{source}#{number}", f"{source!r} {number}행: _id와 text가 있는 JSON이 아닙니다. 건너뜁니다."
                )
                continue
            if text.strip():
                digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
                yield RawDocument(f"{source}#{identifier}", text, digest, title)


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """YAML front matter of a Markdown text and the offset at which the body starts (0 when there is none)."""
    if not text.startswith("---\n"):
        return {}, 0
    end = text.find("\n---", 4)
    if end < 0 or end > 10_000:
        return {}, 0
    try:
        loaded = yaml.safe_load(text[4:end])
    except yaml.YAMLError:
        return {}, 0
    line_end = text.find("\n", end + 1)
    return (loaded, len(text) if line_end < 0 else line_end + 1) if isinstance(loaded, dict) else ({}, 0)


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
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    text = data.decode("utf-8-sig", errors="replace")
    if "\x00" in text or text.count("\ufffd") > _MAX_REPLACED_SHARE * len(text):
        raise UnreadableFileError("글자 인코딩을 알 수 없습니다. UTF-8로 저장해 다시 넣어 주십시오")
    return text
