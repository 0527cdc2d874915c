"""Vectors by chunk digest, kept across builds and versions: a chunk that was embedded once is never again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

_LOOKUP = 500


class VectorCache:
    """A SQLite file of ``digest -> float32 vector`` for one embedding model."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._dimension = dimension
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (digest TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
        )

    def get(self, digests: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """The known vectors among ``digests``."""
        found: dict[str, npt.NDArray[np.float32]] = {}
        for start in range(0, len(digests), _LOOKUP):
            part = digests[start : start + _LOOKUP]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})",  # noqa: S608 - only question marks
                part,
            )
            for digest, blob in rows:
                vector = np.frombuffer(blob, dtype=np.float32)
                if vector.shape == (self._dimension,):
                    found[digest] = vector
        return found

    def put(self, digests: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        """Keep vectors, one transaction a call: after a kill, whole batches are there or not."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [
                    (digest, vector.astype(np.float32).tobytes())
                    for digest, vector in zip(digests, vectors, strict=True)
                ],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
