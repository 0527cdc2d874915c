"""From one answer to its values, whether it passes, and the Korean reasons why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot.answer import AnswerStatus
from eval.cases import EvalCase
from eval.errors import RunFormatError
from eval.metrics import answers as of_answer
from eval.metrics.names import Metric
from eval.run import GeneratedAnswer


@dataclass(frozen=True, slots=True)
class CaseScore:
    """All that is known about one answered question; a value of ``None`` is undefined for it.

    ``passed`` is ``None`` where neither a fact nor a refusal is asked for. ``confidence`` is ``None``
    where the question was not answered. ``reasons`` say in Korean what is wrong; empty when nothing is.
    """

    case: EvalCase
    generated: GeneratedAnswer
    values: Mapping[Metric, float | None]
    answer_chars: float | None
    reasons: tuple[str, ...]

    @property
    def case_id(self) -> str:
        """Id of the question."""
        return self.case.case_id

    @property
    def status(self) -> AnswerStatus:
        """How the question ended."""
        return self.generated.answer.status

    @property
    def passed(self) -> bool | None:
        """Whether the answer is right: the facts are there, or the unanswerable was refused."""
        value = self.values[Metric.ACCURACY]
        return None if value is None else bool(value)

    @property
    def confidence(self) -> float | None:
        """The answer's confidence in [0, 1]."""
        return self.generated.answer.confidence if self.status.is_answer else None


def score_run(cases: Sequence[EvalCase], generated: Sequence[GeneratedAnswer]) -> tuple[CaseScore, ...]:
    """One score a case, in the order of the cases. Of two answers to a case the later one counts.

    Raises:
        RunFormatError: A case has no answer, or its question was changed after it was answered.
    """
    by_case = {line.case_id: line for line in generated}
    missing = [case.case_id for case in cases if case.case_id not in by_case]
    if missing:
        raise RunFormatError(
            f"아직 답하지 않은 문항이 {len(missing)}개 있습니다({missing[0]} …). generate를 다시 실행해 주십시오."
        )
    return tuple(score_case(case, by_case[case.case_id]) for case in cases)


def score_case(case: EvalCase, generated: GeneratedAnswer) -> CaseScore:
    """Values of one answer.

    Raises:
        RunFormatError: The question was changed after it was answered.
    """
    if generated.question_sha256 and generated.question_sha256 != case.question_sha256:
        raise RunFormatError(
            f"문항 {case.case_id!r}의 질문이 답을 만든 뒤에 바뀌었습니다. generate를 다시 실행해 주십시오."
        )
    answer = generated.answer
    sentences = generated.sentences
    supported = None if sentences is None else [sentence.supported for sentence in sentences]
    fact = of_answer.fact_accuracy(case, answer)
    refusal = of_answer.refusal_accuracy(case, answer)
    values = {
        Metric.ACCURACY: fact if case.answerable else refusal,
        Metric.FACT_ACCURACY: fact,
        Metric.CITATION_RECALL: of_answer.citation_recall(case, answer),
        Metric.CITATION_PRECISION: of_answer.citation_precision(answer, generated.verbatim),
        Metric.FAITHFULNESS: of_answer.faithfulness(answer, supported),
        Metric.REFUSAL_ACCURACY: refusal,
        Metric.FALSE_REFUSALS: of_answer.false_refusal(case, answer),
    }
    return CaseScore(case, generated, values, of_answer.answer_chars(answer), _reasons(case, generated))


def _reasons(case: EvalCase, generated: GeneratedAnswer) -> tuple[str, ...]:
    answer = generated.answer
    if answer.status.value.startswith("error_"):
        return ("오류로 답하지 못했습니다",)
    if not case.answerable:
        return ("거절해야 할 질문에 답했습니다",) if answer.status.is_answer else ()
    if not answer.status.is_answer:
        return ("답이 있는 질문을 거절했습니다",)
    reasons = [f"빠진 사실: {' 또는 '.join(group)}" for group in of_answer.missing_facts(case, answer)]
    reasons += [f"있으면 안 되는 말: {item}" for item in of_answer.forbidden_found(case, answer)]
    reasons += [f"인용하지 않은 근거: {quote}" for quote in of_answer.uncited_quotes(case, answer)]
    if not answer.citations:
        reasons.append("인용이 없습니다")
    retyped = sum(not is_slice for is_slice in generated.verbatim or ())
    if retyped:
        reasons.append(f"원문과 다른 인용: {retyped}건")
    reasons += [
        f"인용이 뒷받침하지 않는 문장: {sentence.text} ({', '.join(sentence.problems)})"
        for sentence in generated.sentences or ()
        if not sentence.supported
    ]
    return tuple(reasons)
