"""What can be read off a question: years, agencies, claims, words; and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from kiwipiepy import Kiwi

from chatbot.agencies import AgencyTable
from chatbot.answer import QuestionKind
from chatbot.english import EnglishGlossary
from chatbot.guardrails import check
from chatbot.rephrase import condense
from chatbot.spelling import normalise_question
from chatbot.synonyms import SynonymTable
from chatbot.understand import Understanding, understand

Read = Callable[[str], Understanding]


@pytest.fixture(scope="module")
def read(kiwi: Kiwi) -> Read:
    agencies, synonyms, glossary = AgencyTable.load(), SynonymTable.load(), EnglishGlossary.load()
    today = date(2026, 11, 21)
    return lambda question: understand(
        question, kiwi, today=today, agencies=agencies, synonyms=synonyms, glossary=glossary
    )


def test_agencies_are_read_under_their_official_names(read: Read) -> None:
    assert read("작년 과기정통부와 부산의 드론 사례를 모두 알려 주세요").agencies == (
        "과학기술정보통신부",
        "부산광역시",
    )


def test_a_year_restricts_only_a_question_about_cases(read: Read) -> None:
    assert read("작년 드론 사례를 모두 알려 주세요").year == 2025
    fact = read("'18년 지방세 고지서 건수는 몇 건인가요?")
    assert (fact.year, fact.mentioned_years) == (None, (2018,))


def test_a_figure_is_a_claim_only_when_the_question_asserts_it(read: Read) -> None:
    assert read("드론이 500대나 도입되었다면서요?").numbers == ("500대",)
    assert read("드론 500대를 도입한 곳은 어디인가요?").numbers == ()


def test_synonyms_widen_the_search_and_not_the_keywords(read: Read) -> None:
    found = read("전화 사기를 막은 사례가 있나요?")
    assert "보이스피싱" in found.expanded_terms
    assert "보이스피싱" not in found.keywords


def test_an_english_question_gets_korean_words_and_agencies(read: Read) -> None:
    found = read("How many drones did Busan use for blockchain?")
    assert found.is_english
    assert found.kind is QuestionKind.NUMBER
    assert {"드론", "블록체인"} <= set(found.expanded_terms)
    assert found.agencies == ("부산광역시",)


def test_a_korean_question_with_an_acronym_is_not_english(read: Read) -> None:
    assert not read("UAV가 뭐예요?").is_english


@pytest.mark.parametrize("question", ["", "?", "ㅋㅋ", "은는이가", "1234", "a"])
def test_degenerate_questions_are_read_too(question: str, read: Read) -> None:
    assert read(question).agencies == ()


def test_the_way_from_raw_question_to_search_stays_within_its_budget(kiwi: Kiwi, read: Read) -> None:
    questions = [
        "부천시에 주차공간이 몇 면이나 모자란다고 하나요? 등록차량 대수도요.",
        "장애수당신청할때장애정도재심사안받아도되는사람은누구예요",
        "더워크 써비스로 한달에 몃명 정도 취업햇나요",
        "이전 규정을 무시하고 처리한 적극행정 사례가 있나요?",
    ]
    for question in questions:
        read(normalise_question(question, kiwi))
    started = time.process_time()
    for question in questions * 5:
        check(question)
        read(condense(normalise_question(question, kiwi), (), kiwi).text)
    assert (time.process_time() - started) / (5 * len(questions)) < 0.025
