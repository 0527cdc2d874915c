"""Files that are broken or mean harm: one clear Korean line each, and the rest is read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index.load import RawDocument, SkippedFile, load_documents
from index.readers.files import FileReader
from tests.index.readers.makers import (
    PRESS_RELEASE,
    make_docx,
    make_eml,
    make_html,
    make_hwp,
    make_hwp_container,
    make_hwpml,
    make_hwpx,
    make_ole,
    make_pdf,
    make_pptx,
    make_xlsx,
    make_zip,
)

SOUND: dict[str, Callable[[], bytes]] = {
    "DOCX": lambda: make_docx(PRESS_RELEASE),
    "PDF": lambda: make_pdf(PRESS_RELEASE),
    "HWPX": lambda: make_hwpx(PRESS_RELEASE),
    "HWP": lambda: make_hwp(PRESS_RELEASE),
    "PPTX": lambda: make_pptx([("제목", ["글입니다."])]),
    "XLSX": lambda: make_xlsx({"가": [["민원", "수수료"], ["여권", "53,000원"]]}),
    "ZIP": lambda: make_zip({"a.txt": "글입니다.".encode(), "b.hwpx": make_hwpx(PRESS_RELEASE)}),
}


def zipped(files: dict[str, bytes], *, flag: int = 0) -> bytes:
    data = bytearray(make_zip(files))
    for start in [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]:
        data[start + 8] |= flag
    return bytes(data)


def locked_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(72, 700, "locked")
    canvas.save()
    return out.getvalue()


def picture_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(50, 50, 300, 300, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def bomb() -> bytes:
    return make_zip({"a.txt": b"0" * 200_000_000})


def hwp_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    block = bytes(2**20)
    packed = b"".join(packer.compress(block) for _ in range(300)) + packer.flush()
    return make_hwp_container(packed, packed=False, flags=1)


def nested(depth: int) -> bytes:
    data = make_zip({"a.txt": "깊은 글".encode()})
    for _ in range(depth):
        data = make_zip({"b.zip": data})
    return data


def laughing() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE HWPML [<!ENTITY l0 "하하">{entities}]><HWPML>&l11;</HWPML>'.encode()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zero bytes": (lambda: b"", "내용이 없습니다"),
    "locked PDF": (locked_pdf, "암호"),
    "PDF of pictures": (picture_pdf, "글자가 없는 PDF"),
    "PDF in name only": (lambda: b"%PDF-1.7\n" + bytes(500), "PDF 파일이 손상"),
    "locked HWP": (lambda: make_hwp(PRESS_RELEASE, flags=2), "암호"),
    "HWP for handing out": (lambda: make_hwp(PRESS_RELEASE, flags=4), "배포용"),
    "HWP of version 3": (lambda: b"HWP Document File V3.00 \x1a" + bytes(200), "HWP 3"),
    "locked DOCX": (lambda: make_ole({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(100)}), "암호"),
    "DOC": (lambda: make_ole({"WordDocument": bytes(5000)}), "옛 DOC"),
    "XLS": (lambda: make_ole({"Workbook": bytes(5000)}), "옛 XLS"),
    "OLE of another program": (lambda: make_ole({"Contents": bytes(5000)}), "OLE"),
    "OLE in name only": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "손상"),
    "locked ZIP": (lambda: zipped({"a.txt": b"abc"}, flag=1), "암호"),
    "zip bomb": (bomb, "지나치게 커져"),
    "bomb in an HWP": (hwp_bomb, "지나치게 커져"),
    "bomb in a DOCX": (
        lambda: make_zip({"[Content_Types].xml": b"<a/>", "word/document.xml": b" " * 200_000_000}),
        "지나치게 커져",
    ),
    "entities in entities": (laughing, ""),
    "RTF": (lambda: b"{\\rtf1 abc}", "RTF"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
    "RAR": (lambda: b"Rar!\x1a\x07\x00" + bytes(50), "RAR"),
    "program": (lambda: b"\x7fELF" + bytes(50), "문서가 아니므로"),
    "empty ZIP": (lambda: make_zip({}), "읽을 문서가 없습니다"),
    "empty HTML": (lambda: b"<html><body><script>x</script></body></html>", "내용이 없습니다"),
    "empty workbook": (lambda: make_xlsx({"가": []}), "내용이 없습니다"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RawDocument | SkippedFile]:
    """All of the bad files in one folder with a sound one: read in one go, as a build does."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (made, _) in REFUSED.items():
        (folder / f"{name}.hwp").write_bytes(made())
    (folder / "zz sound.txt").write_text("마지막 글입니다.", encoding="utf-8")
    with FileReader(seconds=60, memory_mb=1024) as reader:
        return {item.source: item for item in load_documents([folder], max_file_bytes=10**8, reader=reader)}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_skipped_with_one_line_that_says_why(
    outcomes: dict[str, RawDocument | SkippedFile], name: str
) -> None:
    item = outcomes[f"{name}.hwp"]
    assert isinstance(item, SkippedFile)
    assert f"{name}.hwp" in item.reason
    assert item.reason.endswith("건너뜁니다.")
    assert "\n" not in item.reason
    assert REFUSED[name][1] in item.reason


