"""HTML: the main text with its headings, lists and tables; no menus, no page furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from index.readers.extract import Extract, TextWriter
from index.readers.tables import Cell, grid_of
from index.readers.text import decode
from index.readers.xml import below, local

_CHARSET = re.compile(rb"""(?i)<meta[^>]+charset\s*=\s*["']?\s*([a-z0-9_\-]+)""")
_KOREAN = frozenset({"euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "cp949", "ms949", "x-windows-949", "windows-949"})
_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "input",
        "textarea",
        "iframe",
        "object",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "link",
        "meta",
    ]
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"})
_FURNITURE = re.compile(
    r"(?i)(?:^|[\s_\-])(?:gnb|lnb|snb|tnb|nav|navi|navigation|menu|sub-?menu|breadcrumbs?|location|footer|header|sidebar|"
    r"aside|quick|sns|share|skip|skip-?navi|pagination|paging|banner|copyright|family-?site|satisfaction)(?:$|[\s_\-])"
)
_MAIN = (
    "//main", "//*[@role='main']", "//article",
    "//*[@id='content' or @id='contents' or @id='container_content' or @id='main_content' or @id='txt']",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' view_cont ') or "
    "contains(concat(' ', normalize-space(@class), ' '), ' board_view ') or "
    "contains(concat(' ', normalize-space(@class), ' '), ' content ')]",
)  # fmt: skip
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "address",
        "center",
        "hr",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "body",
        "html",
        "fieldset",
        "details",
        "summary",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MIN_MAIN_CHARS = 80
_MAX_FURNITURE_CHARS = 200
_MAX_DEPTH = 200


def read_html(data: bytes) -> Extract:
    """Text of the page's main part, or of all of it where none is marked."""
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False)
    root = lxml_html.document_fromstring(_without_declaration(_decoded(data)), parser=parser)
    title = next(("".join(found.itertext()) for found in below(root, "title")), "")
    writer = TextWriter()
    _Reader(writer).block(_main(root), 0)
    return writer.extract("HTML", title=_site_free(title, writer))


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and declared[1].decode("ascii", "replace").lower() in _KOREAN:
        text = data.decode("cp949", "replace")
        if text.count("\ufffd") <= 0.02 * len(text):
            return text
    return decode(data)


def _without_declaration(text: str) -> str:
    """Lxml refuses text that still says in which encoding it was."""
    return re.sub(r"\A\s*<\?xml[^>]*>", "", text).replace("\x00", "") or "<html></html>"


def _main(root: etree._Element) -> etree._Element:
    for path in _MAIN:
        found = root.xpath(path)
        if isinstance(found, list):
            parts = [part for part in found if isinstance(part, etree._Element)]
            best = max(parts, key=_size, default=None)
            if best is not None and _size(best) >= _MIN_MAIN_CHARS:
                return best
    return next(below(root, "body"), root)


def _size(element: etree._Element) -> int:
    return sum(len(said.strip()) for said in element.itertext())


def _site_free(title: str, writer: TextWriter) -> str:
    """The heading that ``<title>`` names, or its part that the page says: ``여권 안내 | 가람시`` without the site."""
    for part in re.split(r"\s*[|<>:»]\s*|\s+-\s+", " ".join(title.split())):
        for line in writer.lines[:10] if len(part) >= 4 else []:
            if part in line:
                return line.lstrip("# ") if line.startswith("#") else part
    return ""


class _Reader:
    def __init__(self, writer: TextWriter) -> None:
        self._writer = writer
        self._parts: list[str] = []

    def block(self, element: etree._Element, depth: int) -> None:
        """A block element: what stands before and after inner blocks are lines of their own."""
        self._flush()
        if depth > _MAX_DEPTH:
            self._parts.append("".join(element.itertext()))
            self._flush()
            return
        name = local(element)
        if name == "table" and _is_data(element):
            caption = next(("".join(found.itertext()) for found in element if local(found) == "caption"), "")
            self._writer.table(grid_of(_cells(element)), caption=" ".join(caption.split()))
        elif name in _HEADINGS:
            self._writer.heading("".join(element.itertext()), int(name[1]))
        else:
            if name == "li":
                self._parts.append("- ")
            self._inside(element, depth)
        self._flush()

    def _inside(self, element: etree._Element, depth: int) -> None:
        self._parts.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str) and not _is_furniture(child):
                if local(child) == "br":
                    self._flush()
                elif _holds_blocks(child):
                    self.block(child, depth + 1)
                else:
                    self._inside(child, depth + 1) if depth < _MAX_DEPTH else self._parts.append(child.text or "")
            self._parts.append(child.tail or "")

    def _flush(self) -> None:
        said = " ".join("".join(self._parts).split())
        self._parts.clear()
        if said and said != "-":
            self._writer.line(said)


def _holds_blocks(element: etree._Element) -> bool:
    return local(element) in _BLOCKS or any(local(child) in _BLOCKS for child in element)


def _is_furniture(element: etree._Element) -> bool:
    name = local(element)
    if name in _DROPPED or element.get("role") in _ROLES or element.get("aria-hidden") == "true":
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if element.get("hidden") is not None or "display:none" in style:
        return True
    if name == "header" and any(local(above) == "body" for above in [element.getparent()] if above is not None):
        return True
    if not _FURNITURE.search(f"{element.get('id') or ''} {element.get('class') or ''}"):
        return False
    # A container may be called "header" and hold the article: only what is mostly links is a menu.
    linked = sum(_size(link) for link in below(element, "a"))
    titled = next(below(element, *_HEADINGS), None) is not None
    return linked * 2 >= _size(element) or (_size(element) < _MAX_FURNITURE_CHARS and not titled)


def _is_data(table: etree._Element) -> bool:
    """A table of cells; one that holds another table only places things on the page."""
    return next(below(table, "table"), None) is None


def _cells(table: etree._Element) -> Iterator[Cell]:
    """Cells of the table's rows; where a span from above covers a square, cells move right."""
    covered: set[tuple[int, int]] = set()
    for row_number, row in enumerate(below(table, "tr")):
        column = 0
        cells = [cell for cell in row if local(cell) in ("td", "th")]
        headed = bool(cells) and all(local(cell) == "th" for cell in cells)
        in_head = any(local(above) == "thead" for above in row.iterancestors())
        for cell in cells:
            while (row_number, column) in covered:
                column += 1
            rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            covered.update((row_number + r, column + c) for r in range(rows) for c in range(columns))
            yield Cell(row_number, column, _cell_text(cell), rows, columns, header=headed or in_head)
            column += columns


def _span(cell: etree._Element, name: str) -> int:
    said = cell.get(name) or "1"
    return max(1, min(int(said), 200)) if said.isascii() and said.isdigit() else 1


def _cell_text(cell: etree._Element) -> str:
    inner = TextWriter()
    reader = _Reader(inner)
    for child in cell.iterdescendants():
        if local(child) in _HEADINGS:
            child.tag = "p"
    reader.block(cell, 0)
    return "\n".join(line.removeprefix("- ") if len(inner.lines) == 1 else line for line in inner.lines)
