from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.answer import Answer, Question
from chatbot.error_report import ErrorReports
from eval.__main__ import cli
from eval.console import run_cli
from eval.errors import EvalError
from eval.replay import lines_of, replay
from eval.replay_command import load_reports
from tests.chatbot.fake_chatbot import FakeChatbot


def reported(path: Path, question: str = "수리 기간은?") -> ErrorReports:
    reports = ErrorReports(path)
    asked = Question(text=question)
    reports.add(asked, FakeChatbot().answer(asked), ("wrong",), "2일이 아닙니다")
    return reports


def test_an_answer_that_stays_the_same_is_told_so(tmp_path: Path) -> None:
    [found] = replay(reported(tmp_path / "reports.jsonl"), FakeChatbot())
    assert found.changes == ()
    assert lines_of(found) == [f"{found.report_id} 그대로입니다: 수리 기간은? (wrong, 2일이 아닙니다)"]


def test_what_has_changed_is_shown_line_by_line(tmp_path: Path) -> None:
    class Mended(FakeChatbot):
        def answer(self, question: Question) -> Answer:
            answer = super().answer(question)
            provenance = answer.provenance.model_copy(update={"index_version": "v2"})
            return answer.model_copy(update={"short_answer": "평균 3일", "provenance": provenance})

    [found] = replay(reported(tmp_path / "reports.jsonl"), Mended())
    assert [change.field for change in found.changes] == ["짧은 답"]
    lines = lines_of(found)
    assert "    - 평균 2일" in lines
    assert "    + 평균 3일" in lines
    assert "  신고한 때와 색인 판이 다릅니다." in lines


def test_a_masked_question_says_that_it_is_not_the_same_question(tmp_path: Path) -> None:
    [found] = replay(reported(tmp_path / "reports.jsonl", "a@b.kr 수리 기간은?"), FakeChatbot())
    assert found.masked
    assert any("개인 번호를 가린 질문" in line for line in lines_of(found))


@pytest.mark.parametrize("content", [None, "{}\n", "줄이 아닙니다\n", b"\xff\xfe"])
def test_a_file_that_holds_no_reports_is_one_line(tmp_path: Path, content: str | bytes | None) -> None:
    path = tmp_path / "reports.jsonl"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(EvalError, match=r"reports\.jsonl"):
        load_reports(path)


@pytest.mark.parametrize("arguments", [[], ["abc", "--all"], ["abc"]])
def test_a_wrong_command_line_is_code_two(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    reported(tmp_path / "feedback" / "reports.jsonl")
    assert run_cli(cli, ["replay", *arguments, "--index-dir", str(tmp_path / "index")]) == 2
    assert "번호" in capsys.readouterr().err
