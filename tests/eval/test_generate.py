import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.generate import GenerateReport, generate
from eval.run import GENERATED, PREVIOUS, CheckedSentence, RunFolder
from tests.eval.builders import FakeAnswerer, cite, make_answer, make_case, make_subject

CASES = (make_case("q1", question="하나?"), make_case("q2", question="둘?"), make_case("q3", question="셋?"))


def run_generate(run: RunFolder, answerer: FakeAnswerer, index_version: str = "v1", **settings: str) -> GenerateReport:
    return generate(CASES, make_subject(answerer, index_version, settings), run, questions_file="set.jsonl")


def test_every_question_is_asked_with_its_history_and_recorded(tmp_path: Path) -> None:
    case = make_case(history=[{"role": "user", "content": "앞 질문"}])
    answerer = FakeAnswerer()
    run = RunFolder(tmp_path / "run")
    generate([case], make_subject(answerer), run, questions_file="set.jsonl")
    assert answerer.asked == [case.to_question()]
    line = json.loads((run.path / GENERATED).read_text(encoding="utf-8"))
    assert line["case_id"] == "q1"
    assert line["answer"]["status"] == "answered"
    assert line["latency_ms"] >= 0
    assert run.cases() == (case,)


def test_the_run_records_what_produced_it(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run_generate(run, FakeAnswerer(), use_dense="no")
    config = run.config()
    assert (config.kind, config.questions_file, config.n_questions) == ("answers", "set.jsonl", 3)
    assert (config.index_version, config.corpus_digest, config.settings) == ("v1", "c0ffee", {"use_dense": "no"})


def test_each_citation_is_checked_against_the_stored_document(tmp_path: Path) -> None:
    good = cite("약 3일 수준으로 단축했다.", 1)
    retyped = cite("약 사흘로 줄었다.", 2)
    elsewhere = cite("약 3일 수준으로 단축했다.", 3, document_id="d9")
    answerer = FakeAnswerer({"하나?": make_answer(citations=(good, retyped, elsewhere))})
    run = RunFolder(tmp_path)
    run_generate(run, answerer)
    assert run.answers()[0].verbatim == (True, False, False)


def test_each_sentence_is_checked_where_the_subject_can(tmp_path: Path) -> None:
    checked = (CheckedSentence(text="약 3일 수준으로 단축했습니다."),)
    subject = replace(make_subject(FakeAnswerer()), check_sentences=lambda answer: checked)
    generate(CASES, subject, RunFolder(tmp_path / "with"), questions_file="set.jsonl")
    assert [line.sentences for line in RunFolder(tmp_path / "with").answers()] == [checked] * 3
    run_generate(RunFolder(tmp_path / "without"), FakeAnswerer())
    assert [line.sentences for line in RunFolder(tmp_path / "without").answers()] == [None] * 3


def test_a_second_run_asks_nothing_again(tmp_path: Path) -> None:
    run, answerer = RunFolder(tmp_path), FakeAnswerer()
    assert run_generate(run, answerer) == GenerateReport(asked=3, reused=0, set_aside=False)
    assert run_generate(run, answerer) == GenerateReport(asked=0, reused=3, set_aside=False)
    assert len(answerer.asked) == 3


def test_a_run_that_failed_half_way_goes_on_where_it_was(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    with pytest.raises(RuntimeError, match="멈춤"):
        run_generate(run, FakeAnswerer({"둘?": RuntimeError("멈춤")}))
    assert [line.case_id for line in run.answers()] == ["q1"]
    resumed = FakeAnswerer()
    assert run_generate(run, resumed) == GenerateReport(asked=2, reused=1, set_aside=False)
    assert [question.text for question in resumed.asked] == ["둘?", "셋?"]


def test_a_half_written_last_line_is_dropped_and_asked_again(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run_generate(run, FakeAnswerer())
    path = tmp_path / GENERATED
    path.write_bytes(path.read_bytes()[:-20])
    resumed = FakeAnswerer()
    run_generate(run, resumed)
    assert [question.text for question in resumed.asked] == ["셋?"]
    assert [line.case_id for line in run.answers()] == ["q1", "q2", "q3"]


def test_a_question_that_was_reworded_is_asked_again_alone(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run_generate(run, FakeAnswerer())
    reworded = (CASES[0], make_case("q2", question="둘은요?"), CASES[2])
    answerer = FakeAnswerer()
    generate(reworded, make_subject(answerer), run, questions_file="set.jsonl")
    assert [question.text for question in answerer.asked] == ["둘은요?"]
    assert len(run.answers()) == 3


@pytest.mark.parametrize(("version", "code", "setting"), [("v2", "c1", "on"), ("v1", "c2", "on"), ("v1", "c1", "off")])
def test_answers_of_another_index_program_or_setting_are_set_aside_and_kept(
    tmp_path: Path, version: str, code: str, setting: str
) -> None:
    run = RunFolder(tmp_path)
    subject = make_subject(FakeAnswerer(), "v1", {"use_dense": "on"}, code_digest="c1")
    generate(CASES, subject, run, questions_file="set.jsonl")
    before = (tmp_path / GENERATED).read_bytes()
    other = make_subject(FakeAnswerer(), version, {"use_dense": setting}, code_digest=code)
    report = generate(CASES, other, run, questions_file="set.jsonl")
    assert report == GenerateReport(asked=3, reused=0, set_aside=True)
    assert (tmp_path / PREVIOUS).read_bytes() == before


def test_several_workers_answer_every_question_once(tmp_path: Path) -> None:
    cases = [make_case(f"q{number}", question=f"{number}번?") for number in range(30)]
    answerer, run = FakeAnswerer(), RunFolder(tmp_path)
    generate(cases, make_subject(answerer), run, questions_file="set.jsonl", workers=4)
    assert sorted(line.case_id for line in run.answers()) == sorted(case.case_id for case in cases)
    assert len(answerer.asked) == 30
    assert run.config().workers == 4


def test_progress_counts_reused_and_new_answers(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    with pytest.raises(RuntimeError):
        run_generate(run, FakeAnswerer({"둘?": RuntimeError()}))
    seen: list[tuple[int, int]] = []
    subject = make_subject(FakeAnswerer())
    generate(
        CASES, subject, run, questions_file="set.jsonl", on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
