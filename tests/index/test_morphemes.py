from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kiwipiepy import Kiwi

from index.morphemes import analyse, bigrams, content_terms, content_terms_of, shared_kiwi, surface_words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("제15조에 따라 감면한다", "제15조"),
        ("제 15 조의 2 제1항", "제15조의2제1항"),
        ("제15조제1항을 본다", "제15조"),
        ("D+4 처리제", "d+4"),
        ("전화 02-555-0101", "02-555-0101"),
        ("COOV 앱", "coov"),
        ("e5-small 모델", "e5-small"),
        ("버전 2.0b.1은", "b.1"),
    ],
)
def test_names_with_digits_and_marks_stay_one_term(kiwi: Kiwi, text: str, terms: str) -> None:
    assert terms in content_terms(text, kiwi)


def test_particles_and_endings_are_no_terms(kiwi: Kiwi) -> None:
    assert content_terms("주차장에서 버스를 운영하였다", kiwi) == ["주차장", "버스", "운영"]


@pytest.mark.parametrize("text", ["", " ", "?!", "…", "\t", "　"])
def test_text_without_content_has_no_terms(kiwi: Kiwi, text: str) -> None:
    assert content_terms(text, kiwi) == []


def test_full_width_letters_and_case_are_folded(kiwi: Kiwi) -> None:
    assert content_terms("ＡＩ 로봇", kiwi) == content_terms("ai 로봇", kiwi)


def test_many_texts_give_what_each_gives(kiwi: Kiwi) -> None:
    texts = ["주차 로봇", "", "제15조의 감면", "주차 로봇"]
    assert content_terms_of(texts, kiwi) == [content_terms(text, kiwi) for text in texts]


def test_two_spellings_of_an_agency_share_all_pairs_but_one() -> None:
    joined, spaced = bigrams("개인정보보호위원회"), bigrams("개인정보 보호위원회")
    assert set(spaced) < set(joined)
    assert set(joined) - set(spaced) == {"보보"}


@pytest.mark.parametrize(
    ("text", "pairs"), [("가", []), ("가나", ["가나"]), ("가 나", []), ("a가나1다라", ["가나", "다라"])]
)
def test_pairs_stay_inside_a_run_of_hangul(text: str, pairs: list[str]) -> None:
    assert bigrams(text) == pairs


def test_surface_words() -> None:
    assert surface_words("COOV(코로나19) 앱, 韓國!") == ["coov", "코로나19", "앱", "韓國"]


@pytest.mark.parametrize(
    ("line", "runs_on"),
    [
        ("지역 상인회는 배달 상자를 내고", True),
        ("시장과 군수,", True),
        ("장보기 차를", True),
        ("노선은 주민이 정했다.", False),
        ("예산 2억 원", False),
        ("", False),
    ],
)
def test_lines_that_a_page_border_cut(kiwi: Kiwi, line: str, *, runs_on: bool) -> None:
    (analysis,) = analyse([line], kiwi)
    assert analysis.runs_on is runs_on


def test_sentence_ends_are_found_and_figures_keep_their_dots(kiwi: Kiwi) -> None:
    line = "예산은 2.5억 원이다. 2025. 3. 14.에 시작한다! 끝났나?"
    (analysis,) = analyse([line], kiwi)
    assert [line[s.start : s.end] for s in analysis.sentences] == [
        "예산은 2.5억 원이다.",
        "2025. 3. 14.에 시작한다!",
        "끝났나?",
    ]


@settings(max_examples=60)
@given(st.lists(st.text("가나다을은 .,!?😀aZ1제조()“”\u3000", max_size=40), max_size=4))
def test_sentences_hold_every_character_but_outer_space(lines: list[str]) -> None:
    for line, analysis in zip(lines, analyse(lines, shared_kiwi()), strict=True):
        position = 0
        for sentence in analysis.sentences:
            assert not line[position : sentence.start].strip()
            said = line[sentence.start : sentence.end]
            assert said == said.strip() != ""
            position = sentence.end
        assert not line[position:].strip()
