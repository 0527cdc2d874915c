from math import log2

import pytest

from eval.metrics.names import Metric
from eval.ranking import score_queries, summarize_queries
from eval.run import RetrievedQuery

FIRST = RetrievedQuery(case_id="1", question="가", ranked=("a", "b", "c"), relevant={"a": 1.0}, latency_ms=10)
THIRD = RetrievedQuery(case_id="2", question="나", ranked=("a", "b", "c"), relevant={"c": 1.0}, latency_ms=20)
SEVENTH = RetrievedQuery(case_id="3", question="다", ranked=tuple("abcdefg"), relevant={"g": 1.0}, latency_ms=30)
OPEN = RetrievedQuery(case_id="4", question="라", ranked=("a",), relevant={}, latency_ms=40)


def test_a_summary_is_the_mean_over_queries_with_a_relevant_document() -> None:
    summary = summarize_queries([FIRST, THIRD, SEVENTH, OPEN], documents=7, index_version="v1", corpus_digest="c")
    assert (summary.n, summary.undefined) == (4, 1)
    assert summary.ndcg_at_10 == pytest.approx((1 + 1 / log2(4) + 1 / log2(8)) / 3)
    assert summary.mrr_at_10 == pytest.approx((1 + 1 / 3 + 1 / 7) / 3)
    recalls = [summary.recall_at_1, summary.recall_at_5, summary.recall_at_10]
    assert recalls == pytest.approx([1 / 3, 2 / 3, 1])
    assert summary.latency_p50_ms == 25
    assert summary.intervals["recall_at_10"] == (1.0, 1.0)


def test_a_query_passes_when_all_that_is_relevant_is_among_the_first_five() -> None:
    both = FIRST.model_copy(update={"relevant": {"a": 1.0, "z": 1.0}})
    assert [score.passed for score in score_queries([FIRST, THIRD, SEVENTH, OPEN, both])] == [
        True,
        True,
        False,
        None,
        False,
    ]


def test_values_of_an_open_query_are_undefined() -> None:
    (score,) = score_queries([OPEN])
    assert set(score.values.values()) == {None}
    assert Metric.NDCG_AT_10 in score.values


def test_no_defined_query_has_no_means_and_no_intervals() -> None:
    summary = summarize_queries([OPEN], documents=1, index_version="", corpus_digest="")
    assert (summary.ndcg_at_10, summary.intervals["ndcg_at_10"]) == (None, None)
