import csv
import json
from pathlib import Path

import pytest

from eval.errors import RunFormatError
from eval.evaluate import evaluate
from eval.run import CASES, GENERATED, SUMMARY, RunFolder
from tests.eval.builders import make_answer, make_case, make_generated, make_unanswerable, write_run


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    cases = [make_case("q1"), make_unanswerable("u1")]
    return write_run(tmp_path / "run", cases, [make_generated(cases[0], latency_ms=80), make_generated(cases[1])])


def test_the_summary_file_has_the_keys_of_the_contract_overall_and_by_type(run: RunFolder) -> None:
    evaluate(run)
    summary = json.loads((run.path / SUMMARY).read_text(encoding="utf-8"))
    keys = {"fact_accuracy", "citation_recall", "citation_precision", "refusal_accuracy", "false_refusals"}
    keys |= {"faithfulness", "latency_p50_ms", "latency_p95_ms", "answer_chars"}
    assert keys <= set(summary)
    assert set(summary["by_type"]) == {"fact", "unanswerable"}
    assert keys <= set(summary["by_type"]["fact"])
    assert (summary["fact_accuracy"], summary["refusal_accuracy"], summary["n"]) == (1.0, 1.0, 2)
    assert (summary["index_version"], summary["corpus_digest"]) == ("v1", "c0ffee")


def test_evaluating_twice_gives_the_same_files(run: RunFolder) -> None:
    evaluate(run)
    first = {name: (run.path / name).read_bytes() for name in (SUMMARY, CASES, GENERATED)}
    evaluate(run)
    assert first == {name: (run.path / name).read_bytes() for name in first}


def test_cases_csv_has_one_row_a_question_and_empty_cells_for_undefined_values(run: RunFolder) -> None:
    evaluate(run)
    data = (run.path / CASES).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    answered, refused = csv.DictReader(data.decode("utf-8-sig").splitlines())
    assert (answered["case_id"], answered["fact_accuracy"], answered["refusal_accuracy"]) == ("q1", "1", "")
    assert (refused["status"], refused["fact_accuracy"]) == ("unanswerable_not_in_sources", "")
    assert answered["latency_ms"] == "80.0"
    assert (answered["faithfulness"], answered["difficulty"]) == ("", "")
    assert answered["sources"] == "a01.md"


def test_an_answer_that_starts_like_a_formula_is_only_text_in_the_csv(tmp_path: Path) -> None:
    case = make_case()
    run = write_run(tmp_path, [case], [make_generated(case, make_answer("=HYPERLINK(0)"))])
    evaluate(run)
    (row,) = csv.DictReader((run.path / CASES).read_text(encoding="utf-8-sig").splitlines())
    assert row["answer"] == "'=HYPERLINK(0)"


def test_corrected_expectations_are_scored_and_kept(run: RunFolder) -> None:
    corrected = [make_case("q1", must_include=[["4일"]]), make_unanswerable("u1")]
    before = run.config().questions_sha256
    summary, _ = evaluate(run, corrected)
    assert summary.fact_accuracy == 0.0
    assert run.config().questions_sha256 == summary.questions_sha256 != before
    again, _ = evaluate(run)
    assert again == summary


def test_an_unfinished_run_is_not_scored(tmp_path: Path) -> None:
    cases = [make_case("q1"), make_case("q2")]
    run = write_run(tmp_path, cases, [make_generated(cases[0])])
    with pytest.raises(RunFormatError, match="generate를 다시"):
        evaluate(run)
    assert not (run.path / SUMMARY).exists()
