from __future__ import annotations

import math

import pytest

from chatbot.ranker import ANSWER_SIGNS, SENTENCE_SIGNS
from chatbot.training.candidates import Candidate, Sample
from chatbot.training.measure import Judged, measure, vote


def candidate(is_evidence: bool, sign: float = 0.0) -> Candidate:
    return Candidate("제목", "문장", is_evidence, 0.5, dict.fromkeys(SENTENCE_SIGNS, sign))


def judged(labels: list[bool], odds: list[float], *, none: float = 0.0, reachable: bool | None = None) -> Judged:
    found = any(labels) if reachable is None else reachable
    sample = Sample(
        "q", "d", "fact", "언제?", found, "", found, dict.fromkeys(ANSWER_SIGNS, 0.0), tuple(map(candidate, labels))
    )
    return Judged(sample, tuple(odds), none, tuple(range(len(odds))))


def test_right_first_counts_only_questions_whose_evidence_was_found() -> None:
    scores = measure(
        [
            judged([True, False], [2.0, 1.0]),
            judged([False, True], [2.0, 1.0]),
            judged([False, False], [9.0, 1.0]),  # nothing to find
            judged([False, False], [9.0, 1.0], reachable=True),  # found, but not shown
        ]
    )
    assert (scores.measured, scores.reachable) == (4, 3)
    assert scores.right_first == pytest.approx(1 / 3, abs=1e-4)
    assert scores.ranker_first == pytest.approx(1 / 3, abs=1e-4)
    assert scores.ceiling == pytest.approx(2 / 3, abs=1e-4)
    assert scores.right_first_low < 1 / 3 < scores.right_first_high


def test_refusing_is_judged_by_how_far_the_best_candidate_is_above_none() -> None:
    sure, unsure = judged([True], [1.0], none=-3.0), judged([False], [5.0], none=4.0)
    assert measure([sure, unsure]).refusal_auc == 1.0
    assert measure([judged([True], [1.0], none=4.0), judged([False], [5.0])]).refusal_auc == 0.0
    assert math.isnan(measure([sure, sure]).refusal_auc)


def test_pointing_at_the_last_place_shows() -> None:
    assert measure([judged([True, False], [0.0, 1.0])] * 4).last_share == 1.0
    assert measure([judged([True, False], [1.0, 0.0])] * 4).last_share == 0.0


def test_a_vote_that_knows_the_answer_beats_signs_that_know_nothing() -> None:
    knowing = []
    for number in range(20):
        labels = [number % 2 == 0, number % 2 == 1]
        one = judged(labels, [4.0 if label else -4.0 for label in labels])
        sample = Sample(
            **{**{name: getattr(one.sample, name) for name in Sample.__slots__}, "document_id": f"d{number}"}
        )
        unanswered = judged([False, False], [-4.0, -4.0])
        other = {name: getattr(unanswered.sample, name) for name in Sample.__slots__} | {"document_id": f"e{number}"}
        knowing += [Judged(sample, one.odds, 0.0, one.places), Judged(Sample(**other), unanswered.odds, 0.0, (0, 1))]
    found = vote(knowing)
    assert found.with_model_first == 1.0
    assert found.ranker_first == 0.5
    assert found.gain_low > 0
    assert found.with_model_auc == 1.0
