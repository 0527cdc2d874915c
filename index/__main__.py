"""``python -m index``: build, watch, fetch, report, status, search, verify, repair, diff, rollback."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from index.build import BuildReport, Progress, build_index, read_reports
from index.diff import diff_versions
from index.document import SearchResult
from index.errors import IndexPackageError, IndexVersionError
from index.library import open_library
from index.progress import progress_bar
from index.report import load as load_report
from index.report import totals
from index.settings import IndexSettings
from index.verify import verify as verify_index
from index.versions import VersionFolder

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="문서를 색인하고 검색합니다.")

_MAX_LINES = 100

Docs = Annotated[list[Path], typer.Option("--docs", help="문서 폴더나 파일. 여러 번 쓸 수 있습니다.")]
IndexDir = Annotated[Path, typer.Option("--index-dir", help="색인 폴더")]
AsJson = Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")]


@cli.command()
def build(docs: Docs, index_dir: IndexDir, as_json: AsJson = False) -> None:
    """문서를 읽어 새 색인 판을 만듭니다. 바뀐 문서만 다시 처리합니다."""
    with _one_line_errors(), progress_bar() as progress:
        report = build_index(docs, _settings(index_dir), progress=progress)
    _tell(report)
    if as_json:
        _print_json(report.as_json())


@cli.command()
def watch(docs: Docs, index_dir: IndexDir) -> None:
    """폴더를 지켜보며 바뀔 때마다 색인합니다. Ctrl+C로 끝냅니다."""
    with _one_line_errors():
        from index.watch import watch as watched

        for outcome in watched(docs, _settings(index_dir)):
            if isinstance(outcome, IndexPackageError):
                typer.echo(str(outcome), err=True)
            else:
                _tell(outcome)


@cli.command()
def fetch(
    urls: Annotated[Path, typer.Option("--urls", help="주소 목록: 한 줄에 하나, #으로 시작하는 줄은 건너뜁니다.")],
    docs: Annotated[Path, typer.Option("--docs", help="받은 문서를 두는 폴더. 다른 문서는 두지 마십시오.")],
    intranet: Annotated[bool, typer.Option("--intranet", help="내부망의 주소에서도 받습니다.")] = False,
    as_json: AsJson = False,
) -> None:
    """주소 목록의 문서를 받습니다. 바뀐 것만 다시 받고, 목록에서 뺀 것은 지웁니다. 그다음 build를 실행하십시오."""
    settings = IndexSettings()
    fetched = []
    with _one_line_errors():
        from index.fetch import Fetch, fetch_all, read_list

        for one in fetch_all(
            read_list(urls), docs, max_bytes=settings.max_file_bytes, seconds=settings.fetch_seconds, intranet=intranet
        ):
            fetched.append(one)
            typer.echo(one.line(), err=True)
    if as_json:
        _print_json({"fetched": [asdict(one) for one in fetched]})
    if any(one.outcome is Fetch.FAILED for one in fetched):
        raise typer.Exit(1)


@cli.command()
def report(
    index_dir: Annotated[Path | None, typer.Option("--index-dir", help="색인 폴더: 마지막 빌드의 보고서")] = None,
    docs: Annotated[list[Path] | None, typer.Option("--docs", help="색인하지 않고 읽어만 볼 폴더나 파일")] = None,
    as_json: AsJson = False,
) -> None:
    """파일마다 무엇을 읽었는지 보여 줍니다: 글자, 쪽, 표, 글자 없는 쪽, 주의할 점, 걸린 시간."""
    with _one_line_errors():
        if docs:
            files = read_reports(docs, _settings(index_dir or IndexSettings().index_dir))
        elif index_dir:
            VersionFolder(index_dir).manifest()
            files = load_report(index_dir)
        else:
            raise IndexPackageError("--index-dir 또는 --docs를 주십시오. 예: `python -m index report --docs 문서폴더`")
    if as_json:
        _print_json({"files": [asdict(file) for file in files]})
        return
    for file in files:
        typer.echo(file.line())
    typer.echo(totals(files))


@cli.command()
def verify(index_dir: IndexDir, as_json: AsJson = False) -> None:
    """색인이 온전한지 확인합니다: 저장된 글과 위치, 형태소 색인, 벡터 색인."""
    with _one_line_errors():
        found = verify_index(_settings(index_dir))
    if as_json:
        _print_json(found.as_json())
    for problem in found.problems:
        typer.echo(problem, err=True)
    if found.problems:
        typer.echo("`python -m index repair --docs 문서폴더 --index-dir 색인폴더`로 고칠 수 있습니다.", err=True)
        raise typer.Exit(1)
    typer.echo(f"색인 {found.version}: 문서 {found.documents}건, 청크 {found.chunks}개가 모두 맞습니다.", err=True)


@cli.command()
def repair(docs: Docs, index_dir: IndexDir, as_json: AsJson = False) -> None:
    """색인이 온전하지 않으면 문서에서 새 판을 만듭니다. 임베딩은 다시 계산하지 않습니다."""
    settings = _settings(index_dir)
    with _one_line_errors(), progress_bar() as progress:
        try:
            problems = verify_index(settings).problems
        except IndexVersionError as error:
            problems = (str(error),)
        done = build_index(docs, settings, progress=progress, anew=True) if problems else None
        if done is not None and (left := verify_index(settings).problems):
            raise IndexPackageError(f"고치지 못했습니다: {left[0]} 다른 --index-dir에 새로 만들어 주십시오.")
    for problem in problems:
        typer.echo(problem, err=True)
    if done is None:
        typer.echo("색인이 온전합니다. 고칠 것이 없습니다.", err=True)
    else:
        typer.echo(f"새 판 {done.version}(으)로 고쳤습니다(새로 임베딩 {done.embedded}).", err=True)
    if as_json:
        _print_json({"problems": problems, "repaired": done is not None, "version": done.version if done else None})


@cli.command()
def diff(
    index_dir: IndexDir,
    former: Annotated[str | None, typer.Argument(help="앞선 판(기본: 바로 앞의 판)")] = None,
    later: Annotated[str | None, typer.Argument(help="나중 판(기본: 지금 판)")] = None,
    as_json: AsJson = False,
) -> None:
    """두 색인 판의 차이를 문서, 사례, 청크로 보여 줍니다."""
    with _one_line_errors():
        found = diff_versions(VersionFolder(index_dir), former, later)
    if as_json:
        _print_json(found.as_json())
        return
    for line in found.lines():
        typer.echo(line)


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
    typer.echo(f"만든 때 {manifest.created_at}, 모델 {manifest.embedding}, 폴더 {versions.size() / 2**20:,.0f} MB")
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


def _tell(built: BuildReport) -> None:
    """What a build did, a line a file; very many are summed up."""
    for change in built.changes[:_MAX_LINES]:
        typer.echo(change.line(), err=True)
    if len(built.changes) > _MAX_LINES:
        typer.echo(f"… 외 {len(built.changes) - _MAX_LINES:,}건", err=True)
    for said in built.replacements[:_MAX_LINES]:
        typer.echo(f"새 판으로 갈음: {said}", err=True)
    for item in built.skipped:
        typer.echo(item.reason, err=True)
    if built.bytes_over:
        typer.echo(
            f"색인 폴더가 정한 크기보다 {built.bytes_over / 2**20:,.0f} MB 큽니다. 지울 수 있는 판은 모두 지웠습니다. "
            "INDEX_MAX_DISK_MB를 늘리거나 문서를 줄여 주십시오.",
            err=True,
        )
    typer.echo(
        f"색인 {built.version}: 문서 {built.documents}건, 사례 {built.cases}건, 청크 {built.chunks}개 "
        f"(추가 {built.added}, 변경 {built.changed}, 삭제 {built.removed}, 새로 임베딩 {built.embedded})",
        err=True,
    )


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
