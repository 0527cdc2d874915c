"""Pages that are pictures are read where character recognition is installed, and reported everywhere."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from kiwipiepy import Kiwi
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.document import Page, RecognizedPage
from index.errors import UnreadableFileError
from index.load import load_documents
from index.raw import RawDocument
from index.readers import recognition
from index.readers.extract import Extract
from index.readers.files import FileReader
from index.readers.pdf import read_pdf
from index.readers.pdf_lines import TextLine
from index.readers.recognition import RecognizedLines, Recognizer, _page, _Word
from index.readers.sandbox import extract_of
from tests.index.readers.makers import make_pdf

installed = pytest.mark.skipif(
    not recognition.engine(), reason="needs pip install '.[ocr]' and apt-get install tesseract-ocr tesseract-ocr-kor"
)


def scanned(*pages: Sequence[str], between: bool = False) -> bytes:
    """A PDF whose pages are pictures of printed text; ``between`` puts one with a text layer behind the first."""
    import pypdfium2

    out = io.BytesIO()
    canvas = Canvas(out)
    for number, said in enumerate(pages):
        picture = pypdfium2.PdfDocument(make_pdf(said))[0].render(scale=200 / 72, grayscale=True).to_pil()
        canvas.drawImage(ImageReader(picture), 0, 0, *canvas._pagesize)
        canvas.showPage()
        if between and number == 0:
            canvas.drawString(80, 700, "A page with a text layer of its own.")
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture_of(*sizes: tuple[int, int]) -> bytes:
    """A page with nothing but pictures of these sizes in pixels."""
    from PIL import Image

    out = io.BytesIO()
    canvas = Canvas(out)
    for size in sizes:
        canvas.drawImage(ImageReader(Image.new("1", size)), 50, 50, 200, 200)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


class Told(Recognizer):
    """Gives what it is told to for each page."""

    def __init__(self, found: dict[int, RecognizedLines | None]) -> None:
        super().__init__(60)
        self.found = found
        self.asked: list[int] = []

    def pages(self, pdf: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, RecognizedLines | None]]:
        self.asked = list(numbers)
        yield from ((number, self.found[number]) for number in numbers if number in self.found)


def line(text: str, top: float = 100) -> TextLine:
    return TextLine(text, 50, 300, top, top + 12, 12, spaced=False)


def words(*said: tuple[str, int, int], confidence: float = 0.9, number: int = 1) -> list[_Word]:
    """Words of one line of 20 pixels, as ``(text, left, right)``."""
    return [_Word(text, left, right, 100, 120, confidence, (1, 1, number)) for text, left, right in said]


def texts(found: RecognizedLines | None) -> list[str]:
    assert found is not None
    return [line.text for line in found.lines]


@installed
def test_a_scanned_page_is_read_with_its_page_and_how_sure_it_is(tmp_path: Path) -> None:
    path = tmp_path / "스캔.pdf"
    path.write_bytes(scanned(["여권 수수료는 53,000원이다."], ["처리 기간은 나흘이다."], between=True))
    with FileReader() as reader:
        (item,) = load_documents([path], max_file_bytes=2**26, reader=reader)
    assert isinstance(item, RawDocument)
    assert item.report is not None
    assert item.text.split("\n") == [
        "여권 수수료는 53,000원이다.",
        "A page with a text layer of its own.",
        "처리 기간은 나흘이다.",
    ]
    assert [page.number for page in item.pages] == [1, 2, 3]
    assert item.text[item.pages[2].start :] == "처리 기간은 나흘이다."
    assert [page.number for page in item.report.recognized] == [1, 3]
    assert all(page.confidence > 0.8 for page in item.report.recognized)
    assert "글자 인식으로 읽음: 1쪽(확신도 9" in item.report.line()
    assert item.report.text_share == 1.0


@installed
def test_switched_off_it_says_which_setting_reads_pictures(tmp_path: Path) -> None:
    path = tmp_path / "스캔.pdf"
    path.write_bytes(picture_of((40, 40)))
    with FileReader(recognize=False) as reader:
        assert "INDEX_OCR=true" in reader.read(path, path.read_bytes()).error


@installed
def test_a_picture_without_letters_stays_an_empty_page() -> None:
    with pytest.raises(UnreadableFileError, match="글자 인식으로도 읽지 못했습니다"):
        read_pdf(picture_of((40, 40)), Recognizer(60))


@installed
def test_a_page_that_cannot_be_drawn_loses_only_itself() -> None:
    recognizer = Recognizer(60)
    assert list(recognizer.pages(picture_of((40, 40)), [7])) == [(7, None)]
    assert list(recognizer.pages(b"%PDF-1.7 nothing", [1, 2])) == [(1, None), (2, None)]


@installed
def test_when_the_time_is_over_the_page_is_reported_and_no_program_left_behind() -> None:
    recognizer = Recognizer(60)
    recognizer._end = 0
    with pytest.raises(UnreadableFileError, match="INDEX_READ_SECONDS"):
        read_pdf(picture_of((40, 40)), recognizer)


@pytest.mark.parametrize("missing", ["program", "binding", "language"])
def test_without_one_of_its_parts_it_says_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(command: Sequence[str], **_: object) -> SimpleNamespace:
        return SimpleNamespace(stdout="tesseract 5.3.0\n" if command[1] == "--version" else "eng\nosd\n")

    recognition.engine.cache_clear()
    monkeypatch.setattr(recognition.shutil, "which", lambda _: None if missing == "program" else "/usr/bin/tesseract")
    monkeypatch.setattr(recognition, "find_spec", lambda name: None if missing == "binding" else name)
    monkeypatch.setattr(subprocess, "run", told)
    try:
        with pytest.raises(UnreadableFileError, match=r"글자가 없는 PDF.*\[ocr\].*tesseract-ocr-kor"):
            read_pdf(picture_of((40, 40)))
    finally:
        recognition.engine.cache_clear()


def test_only_pages_that_are_pictures_are_looked_at() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(80, 700, "text")
    canvas.showPage()
    canvas.showPage()  # a blank sheet
    canvas.rect(50, 50, 300, 300, fill=1)
    canvas.showPage()
    canvas.save()
    recognizer = Told({3: RecognizedLines((line("그림의 글이다."),), 0.91)})
    extract = read_pdf(out.getvalue(), recognizer)
    assert recognizer.asked == [3]
    assert extract.text == "text\n그림의 글이다."
    assert extract.pages == (Page(1, 0), Page(3, 5))
    assert extract.recognized == (RecognizedPage(3, 0.91),)
    assert extract.empty_pages == (2,)


def test_a_picture_too_large_to_unpack_is_not_looked_at() -> None:
    data = picture_of((40, 40)).replace(b"/Width 40", b"/Width 400000").replace(b"/Height 40", b"/Height 400000")
    recognizer = Told({})
    with pytest.raises(UnreadableFileError):
        read_pdf(data, recognizer)
    assert recognizer.asked == []


def test_what_was_read_from_pictures_passes_between_the_processes() -> None:
    from dataclasses import asdict

    whole = Extract("PDF", "글", recognized=(RecognizedPage(1, 0.9),))
    assert extract_of(asdict(whole)) == whole


def test_syllables_that_stand_apart_are_put_together() -> None:
    found = _page(words(("수", 0, 20), ("수", 23, 43), ("료", 46, 66), ("를", 70, 90), ("내린다", 112, 170)), 1.0)
    assert texts(found) == ["수수료를 내린다"]


def test_where_the_print_leaves_a_space_open_the_language_decides(kiwi: Kiwi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "shared_kiwi", lambda: kiwi)
    gap = 8  # of 20: between none and one
    found = _page(words(("민", 0, 20), ("원", 20 + gap, 48), ("처리", 48 + gap, 96), ("속", 96 + gap, 124)), 1.0)
    assert texts(found) == ["민원 처리 속"]


def test_cells_are_parted_by_a_drawn_rule_and_by_a_wide_gap() -> None:
    found = _page(words(("수수료", 0, 60), ("|", 64, 66), ("400원", 70, 120), ("즉시", 200, 240)), 1.0)
    assert texts(found) == ["수수료", "400원", "즉시"]
    assert found is not None
    assert len({(line.top, line.bottom) for line in found.lines}) == 1


def test_a_mark_of_which_nobody_is_sure_is_left_out_and_a_letter_is_not() -> None:
    found = _page([*words(("(>", 0, 20), confidence=0.2), *words(("가", 40, 60), ("나다라마", 100, 180))], 1.0)
    assert texts(found) == ["가", "나다라마"]


def test_a_page_of_guesses_is_not_taken() -> None:
    assert _page(words(("뼈", 0, 20), ("쏘", 30, 50), confidence=0.3), 1.0) is None
    assert _page(words(("—", 0, 20)), 1.0) is None
