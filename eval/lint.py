"""Checks of a question set against its own contract and its documents, before anyone trusts its numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict

from eval.cases import CaseType, EvalCase
from eval.text import fold, squeeze
from index.load import SkippedFile, load_documents
from index.normalize import normalize

# Share of character pairs in common above which two questions ask the same in nearly the same words.
NEAR_DUPLICATE = 0.85
# A set with fewer refusals than this hardly measures them; one with more is mostly about them.
REFUSAL_SHARE = (0.15, 0.50)
MAX_TYPE_SHARE = 0.30
MIN_TYPE_COUNT = 2
_MAX_FILE_BYTES = 64 * 2**20
_WHOLE_SET = "전체"
_MARKER = re.compile(r"\[(derived|absent):([^\]]*)\]")
_NOT_WORD = re.compile(r"\W+")
_QUOTED = 40


class Severity(StrEnum):
    """``ERROR`` makes a score wrong; ``WARNING`` may be meant."""

    ERROR = "error"
    WARNING = "warning"


class Finding(BaseModel):
    """One remark on one case, or on the whole set."""

    model_config = ConfigDict(frozen=True)

    severity: Severity
    case_id: str
    message: str

    def __str__(self) -> str:
        label = "오류" if self.severity is Severity.ERROR else "주의"
        return f"{label} {self.case_id}: {self.message}"


@dataclass(frozen=True)
class Source:
    """A document; the forms in which quotes and words are looked up in it are made when first needed."""

    name: str
    text: str

    @cached_property
    def squeezed(self) -> str:
        """For quotes: without white space."""
        return squeeze(self.text)

    @cached_property
    def folded(self) -> str:
        """For words: whatever their case, width and spacing."""
        return fold(self.text)


def source(path: str, text: str) -> Source:
    """The document at ``path`` with its stored text."""
    return Source(PurePosixPath(path).name, text)


def lint(cases: Sequence[EvalCase], docs: Sequence[Path]) -> tuple[Finding, ...]:
    """All findings, those of single cases first, in file order.

    Raises:
        DocumentsNotFoundError: One of ``docs`` does not exist or holds nothing to read.
    """
    sources = _read(docs)
    findings = [finding for case in cases for finding in check_case(case, sources)]
    return (*findings, *duplicates(cases), *_balance(cases))


def _read(docs: Sequence[Path]) -> tuple[Source, ...]:
    loaded = load_documents(docs, max_file_bytes=_MAX_FILE_BYTES)
    return tuple(source(item.source, normalize(item.text).text) for item in loaded if not isinstance(item, SkippedFile))


def check_case(case: EvalCase, sources: Sequence[Source]) -> Iterator[Finding]:
    """What is wrong with one case by itself."""

    def error(message: str) -> Finding:
        return Finding(severity=Severity.ERROR, case_id=case.case_id, message=message)

    for name in case.model_extra or {}:
        yield error(f"계약에 없는 항목 {name!r}은(는) 채점에 쓰이지 않습니다.")
    yield from map(error, (*_contradictions(case), *_wrong_quotes(case, sources), *_self_defeating(case)))
    for claimed in _marked(case, "absent"):
        if any(fold(claimed) in source.folded for source in sources):
            yield error(f"[absent: {claimed}]라고 했지만 문서에 있습니다.")
    for message in _unsatisfiable(case):
        yield Finding(severity=Severity.WARNING, case_id=case.case_id, message=message)


def _contradictions(case: EvalCase) -> Iterator[str]:
    if not case.answerable and (case.must_include or case.gold_quote):
        yield "답할 수 없는 문항에 must_include나 gold_quote가 있습니다."
    if case.answerable and case.type is CaseType.UNANSWERABLE:
        yield "유형은 unanswerable인데 answerable이 true입니다."
    if case.answerable and not case.gold_quote:
        yield "답할 수 있는 문항에 gold_quote가 없습니다."
    if case.type is CaseType.FOLLOWUP and not case.history:
        yield "유형은 followup인데 history가 비어 있습니다."


def _wrong_quotes(case: EvalCase, sources: Sequence[Source]) -> Iterator[str]:
    for name in case.gold_docs:
        if not any(source.name.startswith(name) for source in sources):
            yield f"gold_docs {name!r}(으)로 시작하는 문서가 없습니다."
    named = [source for source in sources if not case.gold_docs or source.name.startswith(case.gold_docs)]
    for quote in case.gold_quote:
        if not any(squeeze(quote) in source.squeezed for source in named):
            yield f"gold_quote가 문서에 그대로 있지 않습니다: {_shorten(quote)}"


def _self_defeating(case: EvalCase) -> Iterator[str]:
    for item in case.must_not_include:
        if any(fold(item) in fold(quote) for quote in case.gold_quote):
            yield f"must_not_include {item!r}이(가) gold_quote에 있어 바르게 인용한 답도 틀립니다."


def _unsatisfiable(case: EvalCase) -> Iterator[str]:
    """A group that neither quotes nor titles hold can only be met by words that the note declares as derived."""
    if case.answerable and not case.must_include:
        yield "must_include가 없어 사실 정확도를 잴 수 없습니다."
    given = fold(" ".join((*case.gold_quote, case.gold_case)))
    derived = {fold(item) for item in _marked(case, "derived")}
    for group in case.must_include:
        if not any(fold(item) in given or fold(item) in derived for item in group):
            yield f"must_include {' | '.join(group)!r}이(가) gold_quote에 없습니다."


def duplicates(cases: Sequence[EvalCase]) -> Iterator[Finding]:
    """Questions that another asks before in the same words (an error) or in nearly the same."""
    pairs = [(case, _wording(case), _bigrams(_wording(case))) for case in cases]
    for (first, wording, grams), (second, other, other_grams) in combinations(pairs, 2):
        if wording == other:
            message = f"{first.case_id}와(과) 질문이 같습니다."
            yield Finding(severity=Severity.ERROR, case_id=second.case_id, message=message)
        elif _overlap(grams, other_grams) >= NEAR_DUPLICATE:
            message = f"{first.case_id}와(과) 질문이 거의 같습니다."
            yield Finding(severity=Severity.WARNING, case_id=second.case_id, message=message)


def _balance(cases: Sequence[EvalCase]) -> Iterator[Finding]:
    def warning(message: str) -> Finding:
        return Finding(severity=Severity.WARNING, case_id=_WHOLE_SET, message=message)

    counts = Counter(case.type for case in cases)
    refusals = sum(not case.answerable for case in cases) / len(cases)
    if not REFUSAL_SHARE[0] <= refusals <= REFUSAL_SHARE[1]:
        low, high = REFUSAL_SHARE
        yield warning(f"답할 수 없는 문항이 {refusals:.0%}입니다({low:.0%}~{high:.0%}가 알맞습니다).")
    for kind in CaseType:
        if counts[kind] < MIN_TYPE_COUNT:
            yield warning(f"유형 {kind.value}의 문항이 {counts[kind]}개뿐입니다.")
        elif counts[kind] / len(cases) > MAX_TYPE_SHARE:
            yield warning(f"유형 {kind.value}의 문항이 {counts[kind] / len(cases):.0%}로 치우쳤습니다.")


def _marked(case: EvalCase, marker: str) -> list[str]:
    """Items of ``[derived: a | b]`` and ``[absent: a]`` in the note."""
    found: Iterable[tuple[str, str]] = _MARKER.findall(case.note)
    return [item.strip() for name, body in found if name == marker for item in re.split(r"[|,]", body) if item.strip()]


def _wording(case: EvalCase) -> str:
    before = case.history[-1].content if case.history else ""
    return _NOT_WORD.sub("", fold(before)) + "\x1f" + _NOT_WORD.sub("", fold(case.question))


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[start : start + 2] for start in range(len(text) - 1))


def _overlap(first: Counter[str], second: Counter[str]) -> float:
    """Dice coefficient of two bags of character pairs, in [0, 1]; 0 where it cannot reach :data:`NEAR_DUPLICATE`."""
    sizes = sorted((first.total(), second.total()))
    # So unlike in length that no words in common could make them alike: most pairs end here.
    if not sizes[1] or 2 * sizes[0] < NEAR_DUPLICATE * sum(sizes):
        return 0.0
    return 2 * (first & second).total() / sum(sizes)


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _QUOTED else flat[: _QUOTED - 1] + "…"
