"""``python -m index``: build, status, search, rollback."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from index.build import Progress, build_index
from index.document import SearchResult
from index.errors import IndexPackageError
from index.library import open_library
from index.progress import progress_bar
from index.settings import IndexSettings
from index.versions import VersionFolder

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="문서를 색인하고 검색합니다.")

Docs = Annotated[list[Path], typer.Option("--docs", help="문서 폴더나 파일. 여러 번 쓸 수 있습니다.")]
IndexDir = Annotated[Path, typer.Option("--index-dir", help="색인 폴더")]
AsJson = Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")]


@cli.command()
def build(docs: Docs, index_dir: IndexDir, as_json: AsJson = False) -> None:
    """문서를 읽어 새 색인 판을 만듭니다. 바뀐 문서만 다시 처리합니다."""
    with _one_line_errors(), progress_bar() as progress:
        report = build_index(docs, _settings(index_dir), progress=progress)
    for item in report.skipped:
        typer.echo(item.reason, err=True)
    typer.echo(
        f"색인 {report.version}: 문서 {report.documents}건, 사례 {report.cases}건, 청크 {report.chunks}개 "
        f"(추가 {report.added}, 변경 {report.changed}, 삭제 {report.removed}, 새로 임베딩 {report.embedded})",
        err=True,
    )
    if as_json:
        _print_json(report.as_json())


@cli.command()
def status(index_dir: IndexDir, as_json: AsJson = False) -> None:
    """지금 쓰는 색인 판과 되돌릴 수 있는 판을 보여 줍니다."""
    with _one_line_errors():
        versions = VersionFolder(index_dir)
        manifest = versions.manifest()
    if as_json:
        _print_json({**manifest.model_dump(), "versions": versions.complete(), "current": manifest.name})
        return
    typer.echo(f"색인 {manifest.name}: 문서 {manifest.documents}건, 사례 {manifest.cases}건, 청크 {manifest.chunks}개")
    typer.echo(f"만든 때 {manifest.created_at}, 모델 {manifest.embedding}")
    typer.echo("되돌릴 수 있는 판: " + (", ".join(n for n in versions.complete() if n != manifest.name) or "없음"))


@cli.command()
def search(
    query: Annotated[str, typer.Argument(help="질의")],
    index_dir: IndexDir,
    top_k: Annotated[int, typer.Option("-k", min=1, max=200, help="결과 수")] = 10,
    as_json: AsJson = False,
) -> None:
    """색인에서 찾습니다."""
    with _one_line_errors():
        library = open_library(_settings(index_dir))
        library.self_test()
        results = library.search(query, top_k=top_k)
    if as_json:
        _print_json({"query": query, "index_version": library.version, "results": [_row(item) for item in results]})
        return
    for item in results:
        typer.echo(f"{item.rank:>2} {item.score:.3f}  {item.chunk.case_title} [{item.chunk.agency}]")
        typer.echo(f"      {' '.join(item.chunk.text.split())[:150]}")
    if not results:
        typer.echo("찾은 것이 없습니다. 다른 낱말로 다시 찾아 주십시오.", err=True)


@cli.command()
def rollback(index_dir: IndexDir) -> None:
    """바로 앞의 색인 판으로 되돌립니다."""
    with _one_line_errors():
        versions = VersionFolder(index_dir)
        versions.manifest()
        previous = versions.previous()
        if previous is None:
            raise IndexPackageError("되돌릴 앞선 색인 판이 없습니다. `python -m index status`로 판을 확인해 주십시오.")
        versions.activate(previous)
    typer.echo(f"색인 {previous}(으)로 되돌렸습니다.", err=True)


def _settings(index_dir: Path) -> IndexSettings:
    return IndexSettings(index_dir=index_dir)


def _row(result: SearchResult) -> dict[str, Any]:
    chunk = result.chunk
    return {
        "rank": result.rank,
        "score": round(result.score, 6),
        "chunk_id": chunk.chunk_id,
        "document_id": chunk.document_id,
        "case_id": chunk.case_id,
        "case_title": chunk.case_title,
        "agency": chunk.agency,
        "year": chunk.year,
        "heading_path": chunk.heading_path,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
    }


@contextmanager
def _one_line_errors() -> Iterator[None]:
    try:
        yield
    except IndexPackageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


__all__ = ["Progress", "cli"]

if __name__ == "__main__":
    cli()
