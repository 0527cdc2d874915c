"""How far a mean can be trusted: percentiles, intervals, and tests of paired differences.

Everything random draws from a fixed seed, so that the same values give the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
CONFIDENCE = 0.95
_SEED = 20_240_501
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Interval:
    """``low`` ≤ ``high``, both included."""

    low: float
    high: float


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which ``share`` (0 to 1) of ``values`` lie, between neighbours by linear interpolation.

    Definition 7 of Hyndman & Fan 1996 (doi:10.2307/2684934), the default of numpy and R. ``None`` when empty.
    """
    return float(np.quantile(np.asarray(values, dtype=np.float64), share)) if values else None


def wilson_interval(successes: float, n: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Score interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953). ``None`` when ``n`` is 0.

    Holds its level for small ``n`` and for shares near 0 and 1, where the textbook interval fails
    (Brown, Cai & DasGupta 2001, doi:10.1214/ss/1009213286).
    """
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / n
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    margin = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(max(0.0, center - margin), min(1.0, center + margin))


def paired_bootstrap(differences: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """Percentile bootstrap interval of the mean of paired ``differences`` (Efron & Tibshirani 1993, ch. 13).

    Raises:
        ValueError: There is no difference to resample.
    """
    if not differences:
        raise ValueError("a bootstrap needs at least one pair")
    values, counts = np.unique(np.asarray(differences, dtype=np.float64), return_counts=True)
    n = len(differences)
    # Drawing how often each distinct value comes up is the same as drawing n pairs, without n × resamples memory.
    drawn = np.random.default_rng(_SEED).multinomial(n, counts / n, size=RESAMPLES)
    means: NDArray[np.float64] = drawn @ values / n
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(low), float(high))


def paired_permutation(differences: Sequence[float]) -> float:
    """Two-sided p-value of the mean of paired ``differences`` by random sign changes (Fisher's randomisation).

    The test recommended for retrieval metrics by Smucker, Allan & Carterette 2007
    (doi:10.1145/1321440.1321528); (b + 1) / (m + 1), so that p is never 0 (Phipson & Smyth 2010,
    doi:10.2202/1544-6115.1585). 1 when nothing differs.

    Raises:
        ValueError: There is no pair.
    """
    if not differences:
        raise ValueError("a permutation test needs at least one pair")
    observed = np.asarray(differences, dtype=np.float64)
    sizes, counts = np.unique(np.abs(observed[observed != 0]), return_counts=True)
    if not len(sizes):
        return 1.0
    positive = np.random.default_rng(_SEED).binomial(counts, 0.5, size=(RESAMPLES, len(sizes)))
    sums: NDArray[np.float64] = (2 * positive - counts) @ sizes
    extreme = int(np.count_nonzero(np.abs(sums) >= abs(observed.sum()) - _ROUNDING))
    return (extreme + 1) / (RESAMPLES + 1)
