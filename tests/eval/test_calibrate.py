from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval import calibrate
from eval.calibrate import held_out, load_questions, read_texts


def held_id() -> str:
    return next(name for name in (f"doc-{n}" for n in range(1000)) if held_out(name))


def trained_id() -> str:
    return next(name for name in (f"doc-{n}" for n in range(1000)) if not held_out(name))


def test_about_the_named_share_of_documents_is_held_out() -> None:
    share = sum(held_out(f"document-{n}") for n in range(4000)) / 4000
    assert share == pytest.approx(calibrate.HELD_OUT_PERCENT / 100, abs=0.02)


def test_only_questions_over_held_out_documents_are_read(tmp_path: Path) -> None:
    kept, dropped = held_id(), trained_id()
    rows = [
        {"document_id": kept, "question": "몇 건?", "history": [], "answerable": True, "evidence": ["90건"]},
        {"document_id": kept, "question": "예산은?", "history": [], "answerable": False, "evidence": []},
        {"document_id": kept, "question": "무엇이?", "evidence": [[0, 2]]},
        {"document_id": dropped, "question": "언제?", "history": [], "answerable": True, "evidence": ["x"]},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    found = list(load_questions([path], {kept: "신고 90건", dropped: "x"}))
    assert [item.evidence for item in found] == [("90건",), (), ("신고",)]
    assert [item.answerable for item in found] == [True, False, True]


def test_the_texts_of_the_documents_are_read(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "a", "text": "가"}\n{"_id": "b", "text": "나"}\n', encoding="utf-8")
    assert read_texts(tmp_path) == {"a": "가", "b": "나"}


def test_the_first_sentence_is_judged_only_where_evidence_was_reachable() -> None:
    # Question 0: best is evidence. Question 1: best is not. Question 2 has no evidence among its candidates.
    scores = np.array([0.9, 0.1, 0.8, 0.3, 0.7])
    labels = [True, False, False, True, False]
    owners = [0, 0, 1, 1, 2]
    assert calibrate._first_right(scores, labels, owners) == 1 / 2


def test_evidence_and_sentence_match_whichever_holds_the_other() -> None:
    assert calibrate._is_evidence("약 3일로 줄었습니다.", ["처리기간이약3일로줄었습니다."])
    assert calibrate._is_evidence("처리 기간이 약 3일로 줄었습니다.", ["약3일로줄었습니다"])
    assert not calibrate._is_evidence("다른 문장입니다.", ["약3일로줄었습니다"])
    assert not calibrate._is_evidence("예.", ["예.그렇습니다"])
