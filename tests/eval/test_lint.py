from pathlib import Path

import pytest

from eval.cases import EvalCase
from eval.lint import Finding, Severity, lint
from index.errors import DocumentsNotFoundError
from tests.eval.builders import DOCUMENT, make_case, make_unanswerable


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a01-period.md").write_text(f"---\ntitle: 기간\n---\n{DOCUMENT}\n", encoding="utf-8")
    (folder / "b02-other.txt").write_text("다른 문서입니다. 예산은 1,200만 원입니다.", encoding="utf-8")
    return folder


def of_cases(docs: Path, *cases: EvalCase) -> list[Finding]:
    return [finding for finding in lint(cases, [docs]) if finding.case_id != "전체"]


def test_a_right_case_has_no_findings(docs: Path) -> None:
    assert of_cases(docs, make_case(gold_docs=["a01"]), make_unanswerable(question="예산은 얼마인가요?")) == []


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            make_case(gold_quote=["약 4일 수준으로"], must_include=[["4일"]]),
            "gold_quote가 문서에 그대로 있지 않습니다: 약 4일",
        ),
        (make_case(gold_docs=["b02"]), "gold_quote가 문서에 그대로 있지 않습니다"),
        (make_case(gold_docs=["z99"]), "gold_docs 'z99'(으)로 시작하는 문서가 없습니다."),
        (make_case(must_not_include=["단축"]), "must_not_include '단축'이(가) gold_quote에 있어"),
        (make_unanswerable(must_include=[["3일"]]), "답할 수 없는 문항에 must_include나 gold_quote가 있습니다."),
        (make_case(type="unanswerable"), "유형은 unanswerable인데 answerable이 true입니다."),
        (make_case(type="followup"), "history가 비어 있습니다."),
        (make_case(gold_quote=[], note="[derived: 3일]"), "gold_quote가 없습니다."),
        (make_unanswerable(note="[absent: 혁신행정담당관]"), "[absent: 혁신행정담당관]라고 했지만 문서에 있습니다."),
        (make_case(must_inclde=[["3일"]]), "계약에 없는 항목 'must_inclde'"),
    ],
)
def test_what_would_make_a_score_wrong_is_an_error(docs: Path, case: EvalCase, message: str) -> None:
    findings = of_cases(docs, case)
    assert any(message in finding.message and finding.severity is Severity.ERROR for finding in findings), findings


def test_a_quote_may_differ_from_its_document_in_white_space_only(docs: Path) -> None:
    assert of_cases(docs, make_case(gold_quote=["약3일 수준으로\n단축했다."])) == []


def test_a_fact_that_no_quote_holds_is_a_warning_unless_declared_as_derived(docs: Path) -> None:
    (finding,) = of_cases(docs, make_case(must_include=[["3일"], ["사흘", "삼일"]]))
    assert finding.severity is Severity.WARNING
    assert "'사흘 | 삼일'" in finding.message
    assert of_cases(docs, make_case(must_include=[["사흘"]], note="풀어 쓴 말 [derived: 사흘 | 삼 일]")) == []
    assert of_cases(docs, make_case(must_include=[["사흘"]], gold_case="사흘로 줄인 사례")) == []


def test_the_same_wording_is_an_error_and_nearly_the_same_a_warning(docs: Path) -> None:
    first = make_case("a", question="기간이 며칠에서 며칠로 줄었나요?")
    same = make_case("b", question="기간이 며칠에서, 며칠로 줄었나요")
    near = make_case("c", question="기간이 며칠에서 며칠로 줄었나?")
    other = make_case("d", question="담당 부서는 어디인가요?")
    findings = of_cases(docs, first, same, near, other)
    assert [(finding.severity, finding.case_id) for finding in findings] == [
        (Severity.ERROR, "b"),
        (Severity.WARNING, "c"),
        (Severity.WARNING, "c"),
    ]


def test_the_same_words_after_another_turn_are_another_question(docs: Path) -> None:
    first = make_case("a", type="followup", history=[{"role": "user", "content": "집배원 사례는 어떤 것인가요?"}])
    second = make_case("b", type="followup", history=[{"role": "user", "content": "해변 로봇을 쓴 곳이 있습니까?"}])
    assert of_cases(docs, first, second) == []


def test_a_set_without_refusals_and_with_one_crowded_type_is_unbalanced(docs: Path) -> None:
    cases = [make_case(f"q{number}", question=f"{number}" * 8) for number in range(4)]
    messages = [finding.message for finding in lint(cases, [docs]) if finding.case_id == "전체"]
    assert "답할 수 없는 문항이 0%입니다(15%~50%가 알맞습니다)." in messages
    assert "유형 fact의 문항이 100%로 치우쳤습니다." in messages
    assert "유형 injection의 문항이 0개뿐입니다." in messages


def test_a_missing_folder_is_an_error_of_the_index(tmp_path: Path) -> None:
    with pytest.raises(DocumentsNotFoundError):
        lint([make_case()], [tmp_path / "none"])


def test_a_finding_reads_as_one_korean_line() -> None:
    assert str(Finding(severity=Severity.WARNING, case_id="q1", message="살펴보십시오.")) == "주의 q1: 살펴보십시오."
