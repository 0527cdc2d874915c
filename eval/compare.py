"""Whether a candidate is worse than a baseline, by how much, and on which questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import ceil
from statistics import fmean

from pydantic import BaseModel, ConfigDict, JsonValue

from eval.errors import NotComparableError
from eval.metrics.names import Metric
from eval.metrics.statistics import paired_bootstrap, paired_permutation
from eval.scorecard import Scorecard

DEFAULT_TOLERANCE = 0.02
_ROUNDING = 1e-9


class Verdict(StrEnum):
    """What can be said about one metric, or about the whole comparison."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    REGRESSED = "regressed"


class MetricChange(BaseModel):
    """One metric over the ``n`` cases that define it in both runs.

    ``difference`` is candidate minus baseline; ``low`` and ``high`` bound it (95 % paired bootstrap);
    ``p_value`` is of a paired permutation test. All ``None`` when ``n`` is 0.
    """

    model_config = ConfigDict(frozen=True)

    metric: Metric
    n: int
    baseline: float | None = None
    candidate: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    verdict: Verdict = Verdict.UNCHANGED


class Flip(BaseModel):
    """A case that passes in one run and not in the other, with both answers where they are known."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    type: str
    question: str
    baseline_status: str
    candidate_status: str
    baseline_answer: str
    candidate_answer: str
    reasons: tuple[str, ...]


class Comparison(BaseModel):
    """``broken`` went from pass to fail, ``fixed`` from fail to pass. ``notes`` are Korean remarks."""

    model_config = ConfigDict(frozen=True)

    baseline: str
    candidate: str
    tolerance: float
    verdict: Verdict
    changes: tuple[MetricChange, ...]
    broken: tuple[Flip, ...]
    fixed: tuple[Flip, ...]
    broken_by_type: dict[str, int]
    latency_p95_ratio: float | None
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 when nothing regressed, 1 when something did."""
        return int(self.verdict is Verdict.REGRESSED)


def compare(baseline: Scorecard, candidate: Scorecard, tolerance: float = DEFAULT_TOLERANCE) -> Comparison:
    """Compare two runs of the same questions over the same corpus.

    A metric regressed when it fell by more than ``tolerance`` *and* the bootstrap interval of the fall
    excludes zero: a large fall on few questions is not proof, and a certain fall of nothing is no harm.

    Raises:
        NotComparableError: Other questions, another corpus, or too few cases to see a fall of ``tolerance``.
        ValueError: ``tolerance`` is not above 0.
    """
    if tolerance <= 0:
        raise ValueError(f"tolerance must be above 0, got {tolerance!r}")
    _check_same_subject(baseline, candidate)
    changes = metric_changes(baseline, candidate, tolerance)
    verdict = _overall(changes)
    if verdict is not Verdict.REGRESSED:
        _check_enough(changes[0].n, tolerance)
    broken = _flips(baseline, candidate, passed_before=True)
    types = [flip.type for flip in broken]
    return Comparison(
        baseline=baseline.name,
        candidate=candidate.name,
        tolerance=tolerance,
        verdict=verdict,
        changes=changes,
        broken=broken,
        fixed=_flips(baseline, candidate, passed_before=False),
        broken_by_type={name: types.count(name) for name in sorted(set(types))},
        latency_p95_ratio=_ratio(candidate.latency_p95_ms, baseline.latency_p95_ms),
        notes=_notes(baseline, candidate),
    )


def metric_changes(
    baseline: Scorecard, candidate: Scorecard, tolerance: float = DEFAULT_TOLERANCE
) -> tuple[MetricChange, ...]:
    """Every metric of two runs over the same cases, paired case by case."""
    return tuple(_change(metric, baseline, candidate, tolerance) for metric in candidate.metrics)


def _check_same_subject(baseline: Scorecard, candidate: Scorecard) -> None:
    if baseline.kind != candidate.kind:
        raise NotComparableError("비교할 수 없습니다: 하나는 답변 실행이고 하나는 검색 실행입니다.")
    if baseline.questions_sha256 != candidate.questions_sha256 or baseline.cases.keys() != candidate.cases.keys():
        raise NotComparableError(
            "비교할 수 없습니다: 두 실행의 문항이 다릅니다. "
            "같은 문항으로 다시 실행하거나 bless로 기준을 새로 정해 주십시오."
        )
    if baseline.corpus_digest and candidate.corpus_digest and baseline.corpus_digest != candidate.corpus_digest:
        raise NotComparableError(
            "비교할 수 없습니다: 두 실행의 문서가 다릅니다. 같은 문서로 색인하거나 bless로 기준을 새로 정해 주십시오."
        )


