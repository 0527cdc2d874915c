from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import DocumentsNotFoundError
from index.load import RawDocument, SkippedFile, document_id, front_matter, load_documents

MAX_BYTES = 1_000_000
SAID = "여권 수수료는 53,000원입니다.\n나흘이 걸립니다.\n"


def load(*roots: Path, max_file_bytes: int = MAX_BYTES) -> list[RawDocument | SkippedFile]:
    return list(load_documents(roots, max_file_bytes=max_file_bytes))


def loaded(*roots: Path) -> dict[str, str]:
    return {item.source: item.text for item in load(*roots) if isinstance(item, RawDocument)}


def skipped(*roots: Path, max_file_bytes: int = MAX_BYTES) -> dict[str, str]:
    items = load(*roots, max_file_bytes=max_file_bytes)
    return {item.source: item.reason for item in items if isinstance(item, SkippedFile)}


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(SAID.encode(), id="UTF-8"),
        pytest.param(SAID.encode("utf-8-sig"), id="UTF-8 with a byte-order mark"),
        pytest.param(SAID.encode("cp949"), id="CP949"),
        pytest.param(b"\xff\xfe" + SAID.encode("utf-16-le"), id="UTF-16 little-endian"),
        pytest.param(b"\xfe\xff" + SAID.encode("utf-16-be"), id="UTF-16 big-endian"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, "a.txt", data)
    assert loaded(tmp_path) == {"a.txt": SAID}


def test_a_broken_byte_in_a_short_utf8_text_does_not_turn_it_into_hanja(tmp_path: Path) -> None:
    data = ("한국의 여권 수수료는 얼마인가 " * 3).encode()
    write(tmp_path, "a.txt", data[:-4] + b"\xff" + data[-4:])
    text = loaded(tmp_path)["a.txt"]
    assert text.startswith("한국의 여권 수수료는 얼마인가 ")
    assert text.count("\ufffd") <= 4


@pytest.mark.parametrize(
    ("data", "format_name"),
    [
        (b"%PDF-1.7\n" + SAID.encode(), "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, "HWP"),
        (b"PK\x03\x04" + b"\x00" * 64, "HWPX"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"{\\rtf1 abc}", "RTF"),
    ],
)
def test_a_binary_format_under_a_text_name_is_named_and_skipped(tmp_path: Path, data: bytes, format_name: str) -> None:
    write(tmp_path, "계획.txt", data)
    reason = skipped(tmp_path)["계획.txt"]
    assert format_name in reason
    assert "계획.txt" in reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, SAID.encode("utf-16-le"), b"\x00" * 500], ids=["noise", "UTF-16 unmarked", "NULs"]
)
def test_bytes_of_no_encoding_are_skipped(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, "a.txt", data)
    assert "인코딩" in skipped(tmp_path)["a.txt"]


@pytest.mark.parametrize(
    "said", ["", "\t\t\t\n\t", " \n ", "\ufeff", "\u200b\u200b", "---\n---\n", "---\ntitle: 제목뿐\n---\n", "※ ——"]
)
def test_a_file_that_says_nothing_is_reported(tmp_path: Path, said: str) -> None:
    write(tmp_path, "a.txt", said.encode())
    assert "내용이 없습니다" in skipped(tmp_path)["a.txt"]


def test_one_syllable_is_a_document(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "가".encode())
    assert loaded(tmp_path) == {"a.txt": "가"}


