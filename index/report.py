"""The extraction report: what each file gave, so that a bad one is seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.document import RecognizedPage

REPORT_FILE = "extraction.json"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file, or one document of a bundle.

    ``text_share`` is the share of its pages that hold characters, ``table_share`` that of its characters that
    stand in tables, both in [0, 1]; ``recognized`` are the pages that were pictures; ``error`` says in Korean why
    nothing was read.
    """

    source: str
    format: str = ""
    characters: int = 0
    pages: int = 0
    text_share: float = 1.0
    tables: int = 0
    table_share: float = 0.0
    empty_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    error: str = ""
    recognized: tuple[RecognizedPage, ...] = ()

    def line(self) -> str:
        """The report as one Korean line."""
        if self.error:
            return f"건너뜀  {self.error}"
        parts = [f"{self.characters:,}자"]
        if self.pages:
            parts.append(f"{self.pages:,}쪽(글자 있는 쪽 {self.text_share:.0%})")
        if self.tables:
            parts.append(f"표 {self.tables:,}개(글자의 {self.table_share:.0%})")
        if self.seconds:
            parts.append(f"{self.seconds:.1f}초")
        warned = "".join(f"\n        주의: {warning}" for warning in self.warnings)
        return f"읽음    {self.source!r} {self.format}: {', '.join(parts)}{warned}"


def save(index_dir: Path, reports: Iterable[FileReport]) -> None:
    """Keep the report of the last build beside its versions."""
    temporary = index_dir / f".{REPORT_FILE}"
    temporary.write_text(json.dumps([asdict(report) for report in reports], ensure_ascii=False), encoding="utf-8")
    temporary.replace(index_dir / REPORT_FILE)


def load(index_dir: Path) -> list[FileReport]:
    """The report of the last build; empty where there is none or it is damaged."""
    try:
        return TypeAdapter(list[FileReport]).validate_json((index_dir / REPORT_FILE).read_bytes())
    except (OSError, ValidationError):
        return []


def totals(reports: Sequence[FileReport]) -> str:
    """One line over all files."""
    read = [report for report in reports if not report.error]
    return (
        f"파일 {len(reports):,}개 가운데 {len(read):,}개를 읽었습니다: "
        f"{sum(report.characters for report in read):,}자, 표 {sum(report.tables for report in read):,}개, "
        f"글자 인식으로 읽은 쪽 {sum(len(report.recognized) for report in read):,}개, "
        f"글자 없는 쪽 {sum(len(report.empty_pages) for report in read):,}개, "
        f"주의 {sum(bool(report.warnings) for report in read):,}개, 건너뜀 {len(reports) - len(read):,}개"
    )
