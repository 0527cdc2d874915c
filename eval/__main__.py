"""``python -m eval``: generate, evaluate, retrieval, compare, bless, report, lint, ablation, and those on sets.

Commands that answer or search import the models when they run: scoring and comparing stay instant.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from eval.case_commands import case_cli
from eval.cases import EvalCase, load_case_files
from eval.compare import DEFAULT_TOLERANCE, compare
from eval.console import one_line_errors, print_json, run_cli, say
from eval.evaluate import evaluate
from eval.judge_command import judge_cli
from eval.lint import Severity, lint
from eval.replay_command import replay_cli
from eval.report import write_reports
from eval.run import RunFolder
from eval.scorecard import BASELINES, bless, load_scorecard, scorecard_of
from eval.stage_command import stage_cli
from eval.structure_command import structure_cli
from eval.tables import comparison_table, flip_lines, retrieval_table, summary_table
from index.progress import progress_bar

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="검색과 답변을 재고, 두 실행을 견줍니다.")
cli.add_typer(case_cli)
cli.add_typer(judge_cli)
cli.add_typer(stage_cli)
cli.add_typer(replay_cli)
cli.add_typer(structure_cli)

Run = Annotated[Path, typer.Argument(help="실행 폴더", metavar="RUN")]
Out = Annotated[Path, typer.Option("--out", help="결과를 두는 실행 폴더")]
Questions = Annotated[list[Path], typer.Option("--questions", help="문항 파일(JSONL). 여러 번 쓸 수 있습니다.")]
IndexDir = Annotated[Path, typer.Option("--index-dir", help="색인 폴더")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="한 번에 묻는 질문 수. 시간을 재려면 1")]
Baselines = Annotated[Path, typer.Option("--baselines", help="기준을 두는 폴더")]
Tolerance = Annotated[float, typer.Option("--tolerance", min=0.0001, max=1.0, help="나빠져도 되는 폭")]
AsJson = Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")]


@cli.command("generate")
def generate_command(
    questions: Questions, index_dir: IndexDir, out: Out, workers: Workers = 1, as_json: AsJson = False
) -> None:
    """문항마다 답을 만들어 실행 폴더에 씁니다. 멈췄다가 다시 실행하면 이어서 합니다."""
    with one_line_errors(), progress_bar() as progress:
        cases = _load(questions)
        from eval.chatbot_subject import open_subject
        from eval.generate import generate

        progress("모델과 색인 열기", 0, 0)
        run = RunFolder(out)
        report = generate(
            cases,
            open_subject(index_dir),
            run,
            questions_file=", ".join(path.name for path in questions),
            workers=workers,
            on_progress=lambda done, total: progress("답변 만들기", done, total),
        )
    if report.set_aside:
        say("색인, 설정, 프로그램 가운데 달라진 것이 있어 이전 답을 generated.previous.jsonl로 옮겼습니다.")
    say(f"답 {report.asked}개를 만들고 {report.reused}개는 이전 것을 썼습니다: {out}")
    if as_json:
        print_json({"asked": report.asked, "reused": report.reused, "config": run.config().model_dump(mode="json")})


@cli.command("evaluate")
def evaluate_command(
    run: Run,
    questions: Annotated[
        list[Path] | None, typer.Option("--questions", help="기대를 고친 문항 파일. 답은 다시 만들지 않습니다.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """실행 폴더의 답을 다시 채점합니다. 아무것도 새로 묻지 않습니다."""
    with one_line_errors():
        summary, _ = evaluate(RunFolder(run), _load(questions) if questions else None)
    say(summary_table(summary))
    if as_json:
        print_json(summary)


@cli.command("retrieval")
def retrieval_command(
    beir: Annotated[Path, typer.Option("--beir", help="BEIR 형식 폴더")],
    out: Out,
    distractors: Annotated[
        list[Path] | None, typer.Option("--distractors", help="함께 색인하는 다른 문서. 여러 번 쓸 수 있습니다.")
    ] = None,
    rerank: Annotated[bool, typer.Option(help="판독 모델로 첫 결과의 순서를 다시 정할지")] = True,
    as_json: AsJson = False,
) -> None:
    """검색만 잽니다: nDCG@10, 재현율, MRR."""
    with one_line_errors(), progress_bar() as progress:
        from eval.retrieval import measure

        summary = measure(
            beir,
            RunFolder(out),
            distractors=distractors or (),
            rerank=rerank,
            on_build=progress,
            on_query=lambda done, total: progress("검색", done, total),
        )
    say(retrieval_table(summary))
    if as_json:
        print_json(summary)


@cli.command("compare")
def compare_command(
    baseline: Annotated[str, typer.Argument(help="기준: 실행 폴더, 기준 파일, 기준 이름")],
    candidate: Annotated[str, typer.Argument(help="견줄 실행 폴더")],
    tolerance: Tolerance = DEFAULT_TOLERANCE,
    baselines: Baselines = BASELINES,
    as_json: AsJson = False,
) -> None:
    """두 실행을 견줍니다. 종료 코드 0 나빠지지 않음, 1 나빠짐, 2 잘못된 명령, 3 견줄 수 없음."""
    with one_line_errors():
        result = compare(load_scorecard(baseline, baselines), load_scorecard(candidate, baselines), tolerance)
    say(comparison_table(result))
    for line in (
        *result.notes,
        *flip_lines("맞다가 틀리게 된 문항:", result.broken),
        *flip_lines("틀리다가 맞게 된 문항:", result.fixed),
    ):
        say(line)
    if as_json:
        print_json(result)
    raise typer.Exit(result.exit_code)


@cli.command("bless")
def bless_command(
    run: Run,
    name: Annotated[str, typer.Option("--name", help="기준 이름")],
    answers: Annotated[
        bool, typer.Option("--answers", help="질문과 답도 남깁니다. 공개해도 되는 문서일 때만 쓰십시오.")
    ] = False,
    baselines: Baselines = BASELINES,
    as_json: AsJson = False,
) -> None:
    """실행을 앞으로 견줄 기준으로 정합니다."""
    with one_line_errors():
        path = bless(RunFolder(run), name, baselines=baselines, with_answers=answers)
    say(f"기준을 정했습니다: {path}")
    if as_json:
        print_json({"baseline": name, "path": str(path)})


@cli.command("report")
def report_command(
    run: Run,
    baseline: Annotated[str | None, typer.Option("--baseline", help="함께 견줄 기준")] = None,
    tolerance: Tolerance = DEFAULT_TOLERANCE,
    baselines: Baselines = BASELINES,
    as_json: AsJson = False,
) -> None:
    """실행 폴더에 report.html, report.md, junit.xml을 씁니다."""
    with one_line_errors():
        folder = RunFolder(run)
        compared = compare(load_scorecard(baseline, baselines), scorecard_of(folder), tolerance) if baseline else None
        paths = write_reports(folder, compared)
    for path in paths:
        say(f"보고서: {path}")
    if as_json:
        print_json({"reports": [str(path) for path in paths]})


@cli.command("lint")
def lint_command(
    file: Annotated[list[Path], typer.Argument(help="문항 파일(JSONL)")],
    docs: Annotated[list[Path], typer.Option("--docs", help="문항의 근거가 되는 문서. 여러 번 쓸 수 있습니다.")],
    as_json: AsJson = False,
) -> None:
    """문항 파일을 점검합니다. 고쳐야 할 것이 있으면 종료 코드 1입니다."""
    with one_line_errors():
        findings = lint(load_case_files(file, with_drafts=True), docs)
    for finding in findings:
        say(str(finding))
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    say(f"고쳐야 할 것 {errors}건, 살펴볼 것 {len(findings) - errors}건")
    if as_json:
        print_json({"findings": [finding.model_dump(mode="json") for finding in findings]})
    raise typer.Exit(1 if errors else 0)


@cli.command("ablation")
def ablation_command(
    questions: Questions,
    index_dir: IndexDir,
    out: Out,
    variants: Annotated[
        Path | None, typer.Option("--variants", help="이름과 설정의 JSON. 비우면 부품을 하나씩 끕니다.")
    ] = None,
    docs: Annotated[
        list[Path] | None,
        typer.Option("--docs", help="다른 색인이 있어야 하는 변형이 읽을 문서(색인한 것)"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """부품을 하나씩 끄고 재어 부품마다 얼마나 보태는지 표로 씁니다."""
    with one_line_errors(), progress_bar() as progress:
        from eval.ablation import SWITCHES, load_variants, run_ablation
        from eval.chatbot_subject import open_or_build

        table = run_ablation(
            _load(questions),
            load_variants(variants) if variants else SWITCHES,
            lambda overrides: open_or_build(index_dir, overrides, docs or (), out / "indexes"),
            RunFolder(out),
            questions_file=", ".join(path.name for path in questions),
            on_progress=progress,
        )
    say(table.markdown())
    if as_json:
        print_json(table)


@cli.command("calibrate")
def calibrate_command(
    questions: Questions,
    docs: Annotated[Path, typer.Option("--docs", help="문항의 문서가 든 corpus.jsonl 폴더(색인한 것과 같은 것)")],
    index_dir: IndexDir,
    out: Annotated[Path, typer.Option("--out", help="가중치를 쓸 JSON 파일")],
    as_json: AsJson = False,
) -> None:
    """문장 고르기와 거절 판단의 가중치를 배웁니다(chatbot/data/ranker.json)."""
    with one_line_errors(), progress_bar() as progress:
        from chatbot.pipeline import build_chatbot
        from chatbot.settings import Settings
        from eval.calibrate import calibrate, load_questions, read_texts
        from index.settings import IndexSettings

        progress("모델과 색인 열기", 0, 0)
        chatbot = build_chatbot(Settings(index=IndexSettings(index_dir=index_dir)))
        found = list(load_questions(questions, read_texts(docs)))
        report = calibrate(chatbot, found, on_progress=lambda done: progress("문항", done, len(found)))
    out.write_text(report.models.model_dump_json(indent=1) + "\n", encoding="utf-8")
    say(
        f"문항 {report.questions}개, 문장 {report.sentences}개. 첫 문장이 근거인 비율 {report.first_sentence_right:.3f}"
        f"(판독 모델만 {report.first_sentence_right_reader:.3f}), 답할 수 있는지의 AUC {report.answer_auc:.3f}"
        f"(판독 모델만 {report.answer_auc_reader:.3f}). 가중치: {out}"
    )
    if as_json:
        print_json(report.models)


@cli.command("inventions")
def inventions_command(
    questions: Questions,
    index_dir: IndexDir,
    out: Annotated[Path, typer.Option("--out", help="문항마다 한 줄씩 쓸 파일. 다시 실행하면 이어서 합니다.")],
    as_json: AsJson = False,
) -> None:
    """설정한 언어 모델이 지어낸 수치·날짜·이름이 검증을 지나가는지 셉니다. 하나라도 있으면 1로 끝납니다."""
    with one_line_errors(), progress_bar() as progress:
        from eval.inventions import InventionReport, count_inventions, open_composer, read_inventions

        done = read_inventions(out)
        known = {one.case_id for one in done}
        left = [case for case in _load(questions) if case.case_id not in known]
        progress("모델과 색인 열기", 0, 0)
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("a", encoding="utf-8") as lines:
            for one in count_inventions(left, *open_composer(index_dir)):
                lines.write(one.model_dump_json() + "\n")
                lines.flush()
                done.append(one)
                progress("문항", len(done), len(known) + len(left))
        report = InventionReport.of(done)
    for case in report.inventions:
        for invented in case.inventions:
            say(f"{case.case_id}: {', '.join(invented.found)} ← {invented.sentence}")
    say(
        f"문항 {report.questions}개(실패 {report.failed}개). "
        f"모델이 쓴 문장 {report.written}개 가운데 {report.rejected}개를 막았고"
        f"(근거에 없는 수치나 이름이 있는 것 {report.rejected_unsupported}개) {report.shown}개를 내보냈습니다. "
        f"그 가운데 근거에 없는 수치·날짜·이름이 있는 문장: {sum(len(one.inventions) for one in report.inventions)}개"
    )
    if as_json:
        print_json(report)
    if report.inventions:
        raise typer.Exit(1)


def _load(paths: list[Path]) -> tuple[EvalCase, ...]:
    return load_case_files(paths)


if __name__ == "__main__":
    sys.exit(run_cli(cli))
