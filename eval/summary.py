"""What a run comes to: means with intervals, overall and by group, and what confidence is worth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

from pydantic import BaseModel, ConfigDict, Field

from eval.cases import CaseType, Difficulty, Persona
from eval.metrics.confidence import (
    Judged,
    area_under_risk_coverage,
    calibration_bins,
    expected_calibration_error,
    risk_coverage,
)
from eval.metrics.names import ANSWER_METRICS, Metric
from eval.metrics.statistics import percentile, wilson_interval
from eval.scoring import CaseScore


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class GroupSummary(_Model):
    """Means over one group of questions; ``None`` where no question defines the value.

    ``counts`` are the questions behind each mean, ``undefined`` those left out of it. ``intervals`` are
    95 % Wilson intervals, on the safe side for ``citation_precision`` and ``faithfulness``, whose values are
    shares themselves. Latencies are in milliseconds, over all questions; ``answer_chars`` is a mean over answers.
    """

    n: int
    accuracy: float | None
    fact_accuracy: float | None
    citation_recall: float | None
    citation_precision: float | None
    faithfulness: float | None
    refusal_accuracy: float | None
    false_refusals: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    answer_chars: float | None
    counts: dict[str, int]
    undefined: dict[str, int]
    intervals: dict[str, tuple[float, float] | None]

    def value(self, metric: Metric) -> float | None:
        """The mean of one metric."""
        means: Mapping[Metric, float | None] = {
            Metric.ACCURACY: self.accuracy,
            Metric.FACT_ACCURACY: self.fact_accuracy,
            Metric.CITATION_RECALL: self.citation_recall,
            Metric.CITATION_PRECISION: self.citation_precision,
            Metric.FAITHFULNESS: self.faithfulness,
            Metric.REFUSAL_ACCURACY: self.refusal_accuracy,
            Metric.FALSE_REFUSALS: self.false_refusals,
        }
        return means[metric]


class RiskPointRow(_Model):
    """One point of the risk–coverage curve."""

    threshold: float
    coverage: float
    risk: float


class CalibrationRow(_Model):
    """One bin of the calibration table."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


class RiskCoverage(_Model):
    """What confidence is worth. ``area`` and ``expected_calibration_error`` are better when lower."""

    n: int
    area: float | None
    expected_calibration_error: float | None
    points: tuple[RiskPointRow, ...]
    bins: tuple[CalibrationRow, ...]


class Summary(GroupSummary):
    """``summary.json`` of an answer run."""

    by_type: dict[str, GroupSummary]
    by_persona: dict[str, GroupSummary]
    by_document: dict[str, GroupSummary]
    by_difficulty: dict[str, GroupSummary] = Field(default_factory=dict)
    statuses: dict[str, int]
    uncited_answers: int
    risk_coverage: RiskCoverage
    questions_sha256: str
    corpus_digest: str
    index_version: str


def summarize(scores: Sequence[CaseScore], *, questions_sha256: str, corpus_digest: str, index_version: str) -> Summary:
    """The summary of a whole run.

    A question with several documents counts under each, one without a difficulty under ``""``.
    """
    return Summary(
        **_group(scores).model_dump(),
        by_type=_by(scores, lambda score: [score.case.type.value], list(CaseType)),
        by_persona=_by(scores, lambda score: [score.case.persona.value], list(Persona)),
        by_document=_by(scores, lambda score: score.case.gold_docs, sorted(_documents(scores))),
        by_difficulty=_by(scores, lambda score: [score.case.difficulty or ""], [*Difficulty, ""]),
        statuses=dict(sorted(Counter(score.status.value for score in scores).items())),
        uncited_answers=sum(score.status.is_answer and not score.generated.answer.citations for score in scores),
        risk_coverage=_risk_coverage(scores),
        questions_sha256=questions_sha256,
        corpus_digest=corpus_digest,
        index_version=index_version,
    )


def _by(
    scores: Sequence[CaseScore], keys: Callable[[CaseScore], Iterable[str]], order: Sequence[str]
) -> dict[str, GroupSummary]:
    groups: dict[str, list[CaseScore]] = defaultdict(list)
    for score in scores:
        for key in keys(score):
            groups[key].append(score)
    return {str(key): _group(groups[key]) for key in order if key in groups}


def _documents(scores: Sequence[CaseScore]) -> set[str]:
    return {name for score in scores for name in score.case.gold_docs}


def _group(scores: Sequence[CaseScore]) -> GroupSummary:
    defined = {
        metric: [value for score in scores if (value := score.values[metric]) is not None] for metric in ANSWER_METRICS
    }
    latencies = [score.generated.latency_ms for score in scores]
    lengths = [score.answer_chars for score in scores if score.answer_chars is not None]
    means = {metric.value: fmean(values) if values else None for metric, values in defined.items()}
    return GroupSummary(
        n=len(scores),
        latency_p50_ms=percentile(latencies, 0.50),
        latency_p95_ms=percentile(latencies, 0.95),
        answer_chars=fmean(lengths) if lengths else None,
        counts={metric.value: len(values) for metric, values in defined.items()},
        undefined={metric.value: len(scores) - len(values) for metric, values in defined.items()},
        intervals={metric.value: _wilson(values) for metric, values in defined.items()},
        **means,
    )


def _wilson(values: Sequence[float]) -> tuple[float, float] | None:
    interval = wilson_interval(sum(values), len(values))
    return (interval.low, interval.high) if interval else None


def _risk_coverage(scores: Sequence[CaseScore]) -> RiskCoverage:
    judged = [Judged(score.confidence, score.passed) for score in scores if score.passed is not None]
    points, bins = risk_coverage(judged), calibration_bins(judged)
    return RiskCoverage(
        n=len(judged),
        area=area_under_risk_coverage(points),
        expected_calibration_error=expected_calibration_error(bins),
        points=tuple(RiskPointRow(threshold=p.threshold, coverage=p.coverage, risk=p.risk) for p in points),
        bins=tuple(
            CalibrationRow(low=b.low, high=b.high, n=b.n, confidence=b.confidence, accuracy=b.accuracy) for b in bins
        ),
    )
