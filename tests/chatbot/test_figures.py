from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.figures import articles, dates, figures, masked, phones, same_figure


def read(text: str) -> list[tuple[str, str]]:
    return [(f"{figure.value.normalize():f}", figure.unit) for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3만", [("30000", "")]),
        ("삼만 원", [("30000", "원")]),
        ("30,000원", [("30000", "원")]),
        ("이백오십 명", [("250", "명")]),
        ("3조 3천억건", [("3300000000000", "건")]),
        ("1억 9,500만 건", [("195000000", "건")]),
        ("19.5천만건", [("195000000", "건")]),
        ("천만건", [("10000000", "건")]),
        ("(단위: 억원)", [("100000000", "원")]),
        ("1.8억", [("180000000", "")]),
        ("7,421억", [("742100000000", "")]),
        ("1조 7,421억원", [("1742100000000", "원")]),
        ("12억5천만원", [("1250000000", "원")]),
        ("3천 5백만원", [("35000000", "원")]),
        ("3,000백만원", [("3000000000", "원")]),
        ("5만3천", [("53000", "")]),
        ("2만 5천여 명", [("25000", "명")]),
        ("33.2만건", [("332000", "건")]),
        ("99.4%", [("99.4", "%")]),
        ("99.4 퍼센트", [("99.4", "%")]),
        ("９９.４％", [("99.4", "%")]),
        ("4만면", [("40000", "면")]),
        ("20여 종", [("20", "종")]),
        ("약 1082개", [("1082", "개")]),
        ("3,000 여 개 서비스", [("3000", "개")]),
        ("100여명", [("100", "명")]),
        ("1인당 2대", [("1", "명"), ("2", "대")]),
        ("농장 15개소와 소 1,500마리", [("15", "곳"), ("1500", "마리")]),
        ("인식률 99.9%의 알고리즘", [("99.9", "%")]),
        ("1천만~1.5억원", [("10000000", "원"), ("150000000", "원")]),
        ("10~30만명", [("100000", "명"), ("300000", "명")]),
        ("500~2만원", [("500", "원"), ("20000", "원")]),
        ("3~10종", [("3", "종"), ("10", "종")]),
        ("절차 간소화(10→3단계)", [("10", "단계"), ("3", "단계")]),
        ("D+3일 이내", [("3", "D+")]),
        ("10:00~10:05(5분)", [("600", "시각"), ("605", "시각"), ("5", "분")]),
        ("오후 1시 30분", [("810", "시각")]),
        ("24시간 상담", [("24", "시간")]),
        ("21일부터 22일까지", [("21", "일"), ("22", "일")]),
        ("4인가구 기준", [("4", "명")]),
        ("금액은 '306만 1,000원'", [("3061000", "원")]),
        ("3분의 1", [("0.3333333333333333333333333333", "비율")]),
        ("두 번째", [("2", "번째")]),
        ("세 가지 주제", [("3", "가지")]),
        ("한 달 동안", [("1", "개월")]),
        ("제1회 우수사례 7건", [("1", "회"), ("7", "건")]),
        ("3만 2명", [("30000", ""), ("2", "명")]),
        ("만 65세 이상", [("65", "세")]),
        ("국세 1.1, 지방세 19.5", [("1.1", ""), ("19.5", "")]),
        ("계약금액 '12104억→'181조 7,421억원", [("10400000000", ""), ("1742100000000", "원")]),
        ("최대30일", [("30", "일")]),
        ("7년 차를 맞아", [("7", "년")]),
        ("10년간", [("10", "년")]),
        ("1,234.5㎡", [("1234.5", "㎡")]),
    ],
)
def test_a_quantity_is_read_with_its_unit(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "코로나19 대응",
        "정부24와 보조금24",
        "5G 특화망",
        "COVID-19",
        "2026. 4. 13.(월)",
        "제15조제2항",
        "044-202-4440",
        "조건과 조회",
        "세종시와 세대",
        "한 번에 확인",
        "만점",
        "전화 010-1234-5678",
    ],
)
def test_names_dates_articles_and_telephone_numbers_are_not_quantities(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026. 4. 13.(월) 13:30", [(2026, 4, 13)]),
        ("'25.9.26", [(2025, 9, 26)]),
        ("(25.8.29)", [(2025, 8, 29)]),
        ('화재("25.9.26)', [(2025, 9, 26)]),
        ("복구(10.9.)", [(None, 10, 9)]),
        ("(11.19)", [(None, 11, 19)]),
        ("점검(6.25~7.3)", [(None, 6, 25), (None, 7, 3)]),
        ("접수: 7. 15 ~ 8. 24", [(None, 7, 15), (None, 8, 24)]),
        ("동절기(12~3월)", [(None, 12, None), (None, 3, None)]),
        ("2025년 8월", [(2025, 8, None)]),
        ("2025년 12월 2일(화)", [(2025, 12, 2)]),
        ("2025-09-26", [(2025, 9, 26)]),
        ("'19.4월", [(2019, 4, None)]),
        ("'22년까지", [(2022, None, None)]),
        ("‘25년 4분기", [(2025, None, None)]),
        ("19.下", [(2019, None, None)]),
        ("20년말 100종", [(2020, None, None)]),
        ("(19년) → (20년)", [(2019, None, None), (2020, None, None)]),
        ("'19.중앙→'20.지자체", [(2019, None, None), (2020, None, None)]),
        ("('20~)", [(2020, None, None)]),
        ("16~30년까지", [(2016, None, None), (2030, None, None)]),
        ("1998년도", [(1998, None, None)]),
        ("9월 26일", [(None, 9, 26)]),
        ("12월 2일(화)", [(None, 12, 2)]),
        ("11월초~", [(None, 11, None)]),
        ("2019년 10월 29일부터 12. 31.까지", [(2019, 10, 29), (None, 12, 31)]),
    ],
)
def test_a_date_is_read_as_far_as_it_is_written(text: str, expected: list[tuple[int | None, ...]]) -> None:
    assert [(date.year, date.month, date.day) for date in dates(text)] == expected


