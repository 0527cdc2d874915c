from collections.abc import Callable
from math import log2
from random import Random

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG
from sklearn.metrics import ndcg_score

from eval.metrics.ranking import mrr_at_k, ndcg_at_k, recall_at_k

Metric = Callable[[list[str], dict[str, float], int], float]


def test_ndcg_of_one_relevant_document_is_its_discount() -> None:
    assert ndcg_at_k(["x", "y", "a"], {"a": 1}, 10) == pytest.approx(1 / log2(3 + 1))


def test_ndcg_with_grades_by_hand() -> None:
    # Found: grade 1 at rank 1 and grade 2 at rank 3. Best order: 2, then 1.
    got = (1 / log2(2) + 2 / log2(4)) / (2 / log2(2) + 1 / log2(3))
    assert ndcg_at_k(["b", "x", "a"], {"a": 2, "b": 1}, 10) == pytest.approx(got)


def test_ndcg_at_k_cuts_the_ideal_order_too() -> None:
    assert ndcg_at_k(["a", "x"], {"a": 1, "b": 1, "c": 1}, 1) == 1.0


@given(
    grades=st.lists(st.integers(0, 3), min_size=2, max_size=12).filter(any),
    k=st.integers(1, 12),
    order=st.randoms(use_true_random=False),
)
def test_ndcg_agrees_with_scikit_learn(grades: list[int], k: int, order: Random) -> None:
    documents = [str(number) for number in range(len(grades))]
    order.shuffle(documents)
    relevant = {str(number): float(grade) for number, grade in enumerate(grades) if grade}
    scores = np.zeros((1, len(grades)))
    for rank, document in enumerate(documents):
        scores[0, int(document)] = len(grades) - rank
    expected = ndcg_score(np.asarray([grades]), scores, k=k)
    assert ndcg_at_k(documents, relevant, k) == pytest.approx(expected)


@given(
    grades=st.lists(st.integers(0, 3), min_size=1, max_size=12).filter(any),
    unseen=st.integers(0, 3),
    k=st.integers(1, 12),
    order=st.randoms(use_true_random=False),
)
def test_ndcg_recall_and_mrr_agree_with_trec_eval(grades: list[int], unseen: int, k: int, order: Random) -> None:
    documents = [f"d{number:02}" for number in range(len(grades))]
    relevant = {name: float(grade) for name, grade in zip(documents, grades, strict=True) if grade}
    relevant |= {f"unseen{number}": 1.0 for number in range(unseen)}  # relevant, and never found
    order.shuffle(documents)
    judged = {"q": {name: int(grade) for name, grade in relevant.items()}}
    ranked = {"q": {name: float(len(documents) - rank) for rank, name in enumerate(documents)}}
    expected = ir_measures.calc_aggregate([nDCG @ k, R @ k, RR @ k], judged, ranked)
    ours = [metric(documents, relevant, k) for metric in (ndcg_at_k, recall_at_k, mrr_at_k)]
    assert ours == pytest.approx([expected[nDCG @ k], expected[R @ k], expected[RR @ k]])


def test_recall_counts_relevant_documents_within_k() -> None:
    ranked = ["a", "x", "b", "y"]
    relevant = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0}
    assert [recall_at_k(ranked, relevant, k) for k in (1, 2, 3, 10)] == [1 / 4, 1 / 4, 2 / 4, 2 / 4]


def test_mrr_is_one_over_the_first_relevant_rank_and_zero_beyond_k() -> None:
    assert mrr_at_k(["x", "b", "a"], {"a": 1, "b": 1}, 10) == 1 / 2
    assert mrr_at_k(["x", "y", "a"], {"a": 1}, 2) == 0.0


def test_an_empty_ranking_scores_zero() -> None:
    assert [metric([], {"a": 1}, 10) for metric in (ndcg_at_k, recall_at_k, mrr_at_k)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("metric", [ndcg_at_k, recall_at_k, mrr_at_k])
@pytest.mark.parametrize(
    ("ranked", "relevant", "k", "message"),
    [
        (["a"], {}, 10, "needs relevant documents"),
        (["a"], {"a": 0.0}, 10, "needs relevant documents"),
        (["a", "a"], {"a": 1.0}, 10, "occurs twice"),
        (["a"], {"a": 1.0}, 0, "at least 1"),
    ],
)
def test_an_undefined_or_malformed_query_is_refused(
    metric: Metric, ranked: list[str], relevant: dict[str, float], k: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        metric(ranked, relevant, k)
