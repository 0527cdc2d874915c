"""What each part adds: the same questions with one part switched off at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from eval.cases import EvalCase
from eval.compare import MetricChange, metric_changes
from eval.errors import EvalError
from eval.evaluate import evaluate
from eval.generate import generate
from eval.labels import number, share, signed
from eval.metrics.names import Metric
from eval.report.markdown import table
from eval.run import RunFolder
from eval.scorecard import Scorecard, scorecard_of
from eval.subject import Subject

Overrides = Mapping[str, JsonValue]

FULL = "전체"
SWITCHES: Mapping[str, Overrides] = MappingProxyType(
    {
        "형태소 검색 없이": {"index.use_lexical": False},
        "임베딩 검색 없이": {"index.use_dense": False},
        "임베딩 미세조정 없이": {"index.embedding_adapter": False},
        "문장 판독 없이": {"use_reranker": False},
        "답 종류 대조 없이": {"use_answer_type": False},
        "문장 검증 없이": {"use_verifier": False},
        "거절 판단 없이": {"use_refusal": False},
    }
)
_METRICS = (
    Metric.ACCURACY,
    Metric.FACT_ACCURACY,
    Metric.CITATION_RECALL,
    Metric.FAITHFULNESS,
    Metric.REFUSAL_ACCURACY,
    Metric.FALSE_REFUSALS,
)
_NAME = re.compile(r"\w[\w .-]*")


class AblationRow(BaseModel):
    """One variant. ``changes`` are against the full system; empty in its own row."""

    model_config = ConfigDict(frozen=True)

    name: str
    settings: dict[str, JsonValue]
    means: dict[Metric, float | None]
    latency_p95_ms: float | None
    changes: tuple[MetricChange, ...] = ()


class AblationTable(BaseModel):
    """All variants, the full system first."""

    model_config = ConfigDict(frozen=True)

    n: int
    questions_file: str
    rows: tuple[AblationRow, ...]

    def markdown(self) -> str:
        """A table with the value of each metric and, below it, the difference with its interval."""
        header = ("", *(metric.label for metric in _METRICS), "p95 ms")
        lines = [f"문항 {self.n}개({self.questions_file}). 괄호: 전체와의 차이와 95 % 짝지은 부트스트랩 구간.", ""]
        return "\n".join([*lines, *table(header, map(_cells, self.rows))]) + "\n"


def load_variants(path: Path) -> Mapping[str, Overrides]:
    """Variants from a JSON object: name to an object of settings.

    Raises:
        EvalError: The file cannot be read or is not such an object.
    """
    try:
        return TypeAdapter(dict[str, dict[str, JsonValue]]).validate_python(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise EvalError(f"{path.name}: 이름마다 설정을 적은 JSON이 아닙니다. 경로와 내용을 확인해 주십시오.") from error


def run_ablation(
    cases: Sequence[EvalCase],
    variants: Mapping[str, Overrides],
    open_subject: Callable[[Overrides], Subject],
    run: RunFolder,
    *,
    questions_file: str,
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> AblationTable:
    """Generate and evaluate the full system and each variant, each in a folder of its own below ``run``.

    Writes ``ablation.json`` and ``ablation.md``. Stopped half way, it goes on where it was.

    Raises:
        EvalError: A variant has no usable name, or a run cannot be written.
    """
    for name in variants:
        if not _NAME.fullmatch(name) or name == FULL:
            raise EvalError(f"변형 이름으로 쓸 수 없습니다: {name!r}. 글자와 숫자로 지어 주십시오.")
    run.create()
    cards: dict[str, Scorecard] = {}
    nothing: Overrides = {}
    for name, overrides in {FULL: nothing, **variants}.items():
        folder = RunFolder(run.path / name.replace(" ", "-"))
        subject = open_subject(overrides)
        told = _stage(name, on_progress)
        generate(cases, subject, folder, questions_file=questions_file, on_progress=told)
        evaluate(folder)
        cards[name] = scorecard_of(folder)
    rows = (_row(name, cards, variants.get(name, {})) for name in cards)
    result = AblationTable(n=len(cases), questions_file=questions_file, rows=tuple(rows))
    run.write_json("ablation.json", result)
    run.write_text("ablation.md", result.markdown())
    return result


def _stage(name: str, on_progress: Callable[[str, int, int], None]) -> Callable[[int, int], None]:
    return lambda done, total: on_progress(name, done, total)


def _row(name: str, cards: Mapping[str, Scorecard], overrides: Overrides) -> AblationRow:
    card = cards[name]
    changes = () if name == FULL else metric_changes(cards[FULL], card)
    return AblationRow(
        name=name,
        settings=dict(overrides),
        means={metric: card.means[metric] for metric in _METRICS},
        latency_p95_ms=card.latency_p95_ms,
        changes=tuple(change for change in changes if change.metric in _METRICS),
    )


def _cells(row: AblationRow) -> tuple[str, ...]:
    by_metric = {change.metric: change for change in row.changes}
    values = (_cell(row.means[metric], by_metric.get(metric)) for metric in _METRICS)
    return (row.name, *values, number(row.latency_p95_ms))


def _cell(value: float | None, change: MetricChange | None) -> str:
    if change is None or change.difference is None:
        return share(value)
    return f"{share(value)} ({signed(change.difference)}, {signed(change.low)} ~ {signed(change.high)})"
