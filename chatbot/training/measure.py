"""How well a model points: the right sentence first, and saying no, alone and as one more sign beside the ranker's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatbot.ranker import ANSWER_SIGNS, SENTENCE_SIGNS
from chatbot.training.candidates import Sample

_FOLDS = 5
_RESAMPLES = 5_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model said of a sample's best candidates, in the sample's order.

    ``odds`` are log odds or log probabilities, ``none`` that of none of them; ``places`` are the positions (from 0)
    at which the candidates were shown.
    """

    sample: Sample
    odds: tuple[float, ...]
    none: float
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        """The candidate that the model puts first."""
        return max(range(len(self.odds)), key=lambda number: self.odds[number])

    @property
    def certainty(self) -> float:
        """How much more likely the best candidate is than none."""
        return max(self.odds) - self.none


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares in [0, 1]; ``right_first`` over the questions for which retrieval brought any evidence.

    ``ceiling`` is the share of those whose evidence was among the candidates shown, ``ranker_first`` that of the
    chatbot's ranker. ``refusal_auc`` separates questions with the answer among the candidates from the others.
    ``last_share`` is how often the candidate shown last was picked; 1/shortlist where the position says nothing.
    """

    measured: int
    reachable: int
    right_first: float
    right_first_low: float
    right_first_high: float
    ranker_first: float
    ceiling: float
    refusal_auc: float
    last_share: float


@dataclass(frozen=True, slots=True)
class Vote:
    """Cross-validated by document: the ranker's signs alone, and with the model's odds beside them.

    The gain's interval is a paired bootstrap of 95 %.
    """

    ranker_first: float
    with_model_first: float
    gain_low: float
    gain_high: float
    ranker_auc: float
    with_model_auc: float


def measure(judged: Sequence[Judged]) -> Scores:
    """The model alone."""
    reachable = [one for one in judged if one.sample.reachable]
    right = [one.sample.candidates[one.first].is_evidence for one in reachable]
    interval = binomtest(sum(right), max(1, len(right))).proportion_ci(method="wilson")
    last = [one.places[one.first] == len(one.places) - 1 for one in judged]
    return Scores(
        measured=len(judged),
        reachable=len(reachable),
        right_first=_share(right),
        right_first_low=round(float(interval.low), 4),
        right_first_high=round(float(interval.high), 4),
        ranker_first=_share([one.sample.candidates[0].is_evidence for one in reachable]),
        ceiling=_share([_has_answer(one) for one in reachable]),
        refusal_auc=_auc([_has_answer(one) for one in judged], [one.certainty for one in judged]),
        last_share=_share(last),
    )


def vote(judged: Sequence[Judged], seed: int = 7) -> Vote:
    """The ranker's signs with and without the model's; both learned on the same candidates."""
    rows, labels, owners = [], [], []
    for number, one in enumerate(judged):
        for candidate, odds in zip(one.sample.candidates, one.odds, strict=False):
            rows.append([*(candidate.signs[name] for name in SENTENCE_SIGNS), odds - one.none])
            labels.append(candidate.is_evidence)
            owners.append(number)
    values, groups = np.array(rows), [judged[owner].sample.document_id for owner in owners]
    plain = _first_right(_out_of_fold(values[:, :-1], labels, groups, seed), labels, owners, judged)
    helped = _first_right(_out_of_fold(values, labels, groups, seed), labels, owners, judged)
    differences = np.array(helped, dtype=float) - np.array(plain, dtype=float)
    draws = np.random.default_rng(seed).integers(0, len(differences), (_RESAMPLES, len(differences)))
    low, high = np.quantile(differences[draws].mean(axis=1), [0.025, 0.975])
    answers = np.array([[*(one.sample.signs[name] for name in ANSWER_SIGNS), one.certainty] for one in judged])
    answered = [one.sample.answerable and one.sample.reachable for one in judged]
    documents = [one.sample.document_id for one in judged]
    return Vote(
        ranker_first=_share(plain),
        with_model_first=_share(helped),
        gain_low=round(float(low), 4),
        gain_high=round(float(high), 4),
        ranker_auc=_auc(answered, _out_of_fold(answers[:, :-1], answered, documents, seed)),
        with_model_auc=_auc(answered, _out_of_fold(answers, answered, documents, seed)),
    )


def _has_answer(judged: Judged) -> bool:
    return any(one.is_evidence for one in judged.sample.candidates[: len(judged.odds)])


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else float("nan")


def _auc(labels: Sequence[bool], scores: Sequence[float] | NDArray[np.float64]) -> float:
    return round(float(roc_auc_score(labels, scores)), 4) if len(set(labels)) == 2 else float("nan")


def _out_of_fold(
    values: NDArray[np.float64], labels: Sequence[bool], groups: Sequence[str], seed: int
) -> NDArray[np.float64]:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000))
    folds = GroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    odds: NDArray[np.float64] = cross_val_predict(
        model, values, labels, groups=groups, cv=folds, method="decision_function"
    )
    return odds


def _first_right(
    scores: NDArray[np.float64], labels: Sequence[bool], owners: Sequence[int], judged: Sequence[Judged]
) -> list[bool]:
    """For each reachable question whether its best-scored candidate is evidence."""
    best: dict[int, tuple[float, bool]] = {}
    for score, label, owner in zip(scores, labels, owners, strict=True):
        if owner not in best or score > best[owner][0]:
            best[owner] = (float(score), label)
    return [best[owner][1] for owner, one in enumerate(judged) if one.sample.reachable and owner in best]
