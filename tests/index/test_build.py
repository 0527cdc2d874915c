from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from index.build import BuildReport, build_index, fingerprint_of
from index.errors import DocumentsNotFoundError, IndexLockedError, IndexModelError, IndexVersionError, IndexWriteError
from index.library import open_library
from index.settings import IndexSettings
from index.versions import VersionFolder
from tests.fake_embedder import FakeEmbedder


@pytest.fixture
def docs(tmp_path: Path, corpus_dir: Path) -> Path:
    return shutil.copytree(corpus_dir, tmp_path / "docs")


def built(docs: Path, settings: IndexSettings, embedder: FakeEmbedder | None = None) -> BuildReport:
    return build_index([docs], settings, embedder=embedder or FakeEmbedder())


def titles(settings: IndexSettings, query: str, embedder: FakeEmbedder | None = None) -> list[str]:
    """Case titles that the index finds; the self-test has to pass first."""
    library = open_library(settings, embedder or FakeEmbedder())
    try:
        library.self_test()
        return [result.chunk.case_title for result in library.search(query, top_k=3)]
    finally:
        library.close()


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


def test_the_first_build_embeds_every_chunk(docs: Path, settings: IndexSettings) -> None:
    embedder = FakeEmbedder()
    report = built(docs, settings, embedder)
    assert counts(report) == (10, 0, 0, 0)
    assert (report.documents, report.cases, report.skipped) == (10, 17, ())
    assert report.embedded == report.chunks == len(embedder.embedded)
    assert titles(settings, "주차 로봇")[0] == "주차 로봇으로 좁은 골목의 주차난을 덜다"


def test_the_second_build_does_nothing_and_keeps_the_version(docs: Path, settings: IndexSettings) -> None:
    first = built(docs, settings)
    embedder = FakeEmbedder()
    second = built(docs, settings, embedder)
    assert (counts(second), second.embedded, embedder.embedded) == ((0, 0, 0, 10), 0, [])
    assert second.version == first.version


def test_a_renamed_document_is_not_embedded_again(docs: Path, settings: IndexSettings) -> None:
    built(docs, settings)
    (docs / "05_조례.txt").rename(docs / "하위/조례_새이름.txt")
    report = built(docs, settings)
    assert (counts(report), report.embedded) == ((1, 0, 1, 9), 0)
    library = open_library(settings, FakeEmbedder())
    assert "하위/조례_새이름.txt" in {document.source for document in library.documents()}
    library.close()


def test_a_changed_document_is_embedded_where_it_changed(docs: Path, settings: IndexSettings) -> None:
    built(docs, settings)
    path = docs / "07_해명.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("25곳", "31곳"), encoding="utf-8")
    embedder = FakeEmbedder()
    report = built(docs, settings, embedder)
    assert (counts(report), report.embedded, len(embedder.embedded)) == ((0, 1, 0, 9), 1, 1)
    library = open_library(settings, embedder)
    texts = [result.chunk.text for result in library.search("측정소 31곳")]
    library.close()
    assert any("31곳" in text for text in texts)
    assert not any("25곳" in text for text in texts)


def test_a_deleted_document_is_found_no_more(docs: Path, settings: IndexSettings) -> None:
    built(docs, settings)
    (docs / "04_주차로봇.md").unlink()
    report = built(docs, settings)
    assert counts(report) == (0, 0, 1, 9)
    assert "주차 로봇으로 좁은 골목의 주차난을 덜다" not in titles(settings, "주차 로봇")


def test_an_incremental_index_equals_one_made_at_once(docs: Path, settings: IndexSettings, tmp_path: Path) -> None:
    late = [docs / "02_보도자료.txt", docs / "하위/10_회의록.md"]
    for path in late:
        path.rename(tmp_path / path.name)
    built(docs, settings)
    for path in late:
        (tmp_path / path.name).rename(path)
    (docs / "06_시설표.txt").unlink()
    built(docs, settings)
    at_once = IndexSettings(index_dir=tmp_path / "once", chroma_url="")
    built(docs, at_once)
    found = [[answers(each, query) for query in QUERIES] for each in (settings, at_once)]
    for one, other in zip(*found, strict=True):
        assert list(one) == list(other)
        # tantivy counts deleted chunks in its averages until their segment is merged.
        assert one == pytest.approx(other, abs=0.01)


QUERIES = ("등기우편 전자 고지", "돌봄 교실은 몇 시까지", "개인정보보호위원회", "기관 종합 평가")


