"""A run for readers: one HTML file for people, Markdown for a pull request, JUnit XML for a build server."""

from __future__ import annotations

from pathlib import Path

from eval.compare import Comparison
from eval.evaluate import evaluate
from eval.report.data import ReportData
from eval.report.html import html_report
from eval.report.junit import junit_xml
from eval.report.markdown import markdown_report
from eval.run import RunFolder

HTML, MARKDOWN, JUNIT, COMPARISON = "report.html", "report.md", "junit.xml", "comparison.json"


def write_reports(run: RunFolder, comparison: Comparison | None = None) -> tuple[Path, ...]:
    """Score the run and write the three reports, and a comparison as JSON, into its folder; returns their paths.

    Raises:
        EvalError: The run is not one of answers, is unfinished, or cannot be written.
    """
    summary, scores = evaluate(run)
    data = ReportData(run.path.name, run.config(), summary, scores, comparison)
    for name, text in ((HTML, html_report(data)), (MARKDOWN, markdown_report(data)), (JUNIT, junit_xml(data))):
        run.write_text(name, text)
    names = [HTML, MARKDOWN, JUNIT]
    if comparison is not None:
        run.write_json(COMPARISON, comparison)
        names.append(COMPARISON)
    return tuple(run.path / name for name in names)
