import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from eval import tabular
from eval.case_file import write_cases
from eval.cases import CaseType, Difficulty, EvalCase, Persona, load_cases
from eval.errors import TableFormatError
from eval.facts import facts_of
from eval.spreadsheet import export_cases, import_cases
from tests.eval.builders import make_case, make_unanswerable

HEADER = ("번호", "유형", "질문", "기대 답변", "근거", "문서")
ROW = ("가-1", "수치", "며칠로 줄었나요?", "약 3일로 줄었습니다.", "약 3일 수준으로 단축했다.", "a01")


def write_xlsx(path: Path, *rows: Sequence[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def write_csv(path: Path, *rows: Sequence[str], encoding: str = "utf-8-sig", separator: str = ",") -> Path:
    lines = (separator.join(f'"{cell}"' for cell in row) for row in rows)
    path.write_text("\r\n".join(lines), encoding=encoding, newline="")
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_of_any_encoding_and_separator_becomes_cases(tmp_path: Path, encoding: str, separator: str) -> None:
    found = import_cases(write_csv(tmp_path / "set.csv", HEADER, ROW, encoding=encoding, separator=separator))
    (case,) = found.cases
    assert (case.case_id, case.type, case.question) == ("가-1", CaseType.NUMBER, "며칠로 줄었나요?")
    assert (case.gold_quote, case.gold_docs) == (("약 3일 수준으로 단축했다.",), ("a01",))
    assert case.expected_answer == "약 3일로 줄었습니다."


def test_an_xlsx_with_a_title_above_empty_rows_and_numbers_in_cells_is_read(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "set.xlsx", ("2026년 점검 문항",), (), HEADER, (7.0, "사실", "몇 곳인가요?", 12, "열두 곳", None), ()
    )
    (case,) = import_cases(path).cases
    assert (case.case_id, case.expected_answer, case.must_include) == ("7", "12", (("12",),))


def test_the_chosen_sheet_is_read_and_an_unknown_one_lists_those_there_are(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("둘째").append(list(HEADER))
    book["둘째"].append(list(ROW))
    book.save(tmp_path / "set.xlsx")
    assert len(import_cases(tmp_path / "set.xlsx", "둘째").cases) == 1
    with pytest.raises(TableFormatError, match=r"'셋째' 시트가 없습니다\. 있는 시트: Sheet, 둘째"):
        import_cases(tmp_path / "set.xlsx", "셋째")


@pytest.mark.parametrize(
    "names", [("질의 내용", "모범답안", "근거 문구"), ("문의", "정답", "근거문장"), ("Question", "Answer", "Evidence")]
)
def test_headers_are_known_by_the_names_that_evaluators_use(tmp_path: Path, names: tuple[str, str, str]) -> None:
    (case,) = import_cases(write_csv(tmp_path / "set.csv", names, ("며칠인가요?", "3일", "약 3일"))).cases
    assert (case.question, case.expected_answer, case.gold_quote) == ("며칠인가요?", "3일", ("약 3일",))


def test_expectations_taken_from_a_long_answer_wait_for_a_person(tmp_path: Path) -> None:
    given = write_csv(tmp_path / "a.csv", (*HEADER, "필수 표현"), (*ROW, "3일 | 사흘; 단축"), ("가-2", *ROW[1:], ""))
    stated, taken = import_cases(given).cases
    assert (stated.reviewed, stated.must_include) == (True, (("3일", "사흘"), ("단축",)))
    assert (taken.reviewed, taken.must_include) == (False, (("3일",),))


def test_what_the_documents_do_not_hold_is_an_unanswerable_case(tmp_path: Path) -> None:
    header = ("질문", "기대답변", "답변 가능 여부")
    path = write_csv(tmp_path / "s.csv", header, ("가?", "자료에 없음", ""), ("나?", "", "X"), ("다?", "3일", "예"))
    assert [(case.answerable, case.type) for case in import_cases(path).cases] == [
        (False, CaseType.UNANSWERABLE),
        (False, CaseType.UNANSWERABLE),
        (True, CaseType.FACT),
    ]


def test_every_bad_row_is_named_with_what_to_do_and_the_others_are_read(tmp_path: Path) -> None:
    header = ("번호", "질문", "기대답변", "유형", "답변가능", "앞선대화", "난이도")
    path = write_csv(
        tmp_path / "문항.csv",
        header,
        ("1", "", "3일", "", "", "", ""),
        ("2", "가?", "3일", "잡담", "", "", ""),
        ("3", "나?", "3일", "", "아마", "", ""),
        ("4", "다?", "", "", "", "", ""),
        ("5", "라?", "3일", "", "", "그냥 말", ""),
        ("6", "마?", "3일", "", "", "", "상"),
        ("6", "바?", "3일", "", "", "", ""),
    )
    found = import_cases(path)
    assert [case.difficulty for case in found.cases] == [Difficulty.HARD]
    beginnings = [
        "문항.csv 2행: '질문'이 비어 있습니다.",
        "문항.csv 3행: '유형'의 값 '잡담'은(는) 쓸 수 없습니다. 쓸 수 있는 값: 사실, 수치",
        "문항.csv 4행: '답변가능'의 값 '아마'을(를) 알 수 없습니다. '예'나 '아니오'",
        "문항.csv 5행: 답할 수 있는 문항이면 '기대답변'이나 '근거'",
        "문항.csv 6행: '앞선대화'는 줄마다",
        "문항.csv 8행: 번호 '6'이(가) 앞에 이미 있습니다.",
    ]
    assert len(found.problems) == len(beginnings)
    for problem, beginning in zip(found.problems, beginnings, strict=True):
        assert problem.startswith(beginning)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, r"none\.csv: 열 수 없습니다\(없습니다\)"),
        ("set.hwp", b"", "읽을 수 없는 형식"),
        ("set.xlsx", b"PK\x03\x04", "엑셀 파일로 읽을 수 없습니다"),
        ("set.csv", "이름,나이\n가,1".encode(), "'질문' 열이 있는 제목 행"),
        ("set.csv", '질문,정답\n"가'.encode(), "따옴표가 닫혔는지"),
        ("set.csv", "질문,정답\n".encode(), "제목 행 아래에 문항이 없습니다"),
    ],
)
def test_a_file_that_is_no_table_of_questions_is_one_korean_line(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(TableFormatError, match=message):
        import_cases(tmp_path / name)


def mutated(path: Path, part: str, content: bytes | None) -> Path:
    """The workbook with one part of its archive replaced, or left out."""
    write_xlsx(path, ["질문", "정답"], ["무엇인가요?", "답"])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            given = content if name == part else data
            if given is not None:
                archive.writestr(name, given)
    return path


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"\x00\x01"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
        ("xl/worksheets/sheet1.xml", None),
        ("xl/workbook.xml", None),
        ("xl/workbook.xml", b"<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>"),
    ],
)
def test_a_workbook_that_is_broken_inside_is_one_korean_line(tmp_path: Path, part: str, content: bytes | None) -> None:
    with pytest.raises(TableFormatError, match=r"엑셀 파일로 읽을 수 없습니다|제목 행"):
        import_cases(mutated(tmp_path / "set.xlsx", part, content))


