from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatbot.agencies import AgencyTable
from chatbot.generate import GenerativeComposer
from chatbot.pipeline import Chatbot
from chatbot.prompt import load_prompt
from chatbot.settings import Settings
from chatbot.verify import Verdict
from eval.cases import CaseType, EvalCase
from eval.inventions import CountingVerifier, count_inventions, missing
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


def run(library: Library, verifier: CountingVerifier, model: QueueingModel) -> tuple[object, ...]:
    composer = GenerativeComposer(model, load_prompt("answer"), verifier, library, 30)
    report = count_inventions(CASES, Chatbot(Settings(_env_file=None), library, None), composer, verifier)
    return (
        report.questions,
        report.failed,
        report.written,
        report.rejected,
        report.rejected_unsupported,
        report.shown,
        [(one.case_id, one.found) for one in report.inventions],
    )


def test_inventions_are_counted_whatever_the_gate_thinks(library: Library) -> None:
    model = QueueingModel()
    everywhere = "".join(f"[{number}]" for number in range(1, 9))
    model.enqueue(f"수리 기간을 9일에서 2일로 줄였습니다.{everywhere}")
    model.enqueue(f"수리 기간을 9일에서 5일로 줄였습니다.{everywhere}")
    model.enqueue(LostConnectionError("gone"))
    names = AgencyTable.load().names
    assert run(library, Blind(library.kiwi, names), model)[:2] == (3, 1)
    for answer in ("2일", "5일", "2일"):
        model.enqueue(f"수리 기간을 9일에서 {answer}로 줄였습니다.{everywhere}")
    assert run(library, Blind(library.kiwi, names), model)[5:] == (3, [("c1", ("5",))])


def test_the_gate_itself_lets_none_of_them_through(library: Library) -> None:
    model = QueueingModel()
    everywhere = "".join(f"[{number}]" for number in range(1, 9))
    for answer in ("2일", "5일", "2일"):
        model.enqueue(f"수리 기간을 9일에서 {answer}로 줄였습니다.{everywhere}")
    verifier = CountingVerifier(library.kiwi, AgencyTable.load().names)
    assert run(library, verifier, model) == (3, 0, 3, 1, 1, 2, [])
