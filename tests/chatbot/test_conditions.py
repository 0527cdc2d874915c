"""Years, agencies and numbered events of a question, against the cases shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from kiwipiepy import Kiwi

from chatbot.agencies import AgencyTable
from chatbot.conditions import lacks_municipality, missing_agency, missing_name, missing_ordinal, missing_year
from chatbot.english import EnglishGlossary
from chatbot.pipeline import Chatbot
from chatbot.synonyms import SynonymTable
from chatbot.understand import Understanding, understand
from index.document import Case

AGENCIES = AgencyTable.load()


@pytest.fixture(scope="module")
def read(kiwi: Kiwi) -> Callable[[str], Understanding]:
    synonyms, glossary = SynonymTable.load(), EnglishGlossary.load()
    today = date(2026, 11, 21)
    return lambda text: understand(text, kiwi, today=today, agencies=AGENCIES, synonyms=synonyms, glossary=glossary)


def case_of(agency: str = "", year: int | None = None) -> Case:
    return Case(case_id="c", document_id="d", title="제목", agency=agency, year=year, start=0, end=1)


@pytest.mark.parametrize(
    ("question", "year", "text", "missing"),
    [
        ("2024년 이용자는 몇 명인가요?", 2023, "2023년 이용자는 500명이다.", 2024),
        ("2023년 이용자는 몇 명인가요?", 2023, "이용자는 500명이다.", None),
        ("작년 이용자는 몇 명인가요?", 2023, "이용자는 500명이다.", 2025),
        ("작년 이용자는 몇 명인가요?", 2026, "지난해 이용자는 500명이다.", None),
        ("작년에 결혼했는데 전세 대출을 받을 수 있나요?", 2023, "신혼부부는 대출을 받을 수 있다.", None),
        ("올해 첫 아이를 낳았어요. 지원금은 얼마인가요?", 2023, "첫 아이는 200만원이다.", None),
        ("전년 같은 달보다 몇 퍼센트 올랐나요?", 2026, "전년동월대비 2.5% 상승했다.", None),
        ("작년 이용자는 몇 명인가요?", None, "이용자는 500명이다.", None),
    ],
)
def test_a_year_counts_where_it_is_what_is_asked(
    read: Callable[[str], Understanding], question: str, year: int | None, text: str, missing: int | None
) -> None:
    assert missing_year(read(question), [case_of(year=year)], text) == missing


@pytest.mark.parametrize(
    ("question", "agency", "text", "missing"),
    [
        ("부산시는 주차 로봇을 언제 도입했나요?", "경기도 부천시", "부천시가 주차 로봇을 도입했다.", "부산광역시"),
        ("부천시는 주차 로봇을 언제 도입했나요?", "경기도 부천시", "주차 로봇을 도입했다.", None),
        ("경기도에 사는데 대출을 받을 수 있나요?", "국토교통부", "소득 5천만원 이하면 받을 수 있다.", None),
        ("창원에서 갈 수 있는 병원은 어디인가요?", "보건복지부", "경상남도의 병원은 다음과 같다.", None),
        ("경북의 산림 점검 결과는 어땠나요?", "산림청", "경상북도 영주시 임도를 점검했다.", None),
        ("대전에는 몇 곳이 있나요?", "보건복지부", "부산광역시 3곳, 경기도 5곳이다.", "대전광역시"),
        ("국세청의 예산은 얼마인가요?", "관세청", "예산은 3억원이다.", "국세청"),
    ],
)
def test_a_place_the_asker_lives_in_is_no_other_agency(
    read: Callable[[str], Understanding], question: str, agency: str, text: str, missing: str | None
) -> None:
    assert missing_agency(read(question), [case_of(agency)], f"{agency} {text}", AGENCIES) == missing


@pytest.mark.parametrize(
    ("question", "shown", "lacks"),
    [
        ("지능형 CCTV는 어느 지자체에 설치돼 있나요?", "과제로 실증특례를 받았습니다. 과학기술정보통신부", True),
        ("지능형 CCTV는 어느 지자체에 설치돼 있나요?", "은평구에 설치했습니다.", False),
        ("보건소 폐 사진 판독은 어느 구 얘기야?", "보건소 의료인력이 부족합니다. 서울특별시 은평구", False),
        ("어느 시기에 신청하나요?", "3월에 신청합니다.", False),
    ],
)
def test_a_municipality_asked_for_must_be_named(
    read: Callable[[str], Understanding], question: str, shown: str, lacks: bool
) -> None:
    assert lacks_municipality(read(question), shown, AGENCIES) is lacks


def test_a_numbered_event_must_be_named() -> None:
    assert missing_ordinal("제 2회 대회의 우승자는?", "제1회 대회가 열렸다.") == "제2회"
    assert missing_ordinal("제1회 대회의 우승자는?", "제 1회 대회가 열렸다.") is None


def test_a_rare_name_in_latin_letters_must_stand_in_the_case(chatbot: Chatbot) -> None:
    library = chatbot.library
    assert library.frequency("coov") > 0
    assert missing_name("COOV 앱의 예산은 얼마인가요?", "민원 상담 시스템 예산 61억 원을 절감했다.", library) == "COOV"
    assert missing_name("COOV 앱의 예산은 얼마인가요?", "접종 증명 앱(COOV)의 예산이다.", library) is None
    assert missing_name("ZQXV 앱의 예산은 얼마인가요?", "예산이다.", library) is None
    assert missing_name("Which Korean app sends notifications?", "알림을 보낸다.", library) is None
