from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from chatbot.answer import Question
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from chatbot.training.candidates import is_evidence, read_samples, sample
from index.library import Library
from index.training.reader_data import held_out
from tests.chatbot.fake_model import tiny_library

EVIDENCE = "수리 기간을 평균 9일에서 2일로 줄였습니다."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = tiny_library(tmp_path_factory.mktemp("tiny"))
    yield library
    library.close()


def record(document_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "document_id": document_id,
        "type": "number",
        "question": "자전거 수리 기간이 얼마나 줄었나요?",
        "answerable": True,
        "evidence": [EVIDENCE],
        "answer": "9일에서 2일로 줄였습니다.",
        **changes,
    }


def test_a_sample_keeps_the_candidates_with_their_labels_and_survives_its_file(
    library: Library, tmp_path: Path
) -> None:
    bot = Chatbot(Settings(_env_file=None), library, None)
    one = record(next(name for name in map(str, range(99)) if not held_out(name)))
    trace = bot.trace(Question(text=one["question"]))
    assert trace is not None
    made = sample(one, trace)
    assert made.reachable
    assert made.candidates[0].is_evidence  # what is trained on has its right sentence first
    assert [c.is_evidence for c in made.candidates].count(True) == 1
    path = tmp_path / "samples.jsonl"
    path.write_text(json.dumps(asdict(made), ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_samples(path) == [made]


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [("수리 기간을 줄임", True), ("수리 기간을 줄임. 신고는 늘었음", True), ("신고는 늘었음", False), ("줄임", False)],
)
def test_evidence_and_a_sentence_hold_one_another_white_space_aside(sentence: str, evidence: bool) -> None:
    assert is_evidence(sentence, ["수리기간을줄임"]) is evidence