def answers(settings: IndexSettings, query: str) -> dict[str, float]:
    library = open_library(settings, FakeEmbedder())
    try:
        return {result.chunk.chunk_id: result.score for result in library.search(query, top_k=3)}
    finally:
        library.close()


def test_a_skipped_file_is_reported_and_the_rest_is_built(docs: Path, settings: IndexSettings) -> None:
    (docs / "가짜.txt").write_bytes(b"%PDF-1.7 ...")
    (docs / "빈.txt").write_bytes(b"")
    report = built(docs, settings)
    assert sorted(item.source for item in report.skipped) == ["가짜.txt", "빈.txt"]
    assert report.documents == 10


def test_two_folders_with_equal_names_are_both_indexed(docs: Path, settings: IndexSettings, tmp_path: Path) -> None:
    other = tmp_path / "다른"
    other.mkdir()
    (other / "05_조례.txt").write_text("가람시 조례는 따로 정한다.", encoding="utf-8")
    report = build_index([docs, other], settings, embedder=FakeEmbedder())
    library = open_library(settings, FakeEmbedder())
    sources = {document.source for document in library.documents()}
    library.close()
    assert report.documents == 11
    assert {"05_조례.txt", "다른/05_조례.txt"} <= sources


def test_chunks_that_say_the_same_are_embedded_once(tmp_path: Path, settings: IndexSettings) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("a.txt", "b.txt"):
        (docs / name).write_text("여권을 다시 받으려면 시청 민원실로 간다.", encoding="utf-8")
    report = built(docs, settings)
    assert (report.chunks, report.embedded) == (2, 1)


@pytest.mark.parametrize("said", ["가", "은는이가", "?!", "12", "😀 웃음", "a"])
def test_the_smallest_documents_are_built_and_pass_the_self_test(
    tmp_path: Path, settings: IndexSettings, said: str
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(said, encoding="utf-8")
    if not any(character.isalnum() for character in said):
        with pytest.raises(DocumentsNotFoundError, match="내용이 없습니다"):
            built(docs, settings)
        return
    assert built(docs, settings).documents == 1
    titles(settings, said)


def test_another_model_builds_a_new_version_beside_the_old_one(docs: Path, settings: IndexSettings) -> None:
    first = built(docs, settings)
    other = FakeEmbedder("other")
    with pytest.raises(IndexVersionError, match="다른 설정"):
        open_library(settings, other)
    second = built(docs, settings, other)
    assert (second.embedded, counts(second)) == (second.chunks, (10, 0, 0, 0))
    assert VersionFolder(settings.index_dir).complete() == [first.version, second.version]
    assert titles(settings, "주차 로봇", other)
    back = built(docs, settings)
    assert back.embedded == 0


def test_chunk_size_is_part_of_the_making(settings: IndexSettings) -> None:
    embedder = FakeEmbedder()
    other = settings.model_copy(update={"max_chunk_chars": 500})
    assert fingerprint_of(settings, embedder) != fingerprint_of(other, embedder)


def test_rolling_back_answers_from_the_former_documents(docs: Path, settings: IndexSettings) -> None:
    first = built(docs, settings)
    (docs / "04_주차로봇.md").unlink()
    built(docs, settings)
    versions = VersionFolder(settings.index_dir)
    assert versions.previous() == first.version
    versions.activate(first.version)
    assert titles(settings, "주차 로봇")[0] == "주차 로봇으로 좁은 골목의 주차난을 덜다"


def test_old_versions_are_pruned(docs: Path, settings: IndexSettings) -> None:
    kept = settings.model_copy(update={"keep_versions": 2})
    made = []
    for number in range(4):
        (docs / "새.txt").write_text(f"새 글 {number}번이다.", encoding="utf-8")
        made.append(built(docs, kept).version)
    assert VersionFolder(settings.index_dir).complete() == made[-2:]


def test_an_open_index_answers_while_versions_come_and_go(docs: Path, settings: IndexSettings) -> None:
    kept = settings.model_copy(update={"keep_versions": 1})
    built(docs, kept)
    library = open_library(kept, FakeEmbedder())
    before = library.search("주차 로봇")
    (docs / "새.txt").write_text("새 글이다.", encoding="utf-8")
    built(docs, kept)
    assert library.search("주차 로봇") == before
    library.close()


def test_a_build_that_fails_in_the_middle_changes_nothing_and_is_taken_up_again(
    docs: Path, settings: IndexSettings, tmp_path: Path
) -> None:
    first = built(docs, settings)
    (docs / "여럿.txt").write_text(
        "\n".join(f"{n}번 문장은 길이가 넉넉하다. " * 12 for n in range(40)), encoding="utf-8"
    )
    broken = FakeEmbedder()
    batches = iter((None, None))

    def fail_at_the_third() -> None:
        if next(batches, "end") == "end":
            raise RuntimeError("stopped")

    broken.before_batch = fail_at_the_third
    with pytest.raises(RuntimeError, match="stopped"):
        built(docs, settings, broken)
    assert VersionFolder(settings.index_dir).current() == first.version
    assert titles(settings, "주차 로봇")
    again = FakeEmbedder()
    report = built(docs, settings, again)
    whole = built(docs, IndexSettings(index_dir=tmp_path / "other", chroma_url=""))
    assert len(broken.embedded) == 2 * settings.embedding_batch
    assert not set(again.embedded) & set(broken.embedded)
    assert report.chunks == whole.chunks
    assert len(VersionFolder(settings.index_dir).complete()) == len(list((settings.index_dir / "versions").iterdir()))


def test_a_second_build_at_the_same_time_is_refused(docs: Path, settings: IndexSettings) -> None:
    first = FakeEmbedder()
    errors = []

    def build_again() -> None:
        with pytest.raises(IndexLockedError) as caught:
            built(docs, settings)
        errors.append(str(caught.value))

    first.before_batch = build_again
    built(docs, settings, first)
    assert errors
    assert all("다른 프로세스" in message for message in errors)


@pytest.mark.parametrize("leg", ["lexical", "vectors"])
def test_building_again_repairs_a_leg_that_was_lost(docs: Path, settings: IndexSettings, leg: str) -> None:
    first = built(docs, settings)
    shutil.rmtree(VersionFolder(settings.index_dir).path(first.version) / leg)
    second = built(docs, settings)
    assert second.version != first.version
    assert second.embedded == 0
    assert titles(settings, "주차 로봇")


def test_a_folder_without_documents_keeps_the_index_that_was_there(
    docs: Path, settings: IndexSettings, tmp_path: Path
) -> None:
    built(docs, settings)
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "missing"):
        with pytest.raises(DocumentsNotFoundError):
            built(folder, settings)
    assert titles(settings, "주차 로봇")


