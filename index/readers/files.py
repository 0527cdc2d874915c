"""Reading files: plain text at once, every other format in the sandbox, each file once."""

from __future__ import annotations

import hashlib
import time
from contextlib import AbstractContextManager
from pathlib import Path

from index.errors import UnreadableFileError
from index.readers.cache import Reading, ReadingCache
from index.readers.formats import is_text
from index.readers.read import READERS_VERSION, read
from index.readers.recognition import engine
from index.readers.sandbox import Sandbox

DEFAULT_SECONDS = 120.0
DEFAULT_MEMORY_MB = 2048


class FileReader(AbstractContextManager["FileReader", None]):
    """Reads files within limits and remembers what it read.

    ``recognize`` lets it read pages that are pictures, where character recognition is installed.
    """

    def __init__(
        self,
        cache: Path | None = None,
        *,
        seconds: float = DEFAULT_SECONDS,
        memory_mb: int = DEFAULT_MEMORY_MB,
        recognize: bool = True,
    ) -> None:
        self._cache = ReadingCache(cache)
        recognition = engine() if recognize else ""
        self._sandbox = Sandbox(seconds=seconds, memory_mb=memory_mb, recognize=bool(recognition))
        self._limits = f"{READERS_VERSION} {seconds} {memory_mb} {recognition} ".encode()

    def read(self, path: Path, data: bytes) -> Reading:
        """The documents in the file at ``path``, which holds ``data``."""
        try:
            if is_text(data):
                return Reading(tuple(read(data)))
        except UnreadableFileError as error:
            return Reading(error=str(error))
        digest = hashlib.sha256(self._limits + data).hexdigest()
        known = self._cache.get(digest)
        if known is None:
            known = self._fresh(path)
            self._cache.put(digest, known)
        return known

    def _fresh(self, path: Path) -> Reading:
        began = time.monotonic()
        try:
            parts = tuple(self._sandbox.read(path))
        except UnreadableFileError as error:
            return Reading(error=str(error), seconds=round(time.monotonic() - began, 3))
        return Reading(parts, seconds=round(time.monotonic() - began, 3))

    def prune(self) -> None:
        """Forget files that were not read since opening."""
        self._cache.prune()

    def close(self) -> None:
        """End the reading process and close the cache."""
        self._sandbox.close()
        self._cache.close()

    def __exit__(self, *raised: object) -> None:
        """Close."""
        self.close()
