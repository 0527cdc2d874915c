import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from eval.metrics.confidence import (
    Judged,
    RiskPoint,
    area_under_risk_coverage,
    calibration_bins,
    expected_calibration_error,
    risk_coverage,
)


def test_the_curve_counts_wrong_answers_among_the_most_confident() -> None:
    judged = [Judged(0.9, True), Judged(0.5, True), Judged(0.7, False), Judged(None, False)]
    assert risk_coverage(judged) == (
        RiskPoint(0.9, 1 / 4, 0 / 1),
        RiskPoint(0.7, 2 / 4, 1 / 2),
        RiskPoint(0.5, 3 / 4, 1 / 3),
    )


def test_equal_confidences_make_one_point_whatever_their_order() -> None:
    judged = [Judged(0.5, False), Judged(0.5, True)]
    assert risk_coverage(judged) == risk_coverage(judged[::-1]) == (RiskPoint(0.5, 1.0, 1 / 2),)


def test_the_area_is_the_mean_risk_over_the_answers() -> None:
    judged = [Judged(0.9, True), Judged(0.7, False), Judged(0.5, True), Judged(None, True)]
    assert area_under_risk_coverage(risk_coverage(judged)) == pytest.approx((0 / 1 + 1 / 2 + 1 / 3) / 3)


def test_confidence_that_ranks_right_answers_first_has_the_smaller_area() -> None:
    good = [Judged(0.9, True), Judged(0.8, True), Judged(0.2, False)]
    bad = [Judged(0.1, True), Judged(0.2, True), Judged(0.8, False)]
    areas = [area_under_risk_coverage(risk_coverage(judged)) for judged in (good, bad)]
    assert areas == pytest.approx([(0 + 0 + 1 / 3) / 3, (1 + 1 / 2 + 1 / 3) / 3])


def test_nothing_answered_has_no_curve_no_area_and_no_error() -> None:
    judged = [Judged(None, False)]
    assert risk_coverage(judged) == ()
    assert area_under_risk_coverage(()) is None
    assert expected_calibration_error(calibration_bins(judged)) is None


def test_calibration_error_by_hand() -> None:
    # (0.9, 1.0]: mean confidence .95, accuracy 1/2. (0.1, 0.2]: .2 and 0. Refusals do not count.
    judged = [Judged(0.92, True), Judged(0.98, False), Judged(0.2, False), Judged(None, True)]
    bins = calibration_bins(judged)
    assert [(item.low, item.n) for item in bins] == [(0.1, 1), (0.9, 2)]
    expected = (2 * abs(0.95 - 0.5) + 1 * abs(0.2 - 0)) / 3
    assert expected_calibration_error(bins) == pytest.approx(expected)


def test_confidences_of_zero_and_one_fall_into_the_first_and_last_bin() -> None:
    bins = calibration_bins([Judged(0.0, False), Judged(1.0, True)])
    assert [(item.low, item.high) for item in bins] == [(0.0, 0.1), (0.9, 1.0)]
    assert expected_calibration_error(bins) == 0.0


@given(st.lists(st.tuples(st.integers(0, 100).map(lambda percent: percent / 100), st.booleans()), min_size=1))
def test_bins_agree_with_scikit_learn(answers: list[tuple[float, bool]]) -> None:
    bins = calibration_bins([Judged(confidence, correct) for confidence, correct in answers])
    confidences, correct = zip(*answers, strict=True)
    accuracy, confidence = calibration_curve(correct, confidences, n_bins=10)
    assert [item.accuracy for item in bins] == pytest.approx(list(accuracy))
    assert [item.confidence for item in bins] == pytest.approx(list(confidence))
