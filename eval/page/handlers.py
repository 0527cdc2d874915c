"""What the buttons of the page do, without Gradio: names and texts in, HTML out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from eval.case_file import put_case
from eval.cases import EvalCase, load_cases
from eval.compare import compare
from eval.errors import CaseFormatError, EvalError
from eval.evaluate import evaluate
from eval.labels import TYPES
from eval.lint import Severity, Source, check_case, source
from eval.page.html import cases_html, comparison_html, findings_html, problem, progress_html, summary_html
from eval.page.running import run_set
from eval.page.workspace import Workspace, fresh_name
from eval.scoring import CaseScore, score_run
from eval.spreadsheet import case_of, texts_of
from eval.subject import Subject
from index.errors import IndexPackageError

if TYPE_CHECKING:
    from index.document import Document

ALL = "전체"
FAILED, UNSUPPORTED, EVERY = "틀린 문항", "답은 맞지만 근거를 빠뜨린 문항", "모든 문항"
SHOWN: Mapping[str, Callable[[CaseScore], bool]] = {
    FAILED: lambda score: score.passed is False,
    UNSUPPORTED: lambda score: score.passed is not False and bool(score.reasons),
    EVERY: lambda score: True,
}
_WHERE = "문항"


class Handlers:
    """Bound to the folders, the chatbot and its documents; both are opened when first needed."""

    def __init__(
        self, workspace: Workspace, subject: Callable[[], Subject], documents: Callable[[], Iterator[Document]]
    ) -> None:
        self.workspace = workspace
        self._subject = subject
        self._documents = documents

    def run(self, set_name: str, run_name: str) -> Iterator[str]:
        """Asks the set, telling how it goes; the last is the summary. Closing it stops the run."""
        try:
            cases = load_cases(self.workspace.set_path(set_name))
            run = self.workspace.run(run_name or fresh_name())
            for progress in run_set(cases, self._subject(), run, set_name):
                yield progress_html(progress)
            yield summary_html(run.path.name, evaluate(run)[0])
        except (EvalError, IndexPackageError) as error:
            yield problem(str(error))

    def browse(self, run_name: str, shown: str, kind: str) -> str:
        """The cases of a run that are ``shown``, all types or one."""
        try:
            run = self.workspace.run(run_name)
            scores = score_run(run.cases(), run.answers())
        except EvalError as error:
            return problem(str(error))
        keeps = SHOWN.get(shown, SHOWN[FAILED])
        return cases_html([score for score in scores if keeps(score) and kind in (ALL, TYPES[score.case.type])])

    def compare(self, baseline: str, candidate: str, tolerance: float) -> str:
        """The comparison, or why there is none."""
        try:
            before, after = self.workspace.scorecard(baseline), self.workspace.scorecard(candidate)
            return comparison_html(compare(before, after, tolerance))
        except (EvalError, ValueError) as error:
            return problem(str(error) if isinstance(error, EvalError) else "허용 폭은 0보다 큰 수로 적어 주십시오.")

    def case_names(self, set_name: str) -> list[tuple[str, str]]:
        """What to choose from, as ``(shown, id)``; drafts are marked."""
        try:
            cases = load_cases(self.workspace.set_path(set_name), with_drafts=True)
        except EvalError:
            return []
        return [
            (f"{case.case_id}{'' if case.reviewed else ' (초안)'} {case.question}"[:90], case.case_id) for case in cases
        ]

    def open_case(self, set_name: str, case_id: str) -> dict[str, str]:
        """The texts of a case; empty for one that is not there."""
        try:
            cases = load_cases(self.workspace.set_path(set_name), with_drafts=True)
        except EvalError:
            return {}
        return next((texts_of(case) for case in cases if case.case_id == case_id), {})

    def save_case(self, set_name: str, texts: Mapping[str, str]) -> str:
        """Writes the case when it follows the contract and the linter finds no error in it."""
        try:
            path = self.workspace.set_path(set_name)
            if not texts.get("id", "").strip():
                raise CaseFormatError("'번호'를 적어 주십시오. 다른 문항과 겹치지 않는 이름이면 됩니다.")
            case = self._merged(set_name, case_of(texts, _WHERE))
            findings = list(check_case(case, self._sources()))
            errors = [finding for finding in findings if finding.severity is Severity.ERROR]
            if errors:
                return findings_html(findings, "저장하지 않았습니다. 아래 오류를 고쳐 주십시오.")
            new = put_case(path, case)
        except (EvalError, IndexPackageError) as error:
            return problem(str(error))
        done = f"{path.name}에 문항 {case.case_id}을(를) {'더했습니다' if new else '고쳤습니다'}."
        if not case.reviewed:
            done += " 초안이므로 ‘검토’를 ‘예’로 바꾸기 전에는 실행에 쓰이지 않습니다."
        return findings_html(findings, done)

    def _merged(self, set_name: str, case: EvalCase) -> EvalCase:
        """What the form does not show (sources, reviewers) stays as it was."""
        path = self.workspace.set_path(set_name)
        known = load_cases(path, with_drafts=True) if path.exists() else ()
        before = next((old for old in known if old.case_id == case.case_id), None)
        if before is None:
            return case
        kept = {name: getattr(before, name) for name in ("source_url", "checked_by", "checked_on")}
        # The form shows a passage on one line; one that was not touched keeps its own line breaks.
        if texts_of(before)["gold_quote"] == texts_of(case)["gold_quote"]:
            kept["gold_quote"] = before.gold_quote
        return case.model_copy(update=kept)

    def _sources(self) -> list[Source]:
        return [source(document.source, document.text) for document in self._documents()]
