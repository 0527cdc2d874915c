"""The command line: one JSON document on standard output, one line for each error."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from index.__main__ import cli
from tests.fake_embedder import FakeEmbedder

ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path, **environment: str) -> Result:
    """The command line in this process with the fake model: loading the real one takes seconds each time."""
    with pytest.MonkeyPatch.context() as patched:
        for module in ("index.build", "index.library"):
            patched.setattr(f"{module}.embedder_for", lambda settings: FakeEmbedder())
        return CliRunner().invoke(cli, [str(argument) for argument in arguments], env=environment)


def run_alone(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as users start it."""
    return subprocess.run(
        [sys.executable, "-m", "index", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=240,
    )


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Path:
    """An index that the command line built."""
    folder = tmp_path_factory.mktemp("main") / "index"
    done = run("build", "--docs", corpus_dir, "--index-dir", folder, "--json")
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["documents"], report["embedded"]) == (10, report["chunks"])
    assert "문서 10건" in done.stderr
    return folder


def test_building_again_reports_that_nothing_was_embedded(index_dir: Path, corpus_dir: Path) -> None:
    done = run("build", "--docs", corpus_dir, "--index-dir", index_dir, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["embedded"], report["unchanged"], report["skipped"]) == (0, 0, 10, [])


def test_status_and_search_print_one_json_document(index_dir: Path) -> None:
    status = json.loads(run("status", "--index-dir", index_dir, "--json").stdout)
    assert (status["documents"], status["current"] in status["versions"]) == (10, True)
    found = json.loads(run("search", "주차 로봇", "--index-dir", index_dir, "-k", "2", "--json").stdout)
    assert (found["query"], found["index_version"]) == ("주차 로봇", status["current"])
    assert [row["rank"] for row in found["results"]] == [1, 2]
    assert found["results"][0]["case_title"].startswith("주차 로봇")


def test_people_get_text(index_dir: Path) -> None:
    assert "문서 10건" in run("status", "--index-dir", index_dir).stdout
    assert "주차 로봇으로" in run("search", "주차 로봇", "--index-dir", index_dir).stdout
    nothing = run("search", "?!", "--index-dir", index_dir)
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "찾은 것이 없습니다" in nothing.stderr


def test_skipped_files_are_told_on_standard_error(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("여권은 나흘 뒤에 받는다.", encoding="utf-8")
    (docs / "가짜.txt").write_bytes(b"%PDF-1.7")
    done = run("build", "--docs", docs, "--index-dir", tmp_path / "i", "--json")
    assert (done.exit_code, len(json.loads(done.stdout)["skipped"])) == (0, 1)
    assert "'가짜.txt': PDF" in done.stderr


def test_rollback_goes_back_and_says_so(tmp_path: Path) -> None:
    docs, index = tmp_path / "docs", tmp_path / "i"
    docs.mkdir()
    versions = []
    for text in ("첫 글이다.", "둘째 글이다."):
        (docs / "a.txt").write_text(text, encoding="utf-8")
        versions.append(json.loads(run("build", "--docs", docs, "--index-dir", index, "--json").stdout)["version"])
    done = run("rollback", "--index-dir", index)
    assert (done.exit_code, versions[0] in done.stderr) == (0, True)
    assert json.loads(run("status", "--index-dir", index, "--json").stdout)["current"] == versions[0]
    refused = run("rollback", "--index-dir", index)
    assert (refused.exit_code, "되돌릴 앞선 색인 판이 없습니다" in refused.stderr) == (1, True)


@pytest.fixture
def places(tmp_path: Path, index_dir: Path, corpus_dir: Path) -> dict[str, Path]:
    """Good and bad folders by name."""
    found = {name: tmp_path / name for name in ("empty", "pdf_only", "missing", "file", "new", "damaged")}
    for name in ("empty", "pdf_only"):
        found[name].mkdir()
    (found["pdf_only"] / "계획.txt").write_bytes(b"%PDF-1.7")
    found["file"].write_bytes(b"")
    damaged = found["damaged"] / "versions" / "1"
    damaged.mkdir(parents=True)
    (damaged / "manifest.json").write_text("{")
    (found["damaged"] / "CURRENT").write_text("1")
    return {**found, "docs": corpus_dir, "index": index_dir}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("build --docs {missing} --index-dir {new}", "문서 폴더가 없습니다"),
        ("build --docs {docs} --docs {missing} --index-dir {new}", "문서 폴더가 없습니다"),
        ("build --docs {empty} --index-dir {new}", "문서 폴더가 비어 있습니다"),
        ("build --docs {pdf_only} --index-dir {new}", "읽을 수 있는 문서가 없습니다. '계획.txt': PDF"),
        ("build --docs {docs} --index-dir {file}", "쓸 수 없습니다"),
        ("build --docs {docs} --index-dir {file}/below", "쓸 수 없습니다"),
        ("status --index-dir {new}", "색인이 없습니다"),
        ("status --index-dir {file}", "색인이 없습니다"),
        ("status --index-dir {damaged}", "다시 만들어 주십시오"),
        ("search 질의 --index-dir {empty}", "색인이 없습니다"),
        ("rollback --index-dir {new}", "색인이 없습니다"),
    ],
)
def test_each_error_is_one_line_of_korean_and_a_failure(places: dict[str, Path], command: str, said: str) -> None:
    done = run(*(part.format(**places) for part in command.split(" ")), "--json" if "rollback" not in command else "--")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert said in done.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"INDEX_MAX_CHUNK_CHARS": "900"}, "다른 설정"),
        ({"INDEX_CHROMA_URL": "http://127.0.0.1:9"}, "Chroma 서버에 연결할 수 없습니다"),
    ],
)
def test_an_index_that_the_settings_do_not_fit_is_refused(
    index_dir: Path, environment: dict[str, str], said: str
) -> None:
    done = run("search", "질의", "--index-dir", index_dir, **environment)
    assert (done.exit_code, done.stderr.count("\n"), said in done.stderr) == (1, 1, True), done.stderr


