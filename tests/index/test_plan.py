from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build_index
from index.load import RawDocument
from index.plan import Plan, fresh_batches, make_plan
from index.settings import IndexSettings
from index.versions import VersionFolder
from tests.fake_embedder import FakeEmbedder


def fingerprint(settings: IndexSettings) -> str:
    return VersionFolder(settings.index_dir).manifest().fingerprint


def folder(tmp_path: Path, **texts: str) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir(exist_ok=True)
    for name, text in texts.items():
        (docs / f"{name}.txt").write_text(text, encoding="utf-8")
    return docs


def batches(docs: Path, settings: IndexSettings, plan: Plan) -> list[list[str]]:
    return [[item.source for item in batch] for batch in fresh_batches([docs], settings, plan)]


def test_without_an_index_everything_is_fresh(tmp_path: Path, settings: IndexSettings) -> None:
    docs = folder(tmp_path, a="가나다", b="라마바")
    plan = make_plan([docs], settings, "f")
    assert (plan.base, plan.fresh, plan.added, plan.unchanged) == (None, {"a.txt", "b.txt"}, 2, 0)
    assert not plan.is_empty
    assert batches(docs, settings, plan) == [["a.txt", "b.txt"]]


def test_only_what_differs_is_read_again(tmp_path: Path, settings: IndexSettings) -> None:
    docs = folder(tmp_path, a="그대로 둔 글", b="바뀔 글", c="없어질 글")
    build_index([docs], settings, embedder=FakeEmbedder())
    folder(tmp_path, b="바뀐 글", d="새 글")
    (docs / "c.txt").unlink()
    plan = make_plan([docs], settings, fingerprint(settings))
    assert (plan.added, plan.changed, plan.removed, plan.unchanged) == (1, 1, 1, 1)
    assert len(plan.stale_ids) == 2
    assert batches(docs, settings, plan) == [["b.txt", "d.txt"]]


def test_an_index_of_another_making_is_no_base(tmp_path: Path, settings: IndexSettings) -> None:
    docs = folder(tmp_path, a="가나다")
    build_index([docs], settings, embedder=FakeEmbedder())
    assert make_plan([docs], settings, fingerprint(settings)).is_empty
    assert make_plan([docs], settings, "another").base is None


def test_batches_are_small_and_lose_nothing(tmp_path: Path, settings: IndexSettings) -> None:
    docs = folder(
        tmp_path, **{f"{n:03}": f"글 {n}" for n in range(150)}, long1="긴 글" * 60_000, long2="긴 글" * 60_000
    )
    plan = make_plan([docs], settings, "f")
    found = list(fresh_batches([docs], settings, plan))
    assert [len(batch) for batch in found] == [64, 64, 23, 1]
    assert all(isinstance(item, RawDocument) for batch in found for item in batch)
    assert len({item.source for batch in found for item in batch}) == 152


@pytest.mark.parametrize(
    "damage",
    ["catalog.sqlite", "lexical/chunks/meta.json", "vectors/chroma.sqlite3", "manifest.json"],
)
def test_a_version_with_a_broken_file_is_no_base(tmp_path: Path, settings: IndexSettings, damage: str) -> None:
    docs = folder(tmp_path, a="가나다")
    report = build_index([docs], settings, embedder=FakeEmbedder())
    made = fingerprint(settings)
    (VersionFolder(settings.index_dir).path(report.version) / damage).write_bytes(b"damaged")
    assert make_plan([docs], settings, made).base is None
