import json
from pathlib import Path

import pytest

from eval.cases import CaseType, Persona, cases_sha256, load_cases
from eval.errors import CaseFormatError
from tests.eval.builders import make_case

LINE = {
    "id": "d001",
    "type": "number",
    "persona": "citizen",
    "history": [{"role": "user", "content": "콜센터는?"}, {"role": "assistant", "content": "156개입니다."}],
    "question": "기관은 몇 개야?",
    "answerable": True,
    "gold_docs": ["001"],
    "gold_case": "콜센터",
    "gold_quote": ["118개 기관"],
    "must_include": [["118", "백열여덟"]],
    "must_not_include": ["156"],
    "note": "바로 앞 답과 혼동",
}


def write(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "set.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines),
        encoding="utf-8",
    )
    return path


def test_a_full_line_is_read_field_by_field(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, LINE))
    assert (case.case_id, case.type, case.persona) == ("d001", CaseType.NUMBER, Persona.CITIZEN)
    assert case.must_include == (("118", "백열여덟"),)
    question = case.to_question()
    assert question.text == "기관은 몇 개야?"
    assert [turn.role for turn in question.history] == ["user", "assistant"]


def test_case_id_and_id_name_the_same_field(tmp_path: Path) -> None:
    named = {key: value for key, value in LINE.items() if key != "id"} | {"case_id": "d001"}
    assert load_cases(write(tmp_path, named)) == load_cases(write(tmp_path, LINE))


def test_empty_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(LINE).encode() + b"\r\n\n")
    assert len(load_cases(path)) == 1


def test_an_unknown_field_is_kept_apart_and_never_lost(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, LINE | {"must_inclde": [["118"]]}))
    assert case.model_extra == {"must_inclde": [["118"]]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": None}, "'question'"),
        ({"type": "numbr"}, "쓸 수 있는 값: 'fact', 'number'"),
        ({"must_include": [[]]}, "'must_include.0'이(가) 비어 있습니다."),
        ({"must_include": [[" "]]}, "'must_include.0.0'이(가) 비어 있습니다."),
        ({"must_include": ["118"]}, "'must_include.0'의 값 '118'"),
        ({"answerable": "maybe"}, "'answerable'의 값 'maybe'"),
        ({"history": [{"role": "system", "content": "x"}]}, "'history.0.role'"),
    ],
)
def test_a_wrong_value_is_named_with_file_and_line_in_one_line(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = write(tmp_path, LINE, LINE | {"id": "d002"} | change)
    with pytest.raises(CaseFormatError) as caught:
        load_cases(path)
    assert str(caught.value).startswith("set.jsonl 2번째 줄: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseFormatError, match="1번째 줄: 필수 항목 'answerable'"):
        load_cases(write(tmp_path, {key: value for key, value in LINE.items() if key != "answerable"}))


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseFormatError, match="2번째 줄: JSON으로 읽을 수 없습니다"):
        load_cases(write(tmp_path, LINE, "{'id': 1}"))


def test_an_id_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseFormatError, match="2번째 줄: id 'd001'"):
        load_cases(write(tmp_path, LINE, LINE))


def test_an_empty_file_a_missing_file_and_broken_bytes_each_have_a_message(tmp_path: Path) -> None:
    with pytest.raises(CaseFormatError, match="문항이 없습니다"):
        load_cases(write(tmp_path, "", ""))
    with pytest.raises(CaseFormatError, match="열 수 없습니다"):
        load_cases(tmp_path / "none.jsonl")
    (tmp_path / "cp949.jsonl").write_bytes("질문".encode("cp949"))
    with pytest.raises(CaseFormatError, match="UTF-8이 아닙니다"):
        load_cases(tmp_path / "cp949.jsonl")


def test_the_digest_of_a_set_ignores_order_and_notes_and_sees_expectations() -> None:
    first, second = make_case("a"), make_case("b")
    assert cases_sha256([first, second]) == cases_sha256([second, make_case("a", note="다른 메모", 담당="나")])
    assert cases_sha256([first]) != cases_sha256([make_case("a", must_include=[["4일"]])])


def test_the_digest_of_a_question_sees_its_history_and_not_its_expectations() -> None:
    plain = make_case()
    assert plain.question_sha256 == make_case(must_include=[["4일"]]).question_sha256
    followed = make_case(history=[{"role": "user", "content": "앞 질문"}])
    assert plain.question_sha256 != followed.question_sha256
