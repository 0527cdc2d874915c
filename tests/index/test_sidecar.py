"""What people correct beside a document outlives every build; a bad correction is one line and costs nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.build import build_index
from index.document import Contact, DocumentKind
from index.library import Library, open_library
from index.load import RawDocument, SkippedFile, load_documents
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder
from tests.index.readers.makers import make_zip

TEXT = "주차 로봇을 들인다\n가람시는 2024. 3. 2. 골목에 주차 로봇 열두 대를 들인다고 밝혔다.\n"
SIDECAR = """
제목: 골목 주차 로봇 도입
기관: 새빛시
날짜: 2025-06-01
종류: 보도자료
공공누리: 공공누리 제1유형
연락처: [{부서: 교통과, 이름: 한가람, 전화: 02-000-0000}]
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "로봇.txt").write_text(TEXT, encoding="utf-8")
    (folder / "다른글.txt").write_text("공원을 연다\n새빛시는 공원 열 곳을 연다고 밝혔다.\n", encoding="utf-8")
    return folder


def build(docs: Path, settings: IndexSettings) -> Library:
    build_index([docs], settings, embedder=FakeEmbedder())
    return open_library(settings, FakeEmbedder())


def load(docs: Path) -> list[RawDocument | SkippedFile]:
    return list(load_documents([docs], max_file_bytes=10**6))


def test_a_correction_takes_the_place_of_what_was_read_and_survives_a_change(
    docs: Path, settings: IndexSettings
) -> None:
    with_none = build(docs, settings)
    [before] = [document for document in with_none.documents() if document.source == "로봇.txt"]
    assert (before.agency, before.published_on, before.licence) == ("가람시", date(2024, 3, 2), "")
    with_none.close()
    (docs / "로봇.txt.meta.yaml").write_text(SIDECAR, encoding="utf-8")
    for text in (TEXT, TEXT + "요금은 없다.\n"):
        (docs / "로봇.txt").write_text(text, encoding="utf-8")
        library = build(docs, settings)
        document = library.document(before.document_id)
        assert (document.title, document.agency) == ("골목 주차 로봇 도입", "새빛시")
        assert (document.published_on, document.year) == (date(2025, 6, 1), 2025)
        assert (document.kind, document.licence) == (DocumentKind.PRESS_RELEASE, "공공누리 제1유형")
        [case] = [case for case in library.cases() if case.document_id == document.document_id]
        assert case.contacts == (Contact("교통과", "한가람", "02-000-0000"),)
        assert document.text == text
        assert len(list(library.documents())) == 2
        library.close()
    (docs / "로봇.txt.meta.yaml").unlink()
    library = build(docs, settings)
    assert library.document(before.document_id).agency == "가람시"
    library.close()


def test_only_the_corrected_document_is_done_again(docs: Path, settings: IndexSettings) -> None:
    build(docs, settings).close()
    (docs / "_meta.yaml").write_text("로봇.txt: {agency: 새빛시}\n", encoding="utf-8")
    report = build_index([docs], settings, embedder=FakeEmbedder())
    assert [change.source for change in report.changes] == ["로봇.txt"]


def test_a_file_for_a_folder_names_files_and_members_of_bundles(docs: Path) -> None:
    (docs / "묶음.zip").write_bytes(make_zip({"안.txt": "안의 글이다 그렇다.".encode()}))
    (docs / "_meta.yaml").write_text("묶음.zip/안.txt: {title: 안의 제목}\n로봇.txt: {title: 로봇 제목}\n", "utf-8")
    (docs / "로봇.txt.meta.yaml").write_text("title: 옆의 제목", encoding="utf-8")
    titles = {item.source: item.title for item in load(docs) if isinstance(item, RawDocument)}
    assert titles == {"다른글.txt": "", "로봇.txt": "옆의 제목", "묶음.zip/안.txt": "안의 제목"}


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("제목: [가", "1행의 YAML"),
        ("이름: 가", "이름: 없는 항목"),
        ("날짜: 어제", "날짜의 값"),
        ("연도: 3000", "연도의 값"),
        ("종류: 노래", "종류의 값"),
        ("- 가", "전체의 값"),
        ("제목: " + "가" * 600, "제목의 값"),
        ("a: &a [*a, *a]", "없는 항목"),
        ("!!python/object/apply:os.system [ls]", "YAML"),
    ],
)
def test_a_bad_correction_is_one_korean_line_and_the_document_is_read(docs: Path, said: str, part: str) -> None:
    (docs / "로봇.txt.meta.yaml").write_text(said, encoding="utf-8")
    items = load(docs)
    assert {item.source for item in items if isinstance(item, RawDocument)} == {"로봇.txt", "다른글.txt"}
    [line] = [item.reason for item in items if isinstance(item, SkippedFile)]
    assert line.startswith("'로봇.txt.meta.yaml': ")
    assert part in line
    assert "\n" not in line


def test_a_correction_of_nothing_is_told(docs: Path) -> None:
    (docs / "로보트.txt.meta.yaml").write_text("제목: 가", encoding="utf-8")
    [line] = [item.reason for item in load(docs) if isinstance(item, SkippedFile)]
    assert "짝이 되는 문서가 없습니다" in line


def test_a_correction_outside_the_folder_is_not_read(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "밖.yaml").write_text("제목: 밖의 제목", encoding="utf-8")
    (docs / "로봇.txt.meta.yaml").symlink_to(tmp_path / "밖.yaml")
    assert {item.title for item in load(docs) if isinstance(item, RawDocument)} == {""}


def test_the_mark_of_free_use_is_read_from_the_text(docs: Path, settings: IndexSettings) -> None:
    (docs / "로봇.txt").write_text(TEXT + "이 저작물은 공공누리 제4유형에 따라 쓸 수 있습니다.\n", encoding="utf-8")
    library = build(docs, settings)
    assert {document.licence for document in library.documents()} == {"", "공공누리 제4유형"}
    library.close()
