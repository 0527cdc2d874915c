"""The commands that grow a set of questions: import, export, draft, approve."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from eval.case_file import approve, write_cases
from eval.cases import load_case_files
from eval.console import one_line_errors, print_json, say
from eval.errors import CaseFormatError, TableFormatError
from eval.spreadsheet import export_cases, import_cases
from index.progress import progress_bar

case_cli = typer.Typer(add_completion=False)

OutFile = Annotated[Path, typer.Option("--out", help="문항을 쓸 파일")]
Docs = Annotated[list[Path], typer.Option("--docs", help="문서 폴더나 파일. 여러 번 쓸 수 있습니다.")]
AsJson = Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")]


@case_cli.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="문항을 적은 CSV나 XLSX")],
    out: OutFile,
    sheet: Annotated[str, typer.Option("--sheet", help="읽을 시트. 비우면 첫 시트")] = "",
    partial: Annotated[bool, typer.Option("--partial", help="잘못된 행을 빼고 나머지를 씁니다.")] = False,
    as_json: AsJson = False,
) -> None:
    """평가자의 표(질문, 기대답변, 근거 …)를 문항 파일로 바꿉니다. 잘못된 행은 행 번호와 함께 알려 줍니다."""
    with one_line_errors():
        found = import_cases(file, sheet)
        for problem in found.problems:
            say(problem)
        if not found.cases or (found.problems and not partial):
            raise TableFormatError(
                f"잘못된 행이 {len(found.problems)}개 있어 쓰지 않았습니다. 고친 뒤 다시 하거나 --partial을 주십시오."
            )
        write_cases(out, found.cases)
    drafts = sum(not case.reviewed for case in found.cases)
    say(f"문항 {len(found.cases)}개를 썼습니다: {out}")
    if drafts:
        say(
            f"필수표현이 없어 기대답변에서 뽑은 {drafts}개는 초안입니다. must_include를 확인한 뒤 "
            f"`python -m eval approve {out}`로 승인해 주십시오."
        )
    if as_json:
        print_json({"cases": len(found.cases), "drafts": drafts, "problems": list(found.problems)})


@case_cli.command("export")
def export_command(
    file: Annotated[list[Path], typer.Argument(help="문항 파일(JSONL)")],
    out: Annotated[Path, typer.Option("--out", help="쓸 표(.xlsx 또는 .csv)")],
) -> None:
    """문항 파일을 평가자가 고칠 수 있는 표로 바꿉니다. import로 다시 읽습니다."""
    with one_line_errors():
        cases = load_case_files(file, with_drafts=True)
        export_cases(out, cases)
    say(f"문항 {len(cases)}개를 썼습니다: {out}")


@case_cli.command("draft")
def draft_command(
    docs: Docs,
    out: OutFile,
    per_document: Annotated[int, typer.Option("--per-document", min=1, max=200, help="문서마다 만들 문항 수")] = 12,
    as_json: AsJson = False,
) -> None:
    """문서에서 문항 초안을 만듭니다. 사람이 승인하기 전에는 실행에 쓰이지 않습니다."""
    with one_line_errors(), progress_bar() as progress:
        if out.exists():
            raise CaseFormatError(f"{str(out)!r}이(가) 이미 있습니다. 다른 이름을 적거나 지운 뒤 다시 시도해 주십시오.")
        from eval.draft import draft_cases
        from index.morphemes import shared_kiwi

        drafts = draft_cases(
            docs, shared_kiwi(), per_document=per_document, on_progress=lambda done: progress("문서", done, 0)
        )
        if not drafts:
            raise CaseFormatError("문서에서 물을 만한 문장을 찾지 못했습니다. 다른 문서를 지정해 주십시오.")
        write_cases(out, drafts)
    say(f"초안 {len(drafts)}개를 썼습니다: {out}. 읽고 고친 뒤 `python -m eval approve {out}`로 승인해 주십시오.")
    if as_json:
        print_json({"drafts": len(drafts), "path": str(out)})


@case_cli.command("approve")
def approve_command(
    file: Annotated[Path, typer.Argument(help="초안이 든 문항 파일(JSONL)")],
    case_id: Annotated[
        list[str] | None, typer.Argument(help="승인할 문항의 이름. 비우면 --all이 있어야 합니다.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="모든 초안을 승인합니다.")] = False,
    by: Annotated[str, typer.Option("--by", help="검토한 사람")] = "",
) -> None:
    """사람이 읽은 초안을 승인합니다. 그때부터 실행에 쓰입니다."""
    with one_line_errors():
        if bool(case_id) == everything:
            raise CaseFormatError("승인할 문항의 이름을 적거나 --all을 주십시오.")
        count = approve(file, case_id or (), by=by, on=date.today())
    say(f"초안 {count}개를 승인했습니다: {file}")
