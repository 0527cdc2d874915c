"""How much a sentence sounds like an order to the assistant, learned from written examples.

A logistic regression on the character n-grams of a sentence. It reads what the composed patterns of
:mod:`chatbot.injection` have no pattern for; ``data/order_examples.yaml`` holds what it learned from and
:mod:`chatbot.order_training` how.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

LENGTHS: Final = range(1, 5)
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？\n])\s*")


@dataclass(frozen=True)
class OrderModel:
    """``weights`` maps an n-gram to its weight times ``scale``; ``threshold`` is a probability."""

    weights: Mapping[str, int]
    scale: float
    bias: float
    threshold: float

    def probability(self, text: str) -> float:
        """The highest probability over the text and its sentences; 0 for an empty text."""
        return max((self._sentence(part) for part in sentences(text)), default=0.0)

    def is_order(self, text: str) -> bool:
        """Whether the text reads like an order to the assistant."""
        return self.probability(text) >= self.threshold

    def _sentence(self, sentence: str) -> float:
        grams = ngrams(sentence)
        total = sum(self.weights.get(gram, 0) for gram in grams) / self.scale
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total / math.sqrt(max(1, len(grams))) + self.bias))))


def sentences(text: str) -> Iterator[str]:
    """The whole text, then each of its sentences, where there are several; very short ones are no sentence."""
    parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    yield " ".join(parts)
    if len(parts) > 1:
        yield from (part for part in parts if len(part) >= 6)


def ngrams(sentence: str) -> set[str]:
    """Character n-grams of the sentence with a space at both ends."""
    padded = f" {sentence} "
    return {padded[i : i + n] for n in LENGTHS for i in range(len(padded) - n + 1)}


@cache
def bundled_model() -> OrderModel:
    """The model that ships with the package."""
    data = json.loads(files("chatbot").joinpath("data/order_weights.json").read_text("utf-8"))
    return OrderModel(data["weights"], data["scale"], data["bias"], data["threshold"])
