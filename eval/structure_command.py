"""``eval structure``: how documents are divided, against labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from eval.console import one_line_errors, print_json, say
from eval.structure import DATASET, DocumentScore, Share, score_structure, summarize_structure
from index.settings import IndexSettings

structure_cli = typer.Typer(add_completion=False)


@structure_cli.command("structure")
def structure_command(
    docs: Annotated[Path, typer.Option("--docs", help="문서와 labels.yaml이 있는 폴더")] = DATASET,
    as_json: Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")] = False,
) -> None:
    """문서를 사례로 나누는 것을 사람이 붙인 정답으로 잽니다: 경계, 제목, 기관, 날짜, 종류, 제목 경로."""
    with one_line_errors():
        scores = score_structure(docs, IndexSettings())
    for score in scores:
        for line in _faults(score):
            say(f"{score.name}: {line}")
    summary = summarize_structure(scores)
    say(
        f"문서 {summary.documents}건, 경계 {summary.boundaries}개: "
        f"F1 {summary.f1:.3f}(정밀도 {summary.precision:.3f}, 재현율 {summary.recall:.3f})"
    )
    named = {
        "경계가 모두 맞은 문서": summary.exact,
        "제목": summary.title,
        "기관": summary.agency,
        "사례의 기관": summary.case_agency,
        "날짜": summary.date,
        "종류": summary.kind,
        "제목 경로": summary.heading,
    }
    say(", ".join(f"{name} {_said(share)}" for name, share in named.items()))
    if as_json:
        print_json(summary.as_json())


def _faults(score: DocumentScore) -> Iterator[str]:
    yield from (f"빠진 경계 {line.strip()[:40]!r}" for line in score.missing)
    yield from (f"없는 경계 {line.strip()[:40]!r}" for line in score.wrong)
    parts = {
        "제목": ("title", score.title),
        "기관": ("agency", score.agency),
        "날짜": ("date", score.date),
        "종류": ("kind", score.kind),
    }
    yield from (f"{name} {score.said[key]!r}" for name, (key, right) in parts.items() if right is False)
    for name, share in {"사례의 기관": score.case_agencies, "제목 경로": score.headings}.items():
        if share.right < share.n:
            yield f"{name} {_said(share)}"


def _said(share: Share) -> str:
    return f"{share.mean:.3f}({share.right}/{share.n})"
