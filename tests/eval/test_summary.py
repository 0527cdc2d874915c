import pytest

from chatbot.answer import AnswerStatus
from eval.metrics.names import ANSWER_METRICS
from eval.metrics.statistics import wilson_interval
from eval.scoring import score_run
from eval.summary import GroupSummary, Summary, summarize
from tests.eval.builders import make_answer, make_case, make_generated, make_refusal, make_unanswerable

CASES = (
    make_case("right", type="number", persona="citizen", gold_docs=["000"], difficulty="easy"),
    make_case("wrong", type="number", persona="citizen", gold_docs=["000", "001"]),
    make_case("silent", type="list", gold_docs=["001"]),
    make_case("open", type="summary", must_include=[], gold_quote=[]),
    make_unanswerable("refused"),
    make_unanswerable("invented"),
)
GENERATED = (
    make_generated(CASES[0], make_answer("3일입니다.[1]", confidence=0.95), 100),
    make_generated(CASES[1], make_answer("40일입니다.[1]", confidence=0.75), 200, verbatim=(False,)),
    make_generated(CASES[2], make_refusal(), 300),
    make_generated(CASES[3], make_answer("요약입니다.[1]", confidence=0.5), 400),
    make_generated(CASES[4], make_refusal(), 500),
    make_generated(CASES[5], make_answer("지어낸 답입니다.", quotes=(), confidence=0.85), 600),
)


@pytest.fixture
def summary() -> Summary:
    scores = score_run(CASES, GENERATED)
    return summarize(scores, questions_sha256="q", corpus_digest="c", index_version="v1")


def test_means_are_over_the_questions_that_define_them(summary: Summary) -> None:
    assert summary.accuracy == 2 / 5  # right and refused, of all but the open one
    assert summary.fact_accuracy == pytest.approx(1 / 3)
    assert summary.citation_recall == pytest.approx(2 / 3)
    assert summary.citation_precision == pytest.approx((1 + 0 + 1) / 3)
    assert summary.refusal_accuracy == 1 / 2
    assert summary.false_refusals == 1 / 4


def test_what_is_left_out_is_counted(summary: Summary) -> None:
    assert summary.n == 6
    assert summary.counts["fact_accuracy"] == 3
    assert summary.undefined["fact_accuracy"] == 3
    assert summary.counts["accuracy"] == 5
    assert summary.uncited_answers == 1
    assert (summary.faithfulness, summary.counts["faithfulness"], summary.undefined["faithfulness"]) == (None, 0, 6)


def test_latency_and_length_by_hand(summary: Summary) -> None:
    assert summary.latency_p50_ms == pytest.approx(350)
    assert summary.latency_p95_ms == pytest.approx(500 + 0.75 * 100)
    assert summary.answer_chars == pytest.approx((6 + 7 + 6 + 9) / 4)


def test_each_share_has_its_wilson_interval(summary: Summary) -> None:
    interval = wilson_interval(1, 3)
    assert interval is not None
    assert summary.intervals["fact_accuracy"] == (interval.low, interval.high)


def test_groups_by_type_persona_and_document(summary: Summary) -> None:
    counts = [(name, group.n) for name, group in summary.by_type.items()]
    assert counts == [("number", 2), ("list", 1), ("summary", 1), ("unanswerable", 2)]
    assert summary.by_type["number"].fact_accuracy == 1 / 2
    assert summary.by_type["unanswerable"].fact_accuracy is None
    assert summary.by_type["unanswerable"].intervals["fact_accuracy"] is None
    assert summary.by_persona["citizen"].n == 2
    assert {name: group.n for name, group in summary.by_document.items()} == {"000": 2, "001": 2}


def test_statuses_are_counted(summary: Summary) -> None:
    assert summary.statuses == {AnswerStatus.ANSWERED: 4, AnswerStatus.NOT_IN_SOURCES: 2}


def test_risk_counts_invented_answers_as_wrong_and_leaves_out_what_cannot_be_judged(summary: Summary) -> None:
    # Judged: right .95, invented .85, wrong .75, and two refusals.
    points = [(point.threshold, point.coverage, point.risk) for point in summary.risk_coverage.points]
    assert points == [(0.95, 1 / 5, 0.0), (0.85, 2 / 5, 1 / 2), (0.75, 3 / 5, 2 / 3)]
    assert summary.risk_coverage.area == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)
    assert summary.risk_coverage.expected_calibration_error == pytest.approx((0.05 + 0.85 + 0.75) / 3)


def test_every_answer_metric_is_a_field_of_every_group(summary: Summary) -> None:
    assert {metric.value for metric in ANSWER_METRICS} <= set(GroupSummary.model_fields)
    assert [summary.value(metric) for metric in ANSWER_METRICS] == [
        getattr(summary, metric.value) for metric in ANSWER_METRICS
    ]


def test_a_group_of_refusals_only_has_no_length_and_no_curve() -> None:
    case = make_unanswerable()
    scores = score_run([case], [make_generated(case)])
    summary = summarize(scores, questions_sha256="", corpus_digest="", index_version="")
    assert (summary.answer_chars, summary.fact_accuracy, summary.risk_coverage.area) == (None, None, None)


def test_difficulties_are_rows_and_questions_without_one_are_counted_apart(summary: Summary) -> None:
    assert list(summary.by_difficulty) == ["easy", ""]
    assert (summary.by_difficulty["easy"].n, summary.by_difficulty["easy"].accuracy) == (1, 1.0)
    assert summary.by_difficulty[""].n == 5
