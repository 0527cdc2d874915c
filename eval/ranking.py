"""From ranked documents to the values of each query and of a whole retrieval run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from eval.metrics.names import RETRIEVAL_METRICS, Metric
from eval.metrics.ranking import mrr_at_k, ndcg_at_k, recall_at_k
from eval.metrics.statistics import paired_bootstrap, percentile
from eval.run import RetrievedQuery

_READ_BY_ANSWERER = 5


@dataclass(frozen=True, slots=True)
class QueryScore:
    """Values of one query; ``None`` where no document is relevant.

    ``passed`` says whether every relevant document is among the first five.
    """

    case_id: str
    question: str
    values: Mapping[Metric, float | None]
    passed: bool | None


class RetrievalSummary(BaseModel):
    """``summary.json`` of a retrieval run. Latencies are in milliseconds; intervals are 95 % bootstrap intervals."""

    model_config = ConfigDict(frozen=True)

    n: int
    undefined: int
    ndcg_at_10: float | None
    recall_at_1: float | None
    recall_at_5: float | None
    recall_at_10: float | None
    mrr_at_10: float | None
    intervals: dict[str, tuple[float, float] | None]
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    documents: int
    index_version: str
    corpus_digest: str


def score_queries(queries: Sequence[RetrievedQuery]) -> tuple[QueryScore, ...]:
    """Values of each query, in the order given."""
    return tuple(_score(query) for query in queries)


def summarize_queries(
    queries: Sequence[RetrievedQuery], *, documents: int, index_version: str, corpus_digest: str
) -> RetrievalSummary:
    """Means over the queries that have a relevant document; the others are counted in ``undefined``."""
    scores = [score for score in score_queries(queries) if score.passed is not None]
    by_metric = {
        metric.value: [value for score in scores if (value := score.values[metric]) is not None]
        for metric in RETRIEVAL_METRICS
    }
    latencies = [query.latency_ms for query in queries]
    means = {name: fmean(values) if values else None for name, values in by_metric.items()}
    return RetrievalSummary(
        n=len(queries),
        undefined=len(queries) - len(scores),
        intervals={name: _interval(values) for name, values in by_metric.items()},
        latency_p50_ms=percentile(latencies, 0.50),
        latency_p95_ms=percentile(latencies, 0.95),
        documents=documents,
        index_version=index_version,
        corpus_digest=corpus_digest,
        **means,
    )


def _score(query: RetrievedQuery) -> QueryScore:
    relevant, ranked = query.relevant, query.ranked
    if not relevant:
        return QueryScore(query.case_id, query.question, dict.fromkeys(RETRIEVAL_METRICS), None)
    values: dict[Metric, float | None] = {
        Metric.NDCG_AT_10: ndcg_at_k(ranked, relevant, 10),
        Metric.RECALL_AT_1: recall_at_k(ranked, relevant, 1),
        Metric.RECALL_AT_5: recall_at_k(ranked, relevant, 5),
        Metric.RECALL_AT_10: recall_at_k(ranked, relevant, 10),
        Metric.MRR_AT_10: mrr_at_k(ranked, relevant, 10),
    }
    passed = recall_at_k(ranked, relevant, _READ_BY_ANSWERER) == 1.0
    return QueryScore(query.case_id, query.question, values, passed)


def _interval(values: Sequence[float]) -> tuple[float, float] | None:
    if not values:
        return None
    interval = paired_bootstrap(values)
    return (interval.low, interval.high)