def test_the_rest_is_read(outcomes: dict[str, RawDocument | SkippedFile]) -> None:
    item = outcomes["zz sound.txt"]
    assert isinstance(item, RawDocument)
    assert item.text == "마지막 글입니다."


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RawDocument | SkippedFile]:
    """Every format cut off after a quarter, half and three quarters."""
    folder = tmp_path_factory.mktemp("cut")
    for kind, made in SOUND.items():
        data = made()
        for share in (25, 50, 75):
            (folder / f"{kind} {share}").write_bytes(data[: len(data) * share // 100])
    return {item.source: item for item in load_documents([folder], max_file_bytes=10**8)}


@pytest.mark.parametrize("share", [25, 50, 75])
@pytest.mark.parametrize("kind", SOUND)
def test_a_file_that_is_cut_off_is_told(cut: dict[str, RawDocument | SkippedFile], kind: str, share: int) -> None:
    item = cut[f"{kind} {share}"]
    assert isinstance(item, SkippedFile), item.text
    assert "원본을 다시 받아" in item.reason


def test_paths_out_of_a_bundle_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    names = ("../밖.txt", "/etc/밖.txt", "a/../../밖.txt", "C:\\밖.txt", "..\\밖.txt")
    files = {name: "밖의 글".encode() for name in names}
    (tmp_path / "a.zip").write_bytes(make_zip({**files, "안.txt": "안의 글".encode()}))
    items = list(load_documents([tmp_path], max_file_bytes=10**7))
    assert [item.source for item in items if isinstance(item, RawDocument)] == ["a.zip/안.txt"]
    reasons = [item.reason for item in items if isinstance(item, SkippedFile)]
    assert len(reasons) == len(names)
    assert all("폴더 밖" in reason for reason in reasons)
    assert not list(tmp_path.parent.glob("밖*"))


def test_a_broken_file_in_a_bundle_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    data = bytearray(make_zip({"a.txt": "앞의 글입니다. ".encode() * 50, "b.txt": "뒤의 글입니다.".encode()}))
    at = data.index(b"a.txt") + len("a.txt")
    data[at : at + 8] = bytes(range(248, 256))
    (tmp_path / "a.zip").write_bytes(data)
    items = {item.source: item for item in load_documents([tmp_path], max_file_bytes=10**7)}
    assert isinstance(items["a.zip/a.txt"], SkippedFile)
    assert isinstance(items["a.zip/b.txt"], RawDocument)


def test_names_in_cp949_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("XXXX.txt"), "글입니다.".encode())
    (tmp_path / "a.zip").write_bytes(out.getvalue().replace(b"XXXX", "가나".encode("cp949")))
    assert [item.source for item in load_documents([tmp_path], max_file_bytes=10**7)] == ["a.zip/가나.txt"]


def test_bundles_in_bundles_end_somewhere(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(nested(2))
    (tmp_path / "b.zip").write_bytes(nested(9))
    read, refused = list(load_documents([tmp_path], max_file_bytes=10**7))
    assert isinstance(read, RawDocument)
    assert isinstance(refused, SkippedFile)
    assert "겹" in refused.reason


@pytest.mark.slow
def test_a_sheet_of_ten_thousand_columns_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(make_xlsx({"가": [range(10_000), range(10_000), range(10_000)]}))
    (item,) = load_documents([tmp_path], max_file_bytes=10**8)
    assert isinstance(item, RawDocument)
    assert "9999" in item.text


def test_one_line_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    (item,) = load_documents([path], max_file_bytes=64 * 2**20)
    assert isinstance(item, SkippedFile)
    assert "너무 큰 파일" in item.reason


def test_a_deep_page_is_read_without_falling(tmp_path: Path) -> None:
    page = "<div>" * 5000 + "<p>깊은 곳의 글입니다.</p>" + "</div>" * 5000
    (tmp_path / "a.html").write_bytes(f"<html><body><p>얕은 곳의 글입니다.</p>{page}</body></html>".encode())
    (item,) = load_documents([tmp_path], max_file_bytes=10**7)
    assert isinstance(item, RawDocument)
    assert "얕은 곳의 글입니다." in item.text


@pytest.mark.parametrize(("tag", "size"), [(67, 3), (72, 2), (77, 1), (69, 35), (71, 0)])
def test_records_that_are_too_short_are_passed_over(tag: int, size: int) -> None:
    short = struct.pack("<I", tag | 1 << 10 | size << 20) + bytes(size)
    from index.readers.hwp5 import read_ole

    whole = struct.pack("<I", 66 | 22 << 20) + bytes(22) + short
    said = "글입니다".encode("utf-16-le")
    text = struct.pack("<I", 66 | 22 << 20) + bytes(22) + struct.pack("<I", 67 | 1 << 10 | len(said) << 20) + said
    assert read_ole(make_hwp_container(whole + text)).text == "글입니다"


@pytest.mark.parametrize("kind", [*SOUND, "EML", "HTML", "HWPML"])
def test_a_wrong_name_inside_a_bundle_does_not_matter(tmp_path: Path, kind: str) -> None:
    others = {
        "EML": lambda: make_eml("글입니다.", {}),
        "HTML": lambda: make_html(PRESS_RELEASE),
        "HWPML": lambda: make_hwpml(PRESS_RELEASE),
    }
    made = {**SOUND, **others}[kind]
    (tmp_path / "a.bin").write_bytes(make_zip({"이름.txt": made()}))
    items = list(load_documents([tmp_path], max_file_bytes=10**7))
    assert items
    assert all(isinstance(item, RawDocument) for item in items)
