"""Files in each format, made with other programs than our readers, from one description."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
from docx.enum.text import WD_BREAK
from hwpkit import cfb
from hwpx import HwpxDocument
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

FONT = "HYGothic-Medium"


@dataclass(frozen=True)
class Rows:
    """A table; its first row is the header."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Break:
    """A new page."""


Block = str | Rows | Break

PRESS_RELEASE: tuple[Block, ...] = (
    "가람시, 여권 발급 수수료를 내린다",
    "가람시는 2026년 3월 2일부터 여권 발급 수수료를 내린다고 밝혔다.",
    "□ 추진 배경",
    "○ 여권을 찾는 시민이 한 해 12,400명으로 늘어 창구 대기가 평균 47분에 이르렀다.",
    Break(),
    "□ 조정 내용",
    Rows(
        (
            ("여권 종류", "수수료", "처리 기간"),
            ("복수여권 10년", "53,000원", "나흘"),
            ("복수여권 5년", "45,000원", "나흘"),
            ("단수여권", "20,000원", "이틀"),
        )
    ),
    "○ 긴급여권은 하루 안에 발급하며 수수료는 48,000원이다.",
    Break(),
    "□ 문의처",
    Rows((("담당 부서", "가람시 민원과"), ("담당자", "김하늘 주무관 (02-555-0101)"))),
)


def make_docx(blocks: Sequence[Block]) -> bytes:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, Break):
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif isinstance(block, Rows):
            table = document.add_table(len(block.rows), len(block.rows[0]))
            table.style = "Table Grid"
            for row, cells in enumerate(block.rows):
                for column, said in enumerate(cells):
                    table.cell(row, column).text = said
        else:
            document.add_paragraph(block)
    return _saved(document.save)


def make_html(blocks: Sequence[Block], *, encoding: str = "utf-8") -> bytes:
    parts = []
    for block in blocks:
        if isinstance(block, Rows):
            rows = "".join(f"<tr>{''.join(f'<td>{said}</td>' for said in row)}</tr>" for row in block.rows)
            parts.append(f"<table>{rows}</table>")
        elif isinstance(block, str):
            parts.append(f"<p>{block}</p>")
    page = f"""<!DOCTYPE html><html lang="ko"><head><meta charset="{encoding}"><title>가람시청</title>
<script>var x = "숨은 글";</script></head><body>
<div id="gnb"><ul><li><a href="/">분야별 정보</a></li><li><a href="/c">종합 민원</a></li></ul></div>
<nav><a href="/">처음으로</a></nav>
<div class="view_cont">{"".join(parts)}</div>
<footer>가람시 배움길 12 저작권</footer></body></html>"""
    return page.encode(encoding)


