"""ZIP bundles: what is inside, without ever writing to the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from index.errors import UnreadableFileError
from index.readers.archive import member, open_archive

_NOT_DOCUMENTS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_UTF8_NAMES = 0x800


def members(data: bytes) -> Iterator[tuple[str, bytes | UnreadableFileError]]:
    """Names and bytes of the files in the bundle; an error in place of bytes for one that cannot be read."""
    with open_archive(data) as archive:
        for entry in archive.infolist():
            name = entry_name(entry)
            if entry.is_dir() or not _is_document(name):
                continue
            if not is_safe(name):
                yield name, UnreadableFileError("압축 안의 경로가 폴더 밖을 가리켜 읽지 않았습니다")
                continue
            try:
                yield name, member(archive, entry.filename)
            except UnreadableFileError as error:
                yield name, error


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name in the archive; names of old Korean tools are CP949 that zipfile takes for CP437."""
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def is_safe(name: str) -> bool:
    """Whether the name stays below the bundle."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and ".." not in parts and not parts[0].startswith("/") and ":" not in parts[0]


def _is_document(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return bool(parts) and not hidden and "__MACOSX" not in parts and parts[-1].lower() not in _NOT_DOCUMENTS
