import random
from collections.abc import Sequence

import pytest

from eval.compare import Comparison, MetricChange, Verdict, compare
from eval.errors import NotComparableError
from eval.metrics.names import ANSWER_METRICS, Metric
from eval.metrics.statistics import paired_bootstrap, paired_permutation
from eval.scorecard import CaseCard, Scorecard

N = 100


def make_card(passed: Sequence[bool], **fields: object) -> Scorecard:
    """A run of answerable questions that pass or fail; nothing else is measured."""
    cases = {
        f"q{number}": CaseCard(
            type="number" if number % 2 else "fact",
            passed=value,
            values=dict.fromkeys(ANSWER_METRICS) | {Metric.ACCURACY: float(value), Metric.FACT_ACCURACY: float(value)},
            answer=f"답 {number} {value}",
        )
        for number, value in enumerate(passed)
    }
    defaults: dict[str, object] = {
        "name": "run",
        "kind": "answers",
        "questions_sha256": "q",
        "corpus_digest": "c",
        "index_version": "v1",
        "latency_p50_ms": 100.0,
        "latency_p95_ms": 200.0,
        "means": {},
        "cases": cases,
    }
    return Scorecard.model_validate(defaults | fields)


def change_of(comparison: Comparison, metric: Metric) -> MetricChange:
    return next(change for change in comparison.changes if change.metric is metric)


def flipped(passed: Sequence[bool], count: int, rng: random.Random) -> list[bool]:
    chosen = set(rng.sample(range(len(passed)), count))
    return [value ^ (number in chosen) for number, value in enumerate(passed)]


def broken(passed: Sequence[bool], count: int, rng: random.Random) -> list[bool]:
    chosen = set(rng.sample([number for number, value in enumerate(passed) if value], count))
    return [value and number not in chosen for number, value in enumerate(passed)]


def test_two_of_a_hundred_answers_flipped_at_random_never_read_as_a_regression() -> None:
    rng = random.Random(1)
    for _ in range(100):
        before = [rng.random() < 0.85 for _ in range(N)]
        for after in (flipped(before, 2, rng), broken(before, 2, rng)):
            assert compare(make_card(before), make_card(after)).verdict is not Verdict.REGRESSED


def test_ten_of_a_hundred_answers_broken_always_read_as_a_regression() -> None:
    rng = random.Random(2)
    for _ in range(100):
        before = [rng.random() < 0.85 for _ in range(N)]
        comparison = compare(make_card(before), make_card(broken(before, 10, rng)))
        assert comparison.verdict is Verdict.REGRESSED
        assert comparison.exit_code == 1
        assert len(comparison.broken) == 10


def test_a_change_that_breaks_as_many_as_it_mends_is_not_a_regression() -> None:
    before = [True] * 60 + [False] * 40
    after = [False] * 10 + [True] * 50 + [True] * 10 + [False] * 30
    comparison = compare(make_card(before), make_card(after))
    assert (comparison.verdict, comparison.exit_code) == (Verdict.UNCHANGED, 0)
    assert (len(comparison.broken), len(comparison.fixed)) == (10, 10)


def test_a_baseline_blessed_before_a_metric_was_there_is_compared_on_the_others() -> None:
    def card(values: dict[Metric, float | None], name: str) -> Scorecard:
        cases = {f"q{number}": CaseCard(passed=True, values=values) for number in range(N)}
        return make_card([True] * N, name=name, cases=cases)

    older = card({Metric.ACCURACY: 1.0, Metric.FACT_ACCURACY: 1.0}, "older")
    newer = card(dict.fromkeys(ANSWER_METRICS) | {Metric.ACCURACY: 1.0, Metric.FAITHFULNESS: 0.2}, "newer")
    comparison = compare(Scorecard.model_validate_json(older.model_dump_json()), newer)
    assert (comparison.verdict, comparison.exit_code) == (Verdict.UNCHANGED, 0)
    assert change_of(comparison, Metric.FAITHFULNESS).n == 0
    assert change_of(comparison, Metric.FAITHFULNESS).difference is None
    assert any("견주지 않은 지표" in note and "충실도" in note for note in comparison.notes)


def test_a_fall_in_faithfulness_is_a_regression() -> None:
    cards = [
        make_card(
            [True] * N,
            cases={
                f"q{number}": CaseCard(
                    passed=True,
                    values=dict.fromkeys(ANSWER_METRICS)
                    | {Metric.ACCURACY: 1.0, Metric.FAITHFULNESS: 0.5 if number < broken else 1.0},
                )
                for number in range(N)
            },
        )
        for broken in (0, 10)
    ]
    comparison = compare(*cards)
    assert change_of(comparison, Metric.FAITHFULNESS).verdict is Verdict.REGRESSED
    assert comparison.exit_code == 1


def test_a_large_fall_that_chance_explains_is_not_a_regression() -> None:
    # 3 of 50 is a fall of .06, three times the tolerance, but (1 - 3/50)^50 ≈ .045 of the resamples hold none.
    comparison = compare(make_card([True] * 50), make_card([False] * 3 + [True] * 47))
    change = change_of(comparison, Metric.ACCURACY)
    assert change.difference == pytest.approx(-0.06)
    assert change.high == 0.0
    assert change.verdict is Verdict.UNCHANGED


