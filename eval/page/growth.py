"""What the buttons of the growing tab do, without Gradio: tables to cases, documents to drafts, drafts approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from eval.case_file import add_cases, approve, drop_draft, fresh_ids
from eval.cases import EvalCase, load_cases
from eval.draft import draft_document
from eval.errors import CaseFormatError, EvalError
from eval.lint import Finding, Severity, Source, check_case, duplicates, source
from eval.page.html import draft_html, findings_html, notice, problem, table_html
from eval.page.workspace import Workspace
from eval.spreadsheet import import_cases
from index.errors import IndexPackageError

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

    from index.document import Document

MAX_DRAFTS = 40
_SHOWN_DOCUMENTS = 100
_AROUND = 160


@dataclass(frozen=True, slots=True)
class CheckedTable:
    """``fit`` can be added; ``problems`` say in Korean why other rows cannot, ``remarks`` what to look at."""

    fit: tuple[EvalCase, ...]
    problems: tuple[str, ...]
    remarks: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """A quote in its document: ``text[start:end]`` and what stands around it."""

    document: Document
    start: int
    end: int

    @property
    def before(self) -> str:
        """The text that leads to the quote."""
        return self.document.text[max(0, self.start - _AROUND) : self.start]

    @property
    def quote(self) -> str:
        """The quote as the document has it."""
        return self.document.text[self.start : self.end]

    @property
    def after(self) -> str:
        """The text that follows the quote."""
        return self.document.text[self.end : self.end + _AROUND]


class Growth:
    """Bound to the folders, the documents of the index and the analyser that they were read with."""

    def __init__(
        self, workspace: Workspace, documents: Callable[[], Iterator[Document]], kiwi: Callable[[], Kiwi]
    ) -> None:
        self.workspace = workspace
        self._documents = documents
        self._kiwi = kiwi

    def check_table(self, file: str, set_name: str) -> str:
        """What of a CSV or XLSX would be added to the set, and what is wrong with the rest."""
        try:
            path = self.workspace.set_path(set_name)
            return table_html(self._checked(file, path), path.name)
        except (EvalError, IndexPackageError) as error:
            return problem(str(error))

    def add_table(self, file: str, set_name: str) -> str:
        """Adds the rows that :meth:`check_table` finds fit; the others are named again."""
        try:
            path = self.workspace.set_path(set_name)
            checked = self._checked(file, path)
            if not checked.fit:
                raise CaseFormatError("더할 수 있는 문항이 없습니다. 표를 고쳐 다시 올려 주십시오.")
            add_cases(path, checked.fit)
        except (EvalError, IndexPackageError) as error:
            return problem(str(error))
        drafts = sum(not case.reviewed for case in checked.fit)
        waiting = f" 이 가운데 {drafts}개는 초안이니 아래에서 읽고 승인해 주십시오." if drafts else ""
        return notice(f"{path.name}에 문항 {len(checked.fit)}개를 더했습니다.{waiting}")

    def document_names(self, part: str) -> list[tuple[str, str]]:
        """The first documents whose title or file has ``part`` in it, as ``(shown, id)``."""
        wanted = "".join(part.split()).lower()
        found = (
            (f"{document.title} ({document.source})"[:90], document.document_id)
            for document in self._documents()
            if wanted in "".join(f"{document.title}{document.source}".split()).lower()
        )
        return list(islice(found, _SHOWN_DOCUMENTS))

    def draft(self, document_id: str, set_name: str, count: int) -> str:
        """Adds drafts of questions about a document to the set; those that are there already are not added again."""
        try:
            path = self.workspace.set_path(set_name)
            known = _known(path)
            drafts = draft_document(self._document(document_id), self._kiwi(), per_document=_drafts(count))
            asked = {case.question for case in known}
            new = fresh_ids([case for case in drafts if case.question not in asked], {case.case_id for case in known})
            if not new:
                raise CaseFormatError("이 문서에서 새로 물을 만한 문장을 찾지 못했습니다. 다른 문서를 골라 주십시오.")
            add_cases(path, new)
        except (EvalError, IndexPackageError) as error:
            return problem(str(error))
        return notice(f"{path.name}에 초안 {len(new)}개를 더했습니다. 아래에서 하나씩 읽고 승인해 주십시오.")

    def drafts(self, set_name: str) -> list[tuple[str, str]]:
        """The drafts of the set that wait for a person, as ``(shown, id)``."""
        try:
            known = _known(self.workspace.set_path(set_name))
        except EvalError:
            return []
        return [(f"{case.case_id} {case.question}"[:90], case.case_id) for case in known if not case.reviewed]

    def show_draft(self, set_name: str, case_id: str) -> str:
        """A draft beside the passage that it was made from, and what the linter thinks of it."""
        try:
            case = self._draft(set_name, case_id)
            findings = list(check_case(case, self._sources()))
        except (EvalError, IndexPackageError) as error:
            return problem(str(error))
        return draft_html(case, [place for quote in case.gold_quote for place in self._places(case, quote)], findings)

    def approve(self, set_name: str, case_id: str, by: str) -> str:
        """Marks a draft as reviewed, unless the linter finds an error in it."""
        try:
            path, case = self.workspace.set_path(set_name), self._draft(set_name, case_id)
            errors = [one for one in check_case(case, self._sources()) if one.severity is Severity.ERROR]
            if errors:
                return findings_html(errors, "승인하지 않았습니다. ‘고치기’를 눌러 아래 오류를 고쳐 주십시오.")
            approve(path, [case_id], by=by.strip(), on=date.today())
        except (EvalError, IndexPackageError) as error:
            return problem(str(error))
        return notice(f"문항 {case_id}을(를) 승인했습니다. 이제 실행에 쓰입니다.")

    def drop(self, set_name: str, case_id: str) -> str:
        """Takes a draft out of the set."""
        try:
            drop_draft(self.workspace.set_path(set_name), case_id)
        except EvalError as error:
            return problem(str(error))
        return notice(f"초안 {case_id}을(를) 버렸습니다.")

    def _checked(self, file: str, path: Path) -> CheckedTable:
        if not file:
            raise CaseFormatError("CSV나 XLSX 파일을 먼저 올려 주십시오.")
        known = _known(path)
        taken = {case.case_id for case in known}
        found = import_cases(Path(file))
        problems = list(found.problems)
        problems += [
            f"번호 {case.case_id!r}이(가) {path.name}에 이미 있습니다." for case in found.cases if case.case_id in taken
        ]
        new = [case for case in found.cases if case.case_id not in taken]
        sources = self._sources()
        findings = [one for case in new for one in check_case(case, sources)]
        names = {case.case_id for case in new}
        findings += [one for one in duplicates([*known, *new]) if one.case_id in names]
        wrong = {one.case_id for one in findings if one.severity is Severity.ERROR}
        problems += [f"{one.case_id}: {one.message}" for one in findings if one.severity is Severity.ERROR]
        fit = tuple(case for case in new if case.case_id not in wrong)
        remarks = tuple(one for one in findings if one.case_id not in wrong)
        return CheckedTable(fit, tuple(problems), remarks)

    def _draft(self, set_name: str, case_id: str) -> EvalCase:
        for case in _known(self.workspace.set_path(set_name)):
            if case.case_id == case_id and not case.reviewed:
                return case
        raise CaseFormatError("검토할 초안을 고르십시오. 표를 올리거나 문서에서 초안을 만들면 여기에 나옵니다.")

    def _document(self, document_id: str) -> Document:
        for document in self._documents():
            if document.document_id == document_id:
                return document
        raise CaseFormatError("초안을 만들 문서를 골라 주십시오.")

    def _places(self, case: EvalCase, quote: str) -> Iterator[QuotePlace]:
        for document in self._documents():
            start = document.text.find(quote)
            if start >= 0 and (not case.gold_docs or source(document.source, "").name.startswith(case.gold_docs)):
                yield QuotePlace(document, start, start + len(quote))
                return

    def _sources(self) -> list[Source]:
        return [source(document.source, document.text) for document in self._documents()]


def _known(path: Path) -> Sequence[EvalCase]:
    return load_cases(path, with_drafts=True) if path.exists() else ()


def _drafts(count: float) -> int:
    if not 1 <= count <= MAX_DRAFTS:
        raise CaseFormatError(f"문항 수는 1부터 {MAX_DRAFTS}까지의 수로 적어 주십시오.")
    return int(count)
