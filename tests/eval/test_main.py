import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.__main__ import cli
from eval.console import run_cli
from eval.run import RunFolder
from tests.eval.builders import make_answer, make_case, make_generated, make_unanswerable, write_run

CASES = [*(make_case(f"q{n}", question=f"{n}번 기간은 며칠인가요?") for n in range(60)), make_unanswerable()]


REPORTS = ["report.html", "report.md", "junit.xml"]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Eval = Callable[..., Done]


@pytest.fixture
def run_eval(capsys: pytest.CaptureFixture[str]) -> Eval:
    def run(*arguments: str | Path) -> Done:
        capsys.readouterr()
        code = run_cli(cli, [str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return run


def make_run(path: Path, wrong: int) -> RunFolder:
    texts = ["모릅니다."] * wrong + ["3일입니다.[1]"] * (60 - wrong)
    answers = [make_generated(case, make_answer(text)) for case, text in zip(CASES, texts, strict=False)]
    return write_run(path, CASES, [*answers, make_generated(CASES[-1])])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    for name, wrong in (("good", 0), ("same", 1), ("bad", 12)):
        make_run(folder / name, wrong)
    return folder


def test_evaluate_prints_one_json_document_and_a_korean_table_beside_it(run_eval: Eval, runs: Path) -> None:
    done = run_eval("evaluate", runs / "good", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["fact_accuracy"] == 1.0
    assert "사실 정확도" in done.stderr
    assert run_eval("evaluate", runs / "good").stdout == ""


@pytest.mark.parametrize(("candidate", "code", "verdict"), [("same", 0, "unchanged"), ("bad", 1, "regressed")])
def test_compare_says_by_exit_code_whether_it_regressed(
    run_eval: Eval, runs: Path, candidate: str, code: int, verdict: str
) -> None:
    done = run_eval("compare", runs / "good", runs / candidate, "--json")
    assert done.returncode == code
    assert json.loads(done.stdout)["verdict"] == verdict
    assert "맞다가 틀리게 된 문항:" in done.stderr
    assert "이번: (답변) 모릅니다." in done.stderr


def test_compare_refuses_other_questions_with_code_3_and_a_wrong_command_with_code_2(
    run_eval: Eval, runs: Path, tmp_path: Path
) -> None:
    other = write_run(tmp_path / "other", CASES[:2], [make_generated(case) for case in CASES[:2]])
    assert run_eval("compare", runs / "good", other.path).returncode == 3
    assert run_eval("compare", runs / "good", tmp_path / "none").returncode == 2
    assert run_eval("compare", runs / "good").returncode == 2


def test_a_blessed_run_is_compared_by_name(run_eval: Eval, runs: Path, tmp_path: Path) -> None:
    blessed = run_eval("bless", runs / "good", "--name", "release", "--baselines", tmp_path)
    assert blessed.returncode == 0
    done = run_eval("compare", "release", runs / "bad", "--baselines", tmp_path, "--json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["broken"]) == 12


def test_report_writes_its_files_and_the_comparison(run_eval: Eval, runs: Path) -> None:
    done = run_eval("report", runs / "bad", "--baseline", runs / "good", "--json")
    assert done.returncode == 0
    assert [Path(path).name for path in json.loads(done.stdout)["reports"]] == [*REPORTS, "comparison.json"]


def test_lint_fails_on_errors_only(run_eval: Eval, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a01.md").write_text("약 3일 수준으로 단축했다.", encoding="utf-8")
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(make_case().model_dump_json(), encoding="utf-8")
    bad.write_text(make_case(gold_quote=["없는 문장"]).model_dump_json(), encoding="utf-8")
    assert run_eval("lint", good, "--docs", tmp_path / "docs").returncode == 0
    done = run_eval("lint", bad, "--docs", tmp_path / "docs", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "none"], "읽을 수 없습니다"),
        (["evaluate"], "RUN 값이 빠졌습니다"),
        (["compare", "a", "b", "--tolerance", "0"], "--tolerance 값이 맞지 않습니다"),
        (["compare", "a", "b"], "비교할 실행이 없습니다: 'a'"),
        (["unknown"], "명령을 알 수 없습니다: 'unknown'"),
        (["evaluate", "none", "--jsn"], "--jsn 옵션을 쓸 수 없습니다"),
        (["lint", "none.jsonl", "--docs", "none"], "문항 파일을 열 수 없습니다"),
        (["bless", "none", "--name", "../x"], "기준 이름으로 쓸 수 없습니다"),
    ],
)
def test_bad_input_gets_one_korean_line_and_code_2(run_eval: Eval, arguments: list[str], message: str) -> None:
    done = run_eval(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.strip().count("\n") == 0


@pytest.mark.model
def test_generate_and_retrieval_name_what_is_missing(run_eval: Eval, tmp_path: Path) -> None:
    questions = tmp_path / "set.jsonl"
    questions.write_text(make_case().model_dump_json(), encoding="utf-8")
    no_index = run_eval("generate", "--questions", questions, "--index-dir", tmp_path / "none", "--out", tmp_path / "r")
    no_beir = run_eval("retrieval", "--beir", tmp_path / "none", "--out", tmp_path / "r")
    for done in (no_index, no_beir):
        assert done.returncode == 2
        assert done.stderr.strip().count("\n") == 0
        assert "Traceback" not in done.stderr


def test_the_module_runs_from_the_shell_and_help_is_korean() -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "eval", "compare", "--help"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "종료 코드 0 나빠지지 않음, 1 나빠짐" in " ".join(done.stdout.split())
