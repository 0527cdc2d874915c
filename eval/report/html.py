"""One self-contained Korean HTML file: no script from elsewhere, no font, readable when printed."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from eval.labels import VERDICTS, bounds, number, share
from eval.metrics.names import ANSWER_METRICS
from eval.report.data import ReportData
from eval.report.sections import (
    comparison_section,
    confidence_section,
    failures_section,
    groups_section,
    unsupported_section,
)
from eval.summary import Summary

_DEFINITIONS = (
    ("정답률", "답할 수 있는 문항에 필요한 사실을 모두 답하고, 답할 수 없는 문항을 거절한 비율"),
    ("사실 정확도", "답할 수 있는 문항 가운데 필요한 사실이 모두 들어 있고 틀린 말이 없는 비율"),
    ("인용 재현율", "근거 문장을 모두 인용한 비율"),
    ("인용 정밀도", "인용문이 저장된 원문의 그 위치에 그대로 있는 비율"),
    ("충실도", "답의 문장 가운데, 그 문장이 단 인용문이 뒷받침하는 것의 비율(문장 검증기가 판정)"),
    ("거절 정확도", "답할 수 없는 문항을 거절한 비율"),
    ("잘못된 거절", "답할 수 있는데 답하지 않은 비율(낮을수록 좋음)"),
)


def html_report(data: ReportData) -> str:
    """The whole page."""
    title = escape(f"평가 보고서: {data.name}")
    sections = [_header(data), cards_section(data.summary, data.config.workers)]
    if data.comparison is not None:
        sections.append(comparison_section(data.comparison))
    sections += [
        groups_section(data.summary),
        confidence_section(data.summary.risk_coverage),
        failures_section(data.failures),
        unsupported_section(data.unsupported),
        _definitions(data),
    ]
    return (
        '<!doctype html>\n<html lang="ko">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{resource('report.css')}{resource('parts.css')}</style>\n</head>\n<body>\n"
        + "\n".join(sections)
        + f"\n<script>\n{resource('report.js')}</script>\n</body>\n</html>\n"
    )


def _header(data: ReportData) -> str:
    config, summary = data.config, data.summary
    verdict = ""
    if data.comparison is not None:
        kind = data.comparison.verdict
        verdict = f'<p class="verdict {kind}">기준 {escape(data.comparison.baseline)} 대비 {VERDICTS[kind]}</p>'
    return (
        f"<header><h1>평가 보고서: {escape(data.name)}</h1>{verdict}"
        f"<p>문항 {summary.n}개({escape(config.questions_file)}) · 틀린 문항 {len(data.failures)}개 · "
        f"색인 {escape(config.index_version)} · {escape(config.created_at.replace('T', ' '))}</p></header>"
    )


def cards_section(summary: Summary, workers: int) -> str:
    """The metrics at a glance."""
    cards = [
        f'<div class="card"><h3>{metric.label}</h3><p class="value">{share(summary.value(metric))}</p>'
        f"<p>{bounds(summary.intervals[metric.value]) or '–'}</p><p>{summary.counts[metric.value]}문항</p></div>"
        for metric in ANSWER_METRICS
    ]
    cards.append(
        f'<div class="card"><h3>응답 시간</h3><p class="value">{number(summary.latency_p50_ms)} ms</p>'
        f"<p>p95 {number(summary.latency_p95_ms)} ms</p><p>동시 {workers}건</p></div>"
    )
    cards.append(
        f'<div class="card"><h3>답 길이</h3><p class="value">{number(summary.answer_chars)}자</p>'
        f"<p>평균</p><p>인용 없는 답 {summary.uncited_answers}건</p></div>"
    )
    return f'<section><h2>요약</h2><div class="cards">{"".join(cards)}</div></section>'


def _definitions(data: ReportData) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in _DEFINITIONS)
    fingerprints = (
        f"문항 지문 {data.summary.questions_sha256[:16]} · 문서 지문 {data.summary.corpus_digest[:16] or '없음'}"
    )
    return (
        f"<section><h2>지표의 뜻</h2><dl>{rows}</dl>"
        "<p>구간은 95 % 윌슨 구간입니다. 정할 수 없는 값은 평균에서 빼고 세기만 합니다.</p>"
        f"<p>{escape(fingerprints)}</p></section>"
    )


def resource(name: str) -> str:
    """A file beside this module."""
    return files("eval.report").joinpath(name).read_text(encoding="utf-8")
