"""``eval judge``: what a chat model thinks of a run's answers, beside how far it can be believed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from eval.console import one_line_errors, print_json, say
from eval.errors import CaseFormatError, EvalError, reason
from eval.labels import share
from eval.run import RunFolder
from eval.scoring import score_run
from index.progress import progress_bar

if TYPE_CHECKING:  # LangChain takes a second, which the other commands need not wait for
    from eval.judges import Judgement, Label, Repeated

LABELS = Path("eval/datasets/labels/judge.jsonl")
judge_cli = typer.Typer(add_completion=False)


@judge_cli.command("judge")
def judge_command(
    run: Annotated[Path, typer.Argument(help="실행 폴더", metavar="RUN")],
    repeat: Annotated[int, typer.Option("--repeat", min=1, max=20, help="되풀이할 횟수")] = 3,
    labels: Annotated[Path, typer.Option("--labels", help="사람이 판정한 문장(JSONL)")] = LABELS,
    as_json: Annotated[bool, typer.Option("--json", help="결과를 JSON 하나로 표준 출력에 씁니다.")] = False,
) -> None:
    """설정한 언어 모델에 답을 읽혀 충실도와 적합도를 잽니다. 참고일 뿐 판정(compare)에는 쓰이지 않습니다."""
    with one_line_errors(), progress_bar() as progress:
        from chatbot.llm import build_chat_model
        from chatbot.settings import Settings
        from eval.judges import JUDGED, ModelJudge, judge_run
        from index.build import embedder_for

        settings = Settings()
        model = build_chat_model(settings)
        if model is None:
            raise EvalError(
                "언어 모델이 설정되어 있지 않습니다. CHATBOT_CHAT_PROVIDER와 CHATBOT_CHAT_MODEL을 정해 주십시오."
            )
        folder = RunFolder(run)
        scores = score_run(folder.cases(), folder.answers())
        known = load_labels(labels)
        judge = ModelJudge(model, embedder_for(settings.index).embed_query, settings.chat_timeout_seconds)
        judgement = judge_run(
            scores,
            judge,
            known,
            model=settings.chat_model,
            repeat=repeat,
            on_progress=lambda done, total: progress("판정", done, total),
        )
        folder.write_json(JUDGED, judgement)
    for line in lines_of(judgement):
        say(line)
    if as_json:
        print_json(judgement)


def load_labels(path: Path) -> tuple[Label, ...]:
    """The claims that people have judged.

    Raises:
        CaseFormatError: The file cannot be read, or a line is no label.
    """
    from eval.judges import Label

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(Label.model_validate_json(line) for line in lines if line.strip())
    except OSError as error:
        raise CaseFormatError(f"{path.name}: 열 수 없습니다({reason(error)}). --labels를 확인해 주십시오.") from error
    except ValidationError as error:
        raise CaseFormatError(f"{path.name}: id, evidence, claim, supported가 있는 JSON Lines가 아닙니다.") from error


def lines_of(judgement: Judgement) -> list[str]:
    """The figures in words, the judge's own measure first."""
    sure = judgement.agreement
    return [
        f"판정 모델 {judgement.model}: 사람의 판정 {sure.n}건과 {share(sure.accuracy)} 일치"
        f"(우연을 뺀 일치도 κ {share(sure.kappa)}, 판정하지 못한 것 {sure.undecided}건)",
        f"충실도 {_mean(judgement.faithfulness)}",
        f"적합도 {_mean(judgement.relevancy)}",
        f"답 {judgement.answers}개를 {judgement.repeat}번씩 물었고, "
        f"모델이 답하지 못한 것은 {judgement.failures}번입니다.",
    ]


def _mean(values: Repeated) -> str:
    return f"{share(values.mean)} (되풀이의 표준편차 {share(values.spread)}, 정할 수 없는 답 {values.undefined}개)"