def make_pdf(blocks: Sequence[Block], *, header: str = "") -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    style = ParagraphStyle("본문", fontName=FONT, fontSize=11, leading=17, wordWrap="CJK")
    story: list[object] = []
    for block in blocks:
        if isinstance(block, Break):
            story.append(PageBreak())
        elif isinstance(block, Rows):
            grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONTNAME", (0, 0), (-1, -1), FONT)])
            story.append(Table([list(row) for row in block.rows], style=grid))
        else:
            story.append(Paragraph(block, style))
    out = io.BytesIO()

    def furniture(canvas: object, template: object) -> None:
        canvas.setFont(FONT, 9)  # type: ignore[attr-defined]
        canvas.drawString(72, 800, header)  # type: ignore[attr-defined]
        canvas.drawCentredString(297, 30, f"- {canvas.getPageNumber()} -")  # type: ignore[attr-defined]

    SimpleDocTemplate(out, pagesize=A4).build(story, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def make_hwpx(blocks: Sequence[Block], *, footnote: str = "") -> bytes:
    document = HwpxDocument.new()
    broken = False
    for block in blocks:
        if isinstance(block, Break):
            broken = True
            continue
        if isinstance(block, Rows):
            table = document.add_table(len(block.rows), len(block.rows[0]))
            for row, cells in enumerate(block.rows):
                for column, said in enumerate(cells):
                    table.set_cell_text(row, column, said)
        else:
            document.add_paragraph(block)
        if broken:
            document.paragraphs[-1].element.set("pageBreak", "1")
            broken = False
    if footnote:
        document.notes.add_footnote(footnote, paragraph=document.paragraphs[-1])
    return document.to_bytes()


def make_pptx(slides: Sequence[tuple[str, Sequence[Block]]]) -> bytes:
    deck = pptx.Presentation()
    for title, blocks in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
        top = 2_000_000
        for block in blocks:
            if isinstance(block, Rows):
                shape = slide.shapes.add_table(len(block.rows), len(block.rows[0]), 500_000, top, 8_000_000, 1_000_000)
                for row, cells in enumerate(block.rows):
                    for column, said in enumerate(cells):
                        shape.table.cell(row, column).text = said
            elif isinstance(block, str):
                slide.shapes.add_textbox(500_000, top, 8_000_000, 500_000).text_frame.text = block
            top += 1_200_000
    return _saved(deck.save)


def make_xlsx(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return _saved(book.save)


def make_eml(said: str, attachments: dict[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "여권 수수료 안내"
    message["From"] = "가람시 민원과 <minwon@example.kr>"
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0900"
    message.set_content(said)
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def make_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def make_hwpml(blocks: Sequence[Block], *, encoding: str = "utf-8") -> bytes:
    parts = []
    broken = ""
    for block in blocks:
        if isinstance(block, Break):
            broken = ' PageBreak="true"'
            continue
        if isinstance(block, Rows):
            rows = "".join(
                f"<ROW>{''.join(_hwpml_cell(r, c, said) for c, said in enumerate(row))}</ROW>"
                for r, row in enumerate(block.rows)
            )
            inner = f'<TABLE RowCount="{len(block.rows)}">{rows}</TABLE>'
        else:
            inner = f"<CHAR>{block}</CHAR>"
        parts.append(f"<P{broken}><TEXT>{inner}</TEXT></P>")
        broken = ""
    body = f'<HWPML Version="2.8"><BODY><SECTION Id="0">{"".join(parts)}</SECTION></BODY></HWPML>'
    return f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding)


def _hwpml_cell(row: int, column: int, said: str) -> str:
    address = f'RowAddr="{row}" ColAddr="{column}" RowSpan="1" ColSpan="1"'
    return f"<CELL {address}><PARALIST><P><TEXT><CHAR>{said}</CHAR></TEXT></P></PARALIST></CELL>"


def make_hwp(blocks: Sequence[Block], *, packed: bool = True, flags: int = 0, footnote: str = "") -> bytes:
    """An HWP 5 file: sections of records in an OLE container that another library writes."""
    body = b""
    broken = False
    for number, block in enumerate(blocks):
        if isinstance(block, Break):
            broken = True
            continue
        last = number == len(blocks) - 1
        controls = [_hwp_table(block)] if isinstance(block, Rows) else []
        if footnote and last:
            controls.append(_record(71, 1, b"  nf" + bytes(4)) + _hwp_list(footnote, 2))
        said = "" if isinstance(block, Rows) else block
        body += _hwp_paragraph(said, 0, controls, page_break=broken)
        broken = False
    return make_hwp_container(body, packed=packed, flags=flags)


def make_hwp_container(section: bytes, *, packed: bool = True, flags: int = 0) -> bytes:
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000500, flags | packed)
    if packed:
        packer = zlib.compressobj(wbits=-15)
        section = packer.compress(section) + packer.flush()
    return make_ole({"FileHeader": header.ljust(256, b"\0"), "BodyText/Section0": section})


def make_ole(streams: dict[str, bytes]) -> bytes:
    """An OLE container; a name with a slash stands in a storage."""
    entries = {
        0: cfb.DirEntryOut(
            "Root Entry", 5, 1, cfb.NOSTREAM, cfb.NOSTREAM, cfb.NOSTREAM, bytes(16), bytes(4), bytes(8), bytes(8), None
        )
    }
    for name, data in streams.items():
        storage, _, own = name.rpartition("/")
        cfb.add_stream(entries, own, data, cfb.add_storage(entries, storage) if storage else 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ole"
        cfb.dump(entries, str(path))
        return path.read_bytes()


def _record(tag: int, level: int, payload: bytes) -> bytes:
    size = len(payload)
    head = tag | level << 10 | min(size, 0xFFF) << 20
    return struct.pack("<I", head) + (struct.pack("<I", size) if size >= 0xFFF else b"") + payload


def _hwp_paragraph(said: str, level: int, controls: Sequence[bytes] = (), *, page_break: bool = False) -> bytes:
    units = said.encode("utf-16-le") + b"".join(struct.pack("<8H", 11, *[0] * 6, 11) for _ in controls) + b"\r\0"
    header = struct.pack("<IIHBB", len(units) // 2, 0, 0, 0, 4 if page_break else 0).ljust(22, b"\0")
    return _record(66, level, header) + _record(67, level + 1, units) + b"".join(controls)


def _hwp_list(said: str, level: int, place: bytes = b"") -> bytes:
    return _record(72, level, struct.pack("<HHI", 1, 0, 0) + place) + _hwp_paragraph(said, level)


def _hwp_table(table: Rows) -> bytes:
    size = struct.pack("<IHH", 0, len(table.rows), len(table.rows[0]))
    cells = b"".join(
        _hwp_list(said, 2, struct.pack("<HHHH", column, row, 1, 1).ljust(26, b"\0"))
        for row, cells in enumerate(table.rows)
        for column, said in enumerate(cells)
    )
    return _record(71, 1, b" lbt" + bytes(40)) + _record(77, 2, size.ljust(22, b"\0")) + cells


def _saved(save: object) -> bytes:
    out = io.BytesIO()
    save(out)  # type: ignore[operator]
    return out.getvalue()
