"""The stages of the pipeline apart from each other, on the same questions: where a wrong answer goes wrong.

Each stage is measured on the questions that it can decide: those that an earlier stage has lost are undefined for it
and counted, so that the figures of two stages multiply instead of hiding each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from chatbot import guardrails
from chatbot.answer import Question
from chatbot.pipeline import Chatbot, Trace
from eval.cases import CaseType, EvalCase
from eval.metrics.answers import missing_facts
from eval.metrics.statistics import wilson_interval
from eval.text import squeeze

# A sentence this short stands inside many a quote.
_MIN_SENTENCE_CHARS = 10


class Stage(StrEnum):
    """What is measured apart; end to end is ``eval evaluate``."""

    GUARDS = "guards"
    FOLLOW_UP = "follow_up"
    RETRIEVAL = "retrieval"
    RERANKING = "reranking"
    COMPOSITION = "composition"
    REFUSAL = "refusal"


class StageValue(BaseModel):
    """One question at one stage: 1 right, 0 wrong, ``None`` undefined. ``got`` is what the stage made of it."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    case_id: str
    value: float | None
    got: str = ""


class StageSummary(BaseModel):
    """The mean over the ``n`` questions that define it, with its 95 % Wilson interval."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    n: int
    undefined: int
    mean: float | None
    interval: tuple[float, float] | None


def measure_stage(
    stage: Stage,
    cases: Sequence[EvalCase],
    chatbot: Chatbot,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[StageValue, ...]:
    """One value a question, in the order of the questions."""
    measure, values = _MEASURES[stage], []
    for count, case in enumerate(cases, start=1):
        values.append(measure(case, chatbot))
        on_progress(count, len(cases))
    return tuple(values)


def summarize_stage(stage: Stage, values: Sequence[StageValue]) -> StageSummary:
    """The mean of the defined values."""
    defined = [item.value for item in values if item.value is not None]
    interval = wilson_interval(sum(defined), len(defined))
    return StageSummary(
        stage=stage,
        n=len(defined),
        undefined=len(values) - len(defined),
        mean=fmean(defined) if defined else None,
        interval=(interval.low, interval.high) if interval else None,
    )


def _guards(case: EvalCase, chatbot: Chatbot) -> StageValue:
    """Whether an injection is stopped, and anything else let through."""
    status = guardrails.check(case.question).status
    right = (status is not None) == (case.type is CaseType.INJECTION)
    return StageValue(stage=Stage.GUARDS, case_id=case.case_id, value=float(right), got=status or "")


def _follow_up(case: EvalCase, chatbot: Chatbot) -> StageValue:
    """Whether a question that leans on the conversation finds its passage; undefined without a conversation."""
    trace = _trace(case, chatbot) if case.history else None
    value = _found(case, trace, chatbot) if trace else None
    return StageValue(stage=Stage.FOLLOW_UP, case_id=case.case_id, value=value, got=trace.text if trace else "")


def _retrieval(case: EvalCase, chatbot: Chatbot) -> StageValue:
    """Whether a gold quote stands in one of the chunks that are read; undefined where the question is not searched."""
    trace = _trace(case, chatbot)
    value = _found(case, trace, chatbot) if trace else None
    return StageValue(stage=Stage.RETRIEVAL, case_id=case.case_id, value=value)


def _reranking(case: EvalCase, chatbot: Chatbot) -> StageValue:
    """Whether the first sentence belongs to a gold quote; undefined where retrieval did not find one."""
    trace = _trace(case, chatbot)
    if trace is None or not _found(case, trace, chatbot):
        return StageValue(stage=Stage.RERANKING, case_id=case.case_id, value=None)
    first = trace.evidence[0].sentence.text if trace.evidence else ""
    return StageValue(
        stage=Stage.RERANKING, case_id=case.case_id, value=float(_belongs(first, case.gold_quote)), got=first
    )


def _composition(case: EvalCase, chatbot: Chatbot) -> StageValue:
    """Whether an answer made with a gold sentence among the evidence has the facts; undefined without one."""
    trace = _trace(case, chatbot) if case.must_include else None
    chosen = trace.evidence[: chatbot.settings.read_chunks] if trace else ()
    value, got = None, ""
    if any(_belongs(item.sentence.text, case.gold_quote) for item in chosen):
        answer = chatbot.answer(case.to_question())
        got = answer.text
        value = float(not missing_facts(case, answer)) if answer.status.is_answer else None
    return StageValue(stage=Stage.COMPOSITION, case_id=case.case_id, value=value, got=got)


def _refusal(case: EvalCase, chatbot: Chatbot) -> StageValue:
    """Whether what can be answered is answered and the rest refused; undefined where a guard has stopped it."""
    if guardrails.check(case.question).status is not None:
        return StageValue(stage=Stage.REFUSAL, case_id=case.case_id, value=None)
    status = chatbot.answer(case.to_question()).status
    right = status.is_answer == case.answerable and not status.value.startswith("error_")
    return StageValue(stage=Stage.REFUSAL, case_id=case.case_id, value=float(right), got=status)


_MEASURES: Mapping[Stage, Callable[[EvalCase, Chatbot], StageValue]] = {
    Stage.GUARDS: _guards,
    Stage.FOLLOW_UP: _follow_up,
    Stage.RETRIEVAL: _retrieval,
    Stage.RERANKING: _reranking,
    Stage.COMPOSITION: _composition,
    Stage.REFUSAL: _refusal,
}


def _trace(case: EvalCase, chatbot: Chatbot) -> Trace | None:
    if not case.answerable or not case.gold_quote:
        return None
    return chatbot.trace(Question(text=case.question, history=case.history))


def _found(case: EvalCase, trace: Trace, chatbot: Chatbot) -> float:
    results = chatbot.library.search(
        trace.text, top_k=chatbot.settings.read_chunks, extra_terms=trace.asked.expanded_terms
    )
    texts = [squeeze(result.chunk.text) for result in results]
    return float(any(squeeze(quote) in text for quote in case.gold_quote for text in texts))


def _belongs(sentence: str, quotes: Iterable[str]) -> bool:
    text = squeeze(sentence)
    wholes = [squeeze(quote) for quote in quotes]
    return any(quote in text or (len(text) >= _MIN_SENTENCE_CHARS and text in quote) for quote in wholes)