def test_a_file_over_the_limit_is_skipped_with_both_sizes(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", b"a" * 3000)
    assert "3,000바이트, 최대 2,048" in skipped(tmp_path, max_file_bytes=2048)["a.txt"]


def test_hidden_files_and_what_programs_leave_behind_are_not_read(tmp_path: Path) -> None:
    for name in ("a.txt", "하위/b.md", "README", "c.hwp", ".hidden.txt", ".git/d.txt", "Thumbs.db", "~$계획.docx"):
        write(tmp_path, name, SAID.encode())
    assert sorted(loaded(tmp_path)) == ["README", "a.txt", "c.hwp", "하위/b.md"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path, "밖/비밀.txt", SAID.encode())
    inside = write(tmp_path, "안/a.txt", SAID.encode()).parent
    (inside / "link.txt").symlink_to(outside)
    (inside / "folder").symlink_to(outside.parent)
    (inside / "broken.txt").symlink_to(tmp_path / "없음")
    assert list(loaded(inside)) == ["a.txt"]


def test_a_link_inside_the_folder_does_not_double_the_document(tmp_path: Path) -> None:
    target = write(tmp_path, "a.txt", SAID.encode())
    (tmp_path / "b.txt").symlink_to(target)
    assert list(loaded(tmp_path)) == ["a.txt"]


@pytest.mark.parametrize("name", ["두\n줄.txt", "따옴'표\".txt", "😀 웃음.txt", "a b\t.txt", "-rf.txt"])
def test_strange_names_are_read_and_have_an_id(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, SAID.encode())
    assert loaded(tmp_path) == {name: SAID}
    assert document_id(name).isalnum()


def test_a_strange_name_stays_on_one_line_in_its_report(tmp_path: Path) -> None:
    write(tmp_path, "두\n줄.txt", b"")
    assert "\n" not in skipped(tmp_path)["두\n줄.txt"]


def test_a_name_that_is_not_utf8_can_be_stored(tmp_path: Path) -> None:
    path = bytes(tmp_path) + b"/\xb0\xa1.txt"
    with open(path, "wb") as file:
        file.write(SAID.encode())
    (source,) = loaded(tmp_path)
    assert source.encode() == "\ufffd\ufffd.txt".encode()


def test_a_single_file_is_a_root(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", SAID.encode())
    assert loaded(path) == {"a.txt": SAID}


def test_equal_paths_in_two_folders_are_two_documents(tmp_path: Path) -> None:
    write(tmp_path, "가/a.txt", b"first one")
    write(tmp_path, "나/a.txt", b"second one")
    assert loaded(tmp_path / "가", tmp_path / "나") == {"a.txt": "first one", "나/a.txt": "second one"}


def test_a_file_that_two_roots_share_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", SAID.encode())
    assert list(loaded(tmp_path, path, tmp_path)) == ["a.txt"]


def test_a_missing_second_folder_is_told_before_anything_is_read(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", SAID.encode())
    with pytest.raises(DocumentsNotFoundError, match="문서 폴더가 없습니다"):
        next(load_documents([tmp_path, tmp_path / "없음"], max_file_bytes=MAX_BYTES))


def test_a_folder_without_files_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, ".hidden", b"")
    with pytest.raises(DocumentsNotFoundError, match="비어 있습니다"):
        load(tmp_path)


def corpus(folder: Path, *lines: str) -> Path:
    write(folder, "corpus.jsonl", "\n".join(lines).encode("utf-8", "surrogatepass"))
    return folder


def test_a_corpus_file_gives_a_document_a_line_and_reports_the_bad_ones(tmp_path: Path) -> None:
    good = json.dumps({"_id": "x1", "title": "여권", "text": SAID}, ensure_ascii=False)
    numbered = json.dumps({"_id": 7, "text": "숫자 아이디"})
    bad = ["{", "[]", '"글"', "null", '{"_id": "x2"}', '{"text": "아이디가 없음"}', '{"_id": "x3", "text": null}']
    folder = corpus(tmp_path, good, "", *bad, numbered, '{"_id": "x4", "text": "  "}', "[" * 100_000)
    assert loaded(folder) == {"corpus.jsonl#x1": SAID, "corpus.jsonl#7": "숫자 아이디"}
    reasons = skipped(folder)
    assert [f"corpus.jsonl#{number}" for number in (3, 4, 5, 6, 7, 8, 9, 11, 12)] == list(reasons)
    assert "7행" in reasons["corpus.jsonl#7"]


def test_other_files_beside_a_corpus_file_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "README.md", SAID.encode())
    assert list(loaded(corpus(tmp_path, '{"_id": "x", "text": "가나다"}'))) == ["corpus.jsonl#x"]


def test_half_surrogates_in_a_corpus_become_replacement_characters(tmp_path: Path) -> None:
    folder = corpus(tmp_path, '{"_id": "\\ud800", "title": "\\udfff가", "text": "나\\ud83d 다 \\ud83d\\ude00"}')
    (item,) = load(folder)
    assert isinstance(item, RawDocument)
    assert (item.source, item.title, item.text) == ("corpus.jsonl#\ufffd", "\ufffd가", "나\ufffd 다 😀")


def test_the_digest_covers_front_matter_and_title(tmp_path: Path) -> None:
    digests = set()
    for head in ("title: 하나", "title: 둘"):
        write(tmp_path, "a.md", f"---\n{head}\n---\n{SAID}".encode())
        (item,) = load(tmp_path)
        assert isinstance(item, RawDocument)
        digests.add(item.digest)
    assert len(digests) == 2


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_front_matter_is_taken_off_whatever_the_line_ends(tmp_path: Path, line_end: str) -> None:
    text = line_end.join(["---", "title: 여권 안내", "year: 2024", "tags: [여권, 민원]", "---", "", "첫 줄입니다."])
    write(tmp_path, "a.md", text.encode())
    (item,) = load(tmp_path)
    assert isinstance(item, RawDocument)
    assert (item.text, item.title) == ("첫 줄입니다.", "여권 안내")
    assert item.metadata == {"title": "여권 안내", "year": 2024, "tags": ["여권", "민원"]}


@pytest.mark.parametrize(
    "text",
    [
        "본문만 있습니다.",
        "---\n닫히지 않은 머리말: 1\n",
        "---\ndate: 2024-13-45\n---\n없는 날짜",
        "---\n[닫히지 않음\n---\n본문",
        "---\n그냥 한 줄\n---\n본문",
        "---\n" + "[" * 2000 + "\n---\n본문",
        "----\ntitle: 줄이 넷\n----\n본문",
    ],
)
def test_what_is_not_front_matter_stays_in_the_text(text: str) -> None:
    assert front_matter(text) == ({}, 0)


def test_nested_front_matter_is_left_out() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]\nyear: 2024"
    metadata, _ = front_matter(f"---\n{bomb}\n---\n본문")
    assert metadata == {"a": ["x", "x"], "year": 2024}
