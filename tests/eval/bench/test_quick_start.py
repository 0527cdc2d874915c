import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from eval.bench import quick_start
from eval.bench.quick_start import Measured, Search, _kept, _measure, _questions, _table, _texts


def test_the_bundled_documents_come_first_and_the_others_fill_up(corpus_dir: Path) -> None:
    assert len(_texts(3, None)) == 3
    texts = _texts(75, corpus_dir)
    assert len(texts) == 75
    assert "01_사례모음.txt" in texts
    assert list(texts)[:3] == list(_texts(3, None))


def test_questions_that_stand_alone_are_asked_of_the_documents_that_are_there() -> None:
    asked = _questions(_texts(72, None))
    assert len(asked) > 80
    assert all(relevant for _, relevant in asked)
    assert _questions({"다른문서.md": ""}) == []


def test_a_side_is_scored_by_the_documents_that_it_finds() -> None:
    texts = _texts(72, None)
    answers = {question: list(relevant) for question, relevant in _questions(texts)}

    def perfect(given: Mapping[str, str], folder: Path) -> Search:
        assert folder.is_dir()
        assert given == texts
        return lambda question: [*answers.get(question, ()), *answers.get(question, ())]

    measured = _measure(perfect, texts)
    assert (measured.recall_at_5, measured.ndcg_at_10, measured.mrr_at_10) == (1.0, 1.0, 1.0)
    assert measured.peak_mebibytes > 10


def test_the_table_holds_both_sides_and_their_ratio() -> None:
    ours = Measured(0.9, 0.8, 0.7, 30.0, 25.0, 50.0, 40.0, 2000.0)
    theirs = Measured(0.6, 0.4, 0.0, 60.0, 50.0, 100.0, 80.0, 1000.0)
    lines = _table(ours, theirs)
    assert "| 재현율@5 | 0.900 | 0.600 | 1.50 |" in lines
    assert "| MRR@10 | 0.700 | 0.000 | – |" in lines
    assert "| 질의 시간(ms, 중앙값) | 50 | 100 | 0.50 |" in lines


def test_a_side_that_was_measured_is_not_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = Measured(0.9, 0.8, 0.7, 30.0, 25.0, 50.0, 40.0, 2000.0)
    asked: list[Sequence[str]] = []

    def once(arguments: Sequence[str]) -> Measured:
        asked.append(arguments)
        return measured

    monkeypatch.setattr(quick_start, "_in_process", once)
    for _ in range(2):
        assert _kept(tmp_path / "kept", "ours-72", ["--side", "ours"]) == measured
    assert asked == [["--side", "ours"]]
    assert _kept(None, "ours-72", []) == measured
    assert len(asked) == 2


def test_without_the_packages_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quick_start, "NEEDED", ("package_that_is_not_there",))
    quick_start.main()
    assert "pip install '.[bench]'" in capsys.readouterr().err


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in quick_start.NEEDED), reason="needs the packages of [bench]"
)
@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_quick_start_itself_finds_a_document(tmp_path: Path) -> None:
    texts = {
        "자전거.md": "공영자전거 고장 신고를 큐알코드로 받습니다.",
        "도서관.md": "작은도서관을 밤 10시까지 엽니다.",
        # Of two documents, a word of one has no weight in BM25.
        "주차장.md": "공영주차장에 주차 로봇 3대를 들였습니다.",
        "여권.md": "여권 발급 수수료를 카드로 냅니다.",
    }
    search = quick_start._quick_start(texts, tmp_path)
    assert search("자전거 고장 신고")[0] == "자전거.md"
    assert search("작은도서관을 몇 시까지 여나요?")[0] == "도서관.md"
