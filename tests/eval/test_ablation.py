import json
from pathlib import Path

import pytest

from eval.ablation import FULL, SWITCHES, Overrides, load_variants, run_ablation
from eval.errors import EvalError
from eval.metrics.names import Metric
from eval.metrics.statistics import paired_bootstrap
from eval.run import RunFolder
from eval.subject import Subject
from tests.eval.builders import FakeAnswerer, make_answer, make_case, make_subject

CASES = [make_case(f"q{number}", question=f"{number}번 기간은?") for number in range(10)]


def open_fake(overrides: Overrides) -> Subject:
    """Without the reader, three of ten answers are wrong."""
    wrong = {case.question: make_answer("모릅니다.") for case in CASES[:3]} if overrides else {}
    return make_subject(FakeAnswerer(wrong), settings=overrides)


def test_each_variant_is_run_and_compared_with_the_full_system(tmp_path: Path) -> None:
    table = run_ablation(
        CASES, {"판독 없이": {"use_reranker": False}}, open_fake, RunFolder(tmp_path), questions_file="s"
    )
    full, without = table.rows
    assert (full.name, full.changes, full.means[Metric.FACT_ACCURACY]) == (FULL, (), 1.0)
    assert (without.name, without.settings, without.means[Metric.FACT_ACCURACY]) == (
        "판독 없이",
        {"use_reranker": False},
        0.7,
    )
    change = next(change for change in without.changes if change.metric is Metric.FACT_ACCURACY)
    interval = paired_bootstrap([-1.0] * 3 + [0.0] * 7)
    assert (change.n, change.low, change.high) == (10, interval.low, interval.high)


def test_the_table_shows_value_difference_and_interval(tmp_path: Path) -> None:
    run_ablation(
        CASES, {"판독 없이": {"use_reranker": False}}, open_fake, RunFolder(tmp_path), questions_file="set.jsonl"
    )
    text = (tmp_path / "ablation.md").read_text(encoding="utf-8")
    assert "문항 10개(set.jsonl)" in text
    assert "| 전체 | 1.000 | 1.000 |" in text
    assert "0.700 (-0.300, -0.600 ~ " in text
    assert json.loads((tmp_path / "ablation.json").read_text(encoding="utf-8"))["n"] == 10


def test_each_variant_keeps_a_run_of_its_own_and_a_second_run_asks_nothing(tmp_path: Path) -> None:
    asked: list[FakeAnswerer] = []

    def open_counting(overrides: Overrides) -> Subject:
        asked.append(FakeAnswerer())
        return make_subject(asked[-1], settings=overrides)

    for _ in range(2):
        run_ablation(CASES, {"판독 없이": {"a": 1}}, open_counting, RunFolder(tmp_path), questions_file="s")
    assert [len(answerer.asked) for answerer in asked] == [10, 10, 0, 0]
    assert (tmp_path / "판독-없이" / "summary.json").is_file()


@pytest.mark.parametrize("name", ["", "../up", "a/b", FULL])
def test_a_variant_without_a_usable_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvalError, match="변형 이름"):
        run_ablation(CASES, {name: {}}, open_fake, RunFolder(tmp_path), questions_file="s")


def test_variants_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "variants.json"
    path.write_text('{"짧게": {"fact_chars": 100}}', encoding="utf-8")
    assert load_variants(path) == {"짧게": {"fact_chars": 100}}
    path.write_text('["짧게"]', encoding="utf-8")
    with pytest.raises(EvalError, match=r"variants\.json: 이름마다"):
        load_variants(path)
    with pytest.raises(EvalError, match="이름마다"):
        load_variants(tmp_path / "none.json")


def test_every_switch_names_an_existing_setting_and_changes_it(tmp_path: Path) -> None:
    from chatbot.fingerprint import recorded
    from eval.chatbot_subject import settings_with

    usual = recorded(settings_with(tmp_path, {}))
    for overrides in SWITCHES.values():
        assert recorded(settings_with(tmp_path, overrides)) != usual
