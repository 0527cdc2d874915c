"""A file of JSON lines that grows a full line at a time and stops at a size."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path


class LinesFile:
    """Appends to one file that only the service's user can read.

    ``max_bytes``: a flood must not fill the disk; at that size somebody has to look.
    """

    def __init__(self, path: Path, max_bytes: int = 64 * 2**20) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._lock = threading.Lock()

    def append(self, line: str) -> None:
        """Raises OSError when the file cannot be written or is full."""
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(self._path, "ab", opener=_private) as file:
                if file.tell() + len(line) > self._max_bytes:
                    raise OSError(f"{self._path.name} is full")
                file.write(line.encode() + b"\n")

    def lines(self) -> Iterator[str]:
        """The lines, oldest first. Raises OSError when the file cannot be read."""
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                if line.strip():
                    yield line


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
