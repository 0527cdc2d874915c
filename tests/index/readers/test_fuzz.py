"""Whatever the bytes, a reader gives text with pages inside it or says that it cannot."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.read import read
from index.readers.tables import Cell, grid_of, rendered
from tests.index.readers.makers import (
    PRESS_RELEASE,
    make_docx,
    make_eml,
    make_html,
    make_hwp,
    make_hwpml,
    make_hwpx,
    make_pdf,
    make_pptx,
    make_xlsx,
)

MADE: dict[str, Callable[[], bytes]] = {
    "DOCX": lambda: make_docx(PRESS_RELEASE),
    "PDF": lambda: make_pdf(PRESS_RELEASE),
    "HWPX": lambda: make_hwpx(PRESS_RELEASE),
    "HWP": lambda: make_hwp(PRESS_RELEASE, packed=False, footnote="각주"),
    "HWPML": lambda: make_hwpml(PRESS_RELEASE),
    "HTML": lambda: make_html(PRESS_RELEASE),
    "EML": lambda: make_eml("글입니다.", {"a.html": make_html(PRESS_RELEASE)}),
    "PPTX": lambda: make_pptx([("제목", ["글"])]),
    "XLSX": lambda: make_xlsx({"가": [["민원", "수수료"], ["여권", 53000]]}),
}


@cache
def made(kind: str) -> bytes:
    return MADE[kind]()


def check(data: bytes) -> None:
    try:
        parts = read(data)
    except UnreadableFileError as error:
        assert "\n" not in str(error)
        return
    for part in parts:
        assert all(0 <= page.start <= len(part.text) for page in part.pages)
        assert "\x00" not in part.text or part.format == "텍스트"


@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_bytes_never_break_a_reader(kind: str, data: st.DataObject) -> None:
    whole = bytearray(made(kind))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(8, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    check(bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))]))


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    check(data)


@settings(max_examples=200)
@given(
    st.lists(
        st.builds(
            Cell,
            st.integers(0, 6),
            st.integers(0, 6),
            st.text(max_size=12),
            st.integers(1, 9),
            st.integers(1, 9),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_any_cells_make_lines_that_hold_what_the_last_of_them_said(cells: list[Cell]) -> None:
    lines = rendered(grid_of(cells))
    said = "".join("".join(lines).split())
    assert all("\n" not in line for line in lines)
    if cells:
        assert "".join(cells[-1].text.split()) in said or any(
            "".join(cells[-1].text.split()) in "".join(cell.text.split()) for cell in cells[:-1]
        )
