import re

import pytest
from kiwipiepy import Kiwi

from chatbot import messages
from chatbot.agencies import AgencyTable
from chatbot.answer import Answer
from chatbot.messages import ENGLISH_LEAD
from chatbot.verify import Verifier
from eval.faithfulness import UNCITED, check_sentences
from tests.eval.builders import cite, make_answer, make_refusal

BEFORE, AFTER = "접수 기간은 최대 30일이었다.", "약 3일 수준으로 단축했다."


@pytest.fixture(scope="module")
def verifier(kiwi: Kiwi) -> Verifier:
    return Verifier(kiwi, AgencyTable.load().names)


def answer(text: str) -> Answer:
    return make_answer(text, citations=(cite(BEFORE, 1), cite(AFTER, 2)))


def supported(text: str, verifier: Verifier) -> list[bool]:
    return [sentence.supported for sentence in check_sentences(answer(text), verifier)]


def test_each_sentence_is_checked_against_the_passages_of_its_own_marks(verifier: Verifier) -> None:
    assert supported("접수 기간은 최대 30일이었습니다.[1] 약 3일 수준으로 단축했습니다.[2]", verifier) == [True, True]
    assert supported("접수 기간은 최대 30일이었습니다.[2] 약 3일 수준으로 단축했습니다.[1]", verifier) == [False, False]
    assert supported("최대 30일이던 접수 기간을 약 3일 수준으로 단축했습니다.[1][2]", verifier) == [True]


def test_what_the_passage_lacks_is_told(verifier: Verifier) -> None:
    (wrong,) = check_sentences(answer("약 4일 수준으로 단축했습니다.[2]"), verifier)
    assert not wrong.supported
    assert wrong.text == "약 4일 수준으로 단축했습니다."
    assert any("4일" in problem for problem in wrong.problems)


def test_a_sentence_that_cites_nothing_or_a_number_that_is_not_there_is_not_supported(verifier: Verifier) -> None:
    for text in ("약 3일 수준으로 단축했습니다.", "약 3일 수준으로 단축했습니다.[7]"):
        (sentence,) = check_sentences(answer(text), verifier)
        assert sentence.problems == (UNCITED,)


def test_title_agency_and_year_of_the_case_are_known_to_its_sentences(verifier: Verifier) -> None:
    assert supported("근거: 「처리 기간 단축」(과학기술정보통신부, 2026년)[2]", verifier) == [True]
    assert supported("근거: 「처리 기간 단축」(과학기술정보통신부, 2025년)[2]", verifier) == [False]
    assert supported("근거: 「처리 기간 단축」(행정안전부, 2026년)[2]", verifier) == [False]


def test_a_line_that_only_names_its_case_is_held_against_the_index_and_not_against_the_passage(
    verifier: Verifier,
) -> None:
    dated = cite("2019년에 시작했다.", 1)
    name = f"「{dated.case_title}」({dated.agency}, {dated.year}년)"
    for line, right in ((f"근거: {name}[1]", True), (f"근거: {name} 예산 3억 원[1]", False)):
        (sentence,) = check_sentences(make_answer(line, citations=(dated,)), verifier)
        assert sentence.supported is right, line


def own_words() -> list[str]:
    """Every line in which we count or correct, with figures in it that no document has."""
    never_in_an_answer = {messages.IN_QUEUE}
    templates = [value for value in vars(messages).values() if isinstance(value, str)]
    templates = [value for value in templates if value not in never_in_an_answer]
    counted = [value for value in templates if re.search(r"\{(count|shown|asserted)\}", value)]
    return [ENGLISH_LEAD, *(value.format(count=413, shown=97, asserted="40일") for value in counted)]


@pytest.mark.parametrize("line", own_words())
def test_our_own_words_about_the_answer_are_no_claim_about_the_documents(line: str, verifier: Verifier) -> None:
    said = "약 3일 수준으로 단축했습니다.[2]"
    for text in (f"{line} {said}", f"{line}\n{said}", f"{said}\n{line}", f"{said}\n{line}[1]"):
        assert supported(text, verifier) == [True], text


def test_a_refusal_has_no_sentences_to_check(verifier: Verifier) -> None:
    assert check_sentences(make_refusal(), verifier) == ()
