from __future__ import annotations

import math

import pytest

from chatbot.ranker import ANSWER_SIGNS, SENTENCE_SIGNS, LogisticModel, load_models, logit


def test_probability_is_the_logistic_of_the_weighted_sum() -> None:
    model = LogisticModel(bias=-1.0, weights={"a": 2.0, "b": 0.5})
    assert model.probability({"a": 1.0, "b": 2.0}) == pytest.approx(1 / (1 + math.exp(-(-1.0 + 2.0 + 1.0))))


def test_a_sign_without_a_weight_counts_nothing_and_extremes_stay_finite() -> None:
    model = LogisticModel(bias=0.0, weights={"a": 1e9})
    assert model.probability({"other": 5.0}) == 0.5
    assert 0.0 <= model.probability({"a": -1.0}) < 1e-9
    assert 1 - 1e-9 < model.probability({"a": 1.0}) <= 1.0


@pytest.mark.parametrize(("probability", "expected"), [(0.5, 0.0), (1.0, 6.0), (0.0, -6.0), (0.75, math.log(3))])
def test_logit_is_clipped(probability: float, expected: float) -> None:
    assert logit(probability) == pytest.approx(expected)


def test_the_shipped_weights_are_of_known_signs_and_say_what_they_were_learned_on() -> None:
    models = load_models()
    assert set(models.sentence.weights) <= set(SENTENCE_SIGNS)
    assert set(models.answer.weights) <= set(ANSWER_SIGNS)
    assert models.trained_on


def test_a_surer_reader_never_lowers_a_sentence() -> None:
    sentence = load_models().sentence
    low = sentence.probability({"reader_logit": -2.0})
    high = sentence.probability({"reader_logit": 2.0})
    assert high > low
