"""Changing a question file: every change is written in one step, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import chain, count
from pathlib import Path

from eval.cases import EvalCase, case_line, load_cases
from eval.errors import CaseFormatError, reason


def write_cases(path: Path, cases: Sequence[EvalCase]) -> None:
    """Replace the file by ``cases``, one a line.

    Raises:
        CaseFormatError: It cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("".join(case_line(case) + "\n" for case in cases), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise CaseFormatError(
            f"문항 파일을 쓸 수 없습니다: {str(path)!r} ({reason(error)}). 경로와 권한을 확인해 주십시오."
        ) from error


def put_case(path: Path, case: EvalCase) -> bool:
    """Add the case, or replace the one with its id. Returns whether it is new.

    Raises:
        CaseFormatError: The file cannot be read or written.
    """
    cases = list(load_cases(path, with_drafts=True)) if path.exists() else []
    places = [place for place, known in enumerate(cases) if known.case_id == case.case_id]
    if places:
        cases[places[0]] = case
    else:
        cases.append(case)
    write_cases(path, cases)
    return not places


def add_cases(path: Path, cases: Sequence[EvalCase]) -> None:
    """Put new cases behind those of the file, which need not be there yet.

    Raises:
        CaseFormatError: The file cannot be read or written, or an id is taken.
    """
    before = load_cases(path, with_drafts=True) if path.exists() else ()
    taken = {case.case_id for case in before}
    if twice := sorted(taken & {case.case_id for case in cases}):
        raise CaseFormatError(f"{path.name}: 번호 {twice[0]!r}이(가) 이미 있습니다. 다른 번호를 적어 주십시오.")
    write_cases(path, [*before, *cases])


def drop_draft(path: Path, name: str) -> None:
    """Take a draft out of the file; a file that held nothing else goes with it.

    Raises:
        CaseFormatError: The file cannot be read or written, or ``name`` is not the id of a draft.
    """
    cases = load_cases(path, with_drafts=True)
    _check_drafts(path, cases, [name])
    left = [case for case in cases if case.case_id != name]
    if left:
        write_cases(path, left)
        return
    try:
        path.unlink()
    except OSError as error:
        raise CaseFormatError(f"{path.name}: 지울 수 없습니다({reason(error)}). 권한을 확인해 주십시오.") from error


def fresh_ids(cases: Sequence[EvalCase], taken: Collection[str]) -> tuple[EvalCase, ...]:
    """The cases with ids of their own: one that is ``taken``, or stands before, gets a number behind it."""
    used, renamed = set(taken), []
    for case in cases:
        names = chain([case.case_id], (f"{case.case_id}-{number}" for number in count(2)))
        name = next(name for name in names if name not in used)
        used.add(name)
        renamed.append(case.model_copy(update={"case_id": name}))
    return tuple(renamed)


def approve(path: Path, names: Collection[str], *, by: str, on: date) -> int:
    """Mark the drafts with these ids as reviewed, all of them where no id is given. Returns how many.

    Raises:
        CaseFormatError: The file cannot be read or written, or an id is not that of a draft.
    """
    cases = load_cases(path, with_drafts=True)
    drafts = _check_drafts(path, cases, names)
    chosen = set(names) or drafts
    signed = {"reviewed": True, "checked_by": by, "checked_on": on.isoformat()}
    write_cases(path, [case.model_copy(update=signed) if case.case_id in chosen else case for case in cases])
    return len(chosen)


def _check_drafts(path: Path, cases: Sequence[EvalCase], names: Collection[str]) -> set[str]:
    drafts = {case.case_id for case in cases if not case.reviewed}
    if unknown := sorted(set(names) - drafts):
        raise CaseFormatError(
            f"{path.name}: 검토할 초안이 아닙니다: {', '.join(unknown)}. 문항 이름을 확인해 주십시오."
        )
    return drafts
