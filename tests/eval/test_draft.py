import json
from pathlib import Path

import pytest
from kiwipiepy import Kiwi

from eval.__main__ import cli
from eval.cases import CaseType, EvalCase, load_cases
from eval.console import run_cli
from eval.draft import draft_cases
from eval.interrogate import questions_of
from eval.lint import Severity, lint


@pytest.mark.parametrize(
    ("statement", "formal", "polite", "fact"),
    [
        (
            "주차 면수는 40면에서 52면으로 늘었다.",
            "주차 면수는 40면에서 몇 면으로 늘었습니까?",
            "몇 면으로 늘었어요?",
            "52면",
        ),
        ("주차 요금은 10분에 300원이다.", "주차 요금은 10분에 얼마입니까?", "얼마예요?", "300원"),
        ("처리 기간을 3일로 줄였다.", "처리 기간을 며칠로 줄였습니까?", "며칠로 줄였어요?", "3일"),
        ("우편비 12억 원을 아꼈다.", "우편비 얼마를 아꼈습니까?", "얼마를 아꼈어요?", "12억 원"),
        ("기관은 2021년까지 표준으로 바꾼다.", "기관은 언제까지 표준으로 바꿉니까?", "바꿔요?", "2021년"),
        (
            "대피 시각이 평균 40분 빨라졌고 피해도 줄었다.",
            "대피 시각이 평균 몇 분 빨라졌습니까?",
            "빨라졌어요?",
            "40분",
        ),
        ("로봇 2대를 들여와 차를 더 세웠다.", "로봇 몇 대를 들여왔습니까?", "들여왔어요?", "2대"),
    ],
)
def test_a_statement_becomes_the_question_that_it_answers(
    kiwi: Kiwi, statement: str, formal: str, polite: str, fact: str
) -> None:
    (asked,) = questions_of(statement, kiwi)
    assert (asked.formal, asked.fact) == (formal, fact)
    assert asked.polite.endswith(polite)


@pytest.mark.parametrize(
    "statement",
    [
        "제1회 우수사례에서 최우수로 뽑혔다.",  # a place in an order
        "30일이 지나면 폐기한다.",  # a condition
        "버스 6대를 쓰기로 하였다.",  # a clause inside another
        "문의는 교통과로 한다.",  # nothing to ask for
        "버스 6대를 쓰는 마을이다.",  # only describes a noun
    ],
)
def test_what_cannot_stand_alone_is_not_asked(kiwi: Kiwi, statement: str) -> None:
    assert list(questions_of(statement, kiwi)) == []


@pytest.fixture(scope="module")
def drafts(corpus_dir: Path, kiwi: Kiwi) -> tuple[EvalCase, ...]:
    return draft_cases([corpus_dir], kiwi)


def test_drafts_hold_what_the_contract_asks_and_wait_for_a_person(
    drafts: tuple[EvalCase, ...], corpus_dir: Path
) -> None:
    assert len(drafts) > 40
    assert not any(case.reviewed for case in drafts)
    kinds = {CaseType.NUMBER, CaseType.WHEN, CaseType.CONTACT, CaseType.WHO, CaseType.COLLOQUIAL, CaseType.UNANSWERABLE}
    assert kinds <= {case.type for case in drafts}
    errors = [str(finding) for finding in lint(drafts, [corpus_dir]) if finding.severity is Severity.ERROR]
    # A question without its spaces is the same wording on purpose.
    assert [error for error in errors if "질문이 같습니다" not in error] == []


def test_no_document_gets_more_than_its_share_and_ids_name_it(corpus_dir: Path, kiwi: Kiwi) -> None:
    few = draft_cases([corpus_dir / "04_주차로봇.md"], kiwi, per_document=3)
    assert [case.case_id for case in few] == ["04_주차로봇-01", "04_주차로봇-02", "04_주차로봇-03"]
    assert len({case.type for case in few}) == 3


def test_a_draft_is_counted_only_after_it_was_approved(
    corpus_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drafts.jsonl"
    made = ["draft", "--docs", str(corpus_dir / "04_주차로봇.md"), "--out", str(file), "--per-document", "4", "--json"]
    assert run_cli(cli, made) == 0
    assert json.loads(capsys.readouterr().out)["drafts"] == 4
    asked = ["generate", "--questions", str(file), "--index-dir", str(tmp_path / "none"), "--out", str(tmp_path / "r")]
    assert run_cli(cli, asked) == 2
    assert "검토를 마친 문항이 없습니다" in capsys.readouterr().err
    first, second, *_ = load_cases(file, with_drafts=True)
    assert run_cli(cli, ["approve", str(file), first.case_id, "--by", "김검토"]) == 0
    (approved,) = load_cases(file)
    assert (approved.case_id, approved.checked_by, bool(approved.checked_on)) == (first.case_id, "김검토", True)
    assert run_cli(cli, ["approve", str(file), first.case_id]) == 2
    assert "검토할 초안이 아닙니다" in capsys.readouterr().err
    assert run_cli(cli, ["approve", str(file)]) == 2
    assert run_cli(cli, ["approve", str(file), "--all"]) == 0
    assert second.case_id in {case.case_id for case in load_cases(file)}


def test_drafts_never_overwrite_a_file(corpus_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text("소중한 문항", encoding="utf-8")
    assert run_cli(cli, ["draft", "--docs", str(corpus_dir), "--out", str(file)]) == 2
    assert "이미 있습니다" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "소중한 문항"


def test_import_writes_nothing_while_a_row_is_wrong_unless_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "표.csv", tmp_path / "set.jsonl"
    table.write_text("질문,기대답변,필수표현\n며칠?,3일입니다,3일\n,3일,\n", encoding="utf-8")
    assert run_cli(cli, ["import", str(table), "--out", str(out)]) == 2
    assert "표.csv 3행: '질문'이 비어 있습니다." in capsys.readouterr().err
    assert not out.exists()
    assert run_cli(cli, ["import", str(table), "--out", str(out), "--partial", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 1
    assert [case.question for case in load_cases(out)] == ["며칠?"]
    assert run_cli(cli, ["export", str(out), "--out", str(tmp_path / "표.xlsx")]) == 0
