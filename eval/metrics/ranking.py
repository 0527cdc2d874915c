"""Metrics of one ranked list. ``ranked`` is best first, ``k`` counts documents, every value is in [0, 1].

``relevant`` maps document ids to grades above 0. A query without a relevant document has no defined
value: each function raises ``ValueError`` and the caller excludes and counts the query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2


def ndcg_at_k(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Discounted gain of the first ``k`` documents over that of the best possible order.

    Linear gain, log2 discount, ranks from 1 (Järvelin & Kekäläinen 2002, doi:10.1145/582415.582418), as
    trec_eval and scikit-learn have it.

    Raises:
        ValueError: Nothing is relevant, a document occurs twice, or ``k`` is below 1.
    """
    _check(ranked, relevant, k)
    gains = [relevant.get(document, 0.0) for document in ranked[:k]]
    ideal = sorted(relevant.values(), reverse=True)[:k]
    return _discounted(gains) / _discounted(ideal)


def recall_at_k(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Share of the relevant documents that stand among the first ``k``.

    Raises:
        ValueError: Nothing is relevant, a document occurs twice, or ``k`` is below 1.
    """
    _check(ranked, relevant, k)
    return sum(document in relevant for document in ranked[:k]) / len(relevant)


def mrr_at_k(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """One over the rank of the first relevant document, 0 when it is not among the first ``k``.

    Averaged over queries this is the mean reciprocal rank (Voorhees 1999, TREC-8 question answering track).

    Raises:
        ValueError: Nothing is relevant, a document occurs twice, or ``k`` is below 1.
    """
    _check(ranked, relevant, k)
    return next((1 / rank for rank, document in enumerate(ranked[:k], start=1) if document in relevant), 0.0)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _check(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> None:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k!r}")
    if not relevant or min(relevant.values()) <= 0:
        raise ValueError("a ranking metric needs relevant documents with grades above 0")
    if len(set(ranked)) != len(ranked):
        raise ValueError("a document occurs twice in the ranking")
