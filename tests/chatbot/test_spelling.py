"""Repairs are few and sure: what is wrong is mended, and what is right comes back byte for byte."""

from __future__ import annotations

import pytest
from kiwipiepy import Kiwi

from chatbot.hangul import LEADS, TAILS, VOWELS, compose, split
from chatbot.keyboard import decode
from chatbot.spelling import clean, decode_slips, normalise_question, restore_spaces
from chatbot.typos import NounIndex, mend_endings

NOUNS = ("블록체인", "플랫폼", "서비스", "재단법인", "장기요양보험료", "손진희", "강천사", "수수료")

CLEAN_QUESTIONS = (
    "부천시에 주차공간이 몇 면이나 모자란다고 하나요?",
    "과기정통부 적극행정 우수사례는 모두 몇 건인가요?",
    "'18년 지방세 고지서 건수는 얼마입니까? 단위까지요.",
    "2024-01-15에 나온 보도자료의 담당자는 누구예요?",
    "044-202-4440은 어느 부서 번호인가요?",
    "UAV가 뭐고 그걸로 뭘 했다는 거예요?",
    "AI 챗봇을 도입한 work 방식의 사례가 있나요?",
    "How many postal customers are expected to benefit?",
    "Which ministry made the smartwatch for rehabilitation in Daejeon?",
    "개인정보보호위원회에서 발표한 내용은 무엇입니까?",
    "전통시장 화재를 막은 사례를 알려 주세요.",
    "손진희 사무관의 전화번호가 뭔가요?",
    "강천산 사방사업에 들어간 사업비는 얼마입니까?",
    "육아기 근로시간 단축은요?",
    "국민참여단은 몇 명으로 꾸려졌나요?",
    "블록체인 플랫폼 서비스는 누가 만들었나요?",
    "www.korea.kr 주소는 어디에 쓰나요?",
    "①번 항목의 면적은 몇 ㎡인가요?",
    "외국인도 쓸 수 있어요?",
    "예산은요?",
    "몇 년도 자료예요?",
    "잇따른 사고의 원인은 무엇인가요?",
    "전선을 잇는 로봇이 있나요?",
    "갓을 쓴 사람이 나온 행사는?",
)

REPAIRS = (
    ("qhdltmvltld tkfP dkffuwnj", "보이스피싱 사례 알려줘"),
    ("djswpdlsrkdy?", "언제인가요?"),
    ("성과공유회에서축사는어느부처가하나요", "성과공유회에서 축사는 어느부처가 하나요"),
    ("장기수선충당금은누가내야하는돈인가요", "장기수선충당금은 누가 내야하는 돈인가요"),
    ("얼마엿죠", "얼마였죠"),
    ("한달에 몃명이 취업햇나요", "한달에 몇명이 취업했나요"),
    ("희귀질환도 지원되요?", "희귀질환도 지원돼요?"),
    ("연장 돼나요?", "연장 되나요?"),
    ("지원이 잇나요?", "지원이 있나요?"),
    ("실엄급여 하한액", "실업급여 하한액"),
    ("대부게약 해지", "대부계약 해지"),
    ("휴계음식점 신고", "휴게음식점 신고"),
    ("조달쳥 발표", "조달청 발표"),
)
REPAIRS_WITH_VOCABULARY = (
    ("블럭체인 거래 플렛폼", "블록체인 거래 플랫폼"),
    ("더워크 써비스로 취업", "더워크 서비스로 취업"),
    ("종이문서 수수로가 얼마", "종이문서 수수료가 얼마"),
    ("비영리 제단법인 수익사업", "비영리 재단법인 수익사업"),
    ("장기요양보혐료 감면율", "장기요양보험료 감면율"),
)


@pytest.fixture(scope="module")
def nouns() -> NounIndex:
    return NounIndex(NOUNS)


@pytest.mark.parametrize("question", CLEAN_QUESTIONS)
def test_a_clean_question_stays_as_it_is(question: str, kiwi: Kiwi, nouns: NounIndex) -> None:
    assert normalise_question(question, kiwi) == question
    assert normalise_question(question, kiwi, nouns) == question


@pytest.mark.parametrize(("typed", "meant"), REPAIRS)
def test_slips_spaces_and_typos_are_mended(typed: str, meant: str, kiwi: Kiwi) -> None:
    assert normalise_question(typed, kiwi) == meant


@pytest.mark.parametrize(("typed", "meant"), REPAIRS_WITH_VOCABULARY)
def test_words_of_the_documents_are_found_behind_a_typo(typed: str, meant: str, kiwi: Kiwi, nouns: NounIndex) -> None:
    assert normalise_question(typed, kiwi, nouns) == meant


def test_any_collection_serves_as_a_vocabulary(kiwi: Kiwi) -> None:
    assert normalise_question("블럭체인 사례", kiwi, ["블록체인"]) == "블록체인 사례"


def test_invisible_and_wide_characters_go_and_composed_ones_stay() -> None:
    assert clean("\u200b부산\u00a0 사례\u202e\n２０２１년\U000e0041") == "부산 사례 2021년"
    assert clean("면적 10㎡ ①") == "면적 10㎡ ①"
    assert clean("\u1112\u1161\u11ab글") == "한글"


@pytest.mark.parametrize("text", ["KISA", "NIA가", "Challenge.gov", "e-나라도움", "work", "a@b.kr", "https://korea.kr"])
def test_english_acronyms_and_addresses_are_no_slips(text: str, kiwi: Kiwi) -> None:
    assert decode_slips(text, kiwi) == text


def test_nouns_run_together_stay_together(kiwi: Kiwi) -> None:
    assert restore_spaces("국립청소년인터넷드림마을", kiwi) == "국립청소년인터넷드림마을"


def test_digits_survive_every_repair(kiwi: Kiwi) -> None:
    assert "2021" in normalise_question("2021년에몇건이나처리햇나요", kiwi)


def test_decode_refuses_what_leaves_a_letter_over() -> None:
    assert decode("hello") is None
    assert decode("rhksfl") == "관리"
    assert decode("ekfrdmf") == "닭을"
    assert decode("dkswdk") == "앉아"


def test_endings_that_are_right_stay() -> None:
    assert mend_endings("되나요 돼요 했나요 잇따라 갔다") == "되나요 돼요 했나요 잇따라 갔다"


def test_every_syllable_is_its_letters_again() -> None:
    for code in range(0xAC00, 0xD7A4, 37):
        assert str(split(chr(code))) == chr(code)
    assert len(LEADS) * len(VOWELS) * len(TAILS) == 11172
    assert compose("ㅎ", "ㅏ", "ㄴ") == "한"


def test_split_names_what_it_was_given() -> None:
    with pytest.raises(ValueError, match="'a'"):
        split("a")
