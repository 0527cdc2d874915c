import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chatbot.answer import AnswerStatus
from eval.cases import CaseType, EvalCase, Persona
from eval.compare import compare
from eval.labels import PERSONAS, STATUSES, TYPES
from eval.metrics.statistics import Interval
from eval.report import write_reports
from eval.report.svg import Bar, Dot, reliability, share_bars, step_curve
from eval.run import GeneratedAnswer, RunFolder
from eval.scorecard import scorecard_of
from tests.eval.builders import cite, make_answer, make_case, make_generated, make_refusal, make_unanswerable, write_run

HOSTILE = '<script>alert(1)</script> & "따옴표" | \x0b끝'


class TagCounter(HTMLParser):
    """Collects tags and addresses, and notices a tag that is never closed."""

    VOID = frozenset({"meta", "line", "circle", "rect", "path", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def cases() -> list[EvalCase]:
    return [
        make_case("right", type="number", persona="citizen", gold_docs=["a01"]),
        make_case("wrong", question=HOSTILE, must_include=[["40일"]], history=[{"role": "user", "content": HOSTILE}]),
        make_case("crashed", type="list"),
        make_case("open", type="summary", must_include=[], gold_quote=[]),
        make_unanswerable("refused"),
    ]


def answers(first: str = "3일입니다.[1]") -> list[GeneratedAnswer]:
    right, wrong, crashed, unscored, refused = cases()
    quoted = make_answer(f"{HOSTILE}[1]", citations=(cite(HOSTILE),))
    return [
        make_generated(right, make_answer(first)),
        make_generated(wrong, quoted, verbatim=(False,)),
        make_generated(crashed, make_refusal(AnswerStatus.TIMEOUT), latency_ms=2500),
        make_generated(unscored),
        make_generated(refused),
    ]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return write_run(tmp_path / "run", cases(), answers())


def page(run: RunFolder) -> str:
    return (run.path / "report.html").read_text(encoding="utf-8")


def test_the_three_reports_stand_in_the_run_folder(run: RunFolder) -> None:
    assert [path.name for path in write_reports(run)] == ["report.html", "report.md", "junit.xml"]
    assert all(path.stat().st_size > 500 for path in run.path.glob("report.*"))


def test_the_page_is_well_formed_korean_and_loads_nothing(run: RunFolder) -> None:
    write_reports(run)
    counter = TagCounter()
    counter.feed(page(run))
    assert counter.open == []
    assert counter.addresses == []
    assert counter.tags.count("svg") == 3
    assert '<html lang="ko">' in page(run)
    assert not re.search(r"https?://|@import|url\(", page(run))


def test_everything_from_data_is_escaped(run: RunFolder) -> None:
    write_reports(run)
    assert "<script>alert" not in page(run)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(run)
    assert page(run).count("<script>") == 1


def test_the_page_shows_failures_with_reasons_answer_and_quotes_and_nothing_that_passes(run: RunFolder) -> None:
    write_reports(run)
    text = page(run)
    assert "틀린 문항 2개" in text
    assert "빠진 사실: 40일" in text
    assert "원문과 다름" in text
    assert 'data-kind="list"' in text
    assert 'data-kind="number"' not in text


def test_the_page_shows_means_with_their_intervals(run: RunFolder) -> None:
    write_reports(run)
    # Right and refused, of four that can be judged: Wilson 95 % of 2 in 4.
    assert '<h3>정답률</h3><p class="value">0.500</p><p>0.150–0.850</p><p>4문항</p>' in page(run)


def test_a_comparison_is_shown_with_both_answers(run: RunFolder, tmp_path: Path) -> None:
    worse = write_run(tmp_path / "worse", cases(), answers("모릅니다."))
    write_reports(worse, compare(scorecard_of(run), scorecard_of(worse), tolerance=0.5))
    assert "기준 run 대비 변화 없음" in page(worse)
    assert "맞다가 틀리게 된 문항 1개" in page(worse)
    assert "<td>[답변]\n3일입니다.[1]</td><td>[답변]\n모릅니다.</td>" in page(worse)
    written = json.loads((worse.path / "comparison.json").read_text(encoding="utf-8"))
    assert [flip["case_id"] for flip in written["broken"]] == ["right"]
    markdown = (worse.path / "report.md").read_text(encoding="utf-8")
    assert "- 맞다가 틀리게 된 문항: right" in markdown
    assert "- 틀리다가 맞게 된 문항: 없음" in markdown


def test_right_answers_with_missing_evidence_have_a_section_of_their_own(tmp_path: Path) -> None:
    case = make_case(gold_quote=["담당은 혁신행정담당관이다."])
    run = write_run(tmp_path, [case], [make_generated(case)])
    write_reports(run)
    assert "답은 맞지만 근거를 빠뜨린 문항 1개" in page(run)
    assert "인용하지 않은 근거: 담당은 혁신행정담당관이다." in page(run)


def test_markdown_tables_keep_their_columns_whatever_an_answer_holds(run: RunFolder) -> None:
    write_reports(run)
    lines = (run.path / "report.md").read_text(encoding="utf-8").splitlines()
    start = lines.index("| 문항 | 질문 | 끝난 상태 | 이유 |")
    for line in lines[start : start + 4]:
        assert len(re.findall(r"(?<!\\)\|", line)) == 5
    assert any("wrong (사실)" in line for line in lines)


def test_junit_counts_failures_errors_and_skipped_by_type(run: RunFolder) -> None:
    write_reports(run)
    root = ElementTree.parse(run.path / "junit.xml").getroot()
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "1", "skipped": "1"}
    assert [suite.get("name") for suite in root] == ["fact", "list", "number", "summary", "unanswerable"]
    failure = root.find(".//testcase[@classname='fact']/failure")
    assert failure is not None
    assert "빠진 사실: 40일" in failure.get("message", "")
    crashed = root.find(".//testcase[@classname='list']")
    assert crashed is not None
    assert crashed.get("time") == "2.500"


def test_a_run_without_failures_says_so(tmp_path: Path) -> None:
    case = make_case()
    run = write_run(tmp_path, [case], [make_generated(case)])
    write_reports(run)
    assert "틀린 문항 0개" in page(run)
    assert "없습니다." in (run.path / "report.md").read_text(encoding="utf-8")


def test_bars_are_as_long_as_their_values_and_undefined_ones_are_missing() -> None:
    bars = [Bar("가", 0.5, Interval(0.25, 0.75), ""), Bar("나", None, None, "–")]
    svg = share_bars(bars, "제목")
    assert svg.count('class="bar"') == 1
    assert 'width="210.0"' in svg  # half of 420
    assert "M225.0," in svg  # 120 + 420 / 4
    assert "<title>제목</title>" in svg


def test_the_curve_holds_its_height_until_the_next_point() -> None:
    # x = 44 + 260 x, y = 12 + 260 (1 - y)
    svg = step_curve([Dot(0.25, 0.0), Dot(0.5, 0.5)], "제목", "가로", "세로")
    assert 'd="M109.0,272.0H174.0V142.0"' in svg
    assert 'd=""' in step_curve([], "제목", "가로", "세로")


def test_larger_bins_are_larger_dots() -> None:
    svg = reliability([Dot(0.1, 0.1), Dot(0.9, 0.8)], [1, 4], "제목", "가로", "세로")
    assert [float(radius) for radius in re.findall(r' r="([\d.]+)"', svg)] == [3 + 9 * 0.5, 12]


def test_every_type_persona_and_status_has_a_korean_name() -> None:
    assert set(TYPES) == set(CaseType)
    assert set(PERSONAS) == set(Persona)
    assert set(STATUSES) == set(AnswerStatus)
