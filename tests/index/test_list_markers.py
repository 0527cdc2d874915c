"""The signs of lists, where they are read: outline, what is said of an item, and what stands before one."""

from __future__ import annotations

import pytest
from kiwipiepy import Kiwi

from chatbot.compose_list import _MARKER
from chatbot.polite import polite
from index.list_markers import ARROWS, BULLETS, DASHES, SQUARES
from index.outline import LineKind, read_lines

SAID = "고장 신고를 큐알코드로 받아 수리 기간을 이틀로 줄였습니다."


@pytest.mark.parametrize("sign", [*DASHES, *BULLETS, *ARROWS, "①", "1.", "(1)", "1)", "가."])
def test_a_line_that_begins_with_a_sign_of_a_list_is_an_item_without_it(sign: str) -> None:
    text = f"{sign} {SAID}"
    [line] = read_lines(text)
    assert line.kind is LineKind.ITEM
    assert text[line.start : line.end] == SAID
    assert _MARKER.fullmatch(text[: line.start])


@pytest.mark.parametrize("sign", [*DASHES, *BULLETS, *SQUARES])
def test_what_is_said_of_an_item_leaves_its_sign_out(sign: str, kiwi: Kiwi) -> None:
    assert polite(f"{sign} {SAID}", kiwi) == SAID


def test_a_dash_before_a_figure_is_a_minus(kiwi: Kiwi) -> None:
    assert polite("-5도까지 내려갔습니다.", kiwi).startswith("-5도")
