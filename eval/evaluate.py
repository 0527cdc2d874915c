"""Score a run again from its files alone: nothing is asked, nothing is searched."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from eval.cases import EvalCase, cases_sha256
from eval.errors import RunFormatError
from eval.metrics.names import ANSWER_METRICS
from eval.run import CASES, CONFIG, QUESTIONS, SUMMARY, RunFolder
from eval.scoring import CaseScore, score_run
from eval.summary import Summary, summarize

_BEFORE_VALUES = ("case_id", "type", "persona", "difficulty", "question", "status")
_AFTER_VALUES = (
    "confidence",
    "latency_ms",
    "answer_chars",
    "short_answer",
    "answer",
    "sources",
    "reasons",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def evaluate(run: RunFolder, corrected: Sequence[EvalCase] | None = None) -> tuple[Summary, tuple[CaseScore, ...]]:
    """Score ``run`` and write ``summary.json`` and ``cases.csv``.

    ``corrected`` replaces the run's own copy of the questions: old answers against corrected expectations.

    Raises:
        EvalError: A file of the run is missing or unreadable, or a question has no answer yet.
    """
    config = run.config()
    if config.kind != "answers":
        raise RunFormatError(f"{run.path.name!r}은(는) 검색 실행입니다. 채점 결과는 그 폴더의 {SUMMARY}에 있습니다.")
    cases = corrected or run.cases()
    scores = score_run(cases, run.answers())
    summary = summarize(
        scores,
        questions_sha256=cases_sha256(cases),
        corpus_digest=config.corpus_digest,
        index_version=config.index_version,
    )
    if corrected:
        _keep(run, cases)
    run.write_json(SUMMARY, summary)
    # A byte-order mark: spreadsheet programs take Korean CSV without one for CP949.
    run.write_text(CASES, cases_csv(scores), encoding="utf-8-sig")
    return summary, scores


def cases_csv(scores: Sequence[CaseScore]) -> str:
    """One row a question: what it was, how it ended, each value (empty where undefined), and why it failed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_BEFORE_VALUES, *ANSWER_METRICS, *_AFTER_VALUES])
    writer.writerows(_row(score) for score in scores)
    return out.getvalue()


def _row(score: CaseScore) -> list[str]:
    case, answer = score.case, score.generated.answer
    values = [_number(score.values[metric]) for metric in ANSWER_METRICS]
    return [
        *map(_cell, (case.case_id, case.type, case.persona, case.difficulty or "", case.question, score.status)),
        *values,
        _number(score.confidence),
        f"{score.generated.latency_ms:.1f}",
        _number(score.answer_chars),
        _cell(answer.short_answer or ""),
        _cell(answer.text),
        _cell(" | ".join(dict.fromkeys(citation.source for citation in answer.citations))),
        _cell(" / ".join(score.reasons)),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _cell(text: str) -> str:
    """A text that no spreadsheet program runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _keep(run: RunFolder, cases: Sequence[EvalCase]) -> None:
    run.write_lines(QUESTIONS, cases)
    config = run.config()
    changed = {"questions_sha256": cases_sha256(cases), "n_questions": len(cases)}
    run.write_json(CONFIG, config.model_copy(update=changed))