def _check_enough(n: int, tolerance: float) -> None:
    """A single case must weigh no more than the tolerance."""
    needed = ceil(1 / tolerance - _ROUNDING)
    if n < needed:
        raise NotComparableError(
            f"판정할 수 없습니다: {n}문항으로는 허용 폭 {tolerance:g}만큼의 차이를 가릴 수 없습니다. "
            f"문항을 {needed}개 이상으로 늘리거나 --tolerance를 {ceil(1000 / max(n, 1)) / 1000:g} 이상으로 "
            "정해 주십시오."
        )


def _change(metric: Metric, baseline: Scorecard, candidate: Scorecard, tolerance: float) -> MetricChange:
    pairs = [
        (before, after)
        for case_id, card in candidate.cases.items()
        if (before := baseline.cases[case_id].values.get(metric)) is not None
        and (after := card.values.get(metric)) is not None
    ]
    if not pairs:
        return MetricChange(metric=metric, n=0)
    differences = [after - before for before, after in pairs]
    interval = paired_bootstrap(differences)
    sign = 1 if metric.higher_is_better else -1
    gain = sign * fmean(differences)
    worst_high, best_low = sorted((sign * interval.low, sign * interval.high), reverse=True)
    verdict = Verdict.UNCHANGED
    if gain < -tolerance - _ROUNDING and worst_high < 0:
        verdict = Verdict.REGRESSED
    elif best_low > 0:
        verdict = Verdict.IMPROVED
    return MetricChange(
        metric=metric,
        n=len(pairs),
        baseline=fmean(before for before, _ in pairs),
        candidate=fmean(after for _, after in pairs),
        difference=fmean(differences),
        low=interval.low,
        high=interval.high,
        p_value=paired_permutation(differences),
        verdict=verdict,
    )


def _overall(changes: Sequence[MetricChange]) -> Verdict:
    verdicts = {change.verdict for change in changes}
    if Verdict.REGRESSED in verdicts:
        return Verdict.REGRESSED
    return Verdict.IMPROVED if Verdict.IMPROVED in verdicts else Verdict.UNCHANGED


def _flips(baseline: Scorecard, candidate: Scorecard, *, passed_before: bool) -> tuple[Flip, ...]:
    return tuple(
        Flip(
            case_id=case_id,
            type=after.type,
            question=after.question,
            baseline_status=before.status,
            candidate_status=after.status,
            baseline_answer=before.answer,
            candidate_answer=after.answer,
            reasons=after.reasons if passed_before else before.reasons,
        )
        for case_id, after in candidate.cases.items()
        for before in (baseline.cases[case_id],)
        if before.passed is passed_before and after.passed is (not passed_before)
    )


def _ratio(candidate: float | None, baseline: float | None) -> float | None:
    return candidate / baseline if candidate is not None and baseline else None


def _notes(baseline: Scorecard, candidate: Scorecard) -> tuple[str, ...]:
    notes = []
    if not (baseline.corpus_digest and candidate.corpus_digest):
        notes.append("문서가 같은지 확인하지 못했습니다: 실행에 문서 지문이 없습니다.")
    if baseline.index_version != candidate.index_version:
        notes.append(f"색인 판이 다릅니다: {baseline.index_version} → {candidate.index_version}")
    if baseline.answerers != candidate.answerers:
        notes.append(f"답변기가 다릅니다: {', '.join(baseline.answerers)} → {', '.join(candidate.answerers)}")
    if baseline.code_digest and candidate.code_digest and baseline.code_digest != candidate.code_digest:
        notes.append(f"프로그램이 다릅니다: {baseline.code_digest} → {candidate.code_digest}")
    if one_sided := _one_sided(baseline, candidate):
        notes.append(f"한쪽 실행에만 기록되어 견주지 않은 지표: {', '.join(one_sided)}")
    if changed := _changed_settings(baseline, candidate):
        notes.append(f"설정이 다릅니다: {', '.join(changed)}")
    if baseline.workers != candidate.workers:
        notes.append(f"동시 처리 수가 달라 응답 시간은 견줄 수 없습니다: {baseline.workers} → {candidate.workers}")
    return tuple(notes)


def _one_sided(baseline: Scorecard, candidate: Scorecard) -> list[str]:
    """Metrics that only one of the runs has recorded, as a baseline blessed before the metric was there."""
    sides = [
        {metric for card in run.cases.values() for metric, value in card.values.items() if value is not None}
        for run in (baseline, candidate)
    ]
    return [metric.label for metric in candidate.metrics if metric in sides[0] ^ sides[1]]


def _changed_settings(baseline: Scorecard, candidate: Scorecard) -> list[str]:
    """Settings that both runs recorded with different values, those of the index with their path."""
    before, after = _flat(baseline.settings), _flat(candidate.settings)
    return [
        f"{name} {before[name]} → {after[name]}" for name in before if name in after and before[name] != after[name]
    ]


def _flat(settings: Mapping[str, JsonValue], prefix: str = "") -> dict[str, JsonValue]:
    flat: dict[str, JsonValue] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