@pytest.mark.parametrize(
    "text", ["10년간", "20년 이상", "3개월", "만족도 18.5점", "1.1과 19.5", "044-202-4440", "버전 1.2.3"]
)
def test_lengths_of_time_decimals_and_telephone_numbers_are_not_dates(text: str) -> None:
    assert dates(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("제15조제2항", ["제15조제2항"]),
        ("제 15 조 제 2 항", ["제15조제2항"]),
        ("15조 2항", ["제15조제2항"]),
        ("「우편법 시행규칙」 제3조의2", ["제3조의2"]),
        ("제7조제1항제3호", ["제7조제1항제3호"]),
        ("같은 조 제2항", ["제2항"]),
        ("예산 10조원", []),
    ],
)
def test_article_numbers_have_one_spelling(text: str, expected: list[str]) -> None:
    assert articles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(044-202-4440)", ["044-202-4440"]),
        ("044)202-4440", ["044-202-4440"]),
        ("02-123-4567, 1588-1234", ["02-123-4567", "1588-1234"]),
        ("국번없이 110", ["110"]),
        ("2025-09-26", []),
        ("110명", []),
    ],
)
def test_telephone_numbers_have_one_spelling(text: str, expected: list[str]) -> None:
    assert phones(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3만 원", "30,000원"),
        ("삼만 명", "30,000인"),
        ("1억 9,500만 건", "195,000,000건"),
        ("99.4%", "99.4퍼센트"),
        ("118개", "118곳"),
        ("60분", "1시간"),
        ("100분의 150", "150%"),
        ("1년", "12개월"),
        ("13:30", "오후 1시 30분"),
        ("20여 종", "20가지"),
        ("두 차례", "2회"),
    ],
)
def test_two_spellings_of_one_quantity_are_the_same(one: str, other: str) -> None:
    assert same_figure(figures(one)[0], figures(other)[0])
    assert same_figure(figures(other)[0], figures(one)[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("3일", "3개월"), ("30건", "30명"), ("5%", "5%p"), ("100개", "100종"), ("3만 원", "3만 달러"), ("9.5점", "9.4점")],
)
def test_another_value_or_unit_is_another_quantity(one: str, other: str) -> None:
    assert not same_figure(figures(one)[0], figures(other)[0])


NUMBERS = st.integers(min_value=1, max_value=99_999_999)
TEXTS = st.text(alphabet="0123456789.,~ 만억천원건명년월일'()제조항→%가나D+:-", max_size=40)


@given(NUMBERS)
def test_commas_never_change_a_value(number: int) -> None:
    assert same_figure(figures(f"{number}원")[0], figures(f"{number:,}원")[0])


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_units_of_ten_thousand_add_up(high: int, low: int) -> None:
    assert figures(f"{high}억 {low}만원")[0].value == Decimal(high * 10**8 + low * 10**4)


@given(TEXTS)
def test_every_reading_is_a_slice_of_the_text_and_none_overlap(text: str) -> None:
    found = [(item.start, item.end, item.text) for item in (*figures(text), *dates(text))]
    assert all(text[start:end] == said for start, end, said in found)
    ordered = sorted((start, end) for start, end, _ in found)
    assert all(first[1] <= second[0] for first, second in pairwise(ordered))
    assert len(masked(text)) == len(text)
