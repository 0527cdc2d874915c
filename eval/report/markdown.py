"""Markdown short enough for a pull request: the verdict, the metrics, what broke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.compare import Comparison
from eval.labels import DIFFICULTIES, PERSONAS, STATUSES, TYPES, VERDICTS, bounds, number, share, signed
from eval.metrics.names import ANSWER_METRICS
from eval.report.data import ReportData
from eval.scoring import CaseScore
from eval.summary import GroupSummary

_SHOWN_FAILURES = 30
_SHOWN_CHARS = 120


def markdown_report(data: ReportData) -> str:
    """The run as Markdown."""
    summary = data.summary
    lines = [f"# 평가 결과: {data.name}", ""]
    lines += [f"문항 {summary.n}개 · 색인 {summary.index_version} · {data.config.created_at}", ""]
    lines += _comparison(data.comparison) if data.comparison else []
    lines += ["## 지표", ""]
    lines += table(
        ("지표", "값", "95% 구간", "문항", "제외"),
        (
            (
                metric.label,
                share(summary.value(metric)),
                bounds(summary.intervals[metric.value]),
                str(summary.counts[metric.value]),
                str(summary.undefined[metric.value]),
            )
            for metric in ANSWER_METRICS
        ),
    )
    latency = f"{number(summary.latency_p50_ms)} ms, p95 {number(summary.latency_p95_ms)} ms"
    lines += ["", f"응답 시간 p50 {latency} · 답 길이 평균 {number(summary.answer_chars)}자", ""]
    lines += ["## 유형별", "", *_groups(summary.by_type, TYPES), "", "## 난이도별", ""]
    lines += [*_groups(summary.by_difficulty, DIFFICULTIES), "", "## 사용자별", ""]
    lines += [*_groups(summary.by_persona, PERSONAS), "", *_failures(data.failures)]
    return "\n".join(lines) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [_row(header), "|" + "|".join("---" if number == 0 else "---:" for number in range(len(header))) + "|"]
    return [*lines, *map(_row, rows)]


def _comparison(comparison: Comparison) -> list[str]:
    rows = (
        (
            change.metric.label,
            share(change.baseline),
            share(change.candidate),
            signed(change.difference),
            "" if change.low is None else f"{signed(change.low)} ~ {signed(change.high)}",
            share(change.p_value),
            VERDICTS[change.verdict] if change.n else "문항 없음",
        )
        for change in comparison.changes
    )
    lines = [f"## 기준 {comparison.baseline}과(와) 비교: {VERDICTS[comparison.verdict]}", ""]
    lines += table(("지표", "기준", "이번", "차이", "95% 구간", "p", "판정"), rows)
    lines += ["", *(f"- {note}" for note in comparison.notes)]
    broken = ", ".join(flip.case_id for flip in comparison.broken) or "없음"
    fixed = ", ".join(flip.case_id for flip in comparison.fixed) or "없음"
    return [*lines, f"- 맞다가 틀리게 된 문항: {broken}", f"- 틀리다가 맞게 된 문항: {fixed}", ""]


def _groups(groups: Mapping[str, GroupSummary], names: Mapping[str, str]) -> list[str]:
    rows = (
        (names.get(name, name), str(group.n), *(share(group.value(metric)) for metric in ANSWER_METRICS))
        for name, group in groups.items()
    )
    return table(("구분", "문항", *(metric.label for metric in ANSWER_METRICS)), rows)


def _failures(failures: Sequence[CaseScore]) -> list[str]:
    if not failures:
        return ["## 틀린 문항", "", "없습니다."]
    lines = [f"## 틀린 문항 {len(failures)}개", ""]
    lines += table(
        ("문항", "질문", "끝난 상태", "이유"),
        (
            (
                f"{score.case_id} ({TYPES[score.case.type]})",
                score.case.question,
                STATUSES[score.status],
                "; ".join(score.reasons),
            )
            for score in failures[:_SHOWN_FAILURES]
        ),
    )
    hidden = len(failures) - _SHOWN_FAILURES
    return [*lines, "", f"나머지 {hidden}개는 cases.csv에 있습니다."] if hidden > 0 else lines


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    flat = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return flat if len(flat) <= _SHOWN_CHARS else flat[: _SHOWN_CHARS - 1] + "…"
