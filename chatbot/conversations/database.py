"""The SQLite file: opened, brought to the newest schema by numbered scripts, and bounded."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import RLock

from chatbot.errors import ChatbotError

MAX_BYTES = 2**30
_PAGE_BYTES = 4096


class DatabaseVersionError(ChatbotError):
    """The file was written by a newer version of the program."""


class Database:
    """One connection for all threads, which take turns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, timeout=10, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        # What is deleted is overwritten, and no journal keeps it.
        for pragma in ("secure_delete = ON", "foreign_keys = ON", f"max_page_count = {MAX_BYTES // _PAGE_BYTES}"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._migrate(path)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, with all that is done in the block kept or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def _migrate(self, path: Path) -> None:
        """Runs every script whose number is above that of the file.

        Raises:
            DatabaseVersionError: The file is newer than the scripts.
        """
        scripts = sorted(
            (int(file.name.partition("_")[0]), file.read_text("utf-8"))
            for file in files("chatbot.conversations").joinpath("migrations").iterdir()
            if file.name.endswith(".sql")
        )
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            has = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if has > scripts[-1][0]:
                self._connection.execute("ROLLBACK")
                raise DatabaseVersionError(
                    f"{path}: 더 새로운 프로그램의 파일입니다. 프로그램을 올리거나 파일을 옮겨 주십시오."
                )
            for number, script in scripts:
                if number > has:
                    for statement in script.split(";"):
                        self._connection.execute(statement)
                    self._connection.execute(f"PRAGMA user_version = {number}")
            self._connection.execute("COMMIT")
