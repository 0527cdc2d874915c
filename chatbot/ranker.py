"""Two small logistic models over plain signs: which sentence answers, and whether the answer may be given.

Their weights stand in ``chatbot/data/ranker.json`` and are learned by ``python -m eval calibrate`` on questions over
documents that the reader has not seen in training (``eval/README.md``).
"""

from __future__ import annotations

import math
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

SENTENCE_SIGNS = (
    "reader_logit",
    "answerable_logit",
    "chunk_score",
    "similarity",
    "overlap",
    "title_overlap",
    "fits",
    "misfits",
    "summary_field",
    "log_length",
)
ANSWER_SIGNS = ("best_score", "best_answerable_logit")
"""What the question lacks in the evidence is no sign here: it ends an answer by itself (:mod:`chatbot.refusal`)."""
_CLIP = 6.0


class LogisticModel(BaseModel):
    """``probability = sigmoid(bias + sum(weight * sign))``; a sign without a weight counts nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    weights: dict[str, float]

    def probability(self, signs: dict[str, float]) -> float:
        """Probability in [0, 1]."""
        total = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in signs.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


class RankerModels(BaseModel):
    """The two models of one calibration; ``trained_on`` says with what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentence: LogisticModel
    answer: LogisticModel
    trained_on: str = ""


@lru_cache(maxsize=1)
def load_models() -> RankerModels:
    """The models that ship with the package."""
    return RankerModels.model_validate_json(files("chatbot").joinpath("data/ranker.json").read_text(encoding="utf-8"))


def logit(probability: float) -> float:
    """Log odds, clipped to [-6, 6]."""
    inside = min(1 - 1e-6, max(1e-6, probability))
    return max(-_CLIP, min(_CLIP, math.log(inside / (1 - inside))))
