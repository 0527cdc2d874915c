"""Judges that read answers with a chat model: never part of a gate, always beside their own measured agreement.

Faithfulness and answer relevancy after RAGAS (Es et al. 2023, arXiv:2309.15217). The sentences of an answer stand for
its statements, because ours are short and each carries its citations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from statistics import fmean, pstdev
from typing import Protocol

import numpy as np
from langchain_core.language_models import BaseChatModel
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from chatbot.answer import Answer
from chatbot.errors import ChatModelError
from chatbot.llm import read_within
from chatbot.prompt import load_prompt
from eval.scoring import CaseScore
from eval.text import strip_marks

FAITHFULNESS, QUESTION = "judge_faithfulness", "judge_question"
JUDGED = "judged.json"
_YES, _NO = re.compile(r"^\W*(?:예|네)(?!(?!입니다|이다|요)\w)"), re.compile(r"^\W*아(?:니|닙)")
# A model that was asked for one word and has not said it by now, or for one question and goes on, will not stop.
_WORD_CHARS, _QUESTION_CHARS = 40, 300
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=(?:\[\d+\])*\s|(?:\[\d+\])*$)(?:\[\d+\])*|$)", re.M)
_MARK = re.compile(r"\[(\d{1,2})\]")
_BRACKETS = str.maketrans("<>", "〈〉")


class Judge(Protocol):
    """Reads one thing at a time; ``None`` where the model did not say yes or no."""

    def supports(self, evidence: str, claim: str) -> bool | None:
        """Whether ``evidence`` supports ``claim``."""

    def relevance(self, question: str, answer: str) -> float:
        """How near the question that the answer suggests is to the one that was asked, in [-1, 1]."""


class ModelJudge:
    """A judge that asks the configured chat model. ``embed`` gives vectors of length 1.

    Raises:
        ChatModelError: From every method, when the model fails or takes longer than ``seconds``.
    """

    def __init__(self, model: BaseChatModel, embed: Callable[[str], NDArray[np.float32]], seconds: float) -> None:
        self._chains = {name: load_prompt(name).template | model for name in (FAITHFULNESS, QUESTION)}
        self._embed = embed
        self._seconds = seconds

    def supports(self, evidence: str, claim: str) -> bool | None:
        """As :class:`Judge`."""
        said = self._ask(FAITHFULNESS, _WORD_CHARS, evidence=evidence, claim=claim)
        if _NO.search(said):
            return False
        return True if _YES.search(said) else None

    def relevance(self, question: str, answer: str) -> float:
        """As :class:`Judge`."""
        return float(self._embed(question) @ self._embed(self._ask(QUESTION, _QUESTION_CHARS, answer=answer)))

    def _ask(self, name: str, limit: int, **values: str) -> str:
        """The first line that the model says, no longer than ``limit`` characters and a token."""
        # What is judged must not close the brackets that it stands in.
        plain = {key: value.translate(_BRACKETS) for key, value in values.items()}
        said = ""
        with closing(read_within(self._chains[name], plain, self._seconds)) as tokens:
            for token in tokens:
                said = (said + token).lstrip()
                if "\n" in said or len(said) > limit:
                    break
        return said.partition("\n")[0].strip()


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Label(_Model):
    """What a person says about a claim."""

    id: str
    evidence: str
    claim: str
    supported: bool


class Agreement(_Model):
    """How far a judge agrees with people, over the ``n`` labels that it judged.

    ``kappa`` leaves out what chance explains (Cohen 1960); ``None`` where either side always says the same.
    """

    n: int
    undecided: int
    accuracy: float | None
    kappa: float | None


class Repeated(_Model):
    """Means of each repetition; ``spread`` is their standard deviation. ``undefined`` answers count in no mean."""

    runs: tuple[float | None, ...]
    mean: float | None
    spread: float | None
    undefined: int


class Judgement(_Model):
    """``judged.json``: figures of the judge, beside what its word is worth."""

    model: str
    prompts: dict[str, str]
    answers: int
    repeat: int
    faithfulness: Repeated
    relevancy: Repeated
    agreement: Agreement
    failures: int = Field(description="calls that the model did not answer")


def agreement(judge: Judge, labels: Sequence[Label]) -> Agreement:
    """Ask the judge about claims that people have labelled."""
    pairs = [
        (label.supported, said) for label in labels if (said := judge.supports(label.evidence, label.claim)) is not None
    ]
    if not pairs:
        return Agreement(n=0, undecided=len(labels), accuracy=None, kappa=None)
    n = len(pairs)
    same = sum(person == said for person, said in pairs) / n
    yes_person, yes_judge = (sum(pair[side] for pair in pairs) / n for side in (0, 1))
    chance = yes_person * yes_judge + (1 - yes_person) * (1 - yes_judge)
    kappa = (same - chance) / (1 - chance) if 0 < yes_person < 1 and 0 < yes_judge < 1 else None
    return Agreement(n=n, undecided=len(labels) - n, accuracy=same, kappa=kappa)


def judge_run(
    scores: Sequence[CaseScore],
    judge: Judge,
    labels: Sequence[Label],
    *,
    model: str,
    repeat: int,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Judgement:
    """Judge every answer ``repeat`` times; refusals have nothing to judge.

    Raises:
        ChatModelError: The model fails on the labels: there is no use in going on.
    """
    measured = agreement(judge, labels)
    answered = [score for score in scores if score.status.is_answer]
    faithful: list[list[float | None]] = []
    relevant: list[list[float | None]] = []
    failures = 0
    for turn in range(repeat):
        faithful.append([])
        relevant.append([])
        for number, score in enumerate(answered, start=1):
            answer = score.generated.answer
            try:
                faithful[-1].append(faithfulness(judge, answer))
                relevant[-1].append(judge.relevance(score.case.question, strip_marks(answer.text)))
            except ChatModelError:
                failures += 1
            on_progress(turn * len(answered) + number, repeat * len(answered))
    return Judgement(
        model=model,
        prompts={name: load_prompt(name).sha256[:12] for name in (FAITHFULNESS, QUESTION)},
        answers=len(answered),
        repeat=repeat,
        faithfulness=_repeated(faithful),
        relevancy=_repeated(relevant),
        agreement=measured,
        failures=failures,
    )


def faithfulness(judge: Judge, answer: Answer) -> float | None:
    """Share of the answer's cited sentences that their quotes support; ``None`` when none could be judged."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    verdicts = []
    for claim in _SENTENCE.findall(answer.text):
        evidence = [quotes[number] for mark in _MARK.findall(claim) if (number := int(mark)) in quotes]
        if evidence and not claim.startswith("근거:"):
            verdicts.append(judge.supports("\n".join(evidence), strip_marks(claim).strip()))
    said = [verdict for verdict in verdicts if verdict is not None]
    return fmean(said) if said else None


def _repeated(runs: Sequence[Sequence[float | None]]) -> Repeated:
    defined = [[value for value in run if value is not None] for run in runs]
    means = [fmean(values) if values else None for values in defined]
    known = [mean for mean in means if mean is not None]
    return Repeated(
        runs=tuple(means),
        mean=fmean(known) if known else None,
        spread=pstdev(known) if known else None,
        undefined=sum(len(run) - len(values) for run, values in zip(runs, defined, strict=True)),
    )
