"""What was read, by the digest of the file: a build reads a file once, and an unchanged one never again."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

from index.readers.extract import Extract
from index.readers.sandbox import extract_of


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents of one file, or the Korean ``error`` that says why there are none; ``seconds`` it took."""

    parts: tuple[Extract, ...] = ()
    error: str = ""
    seconds: float = 0.0


class ReadingCache:
    """A SQLite file of ``digest -> reading``; without a path it lives in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._used: set[str] = set()
        try:
            self._connection = _opened(path)
        except sqlite3.DatabaseError:
            # Everything in it can be read again.
            for damaged in path.parent.glob(f"{path.name}*") if path else ():
                damaged.unlink()
            self._connection = _opened(path)

    def get(self, digest: str) -> Reading | None:
        """The reading of the file with this digest, if it is known."""
        self._used.add(digest)
        row = self._connection.execute("SELECT body FROM readings WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            return None
        said = json.loads(zlib.decompress(row[0]))
        return Reading(tuple(extract_of(part) for part in said["parts"]), said["error"], said["seconds"])

    def put(self, digest: str, reading: Reading) -> None:
        """Keep a reading."""
        body = zlib.compress(json.dumps(asdict(reading)).encode(), 3)
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (digest, body))

    def prune(self) -> None:
        """Forget what was not asked for since opening: its files are gone."""
        with self._connection:
            known = {digest for (digest,) in self._connection.execute("SELECT digest FROM readings")}
            self._connection.executemany(
                "DELETE FROM readings WHERE digest = ?", [(digest,) for digest in known - self._used]
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _opened(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE IF NOT EXISTS readings (digest TEXT PRIMARY KEY, body BLOB NOT NULL)")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
