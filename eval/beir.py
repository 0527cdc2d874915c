"""A BEIR folder: ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv`` (Thakur et al. 2021, arXiv:2104.08663)."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import BeirFormatError

CORPUS = "corpus.jsonl"
QUERIES = "queries.jsonl"
QRELS = Path("qrels") / "test.tsv"
_READ_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class BeirQuery:
    """A query with the grades (above 0) of its relevant documents; empty when none was judged relevant."""

    query_id: str
    text: str
    relevant: Mapping[str, float]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(validation_alias="_id")
    text: str = ""


def load_queries(folder: Path) -> tuple[BeirQuery, ...]:
    """The judged queries of the folder in file order; queries without a line in ``qrels`` are left out.

    Raises:
        BeirFormatError: A file is missing, a line cannot be read, or nothing is judged.
    """
    grades = _read_qrels(folder)
    queries = tuple(
        BeirQuery(line.id, line.text, grades[line.id]) for line in _read_lines(folder, QUERIES) if line.id in grades
    )
    if not queries:
        raise BeirFormatError(f"{folder.name}: {QRELS}에 판정이 있는 질의가 없습니다. 두 파일의 id를 확인해 주십시오.")
    return queries


def document_ids(folder: Path) -> frozenset[str]:
    """Ids of all documents of the corpus.

    Raises:
        BeirFormatError: ``corpus.jsonl`` is missing or a line cannot be read.
    """
    return frozenset(line.id for line in _read_lines(folder, CORPUS))


def file_sha256(path: Path) -> str:
    """Digest of a file, in hex.

    Raises:
        BeirFormatError: The file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_READ_BYTES):
                digest.update(block)
    except OSError as error:
        raise _missing(path.parent, path.name) from error
    return digest.hexdigest()


def _read_qrels(folder: Path) -> dict[str, dict[str, float]]:
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    try:
        with (folder / QRELS).open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
                if number == 1 and row and not _is_number(row[-1]):
                    continue
                if not row:
                    continue
                if len(row) != 3 or not _is_number(row[2]):
                    raise BeirFormatError(f"{QRELS} {number}번째 줄: 질의 id, 문서 id, 등급 세 칸이 아닙니다.")
                judged = grades[row[0]]
                if float(row[2]) > 0:
                    judged[row[1]] = float(row[2])
    except OSError as error:
        raise _missing(folder, str(QRELS)) from error
    return dict(grades)


def _read_lines(folder: Path, name: str) -> Iterator[_Line]:
    try:
        with (folder / name).open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _parse(line, f"{name} {number}번째 줄")
    except OSError as error:
        raise _missing(folder, name) from error


def _parse(line: str, where: str) -> _Line:
    try:
        return _Line.model_validate(json.loads(line))
    except (ValueError, ValidationError) as error:
        raise BeirFormatError(f"{where}: _id와 text가 있는 JSON이 아닙니다.") from error


def _missing(folder: Path, name: str) -> BeirFormatError:
    return BeirFormatError(
        f"{str(folder / name)!r}을(를) 열 수 없습니다. BEIR 폴더에는 {CORPUS}, {QUERIES}, {QRELS}가 있어야 합니다."
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