def test_a_certain_fall_within_the_tolerance_is_not_a_regression() -> None:
    before, after = make_card([True] * N), make_card([False] * 10 + [True] * 90)
    assert compare(before, after, tolerance=0.1).verdict is Verdict.UNCHANGED
    assert compare(before, after, tolerance=0.09).verdict is Verdict.REGRESSED


def test_the_change_holds_means_interval_and_p_value_over_the_pairs() -> None:
    differences = [-1.0] * 10 + [0.0] * 90
    change = change_of(compare(make_card([True] * N), make_card([False] * 10 + [True] * 90)), Metric.FACT_ACCURACY)
    interval = paired_bootstrap(differences)
    assert (change.n, change.baseline, change.candidate) == (N, 1.0, 0.9)
    assert (change.low, change.high) == (interval.low, interval.high)
    assert change.p_value == paired_permutation(differences)


def test_more_false_refusals_are_a_regression_and_fewer_an_improvement() -> None:
    def refusing(count: int) -> Scorecard:
        card = make_card([True] * N)
        cases = {
            key: case.model_copy(update={"values": case.values | {Metric.FALSE_REFUSALS: float(number < count)}})
            for number, (key, case) in enumerate(card.cases.items())
        }
        return card.model_copy(update={"cases": cases})

    worse = change_of(compare(refusing(0), refusing(10)), Metric.FALSE_REFUSALS)
    better = change_of(compare(refusing(10), refusing(0)), Metric.FALSE_REFUSALS)
    assert [worse.difference, better.difference] == pytest.approx([0.1, -0.1])
    assert [worse.verdict, better.verdict] == [Verdict.REGRESSED, Verdict.IMPROVED]


def test_only_cases_that_both_runs_define_are_paired() -> None:
    before, after = make_card([True] * N), make_card([True] * N)
    first = after.cases["q0"]
    undefined = first.model_copy(update={"values": first.values | {Metric.FACT_ACCURACY: None}})
    after = after.model_copy(update={"cases": after.cases | {"q0": undefined}})
    comparison = compare(before, after)
    assert change_of(comparison, Metric.FACT_ACCURACY).n == N - 1
    assert change_of(comparison, Metric.CITATION_RECALL) == MetricChange(metric=Metric.CITATION_RECALL, n=0)


def test_flips_name_the_case_and_show_both_answers() -> None:
    comparison = compare(make_card([True, False] + [True] * 98), make_card([False, True] + [True] * 98))
    (gone,), (mended,) = comparison.broken, comparison.fixed
    assert (gone.case_id, gone.baseline_answer, gone.candidate_answer) == ("q0", "답 0 True", "답 0 False")
    assert mended.case_id == "q1"
    assert comparison.broken_by_type == {"fact": 1}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"questions_sha256": "other"}, "문항이 다릅니다"),
        ({"corpus_digest": "other"}, "문서가 다릅니다"),
        ({"kind": "retrieval"}, "검색 실행"),
    ],
)
def test_runs_of_other_questions_documents_or_kind_are_not_comparable(fields: dict[str, str], message: str) -> None:
    with pytest.raises(NotComparableError, match=message) as caught:
        compare(make_card([True] * N), make_card([True] * N, **fields))
    assert caught.value.exit_code == 3


def test_too_few_cases_for_the_tolerance_are_not_comparable_unless_the_fall_is_plain() -> None:
    few = make_card([True] * 10)
    with pytest.raises(NotComparableError, match=r"문항을 50개 이상으로 늘리거나 --tolerance를 0\.1 이상"):
        compare(few, few)
    assert compare(few, few, tolerance=0.1).verdict is Verdict.UNCHANGED
    assert compare(few, make_card([False] * 10)).verdict is Verdict.REGRESSED


def test_no_cases_and_no_tolerance_are_refused() -> None:
    with pytest.raises(NotComparableError, match="0문항"):
        compare(make_card([]), make_card([]))
    with pytest.raises(ValueError, match="above 0"):
        compare(make_card([True] * N), make_card([True] * N), tolerance=0)


def test_notes_say_what_else_differs() -> None:
    passed = [True] * N
    comparison = compare(
        make_card(
            passed,
            answerers=("extractive",),
            corpus_digest="",
            code_digest="c1",
            settings={"read_chunks": 5, "index": {"use_dense": True}},
        ),
        make_card(
            passed,
            answerers=("generative local",),
            index_version="v2",
            workers=4,
            latency_p95_ms=300.0,
            code_digest="c2",
            settings={"read_chunks": 5, "index": {"use_dense": False}, "new": 1},
        ),
    )
    assert comparison.notes == (
        "문서가 같은지 확인하지 못했습니다: 실행에 문서 지문이 없습니다.",
        "색인 판이 다릅니다: v1 → v2",
        "답변기가 다릅니다: extractive → generative local",
        "프로그램이 다릅니다: c1 → c2",
        "설정이 다릅니다: index.use_dense True → False",
        "동시 처리 수가 달라 응답 시간은 견줄 수 없습니다: 1 → 4",
    )
    assert comparison.latency_p95_ratio == 1.5
    assert compare(make_card(passed), make_card(passed)).notes == ()
