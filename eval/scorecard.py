"""A run in the form that comparisons need: values of each case and what produced them; also a blessed baseline."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from chatbot.answer import Provenance
from eval.errors import EvalError, RunFormatError
from eval.metrics.names import ANSWER_METRICS, RETRIEVAL_METRICS, Metric
from eval.metrics.statistics import percentile
from eval.ranking import score_queries
from eval.run import RunConfig, RunFolder
from eval.scoring import CaseScore, score_run

BASELINES = Path("eval/baselines")
_NAME = re.compile(r"[\w-][\w.-]*")


class CaseCard(BaseModel):
    """One case of a run. ``passed`` is ``None`` where it cannot be said; texts are empty in a small baseline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = ""
    passed: bool | None
    status: str = ""
    values: dict[Metric, float | None]
    question: str = ""
    answer: str = ""
    reasons: tuple[str, ...] = ()


class Scorecard(BaseModel):
    """All cases of a run, with fingerprints. Means leave out undefined values.

    ``answerers`` name what wrote the answers: model, prompt and the digest of the prompt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Literal["answers", "retrieval"]
    questions_sha256: str
    corpus_digest: str
    index_version: str
    answerers: tuple[str, ...] = ()
    code_digest: str = ""
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    workers: int = 1
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    means: dict[Metric, float | None]
    cases: dict[str, CaseCard] = Field(default_factory=dict)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics of this kind of run; the first is the one that every case has."""
        return ANSWER_METRICS if self.kind == "answers" else RETRIEVAL_METRICS


def load_scorecard(reference: str, baselines: Path = BASELINES) -> Scorecard:
    """The run in the folder ``reference``, the baseline file ``reference``, or the baseline of that name.

    Raises:
        EvalError: There is no such run or baseline, or it cannot be read.
    """
    path = Path(reference)
    if path.is_dir():
        return scorecard_of(RunFolder(path))
    for candidate in (path, baselines / f"{reference}.json"):
        if candidate.is_file():
            return _read(candidate)
    raise RunFormatError(
        f"비교할 실행이 없습니다: {reference!r}. 실행 폴더, 기준 파일, 또는 {baselines} 안의 기준 이름을 적어 주십시오."
    )


def scorecard_of(run: RunFolder) -> Scorecard:
    """Score a run folder with the definitions of today, whatever its ``summary.json`` says.

    Raises:
        EvalError: A file of the run is missing or unreadable, or a question has no answer yet.
    """
    config = run.config()
    return _of_queries(run, config) if config.kind == "retrieval" else _of_answers(run, config)


def _of_queries(run: RunFolder, config: RunConfig) -> Scorecard:
    queries = run.retrieved()
    cards = {
        score.case_id: CaseCard(passed=score.passed, values=dict(score.values), question=score.question)
        for score in score_queries(queries)
    }
    latencies = [query.latency_ms for query in queries]
    return _scorecard(run, config, cards, latencies, RETRIEVAL_METRICS)


def _of_answers(run: RunFolder, config: RunConfig) -> Scorecard:
    scores = score_run(run.cases(), run.answers())
    _check_one_index(config, scores)
    cards = {score.case_id: _card(score) for score in scores}
    latencies = [score.generated.latency_ms for score in scores]
    card = _scorecard(run, config, cards, latencies, ANSWER_METRICS)
    return card.model_copy(update={"answerers": _answerers([score.generated.answer.provenance for score in scores])})


def _check_one_index(config: RunConfig, scores: Sequence[CaseScore]) -> None:
    """A run whose answers come from several indexes measures none of them."""
    for score in scores:
        version = score.generated.answer.provenance.index_version
        if version != config.index_version:
            raise RunFormatError(
                f"문항 {score.case_id!r}의 답은 다른 색인 판({version})에서 만들었습니다. "
                "generate를 다시 실행해 주십시오."
            )


def _scorecard(
    run: RunFolder,
    config: RunConfig,
    cards: Mapping[str, CaseCard],
    latencies: Sequence[float],
    metrics: Sequence[Metric],
) -> Scorecard:
    return Scorecard(
        name=run.path.name,
        kind=config.kind,
        questions_sha256=config.questions_sha256,
        corpus_digest=config.corpus_digest,
        index_version=config.index_version,
        code_digest=config.code_digest,
        settings=config.settings,
        workers=config.workers,
        latency_p50_ms=percentile(latencies, 0.50),
        latency_p95_ms=percentile(latencies, 0.95),
        means=_means(cards, metrics),
        cases=dict(cards),
    )


def bless(run: RunFolder, name: str, *, baselines: Path = BASELINES, with_answers: bool = False) -> Path:
    """Make ``run`` the baseline ``name``: values, fingerprints, and texts only when asked for.

    Raises:
        EvalError: The name is not one, or the run cannot be scored.
    """
    if not _NAME.fullmatch(name):
        raise EvalError(f"기준 이름으로 쓸 수 없습니다: {name!r}. 글자, 숫자, '-', '_', '.'만 써 주십시오.")
    card = scorecard_of(run)
    if not with_answers:
        no_text = {"question": "", "answer": "", "reasons": ()}
        card = card.model_copy(update={"cases": {key: c.model_copy(update=no_text) for key, c in card.cases.items()}})
    folder = RunFolder(baselines)
    folder.create()
    folder.write_text(f"{name}.json", _one_case_a_line(card.model_copy(update={"name": name})))
    return baselines / f"{name}.json"


def _one_case_a_line(card: Scorecard) -> str:
    """JSON whose difference between two versions reads case by case."""
    head = json.dumps(card.model_dump(mode="json", exclude={"cases"}), ensure_ascii=False, indent=1)
    cases = card.model_dump(mode="json", include={"cases"}, exclude_defaults=True).get("cases", {})
    lines = (f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in cases.items())
    return head.removesuffix("\n}") + ',\n "cases": {\n' + ",\n".join(lines) + "\n }\n}\n"


def _read(path: Path) -> Scorecard:
    try:
        return Scorecard.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, ValidationError) as error:
        raise RunFormatError(
            f"{str(path)!r}은(는) bless가 만든 기준 파일이 아닙니다. 다시 bless해 주십시오."
        ) from error


def _card(score: CaseScore) -> CaseCard:
    return CaseCard(
        type=score.case.type.value,
        passed=score.passed,
        status=score.status.value,
        values=dict(score.values),
        question=score.case.question,
        answer=score.generated.answer.text,
        reasons=score.reasons,
    )


def _answerers(provenances: Sequence[Provenance]) -> tuple[str, ...]:
    seen = {
        " ".join(part for part in (p.answerer, p.model, p.prompt, (p.prompt_sha256 or "")[:12]) if part)
        for p in provenances
        if p.answerer != "none"
    }
    return tuple(sorted(seen))


def _means(cards: Mapping[str, CaseCard], metrics: Sequence[Metric]) -> dict[Metric, float | None]:
    means: dict[Metric, float | None] = {}
    for metric in metrics:
        values = [value for card in cards.values() if (value := card.values[metric]) is not None]
        means[metric] = fmean(values) if values else None
    return means
