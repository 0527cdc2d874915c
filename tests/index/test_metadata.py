from __future__ import annotations

from datetime import date

import pytest

from index.document import Contact, DocumentKind
from index.document_kinds import document_kind
from index.metadata import agency_line, contacts, document_title, lead_agency, published_on
from index.outline import read_lines


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("보도시점 2025. 3. 14.(금) 배포 2025. 3. 13.", None, date(2025, 3, 14)),
        ("2024년 5월 2일", None, date(2024, 5, 2)),
        ("2024-05-02 작성", None, date(2024, 5, 2)),
        ("본문 2020-01-01", "2021-02-03", date(2021, 2, 3)),
        ("2024. 13. 45. 다음에 2024. 2. 30. 그리고 2024. 2. 29.", None, date(2024, 2, 29)),
        ("날짜 없는 글", None, None),
        ("1894. 7. 27. 갑오", None, None),
        ("가" * 700 + "2024. 1. 1.", None, None),
        ("본문", "엊그제", None),
    ],
)
def test_the_first_date_that_exists(text: str, declared: str | None, expected: date | None) -> None:
    assert published_on(text, declared) == expected


@pytest.mark.parametrize(
    ("text", "title", "declared", "kind"),
    [
        ("제목 ▶ 하나\n기관명 ▶ 가\n제목 ▶ 둘", "모음", None, DocumentKind.CASE_COLLECTION),
        ("보도시점 2025. 3. 14.", "제목", None, DocumentKind.PRESS_RELEASE),
        ("본문", "공공데이터 개방 5개년 계획", None, DocumentKind.PLAN),
        ("본문", "여권 안내", None, DocumentKind.OTHER),
        ("본문", "여권 안내", "case_card", DocumentKind.CASE_CARD),
        ("본문", "여권 안내", "모르는 종류", DocumentKind.OTHER),
    ],
)
def test_the_kind_is_declared_or_shown_by_the_layout(
    text: str, title: str, declared: str | None, kind: DocumentKind
) -> None:
    assert document_kind(text, title, list(read_lines(text)), declared) is kind


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# 여권 안내\n본문이 이어진다.", "여권 안내"),
        ("보도자료\n보도시점 2025. 3. 14.\n전자 고지로 우편비를 아끼다\n본문", "전자 고지로 우편비를 아끼다"),
        ("공공데이터 개방 계획\nⅠ. 추진 배경\n본문", "공공데이터 개방 계획"),
        ("구분\t내용\n최우수\t■ <b>제목</b>", "파일 이름"),
        ("2021년\n제목 ▶ 하나", "파일 이름"),
        ("제목 ▶ 하나", "파일 이름"),
        ("짧다", "파일 이름"),
        ("", "파일 이름"),
    ],
)
def test_the_title_stands_in_the_head_of_the_document(text: str, title: str) -> None:
    assert document_title(text, list(read_lines(text)), "파일 이름") == title


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("한빛통신부(장관 이가온)는 밝혔다", "한빛통신부"),
        ("□ 라온위원회(위원장 박바다)와 가람시(시장 김하늘)", "라온위원회"),
        ("가람시는 밝혔다", ""),
    ],
)
def test_the_agency_that_names_its_head(text: str, agency: str) -> None:
    assert lead_agency(text) == agency


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("행안부·국정원·과기정통부 등", True),
        ("조달청", True),
        ("관계부처", True),
        ("행안부는 계획을 세웠다", False),
        ("행안부, 시민단체", False),
        ("", False),
        ("부" * 41, False),
    ],
)
def test_lines_that_only_list_agencies(said: str, *, expected: bool) -> None:
    assert agency_line(said) is expected


def test_a_contact_table_carries_the_department_down() -> None:
    text = (
        "담당 부서\t혁신행정담당관\t책임자\t과장\t김하늘 (044-200-1111)\n"
        "\t\t담당자\t사무관\t박바다 (044-200-1112)\n\n"
        "담당 부서\t교통과\t담당자\t주무관\t이가온 (02-555-0103)"
    )
    assert contacts(text) == (
        Contact("혁신행정담당관", "김하늘 과장", "044-200-1111", "책임자"),
        Contact("혁신행정담당관", "박바다 사무관", "044-200-1112", "담당자"),
        Contact("교통과", "이가온 주무관", "02-555-0103", "담당자"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- 교통행정과 과장 김하늘 044-200-1111", (Contact("교통행정과", "김하늘 과장", "044-200-1111"),)),
        ("교통과 김하늘 주무관(02-555-0101)", (Contact("교통과", "김하늘 주무관", "02-555-0101"),)),
        ("전화 02-555-0101", ()),
        ("번호 902-555-01012", ()),
        ("사업자 010-1234-56789", ()),
        ("", ()),
    ],
)
def test_people_with_telephone_numbers(text: str, expected: tuple[Contact, ...]) -> None:
    assert contacts(text) == expected


def test_a_person_named_twice_is_one_contact() -> None:
    line = "교통과 김하늘 주무관(02-555-0101)"
    assert len(contacts(f"{line}\n{line}")) == 1
