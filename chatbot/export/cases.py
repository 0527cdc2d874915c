"""Lists and comparisons of cases as reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.api.links import document_url
from chatbot.case_sheet import Aspect, CaseSheet, contact_line
from chatbot.export.report import Block, Cell, Grid, Heading, Items, Paragraph, Report, Sheet, Source

MAX_OVERVIEW = 60
OVERVIEW_FIGURES = 2


def case_list_report(sheets: Sequence[CaseSheet], version: str, base_url: str, made_at: str) -> Report:
    """One row per case; as a text, an overview and one section per case, whose sentences carry its number.

    ``base_url`` is where the source pages are.
    """
    return Report(
        title=f"정부 사례 목록 ({len(sheets)}건)",
        details=_details(version, made_at),
        blocks=(*_overview(sheets), *_sections(sheets), Heading("출처", 1), *_sources(sheets, base_url)),
        sheets=(_case_table(sheets, base_url),),
    )


def comparison_report(sheets: Sequence[CaseSheet], version: str, base_url: str, made_at: str) -> Report:
    """A row per aspect, a column per case, and the sources below."""
    table = comparison_sheet(sheets)
    return Report(
        title=f"정부 사례 비교 ({len(sheets)}건)",
        details=_details(version, made_at),
        blocks=(Grid(table), Heading("출처", 1), *_sources(sheets, base_url)),
        sheets=(table, _case_table(sheets, base_url)),
    )


def comparison_sheet(sheets: Sequence[CaseSheet]) -> Sheet:
    """The comparison as a table; an aspect that no case has is left out."""
    return Sheet(
        "비교",
        ("항목", *(f"[{number}] {sheet.case.title}" for number, sheet in enumerate(sheets, 1))),
        (12, *(46 for _ in sheets)),
        tuple((name, *cells) for name, cells in aspects_of(sheets)),
    )


def aspects_of(sheets: Sequence[CaseSheet]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name of each aspect and what every case has of it, a line per sentence."""
    rows: list[tuple[str, tuple[str, ...]]] = [
        ("기관", tuple(sheet.case.agency for sheet in sheets)),
        ("연도", tuple(f"{sheet.case.year}년" if sheet.case.year else "" for sheet in sheets)),
        *((aspect.value, tuple(sheet.text(aspect) for sheet in sheets)) for aspect in Aspect),
        ("수치", tuple("\n".join(_quantities(sheet)) for sheet in sheets)),
        ("연락처", tuple(_contacts(sheet) for sheet in sheets)),
        ("문서", tuple(sheet.document.source for sheet in sheets)),
    ]
    yield from (row for row in rows if any(row[1]))


def _details(version: str, made_at: str) -> tuple[str, ...]:
    return (f"작성: {made_at}", f"색인: {version}", "모든 문장은 원문에서 옮긴 것입니다.")


def _overview(sheets: Sequence[CaseSheet]) -> Iterator[Block]:
    """The cases at a glance, where there is something to compare and the table stays one to read."""
    if not 2 <= len(sheets) <= MAX_OVERVIEW:
        return
    rows = tuple(
        (
            f"[{number}]",
            sheet.case.title,
            sheet.case.agency,
            sheet.case.year,
            "\n".join(", ".join(figure.quantities) for figure in sheet.figures[:OVERVIEW_FIGURES]),
        )
        for number, sheet in enumerate(sheets, 1)
    )
    yield Heading("한눈에 보기", 1)
    yield Grid(Sheet("한눈에 보기", ("번호", "사례", "기관", "연도", "주요 수치"), (9, 48, 34, 12, 36), rows))


def _sections(sheets: Sequence[CaseSheet]) -> Iterator[Block]:
    for number, sheet in enumerate(sheets, 1):
        yield Heading(f"{number}. {sheet.case.title}", 1)
        if about := _about(sheet):
            yield Paragraph(about)
        for aspect, lines in sheet.aspects.items():
            yield Heading(aspect.value, 2)
            yield Items(tuple(f"{said.text} [{number}]" for said in lines))
        if sheet.case.contacts:
            yield Heading("연락처", 2)
            yield Items(tuple(contact_line(contact) for contact in sheet.case.contacts))


def _sources(sheets: Sequence[CaseSheet], base_url: str) -> Iterator[Source]:
    for number, sheet in enumerate(sheets, 1):
        about = ", ".join(filter(None, [sheet.case.title, _about(sheet), sheet.document.source]))
        yield Source(f"[{number}]", about, "", _url(sheet, base_url))


def _about(sheet: CaseSheet) -> str:
    return ", ".join(filter(None, [sheet.case.agency, f"{sheet.case.year}년" if sheet.case.year else ""]))


def _case_table(sheets: Sequence[CaseSheet], base_url: str) -> Sheet:
    columns = (
        "번호",
        "사례",
        "기관",
        "연도",
        *(aspect.value for aspect in Aspect),
        "수치",
        "연락처",
        "문서",
        "원문 주소",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            sheet.case.title,
            sheet.case.agency,
            sheet.case.year,
            *(sheet.text(aspect) for aspect in Aspect),
            sheet.figure_lines,
            _contacts(sheet),
            sheet.document.source,
            _url(sheet, base_url),
        )
        for number, sheet in enumerate(sheets, 1)
    ]
    return Sheet("사례", columns, (7, 40, 24, 8, 50, 60, 50, 60, 50, 30, 30, 40), tuple(rows), links=len(columns) - 1)


def _quantities(sheet: CaseSheet) -> Iterator[str]:
    for figure in sheet.figures:
        yield f"{', '.join(figure.quantities)} — {figure.said.text}"


def _contacts(sheet: CaseSheet) -> str:
    return "\n".join(contact_line(contact) for contact in sheet.case.contacts)


def _url(sheet: CaseSheet, base_url: str) -> str:
    return base_url + document_url(sheet.case.document_id, sheet.case.start, sheet.case.end)
