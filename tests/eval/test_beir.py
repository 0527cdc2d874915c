from pathlib import Path

import pytest

from eval.beir import BeirQuery, document_ids, load_queries
from eval.errors import BeirFormatError


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "가", "text": "하나"}\n{"_id": "b", "title": "", "text": "둘"}\n', encoding="utf-8"
    )
    (folder / "queries.jsonl").write_text(
        '{"_id": "1", "text": "하나?"}\n{"_id": "2", "text": "둘?"}\n{"_id": 3, "text": "셋?"}\n', encoding="utf-8"
    )
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n3\tb\t0\n")
    return folder


def test_queries_come_with_their_grades_and_unjudged_ones_are_left_out(beir: Path) -> None:
    assert load_queries(beir) == (BeirQuery("1", "하나?", {"a": 2.0}), BeirQuery("3", "셋?", {}))


def test_document_ids_are_those_of_the_corpus(beir: Path) -> None:
    assert document_ids(beir) == {"a", "b"}


def test_qrels_without_a_header_are_read_from_the_first_line(beir: Path) -> None:
    (beir / "qrels" / "test.tsv").write_text("1\ta\t1\n")
    assert load_queries(beir) == (BeirQuery("1", "하나?", {"a": 1.0}),)


@pytest.mark.parametrize("name", ["queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named_with_what_belongs_there(beir: Path, name: str) -> None:
    (beir / name).unlink()
    with pytest.raises(BeirFormatError, match="BEIR 폴더에는") as caught:
        load_queries(beir)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("queries.jsonl", "{}\n", "queries.jsonl 1번째 줄"),
        ("queries.jsonl", '{"_id": "1"\n', "queries.jsonl 1번째 줄"),
        ("queries.jsonl", '{"_id": "9", "text": "아홉?"}\n', "판정이 있는 질의가 없습니다"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\ta\n", "2번째 줄: 질의 id, 문서 id, 등급"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\ta\t높음\n", "2번째 줄: 질의 id, 문서 id, 등급"),
    ],
)
def test_a_broken_file_is_named_in_one_line(beir: Path, name: str, content: str, message: str) -> None:
    (beir / name).write_text(content, encoding="utf-8")
    with pytest.raises(BeirFormatError, match=message) as caught:
        load_queries(beir)
    assert "\n" not in str(caught.value)
