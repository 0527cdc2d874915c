"""Agencies are found however people write them, and not in words that merely hold their letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.agencies import AgencyTable
from index.errors import AgencyFileError


@pytest.fixture(scope="module")
def table() -> AgencyTable:
    return AgencyTable.load()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("과기정통부 적극행정 사례", ["과학기술정보통신부"]),
        ("행안부와 복지부가 함께", ["행정안전부", "보건복지부"]),
        ("권익위랑 식약처는", ["국민권익위원회", "식품의약품안전처"]),
        ("행정자치부가 만든", ["행정안전부"]),
        ("미래창조과학부 시절", ["과학기술정보통신부"]),
        ("환경부 사례", ["기후에너지환경부"]),
        ("개인정보 보호위원회가", ["개인정보보호위원회"]),
        ("KISA와 NIA의 역할", ["한국인터넷진흥원", "한국지능정보사회진흥원"]),
        ("부산 지역 사례", ["부산광역시"]),
        ("서울 자치구가", ["서울특별시"]),
        ("부천에 주차장이", ["경기도 부천시"]),
        ("여수시가 만든 로봇", ["전라남도 여수시"]),
        ("대전 서구의 재활", ["대전광역시 서구"]),
        ("울산광역시 울주군이", ["울산광역시 울주군"]),
        ("부산광역시 > 부산진구", ["부산광역시 부산진구"]),
        ("경기도 광주시", ["경기도 광주시"]),
        ("광주에서 열린", ["광주광역시"]),
        ("강원도 고성군", ["강원특별자치도 고성군"]),
        ("경남 고성", ["경상남도 고성군"]),
        ("예산군 보건소", ["충청남도 예산군"]),
        ("전라북도 전주시", ["전북특별자치도 전주시"]),
        ("우정사업본부에서", ["우정사업본부"]),
    ],
)
def test_a_name_is_found_in_every_spelling(text: str, names: list[str], table: AgencyTable) -> None:
    assert list(table.names(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "예산은 얼마인가요?",
        "강화된 규정",
        "디지털 대전환",
        "부산물 처리",
        "경기 침체를 막은 사례",
        "음성 안내 서비스",
        "공주 그림책",
        "전남편과의 소송",
        "구리로 만든 전선",
        "동해 바다의 수온",
        "중구난방 행정",
        "AIX 서버와 BNIAX",
        "화성 탐사선",
        "성과를 달성한 과제",
    ],
)
def test_everyday_words_are_no_places(text: str, table: AgencyTable) -> None:
    assert table.names(text) == ()


def test_a_shared_name_needs_its_province(table: AgencyTable) -> None:
    assert table.names("중구 사례") == ()
    assert table.names("인천 중구 사례") == ("인천광역시 중구",)


def test_mentions_point_into_the_text(table: AgencyTable) -> None:
    text = "작년에 대전 서구와 과기정통부가"
    assert [text[m.start : m.end] for m in table.find(text)] == ["대전 서구", "과기정통부"]


@pytest.mark.parametrize(
    ("asked", "agency", "expected"),
    [
        ("부산", "부산광역시 > 부산진구", True),
        ("서울", "서울특별시 > 강남구", True),
        ("서울특별시", "강남구청", True),
        ("과기정통부", "과학기술정보통신부 > 우정사업본부", True),
        ("과학기술정보통신부", "우정사업본부", True),
        ("행정자치부", "행정안전부", True),
        ("대구", "부산광역시", False),
        ("부산진구", "부산광역시", False),
        ("대전 서구", "부산광역시 서구", False),
        ("과기정통부", "행정안전부", False),
        ("한빛재단", "재단법인 한빛재단", True),
        ("한빛재단", "부산광역시", False),
    ],
)
def test_an_agency_matches_itself_and_what_belongs_to_it(
    asked: str, agency: str, expected: bool, table: AgencyTable
) -> None:
    assert table.matches(asked, agency) is expected


def test_the_table_holds_every_province_and_municipality(table: AgencyTable) -> None:
    provinces = {parent for name, parent in table.parents.items() if " " in name}
    towns = [name for name in table.parents if " " in name]
    assert len(provinces | {"세종특별자치시"}) == 17
    assert len(towns) >= 226


def test_every_spelling_leads_back_to_the_official_name(table: AgencyTable) -> None:
    assert {"과학기술정보통신부", "과기정통부", "미래창조과학부"} <= set(table.spellings_of("과학기술정보통신부"))
    assert table.spellings_of("없는기관") == ("없는기관",)


def test_a_wrong_field_in_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "agencies.yaml"
    path.write_text("provinces: []\neveryday_stems: ''\nbodies: [{name: 가, alias: [나]}]\n", "utf-8")
    with pytest.raises(AgencyFileError, match=r"bodies\.0\.alias"):
        AgencyTable.load(path)


def test_an_installation_adds_names_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "우리기관.yaml"
    path.write_text("bodies: [{name: 새빛공단, aliases: [빛공단], former: [옛빛공단]}]\n", "utf-8")
    table = AgencyTable.load(extra=path)
    assert table.names("빛공단과 행안부의 사례는?") == ("새빛공단", "행정안전부")
    assert "옛빛공단" in table.spellings_of("새빛공단")
