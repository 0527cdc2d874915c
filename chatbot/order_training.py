"""Trains the model of :mod:`chatbot.order_model`: ``python -m chatbot.order_training --questions FILE``.

Needs scikit-learn. ``FILE`` (the option may be repeated) is a JSON Lines file with ordinary questions under
``question``, ``query`` or ``title``; without it only the examples that ship with the package are used. With
``--check`` nothing is written: each group of examples in turn is left out, and what the rest teaches about it is
reported.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import math
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from chatbot.disguise import readings
from chatbot.order_model import OrderModel, ngrams, sentences

_LOG: Final = logging.getLogger(__name__)
_SCALE: Final = 1000.0
# 0.75: with each group of examples left out in turn, 283 of 320 orders, 17 of 389 sentences written to look like
# orders and none of 2,956 real questions lie above it (--check; the group of orders about layout aside, whose kind
# the rest has no example of).
_THRESHOLD: Final = 0.75
_MIN_COUNT: Final = 2
# The n-grams that move a sentence by less are left out of the file: half its size, the same decisions.
_MIN_WEIGHT: Final = 0.15


class ExampleGroup(BaseModel):
    """Sentences written at one time: orders to the assistant, and ordinary ones that look like it."""

    model_config = ConfigDict(extra="forbid")
    orders: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = ()


def load_examples() -> list[ExampleGroup]:
    """The groups in ``data/order_examples.yaml``."""
    source = files("chatbot").joinpath("data/order_examples.yaml").read_text("utf-8")
    return [ExampleGroup.model_validate(group) for group in yaml.safe_load(source)]


def train(orders: Sequence[str], ordinary: Sequence[str]) -> OrderModel:
    """Fits the regression; both classes weigh the same however many examples they have.

    Ordinary texts count sentence by sentence too, as they are scored; an order may hide in one of several sentences.
    """
    ordinary = [sentence for text in ordinary for sentence in sentences(_read(text))]
    grams = [ngrams(text) for text in (*map(_read, orders), *ordinary)]
    counts = Counter(gram for each in grams for gram in each)
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(
        {gram: 1 / math.sqrt(max(1, len(each))) for gram in each if counts[gram] >= _MIN_COUNT} for each in grams
    )
    labels = [1] * len(orders) + [0] * len(ordinary)
    fitted = LogisticRegression(C=50, max_iter=2000, class_weight="balanced").fit(matrix, labels)
    weights = {gram: round(float(fitted.coef_[0][column]) * _SCALE) for gram, column in vectors.vocabulary_.items()}
    kept = {gram: weight for gram, weight in weights.items() if abs(weight) >= _MIN_WEIGHT * _SCALE}
    return OrderModel(kept, _SCALE, float(fitted.intercept_[0]), _THRESHOLD)


def check(groups: Sequence[ExampleGroup], questions: Sequence[str]) -> None:
    """Leaves out each group, and a quarter of the questions, in turn, and logs what the rest finds in them."""
    held_questions, used_questions = questions[: len(questions) // 4], questions[len(questions) // 4 :]
    for number, held in enumerate(groups):
        others = [group for place, group in enumerate(groups) if place != number]
        model = train(
            [text for group in others for text in group.orders],
            [text for group in others for text in group.ordinary] + list(used_questions),
        )
        found = sum(model.is_order(_read(text)) for text in held.orders)
        wrong = sum(model.is_order(_read(text)) for text in held.ordinary)
        asked = sum(model.is_order(_read(text)) for text in held_questions)
        _LOG.info(
            "group %d: orders found %d/%d, look-alikes stopped %d/%d, questions stopped %d/%d",
            *(number, found, len(held.orders), wrong, len(held.ordinary), asked, len(held_questions)),
        )


def _read(text: str) -> str:
    views = readings(text)
    return views[1] if len(views) > 1 else views[0]


def _questions(paths: Sequence[Path]) -> list[str]:
    """Ordinary questions from JSON Lines files, each once, in an order that mixes the files but is always the same."""
    texts: set[str] = set()
    for path in paths:
        for line in filter(str.strip, path.read_text("utf-8").splitlines()):
            record = json.loads(line)
            texts.add(next(record[name] for name in ("question", "query", "title") if name in record))
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())


def main() -> None:
    """Trains on every example and writes ``data/order_weights.json`` beside this file."""
    parser = argparse.ArgumentParser(description="Train the order model")
    parser.add_argument("--questions", type=Path, action="append", default=[])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    groups, questions = load_examples(), _questions(options.questions)
    if options.check:
        check(groups, questions)
        return
    model = train(
        [text for group in groups for text in group.orders],
        [text for group in groups for text in group.ordinary] + questions,
    )
    data = {"threshold": model.threshold, "bias": model.bias, "scale": model.scale, "weights": dict(model.weights)}
    target = Path(__file__).with_name("data") / "order_weights.json"
    target.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    _LOG.info("%d n-grams written to %s", len(model.weights), target.name)


if __name__ == "__main__":
    main()
