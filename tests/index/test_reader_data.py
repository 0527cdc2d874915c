"""Training questions for the reader: labels from evidence, our own questions, windows with and without the answer."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import index.training
from index.training import pairs
from index.training.reader_data import (
    Item,
    SourceDocument,
    evidence_labels,
    held_out,
    load_written,
    locate,
    read_lines,
    training_group,
    window_around,
    without_evidence,
)

QUESTIONS = Path(index.training.__file__).parent / "questions"
TEXT = "주차 로봇은 부천시가 도입했다. 로봇은 10대이다.\n요금은 무료이다."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    row = {"document_id": "d", "title": "주차 로봇", "text": TEXT}
    (tmp_path / "documents.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    return tmp_path


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "written.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def question(text: str, evidence: list[list[int]], short_answer: list[int] | None = None) -> dict[str, Any]:
    return {
        "document_id": "d",
        "type": "number",
        "question": text,
        "evidence": evidence,
        "short_answer": short_answer,
    }


def test_offsets_become_labels_and_a_short_answer(folder: Path) -> None:
    start = TEXT.index("로봇은 10대")
    rows = [
        question("로봇은 몇 대인가요?", [[start, start + 10]], [start + 4, start + 7]),
        question("예산은 얼마인가요?", []),
        {**question("다른 문서의 질문", [[0, 3]]), "document_id": "other"},
    ]
    answerable, near_miss = load_written(written(folder, *rows), folder)
    assert answerable.document.sentences == ("주차 로봇은 부천시가 도입했다.", "로봇은 10대이다.", "요금은 무료이다.")
    assert answerable.evidence == (False, True, False)
    assert answerable.short_answer == (1, 4, 7)
    assert not near_miss.answerable


def test_the_same_questions_train_the_retriever(folder: Path) -> None:
    start = TEXT.index("요금")
    path = written(folder, question("돈을 내나요?", [[start, len(TEXT)]]), question("예산은 얼마인가요?", []))
    (query,) = pairs.written(path, folder, percent=0).queries
    assert (query.question, query.evidence) == ("돈을 내나요?", "요금은 무료이다.")
    assert not list(pairs.written(path, folder, percent=100).pairs())


def test_evidence_is_found_whatever_its_white_space() -> None:
    sentences = ("가나다라마.", "바사아자차.", "바사아자차.")
    assert evidence_labels(sentences, ["바사 아자\n차."]) == (False, True, True)
    assert evidence_labels(sentences, ["없는 말"]) == (False, False, False)
    assert locate(sentences, (False, True, True), "아 자") == (1, 2, 4)


def test_a_window_less_its_evidence_has_no_answer_left() -> None:
    document = SourceDocument("d", "제목", tuple(f"{number}번째 문장입니다." for number in range(30)))
    item = Item("몇 번째?", "number", document, tuple(number == 7 for number in range(30)), (7, 0, 3))
    window = window_around(item, 120, random.Random(1))
    assert any(window.evidence)
    assert sum(map(len, window.sentences)) <= 120
    left = without_evidence(item, window)
    assert left is not None
    assert not left.answerable
    assert "7번째 문장입니다." not in left.sentences


def test_a_group_starts_with_the_own_window() -> None:
    document = SourceDocument("d", "제목", ("첫 문장입니다.", "둘째 문장입니다."))
    item = Item("무엇인가요?", "fact", document, (True, False))
    for seed in range(20):
        group = training_group(item, [], random.Random(seed))
        assert group.passages[0].answerable
        assert not any(passage.answerable for passage in group.passages[1:])


@pytest.mark.parametrize(("name", "least", "held"), [("questions.jsonl", 3000, False), ("held_out.jsonl", 400, True)])
def test_our_own_questions_are_well_formed_and_keep_to_their_side_of_the_split(
    name: str, least: int, held: bool
) -> None:
    rows = read_lines(QUESTIONS / name)
    assert len(rows) > least
    assert {held_out(row["document_id"]) for row in rows} == {held}
    for row in rows:
        assert (row["type"] == "unanswerable") == (not row["evidence"]), row
        assert all(start < end for start, end in row["evidence"])
        assert row["evidence"] == sorted(row["evidence"])
        if row["short_answer"]:
            first, last = row["short_answer"]
            assert any(start <= first < last <= end for start, end in row["evidence"]), row
