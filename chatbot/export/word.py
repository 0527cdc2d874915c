"""A report as DOCX: A4, the heading levels of a Korean official document, page numbers, real lists and tables."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from chatbot.export.report import Block, Cell, Grid, Heading, Items, Paragraph, Report, Sheet, Source, writable

FONT = "맑은 고딕"
_INK = RGBColor(0x16, 0x20, 0x2E)
_SOFT = RGBColor(0x55, 0x63, 0x7A)
_ACCENT = RGBColor(0x12, 0x3F, 0x80)
_MARGIN_MM = 20
_TEXT_MM = 210 - 2 * _MARGIN_MM


def to_word(report: Report) -> bytes:
    """The file."""
    document = docx.Document()
    _page(document)
    _styles(document)
    document.core_properties.title = writable(report.title)
    document.core_properties.language = "ko-KR"
    document.add_paragraph(writable(report.title), style="Title")
    for detail in report.details:
        _faint(document.add_paragraph(), detail)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)
    for block in report.blocks:
        _add(document, block)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)  # python-docx has no fields of its own


def _styles(document: Document) -> None:
    sizes = {"Normal": 10.5, "Title": 18, "Heading 1": 13.5, "Heading 2": 11.5, "Heading 3": 10.5, "Quote": 10}
    for name, size in sizes.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101  the styles of the default template
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        style.font.size = Pt(size)
        style.font.color.rgb = _INK if name in ("Normal", "Quote") else _ACCENT
        style.font.italic = False
        style.paragraph_format.line_spacing = 1.35
        style.paragraph_format.space_after = Pt(4)
    document.styles["Quote"].paragraph_format.left_indent = Mm(7)


def _add(document: Document, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(writable(block.text), level=block.level)
    elif isinstance(block, Paragraph):
        run = document.add_paragraph().add_run(writable(block.text))
        run.bold = block.strong
        run.font.size = Pt(13) if block.strong else None
    elif isinstance(block, Items):
        for row in block.rows:
            document.add_paragraph(writable(row), style="List Number" if block.numbered else "List Bullet")
    elif isinstance(block, Source):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = bool(block.quote)
        paragraph.add_run(f"{block.label} ").bold = True
        paragraph.add_run(writable(block.about))
        if block.url:
            _link(paragraph, block.url)
        if block.quote:
            document.add_paragraph(writable(block.quote), style="Quote")
    elif isinstance(block, Grid):
        _table(document, block.sheet)


def _faint(paragraph: WordParagraph, text: str) -> None:
    run = paragraph.add_run(writable(text))
    run.font.size = Pt(9.5)
    run.font.color.rgb = _SOFT
    paragraph.paragraph_format.space_after = Pt(0)


def _link(paragraph: WordParagraph, url: str) -> None:
    """``원문 보기`` that opens ``url``; python-docx reads hyperlinks but does not write them."""
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run("원문 보기")
    run.font.underline = True
    run.font.color.rgb = _ACCENT
    paragraph.add_run(" ")
    link.append(run._r)
    paragraph._p.append(link)


def _table(document: Document, sheet: Sheet) -> None:
    table = document.add_table(rows=1, cols=len(sheet.columns), style="Table Grid")
    table.autofit = False
    share = _TEXT_MM / sum(sheet.widths)
    for column, width in zip(table.columns, sheet.widths, strict=True):
        column.width = Mm(width * share)  # some programs go by the columns, others by the cells
    for cells, row in [(table.rows[0].cells, sheet.columns), *((table.add_row().cells, row) for row in sheet.rows)]:
        for cell, width, value in zip(cells, sheet.widths, row, strict=True):
            cell.width = Mm(width * share)
            _fill(cell.paragraphs[0], value, heading=row is sheet.columns or value is row[0])
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))  # repeated on every page


def _fill(paragraph: WordParagraph, value: Cell, *, heading: bool) -> None:
    run = paragraph.add_run("" if value is None else writable(str(value)))
    run.font.size = Pt(9)
    run.bold = heading
    paragraph.paragraph_format.space_after = Pt(0)
