import json
from pathlib import Path

import pytest

from eval.compare import Verdict, compare
from eval.errors import EvalError, RunFormatError
from eval.metrics.names import Metric
from eval.run import CONFIG, RETRIEVED, RetrievedQuery, RunConfig, RunFolder
from eval.scorecard import bless, load_scorecard, scorecard_of
from tests.eval.builders import make_answer, make_case, make_generated, make_unanswerable, write_run


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    cases = [make_case("q1"), make_case("q2"), make_unanswerable("u1")]
    answers = [make_generated(cases[0]), make_generated(cases[1], make_answer("4일[1]")), make_generated(cases[2])]
    return write_run(tmp_path / "run", cases, answers)


def test_a_run_becomes_values_by_case_with_fingerprints(run: RunFolder) -> None:
    card = scorecard_of(run)
    assert (card.name, card.kind, card.index_version, card.corpus_digest) == ("run", "answers", "v1", "c0ffee")
    assert {case_id: case.passed for case_id, case in card.cases.items()} == {"q1": True, "q2": False, "u1": True}
    assert card.means[Metric.FACT_ACCURACY] == 1 / 2
    assert card.means[Metric.ACCURACY] == pytest.approx(2 / 3)
    assert card.answerers == ("extractive",)
    assert card.questions_sha256 == run.config().questions_sha256


def test_answers_of_another_index_in_one_run_are_refused(tmp_path: Path) -> None:
    case = make_case()
    with pytest.raises(RunFormatError, match=r"'q1'의 답은 다른 색인 판\(v1\)"):
        scorecard_of(write_run(tmp_path, [case], [make_generated(case)], index_version="v2"))


def test_a_blessed_baseline_holds_no_text_and_compares_like_its_run(run: RunFolder, tmp_path: Path) -> None:
    path = bless(run, "first", baselines=tmp_path / "baselines")
    text = path.read_text(encoding="utf-8")
    assert "단축" not in text
    assert "기간" not in text
    baseline = load_scorecard("first", tmp_path / "baselines")
    comparison = compare(baseline, scorecard_of(run), tolerance=0.5)
    assert (comparison.verdict, comparison.broken, comparison.notes) == (Verdict.UNCHANGED, (), ())


def test_a_baseline_has_one_case_a_line(run: RunFolder, tmp_path: Path) -> None:
    text = bless(run, "first", baselines=tmp_path).read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if '"q2"' in line]
    assert json.loads("{" + line.strip().rstrip(",") + "}")["q2"]["passed"] is False


def test_a_baseline_keeps_answers_when_asked(run: RunFolder, tmp_path: Path) -> None:
    bless(run, "full", baselines=tmp_path, with_answers=True)
    assert load_scorecard("full", tmp_path).cases["q2"].answer == "4일[1]"


def test_blessing_again_replaces_the_baseline(run: RunFolder, tmp_path: Path) -> None:
    bless(run, "same", baselines=tmp_path, with_answers=True)
    bless(run, "same", baselines=tmp_path)
    assert load_scorecard("same", tmp_path).cases["q2"].answer == ""


def test_a_reference_is_a_folder_a_file_or_a_name(run: RunFolder, tmp_path: Path) -> None:
    path = bless(run, "named", baselines=tmp_path)
    assert load_scorecard(str(run.path)).name == "run"
    assert load_scorecard(str(path)) == load_scorecard("named", tmp_path)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "두 말"])
def test_a_name_that_leaves_the_folder_is_refused(run: RunFolder, tmp_path: Path, name: str) -> None:
    with pytest.raises(EvalError, match="기준 이름"):
        bless(run, name, baselines=tmp_path / "baselines")
    assert not (tmp_path / "baselines").exists()


def test_an_unknown_reference_and_a_foreign_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(RunFormatError, match="비교할 실행이 없습니다: 'none'"):
        load_scorecard("none", tmp_path)
    (tmp_path / "other.json").write_text('{"a": 1}')
    with pytest.raises(RunFormatError, match="bless가 만든 기준 파일이 아닙니다"):
        load_scorecard("other", tmp_path)


def test_a_retrieval_run_is_a_scorecard_too(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    queries = [
        RetrievedQuery(case_id="1", question="가", ranked=("a", "b"), relevant={"b": 1.0}, latency_ms=10),
        RetrievedQuery(case_id="2", question="나", ranked=("a",), relevant={"z": 1.0}, latency_ms=30),
    ]
    run.write_lines(RETRIEVED, queries)
    config = RunConfig(
        kind="retrieval", created_at="", questions_file="", questions_sha256="q", n_questions=2, index_version="v1"
    )
    run.write_json(CONFIG, config)
    card = scorecard_of(run)
    assert card.kind == "retrieval"
    assert (card.means[Metric.MRR_AT_10], card.means[Metric.RECALL_AT_1]) == (1 / 4, 0.0)
    assert [case.passed for case in card.cases.values()] == [True, False]
    assert card.latency_p50_ms == 20
    assert compare(card, card, tolerance=0.5).verdict is Verdict.UNCHANGED
