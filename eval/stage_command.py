"""``eval stage``: one stage of the pipeline by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.cases import load_case_files
from eval.console import one_line_errors, print_json, say
from eval.errors import EvalError
from eval.labels import bounds, share
from eval.run import RunFolder
from index.progress import progress_bar

NAMES = {
    "guards": "차단",
    "follow_up": "이어 묻기 고쳐 쓰기",
    "retrieval": "검색",
    "reranking": "문장 고르기",
    "composition": "답 짓기",
    "refusal": "거절",
}
stage_cli = typer.Typer(add_completion=False)


@stage_cli.command("stage")
def stage_command(
    name: Annotated[str, typer.Argument(help=f"단계: {', '.join(NAMES)}", metavar="STAGE")],
    questions: Annotated[list[Path], typer.Option("--questions", help="문항 파일(JSONL). 여러 번 쓸 수 있습니다.")],
    index_dir: Annotated[Path, typer.Option("--index-dir", help="색인 폴더")],
    out: Annotated[Path, typer.Option("--out", help="결과를 두는 실행 폴더")],
    as_json: Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")] = False,
) -> None:
    """한 단계만 잽니다. 앞 단계에서 놓친 문항은 빼고 세므로 어느 단계가 틀리게 하는지 보입니다."""
    with one_line_errors(), progress_bar() as progress:
        if name not in NAMES:
            raise EvalError(f"그런 단계가 없습니다: {name!r}. 쓸 수 있는 단계: {', '.join(NAMES)}")
        cases = load_case_files(questions)
        run = RunFolder(out)
        run.create()
        from chatbot.pipeline import build_chatbot
        from eval.chatbot_subject import settings_with
        from eval.stages import Stage, measure_stage, summarize_stage

        progress("모델과 색인 열기", 0, 0)
        stage = Stage(name)
        values = measure_stage(
            stage,
            cases,
            build_chatbot(settings_with(index_dir, {})),
            lambda done, total: progress(NAMES[name], done, total),
        )
        summary = summarize_stage(stage, values)
        run.write_lines(f"stage-{name}.jsonl", values)
        run.write_json(f"stage-{name}.json", summary)
    mean = f"{NAMES[name]} {share(summary.mean)} ({bounds(summary.interval)})"
    say(f"{mean}, {summary.n}문항, 제외 {summary.undefined}문항")
    if as_json:
        print_json(summary)
