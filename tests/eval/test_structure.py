"""The labelled documents are read as their labels say, and the figures are what the labels make them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import cli
from eval.console import run_cli
from eval.errors import LabelsError
from eval.structure import DATASET, LABELS, load_labels, score_structure, summarize_structure
from index.settings import IndexSettings

ROOT = Path(__file__).parents[2]
TEXT = """청년 지원 묻고 답하기
가람시 청년과 (2025. 4. 1.)

Q1. 누가 받나요?
열아홉 살부터 받습니다.

Q2. 얼마인가요?
이십만 원입니다.
"""
RIGHT = """
a.txt:
  title: 청년 지원 묻고 답하기
  agency: 가람시
  date: 2025-04-01
  kind: faq
  starts: [Q2.]
  under: {이십만: 얼마인가요}
"""
FIGURES = ("boundary_f1", "title", "agency", "date", "kind", "heading")
WRONG = "a.txt: {title: 다른 제목, agency: 새빛시, date: null, kind: plan, starts: [Q1.], under: {이십만: 누가}}"


def write(folder: Path, labels: str) -> Path:
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / LABELS).write_text(labels, encoding="utf-8")
    return folder


def test_the_labelled_documents_are_read_as_a_person_reads_them() -> None:
    found = summarize_structure(score_structure(ROOT / DATASET, IndexSettings()))
    assert found.documents >= 44
    assert found.f1 >= 0.97
    shares = (found.title, found.agency, found.date, found.kind, found.case_agency, found.heading)
    assert [share.mean >= 0.97 for share in shares] == [True] * 6
    assert found.kind.n == found.documents


def test_each_figure_falls_with_its_label(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(cli, ["structure", "--docs", str(write(tmp_path, RIGHT)), "--json"]) == 0
    right = json.loads(capsys.readouterr().out)
    assert [right[name] for name in FIGURES] == [1] * len(FIGURES)
    assert run_cli(cli, ["structure", "--docs", str(write(tmp_path, WRONG)), "--json"]) == 0
    said = capsys.readouterr()
    wrong = json.loads(said.out)
    assert [wrong[name] for name in FIGURES] == [0] * len(FIGURES)
    assert "빠진 경계 'Q1. 누가 받나요?'" in said.err
    assert "없는 경계 'Q2. 얼마인가요?'" in said.err


@pytest.mark.parametrize(
    "labels",
    [
        "a.txt: {제목: 가}",
        "a.txt: [",
        "없는.txt: {title: 가, agency: 나, date: null}",
        "a.txt: {title: 가, agency: 나, date: null, starts: [Q9.]}",
        "a.txt: {title: 가, agency: 나, date: null, under: {없는 말: 가}}",
    ],
)
def test_labels_that_do_not_fit_are_one_line(tmp_path: Path, labels: str) -> None:
    with pytest.raises(LabelsError) as raised:
        score_structure(write(tmp_path, labels), IndexSettings())
    assert "\n" not in str(raised.value)


def test_every_label_of_the_set_is_in_its_document() -> None:
    labels = load_labels(ROOT / DATASET)
    assert sum(len(one.starts) for one in labels.values()) >= 70
    assert {"press", "plan", "cases", "law", "faq", "minutes", "table", "later"} == {
        name.split("-")[0] for name in labels
    }
