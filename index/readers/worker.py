"""The reading process: one path a line on standard input, one JSON line with its documents on standard output.

It limits its own memory and the time for recognizing characters; the caller limits the time for all. Whatever a file
does to it, the caller goes on.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import TextIO

from index.errors import UnreadableFileError
from index.readers.read import read
from index.readers.recognition import Recognizer


def main(memory_bytes: int, recognition_seconds: float) -> None:
    """Answer until standard input ends. With 0 ``recognition_seconds`` a file, pictures are only reported."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # Libraries that print must not break the protocol.
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    for line in sys.stdin:
        if not _answer(os.fsencode(json.loads(line)), recognition_seconds, answers):
            return


def _answer(path: bytes, recognition_seconds: float, answers: TextIO) -> bool:
    """Read one file; false when the process should not go on with the memory that it holds."""
    sound = True
    recognizer = Recognizer(recognition_seconds) if recognition_seconds else None
    try:
        with open(path, "rb") as file:
            said: dict[str, object] = {"parts": [asdict(part) for part in read(file.read(), recognizer)]}
    except UnreadableFileError as error:
        said = {"error": str(error)}
    except MemoryError:
        said, sound = {"memory": True}, False
    except RecursionError:
        said = {"error": "구조가 지나치게 깊어 읽을 수 없습니다. 다른 형식으로 저장해 다시 넣어 주십시오"}
    except Exception as error:
        said = {"error": f"파일이 손상되어 읽을 수 없습니다({type(error).__name__}). 원본을 다시 받아 넣어 주십시오"}
    try:
        text = json.dumps(said)
    except MemoryError:
        text, sound = json.dumps({"memory": True}), False
    answers.write(text + "\n")
    answers.flush()
    return sound


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
