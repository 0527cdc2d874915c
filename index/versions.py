"""Index versions: built beside one another, made visible by replacing one small file.

Layout of an index folder::

    CURRENT                 name of the version that answers
    versions/<name>/        catalog.sqlite, lexical/, vectors/, manifest.json (written last: it marks a whole version)
    vectors-<model>.sqlite  embeddings by chunk digest, shared by all versions
    .lock                   held while building
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import IndexLockedError, IndexNotBuiltError, IndexVersionError, IndexWriteError

_CURRENT, _VERSIONS, _MANIFEST, _LOCK = "CURRENT", "versions", "manifest.json", ".lock"


class Manifest(BaseModel):
    """What a version was made of. ``fingerprint`` covers format, tokenizer, chunker and embedding model.

    ``replacements`` are the documents that a newer edition replaces, as ``'former' → 'newer'``.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    fingerprint: str
    embedding: str
    created_at: str
    corpus_digest: str
    documents: int
    cases: int
    chunks: int
    probe_terms: tuple[str, ...] = ()
    replacements: tuple[str, ...] = ()


class VersionFolder:
    """The versions below one index folder."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir

    def path(self, name: str) -> Path:
        """Folder of the version ``name``."""
        return self.index_dir / _VERSIONS / name

    def current(self) -> str | None:
        """Name of the version that answers; ``None`` before the first build."""
        try:
            name = (self.index_dir / _CURRENT).read_text(encoding="utf-8", errors="replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return name if name and (self.path(name) / _MANIFEST).is_file() else None

    def complete(self) -> list[str]:
        """Names of the whole versions, oldest first."""
        return sorted(path.parent.name for path in self.index_dir.glob(f"{_VERSIONS}/*/{_MANIFEST}"))

    def manifest(self, name: str | None = None) -> Manifest:
        """Manifest of ``name``, by default of the current version.

        Raises:
            IndexNotBuiltError: There is no current version.
            IndexVersionError: The manifest cannot be read.
        """
        name = name or self.current()
        if name is None:
            raise IndexNotBuiltError(
                f"색인이 없습니다: {str(self.index_dir)!r}. "
                "`python -m index build --docs 문서폴더 --index-dir 색인폴더`로 먼저 만들어 주십시오."
            )
        try:
            return Manifest.model_validate_json((self.path(name) / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValidationError) as error:
            raise IndexVersionError(
                f"색인 {name!r}의 정보를 읽을 수 없습니다. `python -m index build`로 다시 만들어 주십시오."
            ) from error

    def new_name(self) -> str:
        """A name that sorts after all earlier ones."""
        return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex[:6]}"

    def publish(self, manifest: Manifest) -> None:
        """Mark the version whole, then make it the current one. Each step is atomic."""
        _write_atomically(self.path(manifest.name) / _MANIFEST, manifest.model_dump_json(indent=1))
        self.activate(manifest.name)

    def activate(self, name: str) -> None:
        """Let ``name`` answer from now on.

        Raises:
            IndexWriteError: The index folder cannot be written.
        """
        try:
            _write_atomically(self.index_dir / _CURRENT, name + "\n")
        except OSError as error:
            raise _not_writable(self.index_dir, error) from error

    def previous(self) -> str | None:
        """The whole version before the current one; ``None`` when there is none."""
        current = self.current()
        earlier = [name for name in self.complete() if current is not None and name < current]
        return earlier[-1] if earlier else None

    def prune(self, keep: int, max_bytes: int = 0) -> list[str]:
        """Delete unfinished versions, all but the ``keep`` newest whole ones, and the oldest above ``max_bytes``.

        The current one stays, and so does one that a process holds. ``max_bytes`` is the size of the whole index
        folder; 0 is no limit. Returns the names of the deleted versions.
        """
        whole, current = self.complete(), self.current()
        kept = {*whole[-keep:], current}
        others = [path for path in (self.index_dir / _VERSIONS).iterdir() if path.name not in kept]
        gone = [path for path in others if self._removed(path)]
        for name in whole if max_bytes else ():
            if self.size() <= max_bytes:
                break
            if name in kept and name != current and self._removed(self.path(name)):
                gone.append(self.path(name))
        return [path.name for path in gone]

    def size(self) -> int:
        """Bytes of all files in the index folder."""
        return sum(path.lstat().st_size for path in self.index_dir.rglob("*") if path.is_file())

    def _removed(self, path: Path) -> bool:
        if _is_held(path / _MANIFEST):
            return False
        shutil.rmtree(path, ignore_errors=True)
        return True

    def hold(self, name: str) -> int:
        """A file descriptor; until it is closed, or its process ends, :meth:`prune` leaves the version alone.

        An open index reads files lazily, so a server that goes on with an old version needs them all.
        """
        held = os.open(self.path(name) / _MANIFEST, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_SH)
        return held

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the build lock; it goes with the process, so a killed build leaves none behind.

        Raises:
            IndexLockedError: Another process builds here.
            IndexWriteError: The folder cannot be written.
        """
        try:
            (self.index_dir / _VERSIONS).mkdir(parents=True, exist_ok=True)
            lock = os.open(self.index_dir / _LOCK, os.O_CREAT | os.O_RDWR, 0o644)
        except OSError as error:
            raise _not_writable(self.index_dir, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise IndexLockedError(
                f"다른 프로세스가 같은 폴더에 색인을 만들고 있습니다: {str(self.index_dir)!r}. "
                "끝난 뒤 다시 실행해 주십시오."
            ) from error
        finally:
            os.close(lock)


def _is_held(manifest: Path) -> bool:
    try:
        file = os.open(manifest, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _not_writable(index_dir: Path, error: OSError) -> IndexWriteError:
    return IndexWriteError(
        f"색인 폴더에 쓸 수 없습니다: {str(index_dir)!r}({error.strerror}). "
        "쓰기 권한이 있는 폴더를 --index-dir로 지정해 주십시오."
    )


def _write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
