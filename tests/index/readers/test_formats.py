"""What each format has of its own: columns, running titles, breaks, notes, number formats, encodings, menus."""

from __future__ import annotations

import io
from datetime import datetime

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from hwpx import HwpxDocument
from lxml import etree
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from index.document import Page
from index.readers.extract import Extract
from index.readers.formats import Format, sniff
from index.readers.numbering import Numbering
from index.readers.pagination import PageCounter
from index.readers.read import read
from index.readers.xlsx import shown
from tests.index.readers.makers import (
    FONT,
    Break,
    Rows,
    make_eml,
    make_hwp,
    make_hwpx,
    make_pdf,
    make_pptx,
    make_xlsx,
)


def only(data: bytes) -> Extract:
    (extract,) = read(data)
    return extract


def drawn(*pages: list[tuple[float, float, str]]) -> bytes:
    """A PDF with lines of 11 points at these places."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out)
    for lines in pages:
        canvas.setFont(FONT, 11)
        for x, y, said in lines:
            canvas.drawString(x, y, said)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


LEFT = [
    "시는 골목 주차난을 풀려고 로봇을",
    "들였다. 로봇은 차를 들어 옮긴다.",
    "한 대가 하루 마흔 대를 옮기고",
    "밤에는 스스로 충전한다. 고장은",
]
RIGHT = [
    "한 해 두 번뿐이었다. 이용료는",
    "한 시간에 팔백 원이다. 주민은",
    "앱으로 차를 부른다. 기다리는",
    "시간은 평균 삼 분이다. 끝이다.",
]


def test_columns_of_a_pdf_are_read_one_after_the_other() -> None:
    lines = [(60.0, 700.0 - 16 * n, said) for n, said in enumerate(LEFT)]
    lines += [(320.0, 700.0 - 16 * n, said) for n, said in enumerate(RIGHT)]
    text = only(
        drawn([(60, 740, "주차 로봇을 들인 골목의 한 해를 두 단으로 적은 소식지입니다 널리 알립니다"), *lines])
    ).text
    flat = "".join(text.split())
    assert flat.index("".join(LEFT[3].split())) < flat.index("".join(RIGHT[0].split()))
    assert flat.startswith("주차로봇을들인")


def test_running_titles_and_page_numbers_of_a_pdf_are_left_out() -> None:
    blocks = [part for n in range(1, 5) for part in (f"{n}번째 쪽의 글입니다.", Break())][:-1]
    extract = only(make_pdf(blocks, header="가람시 2026년 업무 계획"))
    assert extract.text.split("\n") == [f"{n}번째 쪽의 글입니다." for n in range(1, 5)]
    assert [page.number for page in extract.pages] == [1, 2, 3, 4]


def test_a_table_that_goes_on_keeps_its_header() -> None:
    header = ("민원", "수수료", "처리 기간")
    rows = [(f"민원 {n}", f"{n}00원", f"{n}일") for n in range(1, 90)]
    lines = only(make_pdf([Rows((header, *rows))])).text.split("\n")
    assert "민원 1\t수수료: 100원\t처리 기간: 1일" in lines
    assert "민원 89\t수수료: 8900원\t처리 기간: 89일" in lines
    assert all(f"민원 {n}\t수수료: {n}00원\t처리 기간: {n}일" in lines for n in range(1, 90))


def test_two_tables_one_below_the_other_keep_their_own_headers() -> None:
    first = Rows((("민원", "수수료", "처리 기간"), ("등본", "400원", "즉시")))
    second = Rows((("시설", "사용료", "쉬는 날"), ("축구장", "60,000원", "월요일")))
    assert only(make_pdf([first, second])).text.split("\n") == [
        "민원\t수수료\t처리 기간",
        "등본\t수수료: 400원\t처리 기간: 즉시",
        "시설\t사용료\t쉬는 날",
        "축구장\t사용료: 60,000원\t쉬는 날: 월요일",
    ]


def test_lines_of_a_pdf_are_joined_where_the_print_ran_into_the_margin() -> None:
    said = (
        "가람시는 시민의 부담을 줄이고 민원 처리 속도를 높이기 위해 여권 발급 수수료를 내리기로 하였으며 "
        "자세한 내용은 누리집에서 볼 수 있다."
    )
    assert only(make_pdf([said, "○ 다음 항목이다."])).text.split("\n") == [said, "○ 다음 항목이다."]


def test_a_page_of_a_pdf_without_characters_is_reported() -> None:
    extract = only(drawn([(60, 700, "첫 쪽의 글입니다.")], [], [(60, 700, "셋째 쪽의 글입니다.")]))
    assert extract.empty_pages == (2,)
    assert "글자가 없는 쪽" in extract.warnings[0]
    assert extract.pages == (Page(1, 0), Page(3, 11))


def test_notes_are_kept() -> None:
    assert only(make_hwpx(["본문이다."], footnote="덧붙인 말이다.")).text == "본문이다.\n※ 각주 1) 덧붙인 말이다."
    assert only(make_hwp(["본문이다."], footnote="덧붙인 말이다.")).text == "본문이다.\n※ 각주 1) 덧붙인 말이다."


def test_merged_cells_of_hwpx_are_expanded() -> None:
    document = HwpxDocument.new()
    table = document.add_table(3, 3)
    for row, cells in enumerate((("구분", "수수료", ""), ("", "방문", "온라인"), ("여권", "53,000원", "50,000원"))):
        for column, said in enumerate(cells):
            table.set_cell_text(row, column, said)
    table.merge_cells(0, 0, 1, 0)
    table.merge_cells(0, 1, 0, 2)
    assert only(document.to_bytes()).text.split("\n")[-1] == "여권\t수수료 방문: 53,000원\t수수료 온라인: 50,000원"


def test_headings_of_a_docx_are_marked_and_bullets_kept() -> None:
    document = docx.Document()
    document.add_heading("여권 안내", 1)
    document.add_heading("□ 수수료", 2)
    document.add_paragraph("내린다.", style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    assert only(out.getvalue()).text == "# 여권 안내\n□ 수수료\n• 내린다."


def test_content_controls_and_text_boxes_of_a_docx_are_read_once() -> None:
    document = docx.Document()
    document.add_paragraph("앞 글이다.")
    controlled = document.add_paragraph("틀 안의 글이다.")._p
    boxed = document.add_paragraph()._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    controlled.addprevious(control)
    control.append(content)
    content.append(controlled)
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    either = etree.SubElement(boxed, f"{{{markup}}}AlternateContent")
    for name in ("Choice", "Fallback"):
        text = OxmlElement("w:t")
        text.text = "글상자의 글이다."
        etree.SubElement(either, f"{{{markup}}}{name}").append(text)
    out = io.BytesIO()
    document.save(out)
    assert only(out.getvalue()).text == "앞 글이다.\n틀 안의 글이다.\n글상자의 글이다."


def test_slides_are_pages() -> None:
    extract = only(
        make_pptx([("업무 계획", ["첫 장의 글이다."]), ("예산", [Rows((("구분", "예산"), ("홍보", "3억 원")))])])
    )
    assert extract.text.split("\n") == [
        "# 업무 계획",
        "첫 장의 글이다.",
        "### 예산",
        "구분\t예산",
        "홍보\t예산: 3억 원",
    ]
    assert extract.pages == (Page(1, 0), Page(2, extract.text.index("### 예산")))


def test_sheets_are_pages_with_their_tables() -> None:
    rows = [
        ["민원 처리 현황"],
        ["(단위: 건)"],
        ["구분", "2024년", "2025년"],
        ["여권", 1200, 1350],
        [],
        ["접수처", "전화"],
        ["민원과", "02-555-0101"],
    ]
    extract = only(make_xlsx({"현황": rows, "빈 시트": []}))
    assert extract.text.split("\n") == [
        "### 현황",
        "민원 처리 현황",
        "(단위: 건)",
        "구분\t2024년\t2025년",
        "여권\t2024년: 1200\t2025년: 1350\t(단위: 건)",
        "접수처\t전화",
        "민원과\t02-555-0101",
        "### 빈 시트",
    ]


def test_hidden_sheets_are_told() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "보이는 글"
    book.create_sheet("숨긴 것")["A1"] = "숨긴 글"
    book["숨긴 것"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    extract = only(out.getvalue())
    assert "숨긴 글" not in extract.text
    assert "숨긴 것" in extract.warnings[0]


@pytest.mark.parametrize(
    ("value", "number_format", "said"),
    [
        (0.153, "0.0%", "15.3%"),
        (0.15, "0%", "15%"),
        (53000, "#,##0", "53,000"),
        (53000, '#,##0"원"', "53,000원"),
        (1200.0, "General", "1200"),
        (0.1, "General", "0.1"),
        (3.14159, "0.00", "3.14"),
        (datetime(2026, 3, 2), "yyyy-mm-dd", "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30), "yyyy-mm-dd", "2026-03-02 09:30"),
        (True, "General", "예"),
        ("글", "@", "글"),
    ],
)
def test_values_are_said_as_the_sheet_shows_them(value: object, number_format: str, said: str) -> None:
    assert shown(value, number_format) == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_rows_of_a_csv_are_records(encoding: str) -> None:
    said = '민원,수수료,처리 기간\n주민등록등본,400원,즉시\n"여권, 복수","53,000원",나흘\n'
    extract = only(said.encode(encoding))
    assert extract.format == "CSV"
    assert extract.text.split("\n")[2] == "여권, 복수\t수수료: 53,000원\t처리 기간: 나흘"


@pytest.mark.parametrize(
    "said",
    [
        "비가 오고, 바람이 분다.\n눈이 오고, 해가 난다.\n구름이 끼고, 춥다.\n",
        "하나, 둘\n셋\n넷, 다섯, 여섯\n",
        "가,나\n다,라\n",
    ],
)
def test_prose_with_commas_is_text(said: str) -> None:
    assert only(said.encode()).text == said


def test_tables_of_markdown_keep_their_rows() -> None:
    said = "앞 글\n\n| 민원 | 수수료 |\n|---|---:|\n| 등본 | 400원 |\n\n뒤 글 | 막대"
    assert only(said.encode()).text == "앞 글\n\n민원\t수수료\n등본\t수수료: 400원\n\n뒤 글 | 막대"


def test_a_mail_says_who_and_when() -> None:
    extract = only(make_eml("여권은 나흘 뒤에 받습니다.", {}))
    assert extract.text.startswith(
        "# 여권 수수료 안내\n보낸 사람: 가람시 민원과 <minwon@example.kr>\t보낸 때: 2026-03-02"
    )
    assert extract.text.endswith("여권은 나흘 뒤에 받습니다.")
    assert extract.title == "여권 수수료 안내"


def test_menus_and_hidden_parts_of_a_page_are_left_out() -> None:
    page = """<html><head><title>여권 안내 | 가람시</title></head><body><header><a href="/">가람시</a></header>
    <div class="lnb"><a href="/a">민원</a><a href="/b">복지</a></div>
    <article><h3>여권 안내</h3><p>여권은 <b>나흘</b> 뒤에<br>받습니다.</p><ul><li>신분증</li><li>사진</li></ul>
    <p style="display: none">숨은 글</p><p>민원과에서 신청하며 대리인은 위임장을 가져와야 합니다.
    자세한 것은 전화로 물어보십시오. 여권은 본인이 찾아야 하며 아홉 시부터 여섯 시까지 찾을 수 있습니다.</p></article>
    <footer>저작권</footer></body></html>"""
    extract = only(page.encode())
    assert extract.text.split("\n")[:5] == ["### 여권 안내", "여권은 나흘 뒤에", "받습니다.", "- 신분증", "- 사진"]
    assert not any(word in extract.text for word in ("복지", "숨은 글", "저작권"))
    assert extract.title == "여권 안내"


def test_a_table_that_only_places_things_on_the_page_is_no_table() -> None:
    page = """<body><table><tr><td>왼쪽 글이다.</td><td><p>오른쪽 글이다.</p>
    <table><tr><th>민원</th><th>수수료</th></tr><tr><td>등본</td><td>400원</td></tr></table></td></tr></table></body>"""
    assert only(f"<html>{page}</html>".encode()).text.split("\n") == [
        "왼쪽 글이다.",
        "오른쪽 글이다.",
        "민원\t수수료",
        "등본\t수수료: 400원",
    ]


def test_the_head_of_a_post_is_no_furniture() -> None:
    head = '<div class="view_header"><h4>여권 수수료를 내린다</h4><span>2026-03-02</span></div>'
    body = f'<div class="location">처음 &gt; 소식</div>{head}<p>가람시가 여권 수수료를 내린다.</p>'
    assert only(f"<html><body>{body}</body></html>".encode()).text.split("\n") == [
        "#### 여권 수수료를 내린다",
        "2026-03-02",
        "가람시가 여권 수수료를 내린다.",
    ]


def test_pages_of_hangul_follow_where_the_lines_stand() -> None:
    pages = PageCounter()
    assert pages.see([(0, 0, 0), (30, 1600, 0)]) == []
    assert pages.see([(0, 3200, 0), (30, 0, 0), (60, 1600, 0)]) == [(30, 2)]
    assert pages.see([(0, 0, 20000)]) == []  # the second column of page 2
    pages.explicit_break()
    assert pages.see([(0, 0, 0)]) == [(0, 3)]
    pages.new_section()
    assert pages.see([]) == [(0, 4)]


def test_numbers_are_counted_and_deeper_ones_start_anew() -> None:
    marks = Numbering()
    formats = {1: ("^1.", "DIGIT", 1), 2: ("^2)", "HANGUL_SYLLABLE", 1)}
    marks.numbered("a", "n", 0, formats)
    marks.numbered("b", "n", 1, formats)
    marks.bullet("c", "○")
    marks.bullet("d", "\uf0a7")
    assert [marks.mark(shape) for shape in "abbabcdx"] == ["1. ", "가) ", "나) ", "2. ", "가) ", "○ ", "○ ", ""]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<!DOCTYPE html><html>", Format.HTML),
        (b"\xef\xbb\xbf\n<!-- x --><HTML>", Format.HTML),
        (b'<?xml version="1.0"?><HWPML Version="2.8">', Format.HWPML),
        (b"From: a@b\r\nSubject: c\r\nMIME-Version: 1.0\r\n\r\nd", Format.EML),
        (b"Subject: only a word and a colon\n\nFrom here on text.", Format.TEXT),
        ("제목: 여권\n\n글입니다.".encode(), Format.TEXT),
        (b"PK is a short word", Format.TEXT),
    ],
)
def test_a_format_is_told_by_its_first_bytes(head: bytes, kind: Format) -> None:
    assert sniff(head) is kind
