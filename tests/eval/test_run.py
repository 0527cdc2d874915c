from pathlib import Path

import pytest

from eval.errors import RunFormatError
from eval.run import CONFIG, GENERATED, RunFolder
from tests.eval.builders import make_case, make_generated, write_run


def test_a_folder_that_is_no_run_is_named_in_one_line(tmp_path: Path) -> None:
    for read in (RunFolder(tmp_path).config, RunFolder(tmp_path).answers):
        with pytest.raises(RunFormatError, match="읽을 수 없습니다") as caught:
            read()
        assert "\n" not in str(caught.value)


def test_a_foreign_config_is_refused(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text('{"kind": "other"}')
    with pytest.raises(RunFormatError, match=r"config\.json"):
        RunFolder(tmp_path).config()


def test_a_broken_line_in_the_middle_is_an_error_and_not_dropped(tmp_path: Path) -> None:
    case = make_case()
    run = write_run(tmp_path, [case], [make_generated(case)])
    (tmp_path / GENERATED).write_text("{}\n" + make_generated(case).model_dump_json() + "\n", encoding="utf-8")
    with pytest.raises(RunFormatError, match="1번째 줄"):
        run.answers()


def test_answers_come_back_as_they_were_written(tmp_path: Path) -> None:
    case = make_case()
    written = make_generated(case, latency_ms=12.5, verbatim=(False,))
    assert write_run(tmp_path, [case], [written]).answers() == (written,)


def test_answers_from_before_sentences_were_checked_can_be_read(tmp_path: Path) -> None:
    case = make_case()
    run = write_run(tmp_path, [case], [make_generated(case)])
    older = make_generated(case).model_dump_json(exclude={"sentences"})
    assert "sentences" not in older
    (tmp_path / GENERATED).write_text(older + "\n", encoding="utf-8")
    assert run.answers()[0].sentences is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFormatError, match="실행 폴더를 만들 수 없습니다"):
        RunFolder(tmp_path / "file" / "run").create()
