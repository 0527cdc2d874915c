"""Tables: the relation of a row survives, against expectations written by hand."""

from __future__ import annotations

import pytest

from index.readers.extract import TextWriter
from index.readers.html import read_html
from index.readers.tables import MAX_CELLS, Cell, Grid, grid_of, rendered


def lines(*rows: tuple[str, ...], unit: str = "") -> list[str]:
    return rendered(grid_of([Cell(r, c, said) for r, row in enumerate(rows) for c, said in enumerate(row)]), unit=unit)


def html_lines(table: str) -> list[str]:
    return read_html(f"<html><body><table>{table}</table></body></html>".encode()).text.split("\n")


def test_each_value_stands_beside_its_header() -> None:
    assert lines(
        ("민원", "수수료", "처리 기간"), ("주민등록등본", "400원", "즉시"), ("가족관계증명서", "1,000원", "3일")
    ) == [
        "민원\t수수료\t처리 기간",
        "주민등록등본\t수수료: 400원\t처리 기간: 즉시",
        "가족관계증명서\t수수료: 1,000원\t처리 기간: 3일",
    ]


def test_years_are_a_header_and_the_unit_is_in_each_row() -> None:
    assert lines(("구분", "2024년", "2025년"), ("도로 정비", "1,200", "1,350"), unit="단위: 백만원") == [
        "구분\t2024년\t2025년",
        "도로 정비\t2024년: 1,200\t2025년: 1,350\t(단위: 백만원)",
    ]


def test_a_line_of_units_above_the_table_counts_for_it_alone() -> None:
    writer = TextWriter()
    writer.line("(단위 : 천원)")
    writer.table(Grid((("구분", "예산"), ("홍보", "1,200"))))
    writer.table(Grid((("구분", "인원"), ("홍보", "12명"))))
    assert writer.lines[2] == "홍보\t예산: 1,200\t(단위 : 천원)"
    assert writer.lines[4] == "홍보\t인원: 12명"


def test_numbered_rows_name_their_number() -> None:
    assert lines(("연번", "과제", "부서"), ("1", "민원 단축", "민원과"), ("2", "주차장", "교통과"))[1:] == [
        "연번: 1\t과제: 민원 단축\t부서: 민원과",
        "연번: 2\t과제: 주차장\t부서: 교통과",
    ]


def test_labels_with_values_are_no_table_with_a_header() -> None:
    assert lines(("담당 부서", "민원과"), ("담당자", "김하늘 (02-555-0101)")) == [
        "담당 부서\t민원과",
        "담당자\t김하늘 (02-555-0101)",
    ]
    assert lines(("접수 기간", "3월 2일부터"), ("접수 장소", "시청 1층"), ("문의", "민원과")) == [
        "접수 기간\t3월 2일부터",
        "접수 장소\t시청 1층",
        "문의\t민원과",
    ]


def test_equal_values_side_by_side_are_both_kept() -> None:
    assert lines(("가", "400", "400"), ("나", "1", "400"))[0] == "가\t400\t400"


def test_one_column_is_a_box_of_text() -> None:
    assert lines(("첫째 줄\n둘째 줄",), ("셋째 줄",)) == ["첫째 줄", "둘째 줄", "셋째 줄"]


def test_an_outline_in_a_cell_stays_an_outline() -> None:
    assert lines(("구분", "추진 내용"), ("1단계", "○ 조사를 한다\n○ 계획을 세운다")) == [
        "구분\t추진 내용",
        "1단계",
        "<추진 내용>",
        "○ 조사를 한다",
        "○ 계획을 세운다",
    ]


def test_merged_cells_stand_in_every_row_and_column_that_they_cover() -> None:
    table = """<tr><th rowspan="2">구분</th><th colspan="2">수수료</th></tr><tr><th>방문</th><th>온라인</th></tr>
    <tr><td>복수여권 10년</td><td>53,000원</td><td>50,000원</td></tr>
    <tr><td>복수여권 5년</td><td colspan="2">45,000원</td></tr>"""
    assert html_lines(table) == [
        "구분\t수수료 방문\t수수료 온라인",
        "복수여권 10년\t수수료 방문: 53,000원\t수수료 온라인: 50,000원",
        "복수여권 5년\t수수료 방문: 45,000원\t수수료 온라인: 45,000원",
    ]


def test_a_label_over_several_rows_is_said_in_each() -> None:
    table = """<tr><th>분야</th><th>과제</th><th>예산</th></tr>
    <tr><td rowspan="2">교통</td><td>신호 개선</td><td>3억 원</td></tr><tr><td>주차장</td><td>7억 원</td></tr>"""
    assert html_lines(table)[1:] == ["교통\t과제: 신호 개선\t예산: 3억 원", "교통\t과제: 주차장\t예산: 7억 원"]


def test_empty_cells_and_columns_leave_no_trace() -> None:
    assert lines(("구분", "", "수수료"), ("등본", "", "400원"), ("", "", ""), ("초본", "", ""))[1:] == [
        "등본\t수수료: 400원",
        "초본",
    ]


@pytest.mark.parametrize("cells", [[], [Cell(0, 0, "")], [Cell(3, 3, " ", 2, 2)]])
def test_a_table_that_says_nothing_gives_no_lines(cells: list[Cell]) -> None:
    assert rendered(grid_of(cells)) == []


def test_a_span_of_millions_does_not_fill_the_memory() -> None:
    grid = grid_of([Cell(0, 0, "가", 10**6, 10**6), Cell(10**6, 10**6, "나")])
    assert sum(len(row) for row in grid.rows) <= MAX_CELLS
