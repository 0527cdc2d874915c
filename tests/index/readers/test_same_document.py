"""One press release in every format: the same text, the same pages, whatever the file is called."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from index.load import RawDocument, load_documents
from index.readers.extract import Extract
from index.readers.read import read
from tests.index.readers.makers import (
    PRESS_RELEASE,
    make_docx,
    make_eml,
    make_html,
    make_hwp,
    make_hwpml,
    make_hwpx,
    make_pdf,
    make_xlsx,
    make_zip,
)

TEXT = """가람시, 여권 발급 수수료를 내린다
가람시는 2026년 3월 2일부터 여권 발급 수수료를 내린다고 밝혔다.
□ 추진 배경
○ 여권을 찾는 시민이 한 해 12,400명으로 늘어 창구 대기가 평균 47분에 이르렀다.
□ 조정 내용
여권 종류\t수수료\t처리 기간
복수여권 10년\t수수료: 53,000원\t처리 기간: 나흘
복수여권 5년\t수수료: 45,000원\t처리 기간: 나흘
단수여권\t수수료: 20,000원\t처리 기간: 이틀
○ 긴급여권은 하루 안에 발급하며 수수료는 48,000원이다.
□ 문의처
담당 부서\t가람시 민원과
담당자\t김하늘 주무관 (02-555-0101)"""

MADE: dict[str, Callable[[], bytes]] = {
    "DOCX": lambda: make_docx(PRESS_RELEASE),
    "PDF": lambda: make_pdf(PRESS_RELEASE, header="가람시 보도자료 2026-14호"),
    "HWPX": lambda: make_hwpx(PRESS_RELEASE),
    "HWP": lambda: make_hwp(PRESS_RELEASE),
    "HWP unpacked": lambda: make_hwp(PRESS_RELEASE, packed=False),
    "HWPML": lambda: make_hwpml(PRESS_RELEASE),
    "HWPML UTF-16": lambda: make_hwpml(PRESS_RELEASE, encoding="utf-16"),
    "HTML": lambda: make_html(PRESS_RELEASE),
    "HTML CP949": lambda: make_html(PRESS_RELEASE, encoding="euc-kr"),
}
PAGELESS = ("HTML", "HTML CP949")


def only(data: bytes) -> Extract:
    (extract,) = read(data)
    return extract


def page_of(extract: Extract, said: str) -> int:
    at = extract.text.index(said)
    return max(page.number for page in extract.pages if page.start <= at)


@pytest.mark.parametrize("kind", MADE)
def test_every_format_gives_the_same_text(kind: str) -> None:
    extract = only(MADE[kind]())
    assert extract.text == TEXT
    assert extract.format == kind.split()[0]
    assert (extract.tables, extract.warnings) == (2, ())


@pytest.mark.parametrize("kind", [kind for kind in MADE if kind not in PAGELESS])
def test_pages_are_those_of_the_original(kind: str) -> None:
    extract = only(MADE[kind]())
    assert [page_of(extract, said) for said in ("밝혔다", "53,000원", "긴급여권", "02-555-0101")] == [1, 2, 2, 3]
    assert extract.page_count == 3


@pytest.mark.parametrize("name", ["보도.txt", "보도.hwp", "보도.pdf", "보도"])
@pytest.mark.parametrize("kind", ["DOCX", "PDF", "HWPX", "HWP", "HWPML", "HTML"])
def test_the_name_does_not_matter(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(MADE[kind]())
    (item,) = load_documents([tmp_path], max_file_bytes=10**7)
    assert isinstance(item, RawDocument)
    assert (item.source, item.text) == (name, TEXT)


def test_a_bundle_gives_each_of_its_files(tmp_path: Path) -> None:
    mail = make_eml("붙임을 보십시오.", {"보도.hwpx": MADE["HWPX"]()})
    (tmp_path / "묶음.zip").write_bytes(make_zip({"보도/보도.pdf": MADE["PDF"](), "메일.eml": mail}))
    items = {item.source: item for item in load_documents([tmp_path], max_file_bytes=10**7)}
    assert list(items) == ["묶음.zip/보도/보도.pdf", "묶음.zip/메일.eml", "묶음.zip/메일.eml/보도.hwpx"]
    texts = [item.text for item in items.values() if isinstance(item, RawDocument)]
    assert (texts[0], texts[2]) == (TEXT, TEXT)
    assert "붙임을 보십시오." in texts[1]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("target", ["pdf", "odt", "html:HTML (StarWriter)", "docx:MS Word 2007 XML"])
def test_what_libreoffice_makes_of_it_reads_the_same(tmp_path: Path, target: str) -> None:
    extract = only(converted(tmp_path, "보도.docx", MADE["DOCX"](), target))
    assert extract.text == TEXT
    if not target.startswith("html"):
        assert [page_of(extract, said) for said in ("밝혔다", "53,000원", "02-555-0101")] == [1, 2, 3]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_sheet_that_libreoffice_saves_reads_the_same(tmp_path: Path) -> None:
    sheet = make_xlsx({"수수료": [["민원", "수수료", "기간"], ["여권", "53,000원", "나흘"], ["등본", "400원", "즉시"]]})
    rows = ["여권\t수수료: 53,000원\t기간: 나흘", "등본\t수수료: 400원\t기간: 즉시"]
    for target in ("ods", "csv:Text - txt - csv (StarCalc):44,34,76"):
        text = only(converted(tmp_path, "표.xlsx", sheet, target)).text
        assert [line for line in text.splitlines() if "수수료:" in line] == rows, target


def converted(tmp_path: Path, name: str, data: bytes, target: str) -> bytes:
    """``data`` as LibreOffice saves it in another format."""
    source = tmp_path / "source" / name
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    return (tmp_path / f"{source.stem}.{target.split(':')[0]}").read_bytes()
