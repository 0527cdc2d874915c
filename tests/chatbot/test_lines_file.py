from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.api.feedback import Feedback, FeedbackFile
from chatbot.lines_file import LinesFile


def test_lines_come_back_in_order_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    file = LinesFile(tmp_path / "new" / "lines.jsonl")
    file.append("하나")
    file.append("둘")
    assert [line.strip() for line in file.lines()] == ["하나", "둘"]
    assert (tmp_path / "new" / "lines.jsonl").stat().st_mode & 0o077 == 0


def test_a_full_file_takes_no_more(tmp_path: Path) -> None:
    file = LinesFile(tmp_path / "lines.jsonl", max_bytes=20)
    file.append("a" * 15)
    with pytest.raises(OSError, match="full"):
        file.append("b" * 15)
    assert len(list(file.lines())) == 1


def test_personal_numbers_are_masked_in_an_opinion_however_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    comment = ("a@b.kr " * 300)[:2000]
    FeedbackFile(path).append(Feedback(answer_id="a1", rating="down", comment=comment))
    kept = path.read_text(encoding="utf-8")
    assert "a@b.kr" not in kept
    assert "[전자우편 주소]" in kept