def test_a_table_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_ROWS", 3)
    rows = [[f"{number}번 질문은?", "답"] for number in range(3)]
    with pytest.raises(TableFormatError, match="행이 3개를 넘습니다"):
        import_cases(write_csv(tmp_path / "set.csv", ["질문", "정답"], *rows))
    assert len(import_cases(write_csv(tmp_path / "set.csv", ["질문", "정답"], *rows[:2])).cases) == 2


def full_cases() -> list[EvalCase]:
    return [
        make_case(
            "a-1",
            type="followup",
            persona="citizen",
            difficulty="hard",
            history=[{"role": "user", "content": "앞: 질문"}, {"role": "assistant", "content": "앞 답"}],
            question="=그건 며칠, 왜?",
            expected_answer="'3일'입니다.\n둘째 줄",
            must_include=[["3일", "사흘"], ["단축"]],
            must_not_include=["4일", "5일"],
            gold_quote=["약 3일; 수준으로", "둘째 근거"],
            gold_docs=["a01", "a02"],
            gold_case="가 ; 나",
            note="-비고",
        ),
        make_unanswerable("a-2"),
    ]


@pytest.mark.parametrize("name", ["set.xlsx", "set.csv"])
def test_cases_survive_the_way_to_a_table_and_back(tmp_path: Path, name: str) -> None:
    export_cases(tmp_path / name, full_cases())
    found = import_cases(tmp_path / name)
    assert found.problems == ()
    assert list(found.cases) == full_cases()


def test_no_cell_of_an_exported_table_runs_as_a_formula(tmp_path: Path) -> None:
    export_cases(tmp_path / "set.xlsx", full_cases())
    export_cases(tmp_path / "set.csv", full_cases())
    cells = [cell for row in load_workbook(tmp_path / "set.xlsx")["문항"].iter_rows() for cell in row]
    assert "=그건 며칠, 왜?" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert ",=그건" not in (tmp_path / "set.csv").read_text(encoding="utf-8-sig")


def test_imported_cases_survive_the_way_to_a_question_file(tmp_path: Path) -> None:
    write_cases(tmp_path / "set.jsonl", full_cases())
    assert list(load_cases(tmp_path / "set.jsonl")) == full_cases()
    assert load_cases(tmp_path / "set.jsonl")[1].persona is Persona.CIVIL_SERVANT


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        ("약 3일 수준으로 단축했습니다.", ("3일",)),
        ("2024년 5월 2일부터 12억 원을 지원합니다", ("2024년 5월 2일", "12억 원")),
        ("교통행정과 031-555-7788입니다.", ("031-555-7788",)),
        ("혁신행정담당관입니다.", ("혁신행정담당관",)),
        ("‘나르카’라는 로봇입니다.", ("나르카",)),
        ("행정 절차를 간소화하고 담당자를 지정하여 효율을 높였다.", ()),
    ],
)
def test_facts_are_the_expressions_that_can_be_checked_by_looking(answer: str, facts: tuple[str, ...]) -> None:
    assert facts_of(answer) == facts
