"""The metrics by name: what a summary, a comparison and a report call them, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Metric(StrEnum):
    """A value that each question has (or lacks), averaged over questions."""

    ACCURACY = "accuracy"
    FACT_ACCURACY = "fact_accuracy"
    CITATION_RECALL = "citation_recall"
    CITATION_PRECISION = "citation_precision"
    FAITHFULNESS = "faithfulness"
    REFUSAL_ACCURACY = "refusal_accuracy"
    FALSE_REFUSALS = "false_refusals"
    NDCG_AT_10 = "ndcg_at_10"
    RECALL_AT_1 = "recall_at_1"
    RECALL_AT_5 = "recall_at_5"
    RECALL_AT_10 = "recall_at_10"
    MRR_AT_10 = "mrr_at_10"

    @property
    def label(self) -> str:
        """Korean name."""
        return _TRAITS[self].label

    @property
    def higher_is_better(self) -> bool:
        """Direction of improvement."""
        return _TRAITS[self].higher_is_better


@dataclass(frozen=True, slots=True)
class _Traits:
    label: str
    higher_is_better: bool = True


_TRAITS: Mapping[Metric, _Traits] = {
    Metric.ACCURACY: _Traits("정답률"),
    Metric.FACT_ACCURACY: _Traits("사실 정확도"),
    Metric.CITATION_RECALL: _Traits("인용 재현율"),
    Metric.CITATION_PRECISION: _Traits("인용 정밀도"),
    Metric.FAITHFULNESS: _Traits("충실도"),
    Metric.REFUSAL_ACCURACY: _Traits("거절 정확도"),
    Metric.FALSE_REFUSALS: _Traits("잘못된 거절", higher_is_better=False),
    Metric.NDCG_AT_10: _Traits("nDCG@10"),
    Metric.RECALL_AT_1: _Traits("재현율@1"),
    Metric.RECALL_AT_5: _Traits("재현율@5"),
    Metric.RECALL_AT_10: _Traits("재현율@10"),
    Metric.MRR_AT_10: _Traits("MRR@10"),
}

ANSWER_METRICS = (
    Metric.ACCURACY,
    Metric.FACT_ACCURACY,
    Metric.CITATION_RECALL,
    Metric.CITATION_PRECISION,
    Metric.FAITHFULNESS,
    Metric.REFUSAL_ACCURACY,
    Metric.FALSE_REFUSALS,
)
RETRIEVAL_METRICS = (
    Metric.NDCG_AT_10,
    Metric.RECALL_AT_1,
    Metric.RECALL_AT_5,
    Metric.RECALL_AT_10,
    Metric.MRR_AT_10,
)
