"""``eval replay``: the answers that users reported as wrong, asked again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from chatbot.error_report import ErrorReport, ErrorReports
from eval.console import one_line_errors, print_json, say
from eval.errors import EvalError, reason
from eval.replay import lines_of, replay
from index.progress import progress_bar

replay_cli = typer.Typer(add_completion=False)


@replay_cli.command("replay")
def replay_command(
    report_id: Annotated[str | None, typer.Argument(help="신고 번호", metavar="[번호]")] = None,
    every: Annotated[bool, typer.Option("--all", help="모든 신고를 다시 묻습니다.")] = False,
    index_dir: Annotated[Path, typer.Option("--index-dir", help="색인 폴더")] = Path("var/index"),
    reports: Annotated[
        Path | None, typer.Option("--reports", help="신고 파일. 비우면 색인 폴더 옆 feedback/reports.jsonl")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")] = False,
) -> None:
    """오류로 신고된 질문을 다시 물어 무엇이 달라졌는지 보입니다. 종료 코드 0 그대로, 1 달라짐, 2 잘못된 명령."""
    with one_line_errors():
        if (report_id is None) is not every:
            raise EvalError("다시 물을 신고 번호를 하나 주시거나 --all을 붙여 주십시오.")
        path = reports or index_dir.parent / "feedback" / "reports.jsonl"
        chosen = [report for report in load_reports(path) if every or report.report_id == report_id]
        if not chosen:
            raise EvalError(f"{path}: {report_id or '저장된'} 신고가 없습니다. 번호와 --reports를 확인해 주십시오.")
        with progress_bar() as progress:
            from chatbot.pipeline import build_chatbot
            from eval.chatbot_subject import settings_with

            progress("모델과 색인 열기", 0, 0)
            chatbot = build_chatbot(settings_with(index_dir, {}))
            found = []
            for done, one in enumerate(replay(chosen, chatbot), 1):
                found.append(one)
                progress("다시 묻기", done, len(chosen))
    for one in found:
        for line in lines_of(one):
            say(line)
    changed = sum(bool(one.changes) for one in found)
    say(f"신고 {len(found)}건 가운데 {changed}건이 달라졌습니다.")
    if as_json:
        print_json({"replayed": [one.model_dump(mode="json") for one in found], "changed": changed})
    raise typer.Exit(1 if changed else 0)


def load_reports(path: Path) -> list[ErrorReport]:
    """The reports in ``path``, oldest first.

    Raises:
        EvalError: The file cannot be read, or a line is no report.
    """
    try:
        return list(ErrorReports(path))
    except OSError as error:
        raise EvalError(f"{path}: 열 수 없습니다({reason(error)}). --reports를 확인해 주십시오.") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise EvalError(f"{path}: 오류 신고 파일이 아니거나 깨졌습니다. 파일을 확인해 주십시오.") from error
