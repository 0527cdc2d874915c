"""The longer sections of the HTML report. Everything that comes from data is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from chatbot.answer import Citation
from eval.compare import Comparison, Flip
from eval.labels import DIFFICULTIES, PERSONAS, STATUSES, TYPES, VERDICTS, number, share, signed
from eval.metrics.names import ANSWER_METRICS, Metric
from eval.metrics.statistics import Interval
from eval.report.svg import Bar, Dot, reliability, share_bars, step_curve
from eval.scoring import CaseScore
from eval.summary import GroupSummary, RiskCoverage, Summary


def groups_section(summary: Summary) -> str:
    """Accuracy a type as bars, then every metric by type, difficulty, persona and document."""
    bars = [_bar(TYPES.get(name, name), group) for name, group in summary.by_type.items()]
    by_document = f"<h2>문서별</h2>{_group_table('문서', summary.by_document, {})}" if summary.by_document else ""
    return (
        f"<section><h2>유형별 정답률</h2>{share_bars(bars, '유형별 정답률과 95 % 구간')}"
        f"{_group_table('유형', summary.by_type, TYPES)}"
        f"<h2>난이도별</h2>{_group_table('난이도', summary.by_difficulty, DIFFICULTIES)}"
        f"<h2>사용자별</h2>{_group_table('사용자', summary.by_persona, PERSONAS)}{by_document}</section>"
    )


def confidence_section(risk: RiskCoverage) -> str:
    """Risk against coverage, and accuracy against confidence."""
    curve = step_curve(
        [Dot(point.coverage, point.risk) for point in risk.points], "위험–적용 곡선", "답한 비율", "답 중 틀린 비율"
    )
    bins = reliability(
        [Dot(item.confidence, item.accuracy) for item in risk.bins],
        [item.n for item in risk.bins],
        "확신도와 맞은 비율",
        "확신도",
        "맞은 비율",
    )
    return (
        '<section><h2>확신도는 믿을 만한가</h2><div class="plots">'
        f"<figure>{curve}<figcaption>확신도가 높은 답부터 남길 때 틀린 비율. "
        f"곡선 아래 넓이 {share(risk.area)}(낮을수록 좋음)</figcaption></figure>"
        f"<figure>{bins}<figcaption>점이 대각선에 가까울수록 확신도가 정확합니다. "
        f"보정 오차 {share(risk.expected_calibration_error)}(낮을수록 좋음)</figcaption></figure></div></section>"
    )


def comparison_section(comparison: Comparison) -> str:
    """Each metric before and after, then the flipped cases side by side."""
    rows = (
        (
            change.metric.label,
            str(change.n),
            share(change.baseline),
            share(change.candidate),
            signed(change.difference),
            "" if change.low is None else f"{signed(change.low)} ~ {signed(change.high)}",
            share(change.p_value),
            VERDICTS[change.verdict] if change.n else "문항 없음",
        )
        for change in comparison.changes
    )
    header = ("지표", "문항", "기준", "이번", "차이", "95 % 구간", "p", "판정")
    notes = "".join(f"<li>{escape(note)}</li>" for note in comparison.notes)
    return (
        f"<section><h2>기준 {escape(comparison.baseline)}과(와) 비교</h2>{_table(header, rows)}"
        f"<ul>{notes}</ul><p>허용 폭 {comparison.tolerance:g}보다 크게 나빠지고 95 % 구간이 0을 벗어나야 "
        "나빠졌다고 판정합니다.</p>"
        f"{_flips('맞다가 틀리게 된 문항', comparison.broken)}"
        f"{_flips('틀리다가 맞게 된 문항', comparison.fixed)}</section>"
    )


def failures_section(failures: Sequence[CaseScore]) -> str:
    """Every failed case with its answer and quotes, and a choice of type to look at."""
    kinds = dict.fromkeys(score.case.type for score in failures)
    options = "".join(f'<option value="{kind}">{escape(TYPES[kind])}</option>' for kind in kinds)
    chooser = f'<label>유형 <select id="kind"><option value="">전체</option>{options}</select></label>'
    cards = "".join(map(case_html, failures)) or "<p>없습니다.</p>"
    return f"<section><h2>틀린 문항 {len(failures)}개</h2>{chooser if failures else ''}{cards}</section>"


def unsupported_section(scores: Sequence[CaseScore]) -> str:
    """Cases whose answer is right and whose citations are not; nothing when there is none."""
    cards = "".join(map(case_html, scores))
    return f"<section><h2>답은 맞지만 근거를 빠뜨린 문항 {len(scores)}개</h2>{cards}</section>" if scores else ""


def case_html(score: CaseScore, *, linked: bool = False) -> str:
    """One case with its answer and quotes; ``linked`` where the source pages are at hand."""
    case, answer = score.case, score.generated.answer
    history = "".join(f"<p class='turn {turn.role}'>{escape(turn.content)}</p>" for turn in case.history)
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in score.reasons)
    css = "case" if score.passed is False else "case passed"
    return (
        f'<article class="{css}" data-kind="{case.type}"><h3>{escape(case.case_id)} '
        f"<small>{escape(TYPES[case.type])} · {escape(PERSONAS[case.persona])} · {escape(STATUSES[answer.status])} · "
        f"확신도 {answer.confidence:.2f} · {number(score.generated.latency_ms)} ms</small></h3>"
        f"{history}<p class='question'>{escape(case.question)}</p><ul class='reasons'>{reasons}</ul>"
        f"<p class='answer'>{escape(answer.text)}</p>{_quotes(score, linked=linked)}</article>"
    )


def _quotes(score: CaseScore, *, linked: bool) -> str:
    citations = score.generated.answer.citations
    checks = score.generated.verbatim or (True,) * len(citations)
    items = "".join(
        f"<li value='{citation.number}'><q>{escape(citation.quote)}</q> "
        f"<cite>{escape(citation.case_title)}, {escape(citation.source)}</cite>"
        f"{'' if is_slice else ' <strong>원문과 다름</strong>'}{_link(citation) if linked else ''}</li>"
        for citation, is_slice in zip(citations, checks, strict=True)
    )
    return f"<ol class='quotes'>{items}</ol>" if items else ""


def _link(citation: Citation) -> str:
    """To the page of the source; an address that leads elsewhere is none of ours."""
    if not citation.url.startswith("/documents/"):
        return ""
    return f' <a href="{escape(citation.url)}" target="_blank" rel="noopener">원문 보기</a>'


def _flips(title: str, flips: Sequence[Flip]) -> str:
    if not flips:
        return f"<h3>{title}: 없음</h3>"
    rows = (
        (
            f"{flip.case_id}\n{TYPES.get(flip.type, flip.type or '질의')}",
            flip.question,
            _side(flip.baseline_status, flip.baseline_answer),
            _side(flip.candidate_status, flip.candidate_answer),
        )
        for flip in flips
    )
    return f"<h3>{title} {len(flips)}개</h3>" + _table(("문항", "질문", "기준의 답", "이번 답"), rows, css="texts")


def _side(status: str, answer: str) -> str:
    """An answer below how its question ended; a small baseline keeps only the latter."""
    ended = f"[{STATUSES[status]}]" if status in STATUSES else ""
    return f"{ended}\n{answer}".strip() or "기록 없음"


def _bar(label: str, group: GroupSummary) -> Bar:
    interval = group.intervals[Metric.ACCURACY.value]
    note = f"{share(group.accuracy)} ({group.counts[Metric.ACCURACY.value]}문항)"
    return Bar(label, group.accuracy, Interval(*interval) if interval else None, note)


def _group_table(name: str, groups: Mapping[str, GroupSummary], labels: Mapping[str, str]) -> str:
    header = (name, "문항", *(metric.label for metric in ANSWER_METRICS), "p50 ms", "p95 ms", "글자")
    rows = (
        (
            labels.get(key, key),
            str(group.n),
            *(share(group.value(metric)) for metric in ANSWER_METRICS),
            *map(number, (group.latency_p50_ms, group.latency_p95_ms, group.answer_chars)),
        )
        for key, group in groups.items()
    )
    return _table(header, rows)


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of words, each cell escaped."""
    return _table(header, rows, css="words")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], css: str = "numbers") -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        "<tr>" + "".join(_cell(cell, is_name=position == 0) for position, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    table = f'<table class="{css}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    # Wider than a phone: whoever has no mouse scrolls it with the arrow keys.
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(header[0])} 표">{table}</div>'


def _cell(text: str, *, is_name: bool) -> str:
    return f'<th scope="row">{escape(text)}</th>' if is_name else f"<td>{escape(text)}</td>"
