"""The gate as a whole: answer, score, compare; nothing changed passes, a broken tokenizer does not."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from eval.__main__ import cli
from eval.cases import EvalCase
from eval.console import run_cli
from eval.generate import generate
from eval.run import RunFolder
from eval.subject import Subject
from index.build import build_index
from index.library import open_library
from index.settings import IndexSettings
from tests.eval.broken_tokenizer import broken_tokenizer
from tests.eval.builders import make_case
from tests.fake_embedder import FakeEmbedder

# Question, and what the passage that answers it holds. Documents: tests/data/corpus.
ASKED = (
    ("마을버스 장보기 차의 시범 운영 이용자는 월평균 몇 명입니까?", "1,240명"),
    ("반지하 침수를 막으려고 수위계를 단 하수관은 몇 곳입니까?", "112곳"),
    ("인공지능 전화는 일주일에 몇 번 전화를 겁니까?", "주 2회"),
    ("종이 없는 전입 신고로 처리 기간은 며칠로 줄었습니까?", "4일"),
    ("전자 고지로 등기우편 수령률은 얼마로 올랐습니까?", "94%"),
    ("돌려준 통신비 미환급금은 얼마입니까?", "41억"),
    ("섬마을 무선국 신고 기간은 며칠로 줄었습니까?", "3일"),
    ("공공데이터 표준 형식은 몇 종을 정합니까?", "46종"),
    ("공공데이터 개방 계획에서 시민 위원은 몇 명을 뽑습니까?", "30명"),
    ("주차 로봇으로 주차 면수는 몇 면으로 늘었습니까?", "52면"),
    ("마루시 주차장의 주차 요금은 10분에 얼마입니까?", "300원"),
    ("미세먼지 측정소 가운데 공원 안에 있는 것은 몇 곳입니까?", "6곳"),
)


def cases() -> list[EvalCase]:
    return [
        make_case(f"g{number:02}", question=question, must_include=[[fact]], gold_quote=[fact])
        for number, (question, fact) in enumerate(ASKED)
    ]


def answered(folder: Path, corpus: Path, tokenizer: AbstractContextManager[None]) -> RunFolder:
    """A run of the real pipeline over the ten documents; the models are left out, lexical search decides."""
    settings = Settings(
        index=IndexSettings(index_dir=folder / "index", chroma_url="", use_dense=False),
        use_reranker=False,
        use_refusal=False,
        read_chunks=2,
    )
    run = RunFolder(folder / "run")
    with tokenizer:
        build_index([corpus], settings.index, embedder=FakeEmbedder())
        library = open_library(settings.index, FakeEmbedder())
        chatbot = Chatbot(settings, library, reranker=None)
        subject = Subject(chatbot, lambda name: library.document(name).text, library.version)
        generate(cases(), subject, run, questions_file="gate.jsonl")
        library.close()
    return run


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path) -> Iterator[dict[str, RunFolder]]:
    tokenizers = {"before": nullcontext(), "same": nullcontext(), "broken": broken_tokenizer()}
    yield {
        name: answered(tmp_path_factory.mktemp(name), corpus_dir, tokenizer) for name, tokenizer in tokenizers.items()
    }


def test_nothing_changed_passes_the_gate(runs: dict[str, RunFolder]) -> None:
    code = run_cli(cli, ["compare", str(runs["before"].path), str(runs["same"].path), "--tolerance", "0.1"])
    assert code == 0


def test_a_broken_tokenizer_fails_the_gate_which_names_the_broken_cases(
    runs: dict[str, RunFolder], capsys: pytest.CaptureFixture[str]
) -> None:
    before, broken = str(runs["before"].path), str(runs["broken"].path)
    code = run_cli(cli, ["compare", before, broken, "--tolerance", "0.1", "--json"])
    out, err = capsys.readouterr()
    assert code == 1
    result = json.loads(out)
    names = [flip["case_id"] for flip in result["broken"]]
    assert len(names) >= 4
    assert all(flip["question"] in dict(ASKED) and flip["baseline_answer"] for flip in result["broken"])
    assert all(name in err for name in names)


def test_the_switch_is_closed_again(runs: dict[str, RunFolder], corpus_dir: Path, tmp_path: Path) -> None:
    again = answered(tmp_path, corpus_dir, nullcontext())
    assert [line.answer.text for line in again.answers()] == [line.answer.text for line in runs["before"].answers()]
