from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.markup import blank_markup, plain, unmarked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>■ <b>제목</b></p>", "■ 제목"),
        ("**굵게** 쓴 __말__", "굵게 쓴 말"),
        ("첫 줄 \n\n  둘째\t줄", "첫 줄 둘째 줄"),
        ("3 < 5 이고 a_b_c", "3 < 5 이고 a_b_c"),
        (r"\# 제목 \- 항목", "# 제목 - 항목"),
        ("<법률 제1조>", "<법률 제1조>"),
        ("줄<br/>바꿈", "줄바꿈"),
        ("", ""),
    ],
)
def test_plain_is_what_a_reader_sees(text: str, said: str) -> None:
    assert plain(text) == said


def test_unmarked_keeps_line_breaks() -> None:
    assert unmarked("**가**\n<b>나</b>") == "가\n나"


@given(st.text("<>/pb*_\\#- 가나\n\t", max_size=80))
def test_blanking_keeps_every_position(text: str) -> None:
    blanked = blank_markup(text)
    assert len(blanked) == len(text)
    assert all(after in (" ", before) for before, after in zip(text, blanked, strict=True))
