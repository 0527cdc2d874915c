"""What every report is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.compare import Comparison
from eval.run import RunConfig
from eval.scoring import CaseScore
from eval.summary import Summary


@dataclass(frozen=True, slots=True)
class ReportData:
    """One scored run, and how it compares where a baseline was given."""

    name: str
    config: RunConfig
    summary: Summary
    scores: Sequence[CaseScore]
    comparison: Comparison | None

    @property
    def failures(self) -> tuple[CaseScore, ...]:
        """The cases that do not pass, in the order of the questions."""
        return tuple(score for score in self.scores if score.passed is False)

    @property
    def unsupported(self) -> tuple[CaseScore, ...]:
        """The cases that pass although something about their citations is wrong."""
        return tuple(score for score in self.scores if score.passed is not False and score.reasons)
