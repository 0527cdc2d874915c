"""JUnit XML, as build servers read it: a suite a type, a test a question, a failure with its reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from eval.report.data import ReportData
from eval.scoring import CaseScore

# Characters that XML 1.0 cannot hold, not even escaped (W3C recommendation, production 2).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(data: ReportData) -> str:
    """The run as JUnit XML. A case that neither passes nor fails is skipped; a crash is an error."""
    root = Element("testsuites", {"name": _clean(data.name), **_counts(data.scores)})
    by_type = sorted(data.scores, key=lambda score: score.case.type.value)
    for kind, group in groupby(by_type, key=lambda score: score.case.type.value):
        scores = tuple(group)
        suite = SubElement(root, "testsuite", {"name": kind, **_counts(scores)})
        for score in scores:
            _add_case(suite, score)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_case(suite: Element, score: CaseScore) -> None:
    name = _clean(f"{score.case_id} {score.case.question}")
    seconds = f"{score.generated.latency_ms / 1000:.3f}"
    case = SubElement(suite, "testcase", classname=score.case.type.value, name=name, time=seconds)
    if score.passed is None:
        SubElement(case, "skipped", message="채점할 기준이 없습니다")
    elif not score.passed:
        outcome = SubElement(case, "error" if _crashed(score) else "failure", message=_clean("; ".join(score.reasons)))
        outcome.text = _clean(f"{score.status.value}: {score.generated.answer.text}")


def _counts(rows: Sequence[CaseScore]) -> dict[str, str]:
    wrong = [score for score in rows if score.passed is False]
    crashed = sum(map(_crashed, wrong))
    return {
        "tests": str(len(rows)),
        "failures": str(len(wrong) - crashed),
        "errors": str(crashed),
        "skipped": str(sum(score.passed is None for score in rows)),
        "time": f"{sum(score.generated.latency_ms for score in rows) / 1000:.3f}",
    }


def _crashed(score: CaseScore) -> bool:
    return score.status.value.startswith("error_")


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
