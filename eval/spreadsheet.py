"""The spreadsheets that evaluators keep (질문, 기대답변, 근거 …), to cases of the contract and back."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from eval.cases import CaseType, Difficulty, EvalCase, parse_case
from eval.errors import CaseFormatError, TableFormatError
from eval.facts import facts_of
from eval.labels import DIFFICULTIES, PERSONAS, TYPES
from eval.tabular import read_rows, write_rows

# The first name of each column is the one that is written.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("번호", "연번", "순번", "no", "id", "문항번호", "case_id"),
    "type": ("유형", "질문유형", "문항유형", "분류", "종류", "type"),
    "persona": ("사용자", "질문자", "대상", "이용자", "persona"),
    "difficulty": ("난이도", "difficulty"),
    "question": ("질문", "질의", "문의", "문항", "질문내용", "질의내용", "question"),
    "history": ("앞선대화", "이전대화", "대화이력", "history"),
    "answerable": ("답변가능", "답변가능여부", "답변여부", "답변유무", "answerable"),
    "expected_answer": ("기대답변", "모범답안", "모범답변", "정답", "예상답변", "기대응답", "답변", "answer"),
    "must_include": ("필수표현", "필수어", "핵심어", "핵심단어", "키워드", "포함할말", "mustinclude"),
    "must_not_include": ("금지표현", "금지어", "오답표현", "포함하면안되는말", "mustnotinclude"),
    "gold_quote": ("근거", "근거문장", "근거문구", "근거내용", "인용문", "evidence", "goldquote"),
    "gold_docs": ("문서", "문서명", "근거문서", "출처", "출처문서", "파일", "파일명", "source", "golddocs"),
    "gold_case": ("사례", "사례명", "goldcase"),
    "note": ("비고", "메모", "참고", "note"),
    "reviewed": ("검토", "검토여부", "승인", "승인여부", "reviewed"),
}
_FIELDS = {name: field for field, names in COLUMNS.items() for name in names}
_YES = frozenset({"예", "네", "o", "y", "yes", "true", "1", "가능", "있음", "답변가능"})
_NO = frozenset({"아니오", "아니요", "x", "n", "no", "false", "0", "불가", "불가능", "없음", "답변불가"})
_NOT_ANSWERED = frozenset({"자료에없음", "답변불가", "답변불가능", "없음", "해당없음", "거절", "확인불가", "모름"})
_DIFFICULTIES = {"상": Difficulty.HARD, "중": Difficulty.MEDIUM, "하": Difficulty.EASY}
_SPEAKERS = {"사용자": "user", "질문": "user", "챗봇": "assistant", "답변": "assistant", "답": "assistant"}
_LIST = re.compile(r"\n|;")
_NOT_NAME = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Imported:
    """``problems`` are Korean lines, one a bad row, that name file and row."""

    cases: tuple[EvalCase, ...]
    problems: tuple[str, ...]

    @property
    def drafts(self) -> int:
        """Cases whose expectation was taken from a long answer by rule."""
        return sum(not case.reviewed for case in self.cases)


def import_cases(path: Path, sheet: str = "") -> Imported:
    """The cases of a CSV or XLSX file, and what is wrong with each row that is none.

    Without a column of required expressions, the figures and names of the expected answer become
    ``must_include``, and the case is a draft until a person has looked at it.

    Raises:
        TableFormatError: The file is no table with a column of questions.
    """
    rows = read_rows(path, lambda line: "question" in map(_field, line), sheet)
    cases: dict[str, EvalCase] = {}
    problems = []
    for row in rows:
        where = f"{path.name} {row.number}행"
        try:
            given = {field: text for header, text in row.cells.items() if (field := _field(header))}
            case = case_of({"id": f"{path.stem}-{row.number}"} | given, where)
        except CaseFormatError as error:
            problems.append(str(error))
            continue
        if case.case_id in cases:
            problems.append(f"{where}: 번호 {case.case_id!r}이(가) 앞에 이미 있습니다.")
        else:
            cases[case.case_id] = case
    if not rows:
        raise TableFormatError(f"{path.name}: 제목 행 아래에 문항이 없습니다.")
    return Imported(tuple(cases.values()), tuple(problems))


def export_cases(path: Path, cases: Iterable[EvalCase]) -> None:
    """The cases as a table that :func:`import_cases` reads back.

    Raises:
        TableFormatError: The file cannot be written.
    """
    write_rows(path, [names[0] for names in COLUMNS.values()], (_cells(case) for case in cases))


def _cells(case: EvalCase) -> Sequence[str]:
    texts = texts_of(case)
    return [texts[field] for field in COLUMNS]


def _field(header: str) -> str:
    return _FIELDS.get(_name(header), "")


def _name(text: str) -> str:
    return _NOT_NAME.sub("", unicodedata.normalize("NFKC", text)).lower()


def case_of(given: Mapping[str, str], where: str) -> EvalCase:
    """The case that the texts of a form or a row mean, by the names of the contract; ``where`` begins each message.

    Raises:
        CaseFormatError: A text is not what its field asks for.
    """
    given = {field: text for field, text in given.items() if text.strip()}
    if "question" not in given:
        raise CaseFormatError(f"{where}: '질문'이 비어 있습니다.")
    try:
        fields = _read(given)
    except ValueError as error:
        raise CaseFormatError(f"{where}: {error}") from error
    if fields["answerable"] and not {"must_include", "expected_answer", "gold_quote"} & given.keys():
        raise CaseFormatError(f"{where}: 답할 수 있는 문항이면 '기대답변'이나 '근거'를 적어 주십시오.")
    if fields["answerable"] and "must_include" not in fields:
        fields["must_include"] = [[fact] for fact in facts_of(given.get("expected_answer", ""))]
        fields["reviewed"] = False
    return parse_case(json.dumps(fields, ensure_ascii=False), where)


def texts_of(case: EvalCase) -> dict[str, str]:
    """The case as the texts that :func:`case_of` reads."""
    speakers = {"user": "사용자", "assistant": "챗봇"}
    return {
        "id": case.case_id,
        "type": TYPES[case.type],
        "persona": PERSONAS[case.persona],
        "difficulty": DIFFICULTIES[case.difficulty] if case.difficulty else "",
        "question": case.question,
        "history": "\n".join(f"{speakers[turn.role]}: {turn.content}" for turn in case.history),
        "answerable": "예" if case.answerable else "아니오",
        "expected_answer": case.expected_answer,
        "must_include": "\n".join(" | ".join(group) for group in case.must_include),
        "must_not_include": "\n".join(case.must_not_include),
        "gold_quote": "\n".join(" ".join(quote.split()) for quote in case.gold_quote),
        "gold_docs": "\n".join(case.gold_docs),
        "gold_case": case.gold_case,
        "note": case.note,
        "reviewed": "예" if case.reviewed else "아니오",
    }


def _read(given: Mapping[str, str]) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = {}
    for field, text in given.items():
        fields[field] = _READERS[field](text) if field in _READERS else text
    if "answerable" not in fields:
        expected = _name(given.get("expected_answer", ""))
        fields["answerable"] = expected not in _NOT_ANSWERED and fields.get("type") != CaseType.UNANSWERABLE
    if not fields["answerable"]:
        fields = {name: value for name, value in fields.items() if name not in ("must_include", "gold_quote")}
    fields.setdefault("type", _type(answerable=bool(fields["answerable"]), followup="history" in fields))
    return fields


def _type(*, answerable: bool, followup: bool) -> str:
    if not answerable:
        return CaseType.UNANSWERABLE
    return CaseType.FOLLOWUP if followup else CaseType.FACT


def _chosen(column: str, names: Mapping[str, str]) -> Callable[[str], JsonValue]:
    """Reads a value by its Korean or its English name."""
    known = {_name(name): value for value, label in names.items() for name in (value, label)}

    def read(text: str) -> JsonValue:
        value = known.get(_name(text))
        if value is None:
            allowed = ", ".join(dict.fromkeys(names.values()))
            raise ValueError(f"'{column}'의 값 {text[:40]!r}은(는) 쓸 수 없습니다. 쓸 수 있는 값: {allowed}")
        return str(value)

    return read


def _yes(column: str) -> Callable[[str], JsonValue]:
    def read(text: str) -> JsonValue:
        name = _name(text)
        if name in _YES or name in _NO:
            return name in _YES
        raise ValueError(f"'{column}'의 값 {text[:40]!r}을(를) 알 수 없습니다. '예'나 '아니오'로 적어 주십시오.")

    return read


def _difficulty(text: str) -> JsonValue:
    return (
        str(_DIFFICULTIES[text])
        if text in _DIFFICULTIES
        else _chosen("난이도", {level: DIFFICULTIES[level] for level in Difficulty})(text)
    )


def _history(text: str) -> JsonValue:
    turns: list[JsonValue] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        speaker, colon, said = line.partition(":")
        if not colon or speaker.strip() not in _SPEAKERS:
            raise ValueError("'앞선대화'는 줄마다 '사용자: …'나 '챗봇: …'으로 적어 주십시오.")
        turns.append({"role": _SPEAKERS[speaker.strip()], "content": said.strip()})
    return turns


def _groups(text: str) -> JsonValue:
    groups = ([item.strip() for item in part.split("|") if item.strip()] for part in _LIST.split(text))
    return [list[JsonValue](group) for group in groups if group]


def _list(text: str) -> JsonValue:
    return [item.strip() for item in _LIST.split(text) if item.strip()]


def _passages(text: str) -> JsonValue:
    # A passage may hold a semicolon; only a line break parts two of them.
    return [line.strip() for line in text.splitlines() if line.strip()]


def _names(text: str) -> JsonValue:
    return [item.strip() for item in re.split(r"[\n;,]", text) if item.strip()]


_READERS: Mapping[str, Callable[[str], JsonValue]] = {
    "type": _chosen("유형", TYPES),
    "persona": _chosen("사용자", PERSONAS),
    "difficulty": _difficulty,
    "history": _history,
    "answerable": _yes("답변가능"),
    "reviewed": _yes("검토"),
    "must_include": _groups,
    "must_not_include": _list,
    "gold_quote": _passages,
    "gold_docs": _names,
}
