"""Results as Korean tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from eval.compare import Comparison, Flip
from eval.labels import STATUSES, TYPES, VERDICTS, bounds, number, share, signed
from eval.metrics.names import ANSWER_METRICS, RETRIEVAL_METRICS
from eval.ranking import RetrievalSummary
from eval.summary import GroupSummary, Summary

_SHOWN_CHARS = 160


def summary_table(summary: Summary) -> Table:
    """Means with intervals, then one row a type."""
    table = Table(title="평가 결과", title_justify="left")
    for name in ("구분", "문항", *(metric.label for metric in ANSWER_METRICS), "p50 ms", "p95 ms", "글자"):
        table.add_column(name, justify="left" if name == "구분" else "right")
    table.add_row("전체", *_group_cells(summary), style="bold")
    intervals = [bounds(summary.intervals[metric.value]) for metric in ANSWER_METRICS]
    table.add_row("95% 구간", "", *intervals, "", "", "", end_section=True)
    for name, group in summary.by_type.items():
        table.add_row(TYPES.get(name, name), *_group_cells(group))
    return table


def retrieval_table(summary: RetrievalSummary) -> Table:
    """Means with intervals of a retrieval run."""
    table = Table(title=f"검색 결과: 질의 {summary.n}개, 문서 {summary.documents:,}건", title_justify="left")
    for name in ("", *(metric.label for metric in RETRIEVAL_METRICS), "p50 ms", "p95 ms"):
        table.add_column(name, justify="right")
    means = (summary.ndcg_at_10, summary.recall_at_1, summary.recall_at_5, summary.recall_at_10, summary.mrr_at_10)
    latencies = (number(summary.latency_p50_ms), number(summary.latency_p95_ms))
    table.add_row("평균", *map(share, means), *latencies)
    table.add_row("95% 구간", *(bounds(summary.intervals[metric.value]) for metric in RETRIEVAL_METRICS), "", "")
    return table


def comparison_table(comparison: Comparison) -> Table:
    """One row a metric."""
    title = f"{comparison.baseline} → {comparison.candidate}: {VERDICTS[comparison.verdict]}"
    table = Table(title=f"{title} (허용 폭 {comparison.tolerance:g})", title_justify="left")
    for name in ("지표", "문항", "기준", "이번", "차이", "95% 구간", "p", "판정"):
        table.add_column(name, justify="left" if name in ("지표", "판정") else "right")
    for change in comparison.changes:
        interval = None if change.low is None or change.high is None else (change.low, change.high)
        table.add_row(
            change.metric.label,
            str(change.n),
            share(change.baseline),
            share(change.candidate),
            signed(change.difference),
            "" if interval is None else f"{interval[0]:+.3f} ~ {interval[1]:+.3f}",
            share(change.p_value),
            VERDICTS[change.verdict] if change.n else "문항 없음",
        )
    return table


def flip_lines(title: str, flips: Iterable[Flip]) -> list[str]:
    """Each flipped case with both answers; empty when there is none."""
    lines = [
        line
        for flip in flips
        for line in (
            f"  {flip.case_id} [{TYPES.get(flip.type, flip.type)}] {flip.question}".rstrip(),
            f"    기준: {_side(flip.baseline_status, flip.baseline_answer)}",
            f"    이번: {_side(flip.candidate_status, flip.candidate_answer)}",
        )
    ]
    return [title, *lines] if lines else []


def _group_cells(group: GroupSummary) -> list[str]:
    means = [share(group.value(metric)) for metric in ANSWER_METRICS]
    return [str(group.n), *means, *map(number, (group.latency_p50_ms, group.latency_p95_ms, group.answer_chars))]


def _side(status: str, answer: str) -> str:
    text = " ".join(answer.split())
    shown = text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
    return f"({STATUSES.get(status, status)}) {shown}".rstrip() if status else shown or "(기록 없음)"
