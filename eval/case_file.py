"""Changing a question file: every change is written in one step, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
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


def approve(path: Path, names: Collection[str], *, by: str, on: date) -> int:
    """Mark the drafts with these ids as reviewed, all of them where no id is given. Returns how many.

    Raises:
        CaseFormatError: The file cannot be read or written, or an id is not that of a draft.
    """
    cases = load_cases(path, with_drafts=True)
    drafts = {case.case_id for case in cases if not case.reviewed}
    unknown = sorted(set(names) - drafts)
    if unknown:
        raise CaseFormatError(
            f"{path.name}: 검토할 초안이 아닙니다: {', '.join(unknown)}. 문항 이름을 확인해 주십시오."
        )
    chosen = set(names) or drafts
    signed = {"reviewed": True, "checked_by": by, "checked_on": on.isoformat()}
    write_cases(path, [case.model_copy(update=signed) if case.case_id in chosen else case for case in cases])
    return len(chosen)
