"""Joining the retrieval legs by score.

Score fusion beats rank fusion on both of our test sets, and how far each leg is to be trusted depends on the
question: one that shares its words with the documents is the lexical legs' case, a paraphrase the dense one's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LegWeights:
    """Shares of the legs in the fused score; they sum to 1."""

    chunk: float
    case: float
    bigram: float
    dense: float


LITERAL = LegWeights(chunk=0.40, case=0.15, bigram=0.30, dense=0.15)
"""For questions in the documents' own words."""

PARAPHRASE = LegWeights(chunk=0.10, case=0.05, bigram=0.05, dense=0.80)
"""For questions in other words."""

COVERAGE_RAMP = (0.1, 0.5)
"""Below the first coverage a question counts as a paraphrase, above the second as literal.

Weights and ramp are the best of a grid over AutoRAG-ko and held-out questions in literal and in other wording (nDCG@10
.952, .967, .728; one fixed mix reaches .955, .957, .570 or .944, .969, .686): eval/README.md, 검색."""


def min_max(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores stretched to [0, 1] within one result list; what a list lacks counts as 0.

    A list of one score, or of equal scores, gives 1 for all.
    """
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def blend(coverage: float) -> LegWeights:
    """Weights between ``PARAPHRASE`` and ``LITERAL`` for a question whose words are covered by ``coverage``.

    ``coverage`` in [0, 1] is the share of the question's words, weighted by rarity, that the best lexical
    result holds.
    """
    low, high = COVERAGE_RAMP
    share = min(1.0, max(0.0, (coverage - low) / (high - low)))
    return LegWeights(
        chunk=(1 - share) * PARAPHRASE.chunk + share * LITERAL.chunk,
        case=(1 - share) * PARAPHRASE.case + share * LITERAL.case,
        bigram=(1 - share) * PARAPHRASE.bigram + share * LITERAL.bigram,
        dense=(1 - share) * PARAPHRASE.dense + share * LITERAL.dense,
    )
