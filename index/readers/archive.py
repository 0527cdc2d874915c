"""Opening ZIP containers without trusting them: sizes are checked before anything is unpacked."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

from index.errors import UnreadableFileError

MAX_UNPACKED = 512 * 2**20
MAX_ENTRIES = 20_000
MAX_RATIO = 400
"""Text packs at most about 100 to 1; a bomb starts at 1,000 to 1."""
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)
_SMALL = 8 * 2**20


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, if it may be unpacked.

    Raises:
        UnreadableFileError: It is damaged, encrypted, or would unpack to far more than it is.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (OSError, ValueError, RuntimeError, *BROKEN) as error:
        raise UnreadableFileError("파일이 손상되어 열 수 없습니다. 원본을 다시 받아 넣어 주십시오") from error
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or (total > _SMALL and total > MAX_RATIO * len(data)):
        raise UnreadableFileError(
            f"압축을 풀면 지나치게 커져(파일 {len(entries):,}개, {total:,}바이트) 열지 않았습니다. "
            "나누어 저장해 다시 넣어 주십시오"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFileError("암호가 걸려 있어 읽을 수 없습니다. 암호를 풀어 저장한 뒤 다시 넣어 주십시오")
    return archive


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Bytes of one entry.

    Raises:
        UnreadableFileError: It is not there or is damaged.
    """
    try:
        return archive.read(name)
    except (KeyError, OSError, ValueError, RuntimeError, EOFError, *BROKEN) as error:
        raise UnreadableFileError("파일이 손상되어 일부를 읽을 수 없습니다. 원본을 다시 받아 넣어 주십시오") from error
