"""Learn the weights of ``chatbot/data/ranker.json`` from questions with known evidence.

Two logistic regressions over the signs of :mod:`chatbot.ranker`: one over candidate sentences (is it evidence?), one
over questions (do the documents answer it?). Only documents whose id hashes into the held-out share are used: the
reader has not seen them, so its word on them is worth what it is worth on new documents.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from chatbot.answer import Question, Turn
from chatbot.evidence import sentence_signs
from chatbot.pipeline import Chatbot
from chatbot.ranker import ANSWER_SIGNS, SENTENCE_SIGNS, LogisticModel, RankerModels
from chatbot.refusal import answer_signs

HELD_OUT_PERCENT = 15
"""Share of the documents kept from the reader's training (index/training/reader_data.py)."""
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question over one document; ``evidence`` are its passages, empty when the document has no answer."""

    document_id: str
    question: Question
    answerable: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """Cross-validated quality (groups are documents) of what was learned."""

    questions: int
    sentences: int
    first_sentence_right: float
    first_sentence_right_reader: float
    answer_auc: float
    answer_auc_reader: float
    models: RankerModels


def held_out(document_id: str) -> bool:
    """Whether a document is kept from training: by hash, so that it never moves."""
    return int(hashlib.sha256(document_id.encode()).hexdigest()[:8], 16) % 100 < HELD_OUT_PERCENT


def load_questions(paths: Sequence[Path], texts: Mapping[str, str]) -> Iterator[LabelledQuestion]:
    """Questions of the training sets over held-out documents, whose ``texts`` are given by id.

    Evidence is quoted, or told by ``[start, end)`` offsets into the text (index/training/questions/README.md).
    """
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            document_id = record["document_id"]
            if not held_out(document_id) or document_id not in texts:
                continue
            history = tuple(Turn(**turn) for turn in record.get("history", ()))
            question = Question(text=record["question"], history=history)
            evidence = tuple(
                piece if isinstance(piece, str) else texts[document_id][slice(*piece)] for piece in record["evidence"]
            )
            yield LabelledQuestion(document_id, question, bool(evidence), evidence)


def read_texts(folder: Path) -> dict[str, str]:
    """Texts of the documents in a folder's ``corpus.jsonl`` by id."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        return {record["_id"]: record["text"] for record in map(json.loads, lines)}


def calibrate(
    chatbot: Chatbot,
    questions: Sequence[LabelledQuestion],
    *,
    seed: int = 7,
    on_progress: Callable[[int], None] = lambda done: None,
) -> CalibrationReport:
    """Run each question up to the choice of sentences, then fit both models."""
    rows, labels, owners, groups = [], [], [], []
    answers, answered, answer_groups = [], [], []
    for number, item in enumerate(questions):
        on_progress(number)
        trace = chatbot.trace(item.question)
        if trace is None or not trace.evidence:
            continue
        flat = ["".join(passage.split()) for passage in item.evidence]
        hits = [_is_evidence(one.sentence.text, flat) for one in trace.evidence]
        for one, hit in zip(trace.evidence, hits, strict=True):
            rows.append([sentence_signs(one, trace.asked)[name] for name in SENTENCE_SIGNS])
            labels.append(hit)
            owners.append(number)
            groups.append(item.document_id)
        answers.append([answer_signs(trace.draft, trace.evidence)[name] for name in ANSWER_SIGNS])
        answered.append(item.answerable and any(hits))
        answer_groups.append(item.document_id)
    sentence, sentence_odds = _fit(np.array(rows), np.array(labels), groups, SENTENCE_SIGNS, seed)
    answer, answer_odds = _fit(np.array(answers), np.array(answered), answer_groups, ANSWER_SIGNS, seed)
    reader = np.array(rows)[:, SENTENCE_SIGNS.index("reader_logit")]
    reader_answer = np.array(answers)[:, ANSWER_SIGNS.index("best_answerable_logit")]
    return CalibrationReport(
        questions=len(answers),
        sentences=len(rows),
        first_sentence_right=_first_right(sentence_odds, labels, owners),
        first_sentence_right_reader=_first_right(reader, labels, owners),
        answer_auc=float(roc_auc_score(answered, answer_odds)),
        answer_auc_reader=float(roc_auc_score(answered, reader_answer)),
        models=RankerModels(
            sentence=sentence,
            answer=answer,
            trained_on=f"{len(answers)} questions over held-out documents, seed {seed}",
        ),
    )


def _is_evidence(sentence: str, passages: Sequence[str]) -> bool:
    """Whether the sentence and a passage of evidence hold one another, white space aside."""
    flat = "".join(sentence.split())
    return any(flat in passage or passage in flat for passage in passages) if len(flat) > 3 else False


def _fit(
    values: np.ndarray, labels: np.ndarray, groups: Sequence[str], names: Sequence[str], seed: int
) -> tuple[LogisticModel, np.ndarray]:
    """The model on everything, and out-of-fold log odds for judging it."""
    random.seed(seed)
    model = LogisticRegression(C=1.0, max_iter=2000)
    folds = GroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    odds = cross_val_predict(model, values, labels, groups=groups, cv=folds, method="decision_function")
    model.fit(values, labels)
    weights = {name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}
    return LogisticModel(bias=round(float(model.intercept_[0]), 4), weights=weights), odds


def _first_right(scores: np.ndarray, labels: Sequence[bool], owners: Sequence[int]) -> float:
    """Share of the questions with evidence among their candidates whose best-scored candidate is evidence."""
    best: dict[int, tuple[float, bool]] = {}
    reachable = {owner for owner, label in zip(owners, labels, strict=True) if label}
    for score, label, owner in zip(scores, labels, owners, strict=True):
        if owner not in best or score > best[owner][0]:
            best[owner] = (float(score), bool(label))
    return sum(best[owner][1] for owner in reachable) / len(reachable) if reachable else float("nan")
