from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.agencies import AgencyTable
from chatbot.generate import GenerativeComposer
from chatbot.model_queue import ModelQueue
from chatbot.pipeline import Chatbot
from chatbot.prompt import load_prompt
from chatbot.settings import Settings
from chatbot.verify import Verdict
from eval.cases import CaseType, EvalCase
from eval.errors import EvalError
from eval.inventions import (
    CaseInventions,
    CountingVerifier,
    InventionReport,
    count_inventions,
    missing,
    read_inventions,
)
from index.library import Library
from tests.chatbot.fake_model import LostConnectionError, QueueingModel, tiny_library

KNOWN = ["새빛시는 1,240건을 2일로 줄였고 3만 명이 썼다. 2024. 3. 5. 김민수 과장", "고장 신고 개선 새빛시 2024 성과"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("새빛시는 1240건을 2일로 줄였습니다.", ()),
        ("김민수 과장이 2024년 3월 5일에 알렸습니다.", ()),
        ("24건을 2일로 줄였습니다.", ("24",)),  # a piece of another figure is no support
        ("3만 명이 12.5% 줄었습니다.", ("12.5",)),
        ("두 곳에서 2일로 줄였습니다.", ("두 곳",)),
        ("이민호 과장이 알렸습니다.", ("이민호",)),
        ("국토교통부가 줄였습니다.", ("국토교통부",)),
        ("새벽배움재단과 함께 줄였습니다.", ("새벽배움재단",)),
        ("AI로 2일로 줄였습니다.", ("ai",)),
    ],
)
def test_what_stands_nowhere_in_the_texts_is_found_by_its_letters(sentence: str, found: tuple[str, ...]) -> None:
    assert missing(sentence, KNOWN) == found


class Blind(CountingVerifier):
    """Lets everything through."""

    def check(self, sentence: str, passages: object, *, context: str = "") -> Verdict:
        return Verdict(True, ())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = tiny_library(tmp_path_factory.mktemp("tiny"))
    yield library
    library.close()


CASES = [
    EvalCase(
        case_id=f"c{number}", type=CaseType.NUMBER, question="자전거 수리 기간이 얼마나 줄었나요?", answerable=True
    )
    for number in range(3)
]


def run(library: Library, verifier: CountingVerifier, model: QueueingModel) -> InventionReport:
    composer = GenerativeComposer(
        model, load_prompt("answer"), verifier, library, 30, queue=ModelQueue(1, rest_seconds=0)
    )
    bot = Chatbot(Settings(_env_file=None), library, None)
    return InventionReport.of(list(count_inventions(CASES, bot, composer, verifier)))


EVERYWHERE = "".join(f"[{number}]" for number in range(1, 9))


def said(repaired_in: str) -> str:
    return f"수리 기간을 9일에서 {repaired_in}로 줄였습니다.{EVERYWHERE}"


def test_inventions_are_counted_whatever_the_gate_thinks(library: Library) -> None:
    model = QueueingModel()
    for answer in ("2일", "5일"):
        model.enqueue(said(answer))
    model.enqueue(LostConnectionError("gone"))
    report = run(library, Blind(library.kiwi, AgencyTable.load().names), model)
    assert (report.questions, report.failed, report.shown) == (3, 1, 2)
    (case,) = report.inventions
    assert (case.case_id, case.inventions[0].found) == ("c1", ("5",))


def test_the_gate_itself_lets_none_of_them_through(library: Library) -> None:
    model = QueueingModel()
    for answer in ("2일", "5일", "2일"):
        model.enqueue(said(answer))
    report = run(library, CountingVerifier(library.kiwi, AgencyTable.load().names), model)
    assert report == InventionReport(
        questions=3, failed=0, written=3, rejected=1, rejected_unsupported=1, shown=2, inventions=()
    )


def test_a_run_goes_on_where_it_stopped_and_asks_again_what_failed(tmp_path: Path) -> None:
    path = tmp_path / "inventions.jsonl"
    assert read_inventions(path) == []
    counts = {"written": 1, "rejected": 0, "rejected_unsupported": 0, "shown": 1, "inventions": ()}
    done, failed = (CaseInventions(case_id=name, failed=name == "c2", **counts) for name in ("c1", "c2"))
    path.write_text(f"{done.model_dump_json()}\n{failed.model_dump_json()}\n", encoding="utf-8")
    assert read_inventions(path) == [done]


def test_another_file_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(EvalError, match=r"other\.jsonl.*--out"):
        read_inventions(path)
