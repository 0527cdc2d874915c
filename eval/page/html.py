"""What the page shows, as HTML. Everything that comes from data is escaped here or in the sections of the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from eval.compare import Comparison
from eval.labels import VERDICTS, share
from eval.lint import Finding, Severity
from eval.page.running import Progress
from eval.report.html import cards_section
from eval.report.sections import case_html, comparison_section, groups_section
from eval.scoring import CaseScore
from eval.summary import Summary

SHOWN_CASES = 40
_SHOWN_FAILURES = 8


def problem(message: str) -> str:
    """A line that says what is wrong and what to do."""
    return _wrapped(f'<p class="problem" role="alert">{escape(message)}</p>')


def notice(message: str) -> str:
    """A line that says what was done."""
    return _wrapped(f'<p class="notice" role="status">{escape(message)}</p>')


def progress_html(progress: Progress) -> str:
    """A bar, the share of right answers so far, and the last failures."""
    judged = [score for score in progress.scores if score.passed is not None]
    right = sum(bool(score.passed) for score in judged)
    failed = [score for score in progress.scores if score.passed is False]
    rate = share(right / len(judged)) if judged else "–"
    percent = round(100 * progress.done / progress.total) if progress.total else 100
    return _wrapped(
        f'<div class="meter" role="progressbar" aria-valuemin="0" aria-valuemax="{progress.total}" '
        f'aria-valuenow="{progress.done}"><span style="width:{percent}%"></span></div>'
        f"<p><strong>{progress.done} / {progress.total}</strong>문항 · 지금까지 정답률 {rate} · "
        f"틀린 문항 {len(failed)}개</p>"
        + "".join(case_html(score, linked=True) for score in reversed(failed[-_SHOWN_FAILURES:]))
    )


def summary_html(name: str, summary: Summary) -> str:
    """A finished run at a glance."""
    return _wrapped(
        f'<p class="notice" role="status">실행 {escape(name)}을(를) 마쳤습니다. '
        "‘틀린 문항 보기’와 ‘두 실행 비교’에서 고를 수 있습니다.</p>"
        f"{cards_section(summary, workers=1)}{groups_section(summary)}"
    )


def cases_html(scores: Sequence[CaseScore]) -> str:
    """The chosen cases with links to their sources."""
    hidden = len(scores) - SHOWN_CASES
    more = f'<p class="notice">나머지 {hidden}개는 유형을 골라 좁혀 보십시오.</p>' if hidden > 0 else ""
    shown = "".join(case_html(score, linked=True) for score in scores[:SHOWN_CASES])
    return _wrapped(
        f"<p><strong>{len(scores)}</strong>문항</p>{shown}{more}" if scores else "<p>해당하는 문항이 없습니다.</p>"
    )


def comparison_html(comparison: Comparison) -> str:
    """The verdict, then the section of the report."""
    verdict = f'<p class="verdict {comparison.verdict}">{VERDICTS[comparison.verdict]}</p>'
    return _wrapped(f"{verdict}{comparison_section(comparison)}")


def findings_html(findings: Iterable[Finding], done: str) -> str:
    """What was done, and what the linter thinks of it."""
    items = "".join(
        f'<li class="{finding.severity}">{"오류" if finding.severity is Severity.ERROR else "주의"}: '
        f"{escape(finding.message)}</li>"
        for finding in findings
    )
    return _wrapped(f'<p class="notice" role="status">{escape(done)}</p><ul class="findings">{items}</ul>')


def _wrapped(html: str) -> str:
    return f'<div class="eval">{html}</div>'
