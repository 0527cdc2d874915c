"""Documents come, change, move and go: each is told in one line, and only what changed is embedded."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.build import BuildReport, build_index
from index.diff import diff_versions
from index.errors import IndexPackageError, IndexVersionError
from index.library import open_library
from index.plan import Action, FileChange
from index.settings import IndexSettings
from index.verify import verify
from index.versions import VersionFolder
from index.watch import watch
from tests.fake_embedder import FakeEmbedder
from tests.index.readers.makers import PRESS_RELEASE, make_docx, make_pdf


def write(docs: Path, **texts: str) -> Path:
    docs.mkdir(exist_ok=True)
    for name, said in texts.items():
        (docs / f"{name}.txt").write_text(said, encoding="utf-8")
    return docs


def build(docs: Path, settings: IndexSettings) -> BuildReport:
    return build_index([docs], settings, embedder=FakeEmbedder())


def test_each_change_is_told_and_a_renamed_document_is_not_embedded_again(
    tmp_path: Path, settings: IndexSettings
) -> None:
    docs = write(tmp_path / "docs", a="가나다 글이다.", b="라마바 글이다.", c="사아자 글이다.", d="그대로인 글이다.")
    build(docs, settings)
    (docs / "a.txt").rename(docs / "e.txt")
    write(docs, b="바뀐 라마바 글이다.", f="새 글이다.")
    (docs / "c.txt").unlink()
    report = build(docs, settings)
    assert report.changes == (
        FileChange("b.txt", Action.CHANGED),
        FileChange("e.txt", Action.RENAMED, "a.txt"),
        FileChange("f.txt", Action.ADDED),
        FileChange("c.txt", Action.REMOVED),
    )
    assert report.changes[1].line() == "이름 변경: 'a.txt' → 'e.txt'"
    assert report.embedded == 2
    assert verify(settings).problems == ()


@pytest.mark.slow
def test_five_of_a_thousand_renamed_changed_and_deleted(tmp_path: Path, settings: IndexSettings) -> None:
    docs = write(
        tmp_path / "docs",
        **{f"d{n:04}": f"# {n}번째 사업 안내\n\n{n}번째 사업은 {n + 1}일에 시작한다." for n in range(1000)},
    )
    roomy = settings.model_copy(update={"embedding_batch": 256})
    build(docs, roomy)
    for n in range(5):
        (docs / f"d{n:04}.txt").rename(docs / f"moved{n}.txt")
        write(docs, **{f"d{n + 100:04}": f"# {n + 100}번째 사업 안내\n\n사업이 {n}월로 미루어졌다."})
        (docs / f"d{n + 200:04}.txt").unlink()
    report = build(docs, roomy)
    actions = [change.action for change in report.changes]
    assert [actions.count(action) for action in Action] == [0, 5, 5, 5]
    assert report.embedded == 5
    library = open_library(roomy, FakeEmbedder())
    assert "미루어졌다" in library.search("103번째 사업 미루어졌다", top_k=1)[0].chunk.text
    library.close()
    difference = diff_versions(VersionFolder(roomy.index_dir))
    assert (difference.chunks_added, difference.chunks_removed) == (5, 10)
    VersionFolder(roomy.index_dir).activate(difference.former)
    library = open_library(roomy, FakeEmbedder())
    assert "104일에 시작한다" in library.search("103번째 사업 시작한다", top_k=1)[0].chunk.text
    library.close()


def test_two_versions_are_compared_in_documents_cases_and_chunks(tmp_path: Path, settings: IndexSettings) -> None:
    docs = write(tmp_path / "docs", a="# 여권 안내\n\n나흘 걸린다.", b="# 주차 안내\n\n무료이다.")
    first = build(docs, settings).version
    write(docs, a="# 여권 안내\n\n이틀 걸린다.", c="# 공원 안내\n\n열 곳이다.")
    second = build(docs, settings).version
    found = diff_versions(VersionFolder(settings.index_dir))
    assert (found.former, found.later) == (first, second)
    assert [change.line() for change in found.documents] == ["변경: 'a.txt'", "추가: 'c.txt'"]
    assert (found.cases_added, found.cases_removed) == (("공원 안내",), ())
    assert (found.chunks_added, found.chunks_removed, found.chunks_kept) == (2, 1, 1)
    with pytest.raises(IndexVersionError, match="견줄 색인 판이 없습니다"):
        diff_versions(VersionFolder(settings.index_dir), "없는 판")


def test_an_unchanged_office_file_is_not_read_again(
    tmp_path: Path, settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = write(tmp_path / "docs", a="글이다.")
    (docs / "b.docx").write_bytes(make_docx(PRESS_RELEASE))
    (docs / "c.pdf").write_bytes(b"%PDF-1.7")
    first = build(docs, settings)
    assert len(first.skipped) == 1
    monkeypatch.setattr("index.readers.sandbox.Sandbox.read", None)
    write(docs, a="바뀐 글이다.")
    second = build(docs, settings)
    assert ([change.source for change in second.changes], second.skipped) == (["a.txt"], first.skipped)


def test_the_report_tells_of_each_file(tmp_path: Path, settings: IndexSettings) -> None:
    docs = write(tmp_path / "docs", a="글이다.")
    (docs / "b.pdf").write_bytes(make_pdf(PRESS_RELEASE))
    (docs / "c.hwp").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    files = {file.source: file for file in build(docs, settings).files}
    assert (files["b.pdf"].format, files["b.pdf"].pages, files["b.pdf"].tables) == ("PDF", 3, 2)
    assert 0.2 < files["b.pdf"].table_share < 0.8
    assert files["c.hwp"].line().startswith("건너뜀  'c.hwp': HWP 파일이 손상")
    assert "PDF: 314자, 3쪽(글자 있는 쪽 100%), 표 2개(글자의 47%)" in files["b.pdf"].line()


def test_a_watched_folder_is_indexed_after_each_change(tmp_path: Path, settings: IndexSettings) -> None:
    docs = write(tmp_path / "docs", a="글이다.")
    stop = threading.Event()
    outcomes = watch([docs], settings, embedder=FakeEmbedder(), stop=stop)
    first = next(outcomes)
    assert isinstance(first, BuildReport)
    timer = threading.Timer(0.5, lambda: write(docs, b="새 글이다."))
    timer.start()
    second = next(outcomes)
    assert isinstance(second, BuildReport)
    assert [change.source for change in second.changes] == ["b.txt"]
    timer = threading.Timer(0.5, lambda: [path.unlink() for path in docs.iterdir()])
    timer.start()
    third = next(outcomes)
    assert isinstance(third, IndexPackageError)
    stop.set()
    assert list(outcomes) == []
