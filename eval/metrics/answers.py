"""Metrics of one answer against what its question asks for. Values are in [0, 1]; ``None`` is undefined.

An undefined value (no fact to look for, nothing cited) is excluded from every mean and counted beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from chatbot.answer import Answer, Citation
from eval.cases import EvalCase
from eval.text import fold, squeeze, strip_marks

# Stands between the text and the short answer so that no fact is found across their border.
_BORDER = "\u241e"


def fact_accuracy(case: EvalCase, answer: Answer) -> float | None:
    """1 when the answer holds one alternative of every ``must_include`` group and nothing forbidden.

    Looks at the text without its marks and at the short answer, both folded. A refusal is 0.
    Undefined for unanswerable questions and where no group is given.
    """
    if not case.answerable or not case.must_include:
        return None
    return float(answer.status.is_answer and not missing_facts(case, answer) and not forbidden_found(case, answer))


def missing_facts(case: EvalCase, answer: Answer) -> tuple[tuple[str, ...], ...]:
    """The ``must_include`` groups of which no alternative stands in the answer."""
    said = _said(answer)
    return tuple(group for group in case.must_include if not any(fold(item) in said for item in group))


def forbidden_found(case: EvalCase, answer: Answer) -> tuple[str, ...]:
    """The ``must_not_include`` strings that stand in the answer."""
    said = _said(answer)
    return tuple(item for item in case.must_not_include if fold(item) in said)


def citation_recall(case: EvalCase, answer: Answer) -> float | None:
    """1 when every gold quote stands in one cited quote, or in the cited quotes of one document joined.

    White space does not count. Quotes are joined in document order with overlaps taken once, because a
    passage may be cited sentence by sentence. A refusal is 0. Undefined for unanswerable questions and
    where no gold quote is given. The recall side of ALCE (Gao et al. 2023, arXiv:2305.14627), with
    verbatim passages in place of an entailment model.
    """
    if not case.answerable or not case.gold_quote:
        return None
    return float(answer.status.is_answer and not uncited_quotes(case, answer))


def uncited_quotes(case: EvalCase, answer: Answer) -> tuple[str, ...]:
    """The gold quotes that the citations do not cover."""
    cited = [squeeze(citation.quote) for citation in answer.citations] + _joined_by_document(answer.citations)
    return tuple(quote for quote in case.gold_quote if not any(squeeze(quote) in passage for passage in cited))


def citation_precision(answer: Answer, verbatim: Sequence[bool] | None) -> float | None:
    """Share of the citations whose quote is, by its offsets, a slice of the stored document.

    ``verbatim`` has one entry a citation, recorded when the answer was generated. Undefined where
    nothing is cited or nothing was recorded.
    """
    if not verbatim or not answer.status.is_answer:
        return None
    return sum(verbatim) / len(verbatim)


def faithfulness(answer: Answer, supported: Sequence[bool] | None) -> float | None:
    """Share of the answer's sentences that the passages they cite support.

    ``supported`` has one entry a sentence, recorded when the answer was generated. Faithfulness as RAGAS has it
    (Es et al. 2023, arXiv:2309.15217), each sentence against its own citations as in ALCE (Gao et al. 2023,
    arXiv:2305.14627), with the product's verifier (figures, dates, names, negation, share of known words) in place
    of a language model. The verifier also decides what may be shown: a value near 1 says that the gate held, not
    that nothing got past it. Undefined for refusals and where nothing was recorded, as in runs before this metric.
    """
    if not supported or not answer.status.is_answer:
        return None
    return sum(supported) / len(supported)


def refusal_accuracy(case: EvalCase, answer: Answer) -> float | None:
    """1 when an unanswerable question is not answered. Undefined for answerable ones.

    An ``error_*`` status is 0: a crash is not a refusal.
    """
    return None if case.answerable else float(is_refusal(answer))


def false_refusal(case: EvalCase, answer: Answer) -> float | None:
    """1 when an answerable question is not answered, errors included. Undefined for unanswerable ones."""
    return float(not answer.status.is_answer) if case.answerable else None


def is_refusal(answer: Answer) -> bool:
    """Whether the chatbot chose not to answer: a clarification, a guard, or nothing in the sources."""
    return not answer.status.is_answer and not answer.status.value.startswith("error_")


def answer_chars(answer: Answer) -> float | None:
    """Length of the text without its marks. Undefined for refusals, whose wording is fixed."""
    return float(len(strip_marks(answer.text).strip())) if answer.status.is_answer else None


def is_verbatim(citation: Citation, document_text: str | None) -> bool:
    """Whether the quote is exactly ``document_text[start:end]``; ``None`` means there is no such document."""
    if document_text is None or not citation.quote or citation.start < 0:
        return False
    return document_text[citation.start : citation.end] == citation.quote


def _said(answer: Answer) -> str:
    return fold(strip_marks(answer.text)) + _BORDER + fold(answer.short_answer or "")


def _joined_by_document(citations: Sequence[Citation]) -> list[str]:
    by_document: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations:
        by_document[citation.document_id].append(citation)
    return [squeeze(_join(group)) for group in by_document.values()]


def _join(citations: Sequence[Citation]) -> str:
    joined, position = "", 0
    for citation in sorted(citations, key=lambda item: (item.start, item.end)):
        joined += citation.quote[max(0, position - citation.start) :]
        position = max(position, citation.end)
    return joined
