"""What the page shows, as HTML. Everything that comes from data is escaped here or in the sections of the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from chatbot.api.links import document_url
from eval.cases import EvalCase
from eval.compare import Comparison
from eval.labels import TYPES, VERDICTS, share
from eval.lint import Finding, Severity
from eval.page.running import Progress
from eval.report.html import cards_section
from eval.report.sections import case_html, comparison_section, groups_section, text_table
from eval.scoring import CaseScore
from eval.spreadsheet import COLUMNS
from eval.summary import Summary

if TYPE_CHECKING:
    from eval.page.growth import CheckedTable, QuotePlace

SHOWN_CASES = 40
_SHOWN_FAILURES = 8
_FIELD = re.compile("|".join(rf"\b{name}\b" for name in COLUMNS if "_" in name), re.ASCII)


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
        f"{escape(_worded(finding.message))}</li>"
        for finding in findings
    )
    return _wrapped(f'<p class="notice" role="status">{escape(done)}</p><ul class="findings">{items}</ul>')


def table_html(checked: CheckedTable, set_name: str) -> str:
    """What of a table can be added, row by row, after what is wrong with the rest."""
    wrong = "".join(f'<li class="error">{escape(_worded(line))}</li>' for line in checked.problems)
    remarks = "".join(f"<li>주의 {escape(one.case_id)}: {escape(_worded(one.message))}</li>" for one in checked.remarks)
    rows = [
        (case.case_id, case.question, TYPES[case.type], "검토됨" if case.reviewed else "초안")
        for case in checked.fit[:SHOWN_CASES]
    ]
    hidden = len(checked.fit) - len(rows)
    told = f"<p><strong>{len(checked.fit)}</strong>문항을 {escape(set_name)}에 더할 수 있습니다."
    told += f" 아래 {len(checked.problems)}건은 빠집니다.</p>" if checked.problems else "</p>"
    shown = text_table(("번호", "질문", "유형", "상태"), rows) if rows else ""
    more = f"<p>… 나머지 {hidden}개</p>" if hidden > 0 else ""
    return _wrapped(f'{told}<ul class="findings">{wrong}{remarks}</ul>{shown}{more}')


def draft_html(case: EvalCase, places: Sequence[QuotePlace], findings: Iterable[Finding]) -> str:
    """A draft beside the passages that hold its answer."""
    facts = ", ".join(" 또는 ".join(group) for group in case.must_include)
    expected = (
        f"답에 있어야 할 말: <strong>{escape(facts)}</strong>" if facts else "자료에 없어 거절해야 하는 질문입니다."
    )
    passages = "".join(map(_place_html, places))
    remarks = "".join(f'<li class="{one.severity}">{escape(_worded(one.message))}</li>' for one in findings)
    note = f"<p>{escape(case.note)}</p>" if case.note else ""
    return _wrapped(
        f'<article class="case passed"><h3>{escape(case.case_id)} <small>{escape(TYPES[case.type])} · 초안</small></h3>'
        f'<p class="question">{escape(case.question)}</p><p>{expected}</p>{note}{passages}'
        f'<ul class="findings">{remarks}</ul></article>'
    )


def _place_html(place: QuotePlace) -> str:
    url = document_url(place.document.document_id, place.start, place.end)
    return (
        f"<p class='answer'>…{escape(place.before)}<mark>{escape(place.quote)}</mark>{escape(place.after)}…</p>"
        f"<p><cite>{escape(place.document.title)}, {escape(place.document.source)}</cite> "
        f'<a href="{escape(url)}" target="_blank" rel="noopener">원문 보기</a></p>'
    )


def _worded(message: str) -> str:
    """A message of the linter with the form's own word before each name of the contract."""
    return _FIELD.sub(lambda name: f"{COLUMNS[name[0]][0]}({name[0]})", message)


def _wrapped(html: str) -> str:
    return f'<div class="eval">{html}</div>'
