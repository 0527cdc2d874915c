from __future__ import annotations

import pytest

from index.fusion import COVERAGE_RAMP, LITERAL, PARAPHRASE, blend, min_max


@pytest.mark.parametrize(
    ("scores", "stretched"),
    [
        ({}, {}),
        ({"a": 3.0}, {"a": 1.0}),
        ({"a": 2.0, "b": 2.0}, {"a": 1.0, "b": 1.0}),
        ({"a": 9.0, "b": 4.0, "c": 1.0}, {"a": 1.0, "b": (4 - 1) / (9 - 1), "c": 0.0}),
        ({"a": -0.1, "b": -0.3}, {"a": 1.0, "b": 0.0}),
    ],
)
def test_min_max_stretches_a_list_to_zero_and_one(scores: dict[str, float], stretched: dict[str, float]) -> None:
    assert min_max(scores) == pytest.approx(stretched)


def test_min_max_keeps_the_order_of_the_list() -> None:
    assert list(min_max({"b": 5.0, "a": 4.0, "c": 1.0})) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("coverage", "weights"), [(0.0, PARAPHRASE), (1.0, LITERAL), (-1.0, PARAPHRASE), (7.0, LITERAL)]
)
def test_the_ends_of_the_blend_are_the_two_mixes(coverage: float, weights: object) -> None:
    assert blend(coverage) == weights


@pytest.mark.parametrize("coverage", [0.0, 0.25, 0.5, 1.0])
def test_the_shares_sum_to_one(coverage: float) -> None:
    weights = blend(coverage)
    assert weights.chunk + weights.case + weights.bigram + weights.dense == pytest.approx(1.0)


def test_half_covered_is_half_way() -> None:
    assert blend(sum(COVERAGE_RAMP) / 2).dense == pytest.approx((LITERAL.dense + PARAPHRASE.dense) / 2)
