import csv
import json
from pathlib import Path

import pytest

from eval.beir import BeirQuery
from eval.retrieval import best_per_document, measure, rank_all
from eval.run import RunFolder
from eval.scorecard import scorecard_of
from index.document import Chunk, Document, DocumentKind, SearchResult


class FakeSearcher:
    """Returns chunks of the given sources in order, whatever is asked."""

    def __init__(self, *sources: str) -> None:
        self.sources = sources
        self.asked: list[tuple[str, int]] = []

    def search(self, query: str, *, top_k: int) -> list[SearchResult]:
        self.asked.append((query, top_k))
        return [SearchResult(_chunk(source), rank, 1 / rank) for rank, source in enumerate(self.sources, start=1)]

    def document(self, document_id: str) -> Document:
        return Document(document_id, document_id, "", DocumentKind.OTHER, "", None, None, "", "")


def _chunk(source: str) -> Chunk:
    return Chunk(f"{source}#0", source, f"{source}:0", "", "", None, (), 0, 0, "", "")


KNOWN = frozenset({"a", "b"})


def test_a_document_stands_where_its_best_chunk_stands() -> None:
    searcher = FakeSearcher("corpus.jsonl#b", "corpus.jsonl#a", "corpus.jsonl#b")
    assert best_per_document(searcher.search("", top_k=9), searcher, KNOWN) == ("b", "a")


def test_a_distractor_is_never_taken_for_a_judged_document() -> None:
    searcher = FakeSearcher("corpus.jsonl#z", "public/corpus.jsonl#a", "a", "corpus.jsonl#a")
    ranked = best_per_document(searcher.search("", top_k=9), searcher, KNOWN)
    assert ranked == ("distractor:corpus.jsonl#z", "distractor:public/corpus.jsonl#a", "distractor:a", "a")


def test_every_query_is_asked_once_after_one_untimed_search() -> None:
    searcher = FakeSearcher("corpus.jsonl#a")
    queries = [BeirQuery("1", "하나?", {"a": 1.0}), BeirQuery("2", "둘?", {})]
    retrieved = rank_all(queries, searcher, KNOWN, top_k=7)
    assert searcher.asked[1:] == [("하나?", 7), ("둘?", 7)]
    assert [(line.case_id, line.ranked, line.relevant) for line in retrieved] == [
        ("1", ("a",), {"a": 1.0}),
        ("2", ("a",), {}),
    ]


@pytest.mark.model
def test_a_small_folder_is_indexed_searched_and_scored_with_distractors(tmp_path: Path) -> None:
    beir, noise = tmp_path / "beir", tmp_path / "noise"
    write_corpus(beir, {"robot": "주차 로봇이 차를 옮깁니다.", "mail": "집배원의 우편물 배달 기준을 완화했습니다."})
    write_corpus(noise, {"robot": "해변에 안전 요원을 두었습니다.", "pool": "수영장 이용 안내입니다."})
    (beir / "queries.jsonl").write_text('{"_id": "1", "text": "주차 로봇"}\n{"_id": "2", "text": "우편물 배달 기준"}\n')
    (beir / "qrels").mkdir()
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\trobot\t1\n2\tmail\t1\n")
    run = RunFolder(tmp_path / "run")
    summary = measure(beir, run, distractors=[noise])
    assert (summary.n, summary.documents, summary.recall_at_1, summary.ndcg_at_10) == (2, 4, 1.0, 1.0)
    written = json.loads((run.path / "summary.json").read_text(encoding="utf-8"))
    assert {"ndcg_at_10", "recall_at_1", "recall_at_5", "recall_at_10", "mrr_at_10"} <= set(written)
    rows = list(csv.DictReader((run.path / "queries.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["query_id"], row["first_relevant_rank"]) for row in rows] == [("1", "1"), ("2", "1")]
    again = measure(beir, run, distractors=[noise])
    assert again.index_version == summary.index_version
    assert str(tmp_path) not in (run.path / "config.json").read_text(encoding="utf-8")
    assert scorecard_of(run).kind == "retrieval"


def write_corpus(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir()
    lines = (json.dumps({"_id": key, "title": "", "text": text}, ensure_ascii=False) for key, text in texts.items())
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
