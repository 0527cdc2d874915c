import random
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap, permutation_test

from eval.metrics.statistics import (
    RESAMPLES,
    Interval,
    paired_bootstrap,
    paired_permutation,
    percentile,
    wilson_interval,
)


def test_percentile_interpolates_between_neighbours() -> None:
    # Four values: position 0.95 * (4 - 1) = 2.85, so 30 + 0.85 * (40 - 30).
    assert percentile([40, 10, 30, 20], 0.95) == pytest.approx(38.5)
    assert percentile([10, 20], 0.5) == 15
    assert percentile([7], 0.95) == 7
    assert percentile([], 0.5) is None


def test_wilson_interval_by_formula() -> None:
    z = 1.959964
    center = (0.8 + z**2 / 20) / (1 + z**2 / 10)
    margin = z * sqrt(0.8 * 0.2 / 10 + z**2 / 400) / (1 + z**2 / 10)
    interval = wilson_interval(8, 10)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((center - margin, center + margin), abs=1e-6)


def test_wilson_interval_of_a_perfect_share_does_not_claim_certainty() -> None:
    # Lower bound for n of n is n / (n + z²).
    interval = wilson_interval(10, 10)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((10 / (10 + 1.959964**2), 1.0), abs=1e-6)
    assert wilson_interval(0, 0) is None


@given(st.integers(min_value=1, max_value=500), st.data())
def test_wilson_interval_is_that_of_scipy(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(min_value=0, max_value=n))
    theirs = binomtest(successes, n).proportion_ci(0.95, method="wilson")
    ours = wilson_interval(successes, n)
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize("worse", [5, 20, 45])
def test_bootstrap_and_permutation_are_those_of_scipy(worse: int) -> None:
    differences = [-1.0] * worse + [0.5] * 7 + [0.0] * 70
    given = (np.array(differences),)
    theirs = bootstrap(given, np.mean, n_resamples=RESAMPLES, method="percentile", rng=1).confidence_interval
    ours = paired_bootstrap(differences)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.012)
    pvalue = permutation_test(
        given, np.mean, permutation_type="samples", n_resamples=RESAMPLES, vectorized=False, rng=1
    ).pvalue
    assert paired_permutation(differences) == pytest.approx(pvalue, abs=0.015)


def test_a_constant_difference_has_an_interval_of_no_width() -> None:
    assert paired_bootstrap([0.25] * 8) == Interval(0.25, 0.25)


def test_the_bootstrap_interval_of_a_share_is_near_its_normal_approximation() -> None:
    differences = [-1.0] * 20 + [0.0] * 80
    margin = 1.96 * sqrt(0.2 * 0.8 / 100)
    interval = paired_bootstrap(differences)
    assert (interval.low, interval.high) == pytest.approx((-0.2 - margin, -0.2 + margin), abs=0.012)


def test_the_bootstrap_covers_the_true_mean_about_as_often_as_it_says() -> None:
    rng = random.Random(7)
    covered = 0
    for _ in range(200):
        sample = [rng.choice((-1.0, 0.0, 0.0, 1.0)) for _ in range(100)]
        interval = paired_bootstrap(sample)
        covered += interval.low <= 0 <= interval.high
    assert 0.90 <= covered / 200 <= 0.99


def test_permutation_of_one_sided_flips_is_the_sign_test() -> None:
    # Ten flips in one direction: two of the 2^10 sign patterns are as extreme.
    assert paired_permutation([-1.0] * 10 + [0.0] * 90) == pytest.approx(2 / 2**10, abs=0.0015)


def test_a_p_value_is_never_zero() -> None:
    # None of the 10,000 sign patterns drawn is as extreme as forty equal signs; the observed one itself counts.
    assert paired_permutation([-1.0] * 40) == 1 / (RESAMPLES + 1)


def test_permutation_of_balanced_flips_is_far_from_significant() -> None:
    assert paired_permutation([1.0, -1.0] * 5) == pytest.approx(1.0)
    assert paired_permutation([0.0, 0.0]) == 1.0


def test_permutation_of_unequal_sizes_by_enumeration() -> None:
    # |±3 ±2 ±1| ≥ 4: +++ and ++- reach 6 and 4, and their mirror images, so 4 of 8 patterns.
    assert paired_permutation([3.0, 2.0, -1.0]) == pytest.approx(4 / 8, abs=0.02)


def test_the_same_values_give_the_same_interval_and_p_value() -> None:
    differences = [0.3, -0.1, 0.0, 0.7, -0.2]
    assert paired_bootstrap(differences) == paired_bootstrap(differences)
    assert paired_permutation(differences) == paired_permutation(differences)


def test_no_pairs_is_an_error_and_not_a_number() -> None:
    with pytest.raises(ValueError, match="at least one pair"):
        paired_bootstrap([])
    with pytest.raises(ValueError, match="at least one pair"):
        paired_permutation([])
