"""How well the index reads the build of documents: where cases begin, whose they are, what stands under what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from eval.errors import LabelsError
from eval.metrics.statistics import wilson_interval
from index.document import DocumentKind
from index.ingest import IngestedDocument, ingest
from index.load import RawDocument, load_documents
from index.morphemes import shared_kiwi
from index.settings import IndexSettings

DATASET = Path("eval/datasets/structure")
LABELS = "labels.yaml"
_NOT_WORD = re.compile(r"\W+")


class DocumentLabels(BaseModel):
    """What a person says of one document.

    ``title`` and ``agency`` may have several right spellings; ``None`` is not scored, and an empty agency means that
    the document names none. ``date`` ``None`` means that it gives no full date of its own, ``kind`` ``None`` is not
    scored. ``starts`` are the first characters of the line at which each case after the first begins,
    ``case_agencies`` the agency of each case, ``under`` words of the text with the heading that they stand under.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | tuple[str, ...] | None
    agency: str | tuple[str, ...]
    date: date | None
    kind: DocumentKind | None = None
    starts: tuple[str, ...] = ()
    case_agencies: tuple[str, ...] = ()
    under: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``n``."""

    right: int
    n: int

    @property
    def mean(self) -> float:
        """In [0, 1]; 0 where nothing was scored."""
        return self.right / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """One document against its labels; ``missing`` and ``wrong`` are the lines of boundaries."""

    name: str
    found: int
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    title: bool | None
    agency: bool
    date: bool
    kind: bool | None
    case_agencies: Share
    headings: Share
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StructureSummary:
    """Boundaries are counted over all documents together; the start of a document is not one of them."""

    documents: int
    boundaries: int
    precision: float
    recall: float
    f1: float
    exact: Share
    title: Share
    agency: Share
    date: Share
    kind: Share
    case_agency: Share
    heading: Share

    def as_json(self) -> dict[str, object]:
        """The figures with 95 % intervals of the shares."""
        shares = {
            name: getattr(self, name) for name in ("exact", "title", "agency", "date", "kind", "case_agency", "heading")
        }
        return {
            "documents": self.documents,
            "boundaries": self.boundaries,
            "boundary_precision": round(self.precision, 4),
            "boundary_recall": round(self.recall, 4),
            "boundary_f1": round(self.f1, 4),
            **{name: round(share.mean, 4) for name, share in shares.items()},
            "counts": {name: share.n for name, share in shares.items()},
            "intervals": {
                name: [round(interval.low, 4), round(interval.high, 4)]
                for name, share in shares.items()
                if (interval := wilson_interval(share.right, share.n))
            },
        }


def load_labels(folder: Path) -> dict[str, DocumentLabels]:
    """Labels by file name.

    Raises:
        LabelsError: The file is missing or does not follow the contract (``eval/datasets/README.md``).
    """
    path = folder / LABELS
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, DocumentLabels]).validate_python(loaded)
    except (OSError, ValueError, yaml.YAMLError) as error:
        where = error.errors()[0]["loc"] if isinstance(error, ValidationError) else type(error).__name__
        raise LabelsError(f"{str(path)!r}: 구조의 정답을 읽을 수 없습니다({where}). 형식을 확인해 주십시오.") from error


def score_structure(folder: Path, settings: IndexSettings) -> list[DocumentScore]:
    """Each labelled document of ``folder``, read as a build reads it.

    Raises:
        LabelsError: The labels cannot be read, or do not fit the documents.
    """
    labels = load_labels(folder)
    raws = {
        item.source: item
        for item in load_documents([folder], max_file_bytes=settings.max_file_bytes)
        if isinstance(item, RawDocument)
    }
    if absent := labels.keys() - raws.keys():
        raise LabelsError(f"정답에 있는 문서가 없습니다: {', '.join(sorted(absent))}")
    return [
        score_document(name, ingest(raws[name], shared_kiwi(), max_chunk_chars=settings.max_chunk_chars), told)
        for name, told in labels.items()
    ]


def score_document(name: str, read: IngestedDocument, told: DocumentLabels) -> DocumentScore:
    """One document as it was read against its labels.

    Raises:
        LabelsError: A label is not in the document.
    """
    document = read.document
    lines = document.text.split("\n")
    wanted = {_line_of(name, start, lines) for start in told.starts}
    found = {document.text.count("\n", 0, case.start) for case in read.cases[1:]}
    pairs = zip(told.case_agencies, (case.agency for case in read.cases), strict=False)
    return DocumentScore(
        name=name,
        found=len(wanted & found),
        missing=tuple(lines[number] for number in sorted(wanted - found)),
        wrong=tuple(lines[number] for number in sorted(found - wanted)),
        title=None if told.title is None else any(_same(document.title, one) for one in _all(told.title)),
        agency=any(_is_agency(document.agency, one) for one in _all(told.agency)),
        date=document.published_on == told.date,
        kind=None if told.kind is None else document.kind is told.kind,
        case_agencies=Share(sum(_is_agency(given, right) for right, given in pairs), len(told.case_agencies)),
        headings=Share(sum(_stands_under(name, read, *pair) for pair in told.under.items()), len(told.under)),
        said={
            "title": document.title,
            "agency": document.agency,
            "date": str(document.published_on or ""),
            "kind": document.kind.value,
        },
    )


def summarize_structure(scores: Sequence[DocumentScore]) -> StructureSummary:
    """The figures over all documents."""
    right = sum(score.found for score in scores)
    wanted = right + sum(len(score.missing) for score in scores)
    given = right + sum(len(score.wrong) for score in scores)
    kinds = [score.kind for score in scores if score.kind is not None]
    titles = [score.title for score in scores if score.title is not None]
    return StructureSummary(
        documents=len(scores),
        boundaries=wanted,
        precision=right / given if given else 0.0,
        recall=right / wanted if wanted else 0.0,
        f1=2 * right / (given + wanted) if given + wanted else 0.0,
        exact=Share(sum(not score.missing and not score.wrong for score in scores), len(scores)),
        title=Share(sum(titles), len(titles)),
        agency=Share(sum(score.agency for score in scores), len(scores)),
        date=Share(sum(score.date for score in scores), len(scores)),
        kind=Share(sum(kinds), len(kinds)),
        case_agency=_sum(score.case_agencies for score in scores),
        heading=_sum(score.headings for score in scores),
    )


def _sum(shares: Iterable[Share]) -> Share:
    listed = list(shares)
    return Share(sum(share.right for share in listed), sum(share.n for share in listed))


def _line_of(name: str, start: str, lines: Sequence[str]) -> int:
    found = [number for number, line in enumerate(lines) if line.strip().startswith(start)]
    if len(found) != 1:
        raise LabelsError(f"{name!r}: 정답의 {start!r}(으)로 시작하는 줄이 {len(found)}개입니다. 하나여야 합니다.")
    return found[0]


def _stands_under(name: str, read: IngestedDocument, words: str, heading: str) -> bool:
    place = read.document.text.find(words)
    if place < 0:
        raise LabelsError(f"{name!r}: 정답의 {words!r}이(가) 문서에 없습니다.")
    case = next((case for case in read.cases if case.start <= place < case.end), None)
    sentence = next((one.sentence for one in read.sentences if one.sentence.start <= place < one.sentence.end), None)
    path = sentence.heading_path if sentence else ()
    return any(_flat(heading) in _flat(said) for said in (case.title if case else "", *path))


def _all(said: str | tuple[str, ...]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said


def _is_agency(given: str, right: str) -> bool:
    """The agency itself, or one of its departments."""
    return given == right or (bool(right) and given.startswith(f"{right} "))


def _same(given: str, right: str) -> bool:
    return _flat(given) == _flat(right)


def _flat(said: str) -> str:
    return _NOT_WORD.sub("", said)
