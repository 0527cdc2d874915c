"""One line of a question file, and the loader that names file and line when a line is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from chatbot.answer import Question, Turn
from eval.errors import CaseFormatError, reason

_NOT_SCORED = frozenset({"note", "source_url", "checked_by", "checked_on", "difficulty", "expected_answer", "reviewed"})
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Group = Annotated[tuple[_Text, ...], Field(min_length=1)]


class CaseType(StrEnum):
    """What makes a question what it is; the row of a report it is counted in."""

    FACT = "fact"
    NUMBER = "number"
    WHO = "who"
    WHEN = "when"
    WHY_HOW = "why_how"
    LIST = "list"
    COMPARE = "compare"
    CONTACT = "contact"
    SUMMARY = "summary"
    PARAPHRASE = "paraphrase"
    COLLOQUIAL = "colloquial"
    TYPO = "typo"
    NOSPACE = "nospace"
    ACRONYM = "acronym"
    FOLLOWUP = "followup"
    ENGLISH = "english"
    UNANSWERABLE = "unanswerable"
    FALSE_PREMISE = "false_premise"
    INJECTION = "injection"


class Persona(StrEnum):
    """Who asks."""

    CIVIL_SERVANT = "civil_servant"
    CITIZEN = "citizen"
    EVALUATOR = "evaluator"


class Difficulty(StrEnum):
    """How hard whoever wrote the question takes it to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class EvalCase(BaseModel):
    """One question with what a right answer holds. ``id`` is read as ``case_id`` too.

    ``must_include`` is a list of groups of alternatives; every group needs one. ``gold_docs`` are beginnings
    of the names of the files that hold the answer. ``expected_answer`` is what a person would say, for readers and
    judges. A case that is not ``reviewed`` is a draft and never asked. Fields outside the contract are kept in
    ``model_extra`` and never scored.
    """

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    case_id: _Text = Field(validation_alias=AliasChoices("case_id", "id"))
    type: CaseType
    persona: Persona = Persona.CIVIL_SERVANT
    history: tuple[Turn, ...] = ()
    question: _Text
    answerable: bool
    gold_docs: tuple[_Text, ...] = ()
    gold_case: str = ""
    gold_quote: tuple[_Text, ...] = ()
    must_include: tuple[_Group, ...] = ()
    must_not_include: tuple[_Text, ...] = ()
    difficulty: Difficulty | None = None
    expected_answer: str = ""
    reviewed: bool = True
    note: str = ""
    source_url: str = ""
    checked_by: str = ""
    checked_on: str = ""

    @property
    def question_sha256(self) -> str:
        """Digest of what the chatbot is given: the question and the conversation before it."""
        asked = [self.question, *(f"{turn.role}:{turn.content}" for turn in self.history)]
        return hashlib.sha256("\x1e".join(asked).encode()).hexdigest()

    def to_question(self) -> Question:
        """What the chatbot is asked."""
        return Question(text=self.question, history=self.history)


def load_cases(path: Path, *, with_drafts: bool = False) -> tuple[EvalCase, ...]:
    """The reviewed cases of a JSON Lines file, in file order, and its drafts when asked for; empty lines are skipped.

    Raises:
        CaseFormatError: The file cannot be read, a line breaks the contract, or an id occurs twice.
    """
    return load_case_files([path], with_drafts=with_drafts)


def load_case_files(paths: Sequence[Path], *, with_drafts: bool = False) -> tuple[EvalCase, ...]:
    """The cases of several files, one file after the other; ids are unique across them.

    Raises:
        CaseFormatError: As :func:`load_cases`, or every case is a draft.
    """
    cases: dict[str, EvalCase] = {}
    for path in paths:
        before = len(cases)
        for number, line in enumerate(_read_lines(path), start=1):
            if line.strip():
                case = parse_case(line, f"{path.name} {number}번째 줄")
                if case.case_id in cases:
                    raise CaseFormatError(f"{path.name} {number}번째 줄: id {case.case_id!r}이(가) 앞에 이미 있습니다.")
                cases[case.case_id] = case
        if len(cases) == before:
            raise CaseFormatError(f"{path.name}: 문항이 없습니다. 한 줄에 한 문항씩 JSON으로 적어 주십시오.")
    found = tuple(case for case in cases.values() if case.reviewed or with_drafts)
    if not found:
        raise CaseFormatError(
            f"{paths[0].name}: 검토를 마친 문항이 없습니다. 초안을 읽고 `python -m eval approve`로 승인해 주십시오."
        )
    return found


def parse_case(line: str, where: str) -> EvalCase:
    """One case from its JSON; ``where`` begins the message of what is wrong with it.

    Raises:
        CaseFormatError: It breaks the contract.
    """
    try:
        return EvalCase.model_validate_json(line)
    except ValidationError as error:
        raise CaseFormatError(f"{where}: {_explain(error.errors(include_url=False)[0])}") from error


def case_line(case: EvalCase) -> str:
    """The case as a line of a file: the contract's own names, and only what was said."""
    said = case.model_dump(mode="json", exclude_defaults=True, exclude={"case_id"})
    return json.dumps({"id": case.case_id, **said}, ensure_ascii=False)


def cases_sha256(cases: Sequence[EvalCase]) -> str:
    """Digest of everything that is asked or scored; order, notes and reviewers do not count."""
    lines = sorted(
        json.dumps(case.model_dump(mode="json", exclude=_ignored(case)), ensure_ascii=False, sort_keys=True)
        for case in cases
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _ignored(case: EvalCase) -> set[str]:
    return {*_NOT_SCORED, *(case.model_extra or {})}


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise CaseFormatError(f"{path.name}: UTF-8이 아닙니다. UTF-8로 저장해 다시 시도해 주십시오.") from error
    except OSError as error:
        raise CaseFormatError(
            f"문항 파일을 열 수 없습니다: {str(path)!r} ({reason(error)}). 경로와 권한을 확인해 주십시오."
        ) from error


def _explain(detail: ErrorDetails) -> str:
    field = ".".join(str(part) for part in detail["loc"])
    value = repr(detail["input"])[:60]
    match detail["type"]:
        case "json_invalid":
            return "JSON으로 읽을 수 없습니다. 따옴표와 쉼표를 확인해 주십시오."
        case "missing":
            return f"필수 항목 {field!r}이(가) 없습니다."
        case "enum" | "literal_error":
            allowed = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
            return f"{field!r}의 값 {value}은(는) 쓸 수 없습니다. 쓸 수 있는 값: {allowed}"
        case "string_too_short" | "too_short":
            return f"{field!r}이(가) 비어 있습니다."
        case _:
            return f"{field!r}의 값 {value}이(가) 형식에 맞지 않습니다. eval/datasets/README.md를 확인해 주십시오."
