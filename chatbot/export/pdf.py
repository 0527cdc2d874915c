"""A report as PDF: A4 like the DOCX, in the Korean fonts that every PDF reader brings along or stands in for."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, ListFlowable, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus import Paragraph as PdfParagraph

from chatbot.export.report import Block, Grid, Heading, Items, Paragraph, Report, Sheet, Source, writable

# The Korean fonts of the PDF standard's Asian collection: nothing to ship, nothing to embed.
BODY, HEAD = "HYSMyeongJo-Medium", "HYGothic-Medium"
_INK, _SOFT, _ACCENT, _LINE = HexColor("#16202e"), HexColor("#55637a"), HexColor("#123f80"), HexColor("#b9c4d4")
_MARGIN = 20 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def _style(
    name: str,
    size: float,
    font: str = BODY,
    color: Color = _INK,
    *,
    before: float = 0,
    after: float = 4,
    indent: float = 0,
    keep: bool = False,
) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=size * 1.6,
        textColor=color,
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        keepWithNext=int(keep),
        splitLongWords=1,
    )


_STYLES = {
    style.name: style
    for style in (
        _style("title", 18, HEAD, _ACCENT, after=8),
        _style("detail", 9.5, color=_SOFT, after=0),
        _style("heading1", 13.5, HEAD, _ACCENT, before=12, keep=True),
        _style("heading2", 11.5, HEAD, _ACCENT, before=8, keep=True),
        _style("body", 10.5),
        _style("strong", 13, HEAD),
        _style("source", 10.5, keep=True),
        _style("quote", 10, color=_SOFT, indent=7 * mm),
        _style("cell", 9, after=0),
        _style("cellhead", 9, HEAD, after=0),
    )
}


def to_pdf(report: Report) -> bytes:
    """The file."""
    for font in (BODY, HEAD):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=_plain(report.title),
        lang="ko-KR",
        invariant=1,
    )
    parts: list[Flowable] = [_said(report.title, "title")]
    parts.extend(_said(detail, "detail") for detail in report.details)
    parts.append(PdfParagraph("&nbsp;", _STYLES["detail"]))
    for block in report.blocks:
        parts.extend(_block(block))
    document.build(parts, onFirstPage=_page_number, onLaterPages=_page_number)
    return buffer.getvalue()


def _block(block: Block) -> Iterator[Flowable]:
    if isinstance(block, Heading):
        yield _said(block.text, f"heading{min(block.level, 2)}")
    elif isinstance(block, Paragraph):
        yield _said(block.text, "strong" if block.strong else "body")
    elif isinstance(block, Items):
        yield ListFlowable(
            [_said(row, "body") for row in block.rows],
            bulletType="1" if block.numbered else "bullet",
            start=None if block.numbered else "•",
            bulletFontName=BODY,
            bulletFontSize=10.5,
            bulletFormat="%s." if block.numbered else None,
            leftIndent=18,
        )
    elif isinstance(block, Source):
        link = f' <a href={_attribute(block.url)} color="#123f80"><u>원문 보기</u></a>' if block.url else ""
        head = PdfParagraph(f"{_markup(f'{block.label} {block.about}')}{link}", _STYLES["source"])
        yield KeepTogether([head, _said(block.quote, "quote")]) if 0 < len(block.quote) < 2_000 else head
        if len(block.quote) >= 2_000:
            yield _said(block.quote, "quote")
    elif isinstance(block, Grid):
        yield Spacer(1, 8)
        yield _table(block.sheet)


def _table(sheet: Sheet) -> Table:
    share = _WIDTH / sum(sheet.widths)
    rows = [[_said(name, "cellhead") for name in sheet.columns]]
    for row in sheet.rows:
        cells = ("" if value is None else str(value) for value in row)
        rows.append([_said(cell, "cell" if place else "cellhead") for place, cell in enumerate(cells)])
    style = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#eef4fc")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return Table(rows, colWidths=[width * share for width in sheet.widths], style=style, repeatRows=1, splitInRow=1)


def _said(text: str, style: str) -> PdfParagraph:
    return PdfParagraph(_markup(text), _STYLES[style])


def _plain(text: str) -> str:
    """``text`` in what the fonts can show: the basic plane, without what no XML file can hold."""
    return "".join(character if character <= "\uffff" else "□" for character in writable(text)).replace("\t", "  ")


def _markup(text: str) -> str:
    """``text`` for a paragraph of reportlab, whose own tags it cannot hold."""
    return escape(_plain(text)).replace("\r", "").replace("\n", "<br/>")


def _attribute(url: str) -> str:
    return '"' + escape(url, {'"': "&quot;"}) + '"'


def _page_number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(BODY, 9.5)
    canvas.setFillColor(_SOFT)
    canvas.drawCentredString(A4[0] / 2, 10 * mm, str(document.page))