def test_an_error_outside_a_terminal_is_one_line(tmp_path: Path) -> None:
    done = run_alone("build", "--docs", tmp_path / "없음", "--index-dir", tmp_path / "i", "--json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr


@pytest.mark.slow
@pytest.mark.model
def test_the_command_line_with_the_real_model(tmp_path: Path, corpus_dir: Path) -> None:
    index = tmp_path / "i"
    built = run_alone("build", "--docs", corpus_dir, "--index-dir", index, "--json")
    assert json.loads(built.stdout)["documents"] == 10, built.stderr
    found = run_alone("search", "차 세우기 어려운 골목", "--index-dir", index, "--json")
    assert json.loads(found.stdout)["results"][0]["case_title"].startswith("주차 로봇"), found.stderr
    missing = run_alone("search", "질의", "--index-dir", index, INDEX_EMBEDDING_MODEL="x")
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1), missing.stderr
    assert "임베딩 모델 'x'" in missing.stderr


def test_the_report_is_shown_for_an_index_and_for_a_folder(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.csv").write_text("민원,수수료\n등본,400원\n초본,200원\n", encoding="utf-8")
    (docs / "b.pdf").write_bytes(b"%PDF-1.7")
    read = run("report", "--docs", docs)
    assert (read.exit_code, read.stdout.splitlines()[0]) == (0, "읽음    'a.csv' CSV: 32자, 표 1개(글자의 100%)")
    assert "건너뜀  'b.pdf': PDF 파일이 손상" in read.stdout
    assert read.stdout.splitlines()[-1].startswith("파일 2개 가운데 1개를 읽었습니다")
    run("build", "--docs", docs, "--index-dir", tmp_path / "i")
    built = run("report", "--index-dir", tmp_path / "i", "--json")
    assert [(row["source"], row["tables"]) for row in json.loads(built.stdout)["files"]] == [("a.csv", 1), ("b.pdf", 0)]
    assert "--index-dir 또는 --docs" in run("report").stderr


def test_each_file_that_changed_is_told_on_standard_error(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("여권은 나흘 뒤에 받는다.", encoding="utf-8")
    assert "추가: 'a.txt'" in run("build", "--docs", docs, "--index-dir", tmp_path / "i").stderr
    (docs / "a.txt").rename(docs / "b.txt")
    assert "이름 변경: 'a.txt' → 'b.txt'" in run("build", "--docs", docs, "--index-dir", tmp_path / "i").stderr
    compared = run("diff", "--index-dir", tmp_path / "i")
    assert "이름 변경: 'a.txt' → 'b.txt'" in compared.stdout
    assert json.loads(run("diff", "--index-dir", tmp_path / "i", "--json").stdout)["chunks_kept"] == 1


def test_damage_is_told_and_repaired(tmp_path: Path, corpus_dir: Path) -> None:
    index = tmp_path / "i"
    run("build", "--docs", corpus_dir, "--index-dir", index)
    assert "모두 맞습니다" in run("verify", "--index-dir", index).stderr
    assert "고칠 것이 없습니다" in run("repair", "--docs", corpus_dir, "--index-dir", index).stderr
    (catalog,) = index.glob("versions/*/catalog.sqlite")
    with sqlite3.connect(catalog) as connection:
        connection.execute("UPDATE chunks SET start = start + 1 WHERE rowid = 1")
    damaged = run("verify", "--index-dir", index, "--json")
    assert (damaged.exit_code, len(json.loads(damaged.stdout)["problems"])) == (1, 1)
    repaired = run("repair", "--docs", corpus_dir, "--index-dir", index, "--json")
    assert (repaired.exit_code, json.loads(repaired.stdout)["repaired"]) == (0, True)
    assert run("verify", "--index-dir", index).exit_code == 0
