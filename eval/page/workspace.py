"""The folders that the page works in, and the names in them: nothing outside of them can be named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eval.errors import EvalError
from eval.run import CONFIG, GENERATED, RunFolder
from eval.scorecard import BASELINES, Scorecard, load_scorecard

SUFFIX = ".jsonl"
_NAME = re.compile(r"[\w-][\w.-]{0,80}")


@dataclass(frozen=True, slots=True)
class Workspace:
    """Question sets, runs and baselines."""

    sets: Path = Path("eval/datasets")
    runs: Path = Path("eval/runs")
    baselines: Path = BASELINES

    def set_names(self) -> list[str]:
        """Question files by name."""
        return sorted(path.name for path in self.sets.glob(f"*{SUFFIX}"))

    def run_names(self) -> list[str]:
        """Runs of answers, the newest first."""
        found = [path.parent for path in self.runs.glob(f"*/{CONFIG}") if (path.parent / GENERATED).is_file()]
        return [path.name for path in sorted(found, key=lambda path: (path / CONFIG).stat().st_mtime, reverse=True)]

    def reference_names(self) -> list[str]:
        """All that a run can be compared with: baselines, then runs."""
        return [*sorted(path.stem for path in self.baselines.glob("*.json")), *self.run_names()]

    def set_path(self, name: str) -> Path:
        """The question file of that name, which need not be there yet.

        Raises:
            EvalError: It is not the name of a question file.
        """
        return self.sets / _checked(name if name.endswith(SUFFIX) else f"{name}{SUFFIX}")

    def run(self, name: str) -> RunFolder:
        """The run of that name, which need not be there yet.

        Raises:
            EvalError: It is not the name of a run.
        """
        return RunFolder(self.runs / _checked(name))

    def scorecard(self, name: str) -> Scorecard:
        """The run or baseline of that name.

        Raises:
            EvalError: There is none, or it cannot be read.
        """
        if name in self.run_names():
            return load_scorecard(str(self.run(name).path), self.baselines)
        return load_scorecard(str(self.baselines / f"{_checked(name)}.json"), self.baselines)


def fresh_name() -> str:
    """A name for a run that starts now."""
    return f"{datetime.now():%Y%m%d-%H%M%S}"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name or ""):
        raise EvalError("이름을 고르거나, 글자, 숫자, '-', '_', '.'만으로 적어 주십시오.")
    return name
