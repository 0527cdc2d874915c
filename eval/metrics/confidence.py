"""Whether an answer's confidence says how likely it is right: risk–coverage curve and calibration error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: ``confidence`` in [0, 1], ``None`` when it was not answered; ``correct`` if the answer is right."""

    confidence: float | None
    correct: bool


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Keeping only answers with at least ``threshold``: share of questions answered, share of those wrong."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers whose confidence is in (``low``, ``high``] (the first bin holds 0 too)."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def risk_coverage(judged: Sequence[Judged]) -> tuple[RiskPoint, ...]:
    """The curve from the strictest threshold to none (El-Yaniv & Wiener 2010, JMLR 11:1605).

    Coverage is a share of all questions, refused ones included, so the curve ends where the chatbot
    itself stops answering. Equal confidences make one point: no threshold can tell them apart.
    """
    answered = sorted((item for item in judged if item.confidence is not None), key=_confidence, reverse=True)
    points: list[RiskPoint] = []
    wrong = 0
    for count, item in enumerate(answered, start=1):
        wrong += not item.correct
        if count == len(answered) or _confidence(answered[count]) != _confidence(item):
            points.append(RiskPoint(_confidence(item), count / len(judged), wrong / count))
    return tuple(points)


def area_under_risk_coverage(points: Sequence[RiskPoint]) -> float | None:
    """Mean risk over the coverages reached, lower is better (Geifman, Uziel & El-Yaniv 2019, arXiv:1805.08206).

    With distinct confidences this is the mean over i of the risk among the i most confident answers.
    ``None`` when nothing was answered.
    """
    if not points:
        return None
    area, before = 0.0, 0.0
    for point in points:
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area / before


def calibration_bins(judged: Sequence[Judged], bins: int = CALIBRATION_BINS) -> tuple[CalibrationBin, ...]:
    """Answered questions in ``bins`` bins of equal width; empty bins are left out."""
    filled = []
    for index in range(bins):
        low, high = index / bins, (index + 1) / bins
        inside = [item for item in judged if item.confidence is not None and _bin(item.confidence, bins) == index]
        if inside:
            n = len(inside)
            mean = sum(map(_confidence, inside)) / n
            filled.append(CalibrationBin(low, high, n, mean, sum(item.correct for item in inside) / n))
    return tuple(filled)


def expected_calibration_error(bins: Sequence[CalibrationBin]) -> float | None:
    """Mean gap between confidence and accuracy, weighted by bin size (Guo et al. 2017, arXiv:1706.04599).

    ``None`` when nothing was answered.
    """
    total = sum(item.n for item in bins)
    return sum(item.n * abs(item.confidence - item.accuracy) for item in bins) / total if total else None


def _confidence(item: Judged) -> float:
    return item.confidence if item.confidence is not None else -1.0


def _bin(confidence: float, bins: int) -> int:
    for index in range(bins):
        if confidence <= (index + 1) / bins:
            return index
    return bins - 1
