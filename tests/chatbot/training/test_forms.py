from __future__ import annotations

import pytest

from chatbot.training.forms import SENTENCE_CHARS, first_words, list_prompt, pointers, pointwise_prompt, written

CANDIDATES = [("도서관", "문을 밤 10시까지 열었다."), ("자전거", "수리 기간을 9일에서\n2일로 줄임")]


def test_one_sentence_stands_under_its_title_after_the_question() -> None:
    assert pointwise_prompt("몇 시까지\n여나요?", *CANDIDATES[0]).splitlines() == [
        "질문: 몇 시까지 여나요?",
        "사례: 도서관",
        "문장: 문을 밤 10시까지 열었다.",
        "답이 되는 문장인가:",
    ]


def test_a_list_is_numbered_between_two_readings_of_the_question() -> None:
    assert list_prompt("numbered", "언제?", CANDIDATES).splitlines() == [
        "질문: 언제?",
        "[1] (도서관) 문을 밤 10시까지 열었다.",
        "[2] (자전거) 수리 기간을 9일에서 2일로 줄임",
        "질문: 언제?",
        "답이 되는 문장의 번호: [",
    ]
    assert pointers("numbered", [text for _, text in CANDIDATES]) == ["1", "2", "0"]


def test_a_list_to_copy_from_has_no_numbers() -> None:
    prompt = list_prompt("copied", "언제?", CANDIDATES)
    assert "[" not in prompt
    assert pointers("copied", [text for _, text in CANDIDATES]) == [" 문을 밤", " 수리 기간을", " 없음"]


@pytest.mark.parametrize(
    ("sentences", "words"),
    [
        (["가 나 다", "라 마 바"], ["가 나", "라 마"]),
        (["가 나 다", "가 나 라"], ["가 나 다", "가 나 라"]),
        (["가", "가 나"], ["가", "가 나"]),
        (["가 나", "가 나"], ["가 나", "가 나"]),  # the same sentence twice: nothing can tell them apart
    ],
)
def test_the_first_words_are_as_many_as_tell_a_sentence_from_the_others(sentences: list[str], words: list[str]) -> None:
    assert first_words(sentences) == words


def test_a_long_sentence_is_cut_between_words_in_every_form() -> None:
    long = "가나다라 " * 100
    shown = pointwise_prompt("언제?", "제목", long).splitlines()[2].removeprefix("문장: ")
    assert SENTENCE_CHARS - 5 < len(shown) <= SENTENCE_CHARS
    assert shown.split()[-1] == "가나다라"
    assert shown in list_prompt("copied", "언제?", [("제목", long)])


def test_an_answer_is_one_line() -> None:
    assert written("두 줄로\n썼습니다.") == "\n답: 두 줄로 썼습니다.\n"
