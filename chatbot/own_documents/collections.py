"""The documents of every browser that has some: bounded in size, number and time, and deleted for good."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
import time
import unicodedata
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.api.middleware import log_failure
from chatbot.api.ports import ChatbotPort
from chatbot.errors import ChatbotError
from chatbot.own_documents.joining import Joined
from index.build import Progress
from index.errors import IndexPackageError
from index.report import FileReport

MAX_FILES = 10
MAX_FILE_BYTES = 20 * 2**20
MAX_BYTES = 60 * 2**20
MAX_CHARACTERS = 300_000
"""Of all documents of a browser: about a minute of embedding on two cores."""
MAX_COLLECTIONS = 16
IDLE_SECONDS = 60 * 60
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
# Sources of own documents begin with this, so that no answer takes them for common ones.
FOLDER = "내 문서"
READING = "문서 읽기"

Join = Callable[[Path, Path, Progress], Joined]
Read = Callable[[Path], list[FileReport]]


class CollectionFullError(ChatbotError):
    """A limit is reached; the message says which."""


@dataclass
class Collection:
    """One browser's documents. ``stage`` is what is being done, or empty; ``waiting`` files are to come."""

    root: Path
    used: float
    stage: str = ""
    waiting: int = 0
    done: int = 0
    total: int = 0
    reports: list[FileReport] = field(default_factory=list)
    joined: Joined | None = None
    gone: bool = False

    @property
    def documents(self) -> Path:
        """The folder that is indexed."""
        return self.root / "docs"


class Collections:
    """Collections by owner. ``join`` indexes a folder, ``read`` tells what a file holds without indexing it."""

    def __init__(self, join: Join, read: Read) -> None:
        self._join = join
        self._read = read
        self._root = Path(tempfile.mkdtemp(prefix="own-documents-"))
        # Also when the process ends without having closed anything.
        weakref.finalize(self, shutil.rmtree, self._root, ignore_errors=True)
        self._collections: dict[str, Collection] = {}
        self._lock = threading.RLock()
        self._builder = ThreadPoolExecutor(1, thread_name_prefix="own-documents")

    def of(self, owner: str | None) -> Collection | None:
        """The owner's documents, if there are any; asking for them keeps them."""
        with self._lock:
            self._forget_idle()
            found = self._collections.get(owner or "")
            if found is not None:
                found.used = time.monotonic()
            return found

    def chatbots(self, owner: str | None) -> tuple[ChatbotPort, ChatbotPort] | None:
        """Who answers from the owner's documents alone, and together with the common ones."""
        found = self.of(owner)
        return (found.joined.own, found.joined.both) if found and found.joined else None

    def add(self, owner: str, name: str, content: bytes) -> Collection:
        """Takes a file in and reads it behind the scenes; :attr:`Collection.stage` tells how far it is.

        Raises:
            CollectionFullError: Too many files, collections, or bytes.
        """
        if len(content) > MAX_FILE_BYTES:
            raise CollectionFullError(f"파일 하나는 {MAX_FILE_BYTES >> 20} MB까지 올릴 수 있습니다.")
        with self._lock:
            collection = self.of(owner)
            if collection is None:
                if len(self._collections) >= MAX_COLLECTIONS:
                    raise CollectionFullError("지금은 자리가 없습니다. 한 시간쯤 뒤에 다시 올려 주십시오.")
                root = Path(tempfile.mkdtemp(dir=self._root))
                collection = self._collections[owner] = Collection(root, time.monotonic())
            folder = collection.documents / FOLDER
            folder.mkdir(parents=True, exist_ok=True)
            if len(list(folder.iterdir())) >= MAX_FILES:
                raise CollectionFullError(f"문서는 {MAX_FILES}개까지 올릴 수 있습니다. 지우고 다시 올려 주십시오.")
            if sum(other.stat().st_size for other in folder.iterdir()) + len(content) > MAX_BYTES:
                raise CollectionFullError(
                    f"문서는 모두 {MAX_BYTES >> 20} MB까지 올릴 수 있습니다. 지우고 다시 올려 주십시오."
                )
            path = folder / safe_name(name, {other.name for other in folder.iterdir()})
            path.write_bytes(content)
            collection.stage = collection.stage or READING
            collection.waiting += 1
            self._builder.submit(self._take_in, collection, path)
            return collection

    def delete(self, owner: str) -> None:
        """Deletes the owner's documents and their index."""
        with self._lock:
            collection = self._collections.pop(owner, None)
            if collection is None:
                return
            collection.gone = True
            joined, collection.joined = collection.joined, None
        if joined is not None:
            joined.close()
        shutil.rmtree(collection.root, ignore_errors=True)

    def _take_in(self, collection: Collection, path: Path) -> None:
        """Reads and indexes one file; a failure is told in its report, and the file is dropped."""
        try:
            if collection.gone:
                return
            reports = self._read(path)
            characters = sum(report.characters for report in (*collection.reports, *reports))
            if characters > MAX_CHARACTERS:
                told = f"모두 {MAX_CHARACTERS:,}자까지 물어볼 수 있는데 {characters:,}자입니다. 나누어 올려 주십시오."
                reports = [FileReport(path.name, error=told)]
            if any(not report.error for report in reports):
                self._index(collection)
            else:
                path.unlink(missing_ok=True)
            collection.reports.extend(reports)
        except IndexPackageError as error:
            path.unlink(missing_ok=True)
            collection.reports.append(FileReport(path.name, error=str(error)))
        except Exception as error:
            log_failure(error)
            path.unlink(missing_ok=True)
            told = "읽는 중에 오류가 났습니다. 파일을 확인하고 다시 올려 주십시오."
            collection.reports.append(FileReport(path.name, error=told))
        finally:
            with self._lock:
                collection.waiting -= 1
                collection.stage = READING if collection.waiting else ""
            if collection.gone:
                shutil.rmtree(collection.root, ignore_errors=True)

    def _index(self, collection: Collection) -> None:
        def tell(stage: str, done: int, total: int) -> None:
            collection.stage, collection.done, collection.total = stage, done, total

        joined = self._join(collection.documents, collection.root / "index", tell)
        with self._lock:
            before, collection.joined = collection.joined, None if collection.gone else joined
        if before is not None:
            before.close()
        if collection.gone:
            joined.close()

    def _forget_idle(self) -> None:
        idle = time.monotonic() - IDLE_SECONDS
        for owner in [owner for owner, one in self._collections.items() if one.used < idle and not one.stage]:
            self.delete(owner)


def safe_name(name: str, taken: set[str]) -> str:
    """A file name without a path, that no other file in the folder has."""
    clean = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" ._~$")[-120:] or "문서"
    number = 2
    unique = clean
    while unique in taken:
        unique = f"{number}-{clean}"
        number += 1
    return unique
