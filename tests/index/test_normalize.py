from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.normalize import normalize


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("가나다", "가나다"),
        (unicodedata.normalize("NFD", "한국 여권"), "한국 여권"),
        ("첫 줄\r\n둘째\r셋째\u2028넷째\x0b다섯째\x85", "첫 줄\n둘째\n셋째\n넷째\n다섯째\n"),
        ("가\u200b나\ufeff다\u00ad라\u2060", "가나다라"),
        ("지시\U000e0041\U000e0042\U000e007f문", "지시문"),
        ("가\u202e나다\u202c라\u2066마\u2069", "가나다라마"),
        ("탭\t과 줄\n은 남고 \x00\x07\x1b은 빠진다", "탭\t과 줄\n은 남고 은 빠진다"),
        ("반쪽\ud800글자", "반쪽글자"),
        ("\u1112\u200d\u1161\u11ab", "한"),
        ("공백  둘과　전각 공백", "공백  둘과　전각 공백"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_stored_form(raw: str, stored: str) -> None:
    assert normalize(raw).text == stored


def test_a_clean_text_is_not_copied() -> None:
    text = "이미 깨끗한 글\n둘째 줄"
    found = normalize(text)
    assert found.text is text
    assert found.origins is None
    assert found.original_offset(3) == 3


def test_offsets_lead_back_to_the_delivered_text() -> None:
    raw = "\ufeff" + unicodedata.normalize("NFD", "한국") + "\r\n여권\u200b 안내"
    found = normalize(raw)
    assert found.text == "한국\n여권 안내"
    for stored, delivered in (("한", "\u1112"), ("국", "\u1100"), ("\n", "\n"), ("여", "\u110b여"), ("안", "안")):
        position = found.original_offset(found.text.index(stored))
        assert raw[position] in delivered
    assert found.original_offset(len(found.text)) == len(raw)


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_becomes_clean_text_whose_offsets_rise(raw: str) -> None:
    found = normalize(raw)
    assert unicodedata.is_normalized("NFC", found.text)
    assert not {unicodedata.category(character) for character in found.text.replace("\n", "").replace("\t", "")} & {
        "Cc",
        "Cf",
        "Cs",
    }
    offsets = [found.original_offset(position) for position in range(len(found.text))]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(raw) for offset in offsets)
    assert normalize(found.text).text == found.text


@given(st.text("가각힣\u1112\u1161\u11ababc \n\t", max_size=60))
def test_each_stored_character_comes_from_the_place_its_offset_names(raw: str) -> None:
    found = normalize(raw)
    for position, character in enumerate(found.text):
        start = found.original_offset(position)
        first = unicodedata.normalize("NFD", character)[0]
        assert unicodedata.normalize("NFD", raw[start])[0] == first