def test_a_missing_folder_leaves_no_index_folder_behind(settings: IndexSettings, tmp_path: Path) -> None:
    with pytest.raises(DocumentsNotFoundError):
        built(tmp_path / "missing", settings)
    assert not settings.index_dir.exists()


def test_a_file_in_place_of_the_index_folder_is_told(docs: Path, settings: IndexSettings) -> None:
    settings.index_dir.write_text("a file")
    with pytest.raises(IndexWriteError, match="쓸 수 없습니다"):
        built(docs, settings)


def test_a_disk_that_fails_is_told_in_one_line(
    docs: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("index.catalog.Catalog.add", full)
    with pytest.raises(IndexWriteError, match="disk is full") as caught:
        built(docs, settings)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_there_is_named(docs: Path, settings: IndexSettings, tmp_path: Path) -> None:
    missing = settings.model_copy(update={"embedding_model": str(tmp_path / "no-model")})
    with pytest.raises(IndexModelError, match="no-model") as caught:
        build_index([docs], missing)
    assert "\n" not in str(caught.value)


def test_progress_counts_documents_to_the_end(docs: Path, settings: IndexSettings) -> None:
    seen: list[tuple[str, int, int]] = []
    build_index(
        [docs], settings, embedder=FakeEmbedder(), progress=lambda stage, done, total: seen.append((stage, done, total))
    )
    embedding = [(done, total) for stage, done, total in seen if stage == "임베딩과 색인"]
    assert embedding == sorted(embedding)
    assert embedding[-1] == (10, 10)


@pytest.mark.model
def test_the_real_model_embeds_once_and_finds_a_paraphrase(docs: Path, settings: IndexSettings) -> None:
    first = build_index([docs], settings)
    second = build_index([docs], settings)
    assert (first.embedded, second.embedded) == (first.chunks, 0)
    library = open_library(settings)
    library.self_test()
    best = library.search("차 세울 데가 모자란 동네를 기계로 푼 곳")[0]
    library.close()
    assert best.chunk.case_title == "주차 로봇으로 좁은 골목의 주차난을 덜다"
