"""Reading in a process of its own, with limits of time and memory: a bad file ends that process, not the build."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import IO, Any

from index.document import Page, RecognizedPage
from index.errors import UnreadableFileError
from index.readers.extract import Extract
from index.readers.recognition import TIME_SHARE

_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX")
"""What the reading process gets to know: no keys of other services."""
_CRASHED = "파일이 손상되어 읽는 프로그램이 멈췄습니다. 원본을 다시 받아 넣어 주십시오"


class Sandbox(AbstractContextManager["Sandbox", None]):
    """One reading process, started with the first file and again after each that it did not survive.

    With ``recognize``, pages that are pictures are read by character recognition.
    """

    def __init__(self, *, seconds: float, memory_mb: int, recognize: bool = False) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._recognition_seconds = TIME_SHARE * seconds if recognize else 0
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, path: Path) -> list[Extract]:
        """All documents in the file.

        Raises:
            UnreadableFileError: It cannot be read, or not within the limits.
        """
        process = self._running()
        request = json.dumps(os.fsdecode(path)).encode() + b"\n"
        try:
            _pipe(process.stdin).write(request)
            _pipe(process.stdin).flush()
            answer = self._answer(process)
        except BrokenPipeError:
            answer = b""
        if not answer.endswith(b"\n"):
            self.close()
            raise UnreadableFileError(_CRASHED)
        said = json.loads(answer)
        if said.get("memory"):
            self.close()
            raise UnreadableFileError(
                f"읽는 데 메모리가 {self._memory_mb:,}MB 넘게 들어 멈췄습니다. 나누어 저장해 다시 넣어 주십시오"
            )
        if "error" in said:
            raise UnreadableFileError(said["error"])
        return [extract_of(part) for part in said["parts"]]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # Tesseract, too
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except BrokenPipeError:  # what was not yet written is for nobody
                        continue
            self._process.wait()
            self._process = None

    def __exit__(self, *raised: object) -> None:
        """End the process."""
        self.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
            path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                # -P: a folder of documents that is the working directory may hold a json.py.
                [
                    *(sys.executable, "-P", "-m", "index.readers.worker"),
                    *(str(self._memory_mb * 2**20), str(self._recognition_seconds)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**kept, "PYTHONPATH": path, "OMP_THREAD_LIMIT": "1"},
                process_group=0,
            )
        return self._process

    def _answer(self, process: subprocess.Popen[bytes]) -> bytes:
        """Bytes up to the line end; fewer when the process ended."""
        stream = _pipe(process.stdout).fileno()
        received = bytearray()
        end = time.monotonic() + self._seconds
        with selectors.DefaultSelector() as ready:
            ready.register(stream, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                if not ready.select(max(0.0, end - time.monotonic())):
                    self.close()
                    raise UnreadableFileError(
                        f"읽는 데 {self._seconds:,.0f}초가 넘게 걸려 멈췄습니다. 나누어 저장해 다시 넣어 주십시오"
                    )
                piece = os.read(stream, 1 << 20)
                if not piece:
                    break
                received += piece
        return bytes(received)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the process was started without pipes")
    return stream


def extract_of(part: Mapping[str, Any]) -> Extract:
    """An extract from its JSON form."""
    pages = tuple(Page(page["number"], page["start"]) for page in part["pages"])
    lists = {name: tuple(part[name]) for name in ("empty_pages", "warnings")}
    recognized = tuple(RecognizedPage(page["number"], page["confidence"]) for page in part["recognized"])
    return Extract(**{**part, **lists, "pages": pages, "recognized": recognized})
