"""Hanja are found by their reading and the reading by hanja; the text stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kiwipiepy import Kiwi

from index.build import build_index
from index.hanja import in_hangul, other_readings, undotted
from index.library import Library, open_library
from index.morphemes import analyse, bigrams, content_terms
from index.settings import IndexSettings
from tests.fake_embedder import FakeEmbedder

DOCUMENTS = {
    "한자.txt": "재난 대응 훈련\n\n行政安全部는 지난달 전국에서 훈련을 마쳤다. 훈련에는 41개 기관이 함께했다.",
    "한글.txt": "통상 협의 결과\n\n대한민국 대표단은 한미 통상 협의에서 철강 물량을 정했다. 협의는 사흘 동안 이어졌다.",
    "섞어.txt": "고래를 함께 지킨다\n\n韓-美 두 나라는 돌고래 보호 협약에 서명했다. 협약은 다섯 해 동안 유효하다.",
    "다른.txt": "도서관 소식\n\n시립 도서관은 이번 여름에 문을 늦게까지 연다. 열람실은 밤 열 시에 닫는다.",
}


@pytest.mark.parametrize(
    ("hanja", "hangul"),
    [
        ("行政安全部", "행정안전부"),
        ("大韓民國은", "대한민국은"),
        ("女性", "여성"),  # 두음법칙 at the start of a word
        ("男女", "남녀"),
        ("勞動", "노동"),
        ("來日", "내일"),
        ("比率", "비율"),  # behind a vowel
        ("旋律", "선율"),  # behind ㄴ
        ("確率", "확률"),
        ("不動産", "부동산"),  # before ㄷ
        ("不正", "부정"),  # before ㅈ
        ("不可能", "불가능"),
        ("金融", "금융"),
        ("第15條", "제15조"),
        ("住民登錄", "주민등록"),
    ],
)
def test_words_are_read_as_they_are_spelled(hanja: str, hangul: str) -> None:
    assert in_hangul(hanja) == hangul


@pytest.mark.parametrize(
    ("hanja", "other"),
    [("復活", "부활"), ("金浦市", "김포시"), ("賞狀", "상장"), ("强制勞動", "강제노동"), ("韓·美·日", "한미일")],
)
def test_a_word_that_is_read_otherwise_too_has_both_readings(hanja: str, other: str) -> None:
    assert other in other_readings(hanja)


def test_a_page_of_chinese_has_no_readings_beside_the_first() -> None:
    assert list(other_readings("金復樂" * 5_000)) == []
    assert len(in_hangul("金復樂" * 5_000)) == 15_000


def test_the_character_that_stands_for_one_reading_has_it() -> None:
    assert in_hangul("山\uf9bf") == "산요"  # U+F9BF: the 樂 that KS X 1001 sorts under 요


def test_what_the_standard_does_not_have_stays() -> None:
    assert in_hangul("㐀学") == "㐀学"


@given(st.text(st.sampled_from("行政女率不動金韓美-·가나 1a\uf90a学"), max_size=30))
def test_offsets_stay_true(text: str) -> None:
    assert len(in_hangul(text)) == len(text)
    assert list(other_readings(text)) == list(other_readings(text))
    assert undotted(text).replace("-", "").replace("·", "") == text.replace("-", "").replace("·", "")


@pytest.mark.parametrize(
    ("one", "other"), [("行政安全部", "행정안전부"), ("大韓民國", "대한민국"), ("道路의 占用", "도로의 점용")]
)
def test_both_spellings_have_the_same_terms_and_pairs(kiwi: Kiwi, one: str, other: str) -> None:
    assert content_terms(one, kiwi) == content_terms(other, kiwi)
    assert bigrams(one) == bigrams(other)


def test_sentences_are_cut_from_the_line_as_it_is(kiwi: Kiwi) -> None:
    line = "行政安全部가 밝혔다. 大韓民國의 韓-美 협의가 끝났다."
    (analysis,) = analyse([line], kiwi)
    assert [line[found.start : found.end] for found in analysis.sentences] == [
        "行政安全部가 밝혔다.",
        "大韓民國의 韓-美 협의가 끝났다.",
    ]
    assert "한미" in analysis.sentences[1].terms
    assert "한미" not in analysis.sentences[0].terms


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    docs: Path = tmp_path_factory.mktemp("docs")
    for name, said in DOCUMENTS.items():
        (docs / name).write_text(said, encoding="utf-8")
    # The lexical legs alone: the embedding has its own idea of hanja.
    settings = IndexSettings(index_dir=tmp_path_factory.mktemp("index"), use_dense=False)
    build_index([docs], settings, embedder=FakeEmbedder())
    opened = open_library(settings, FakeEmbedder())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "title", "verbatim"),
    [
        ("행정안전부 훈련", "재난 대응 훈련", "行政安全部는 지난달"),
        ("行政安全部", "재난 대응 훈련", "行政安全部는 지난달"),
        ("大韓民國", "통상 협의 결과", "대한민국 대표단은"),
        ("韓美 通商", "통상 협의 결과", "한미 통상 협의"),
        ("한미 협약", "고래를 함께 지킨다", "韓-美 두 나라는"),
    ],
)
def test_either_spelling_finds_the_other_and_is_quoted_as_written(
    library: Library, query: str, title: str, verbatim: str
) -> None:
    best = library.search(query)[0].chunk
    assert best.case_title == title
    assert verbatim in best.text
    assert best.text == library.document(best.document_id).text[best.start : best.end]
