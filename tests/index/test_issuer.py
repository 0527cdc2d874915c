"""The agency of a document is found where documents name it, and ordinary words are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.agency_names import agency_names, full_names
from index.errors import AgencyFileError
from index.issuer import is_agency, issuing_agency


@pytest.mark.parametrize("name", ["가람시", "물환경위원회", "교통혁신청", "안동시", "행정안전부", "도봉구", "한울도"])
def test_names_of_agencies_are_told(name: str) -> None:
    assert is_agency(name)


ORDINARY = "이의신청 발생시 만족도 절차도 건설공사 관할법원 신용협동기구 중앙정부 위원회 출처 재배시 용도지구"


@pytest.mark.parametrize("word", ORDINARY.split())
def test_words_that_end_like_agencies_are_none(word: str) -> None:
    assert not is_agency(word)


@pytest.mark.parametrize(
    ("text", "title", "agency"),
    [
        ("가람시 빈집 조례\n[가람시조례 제4127호, 2025. 12. 11., 제정]", "빈집 조례", "가람시"),
        ("교통 대책\n2025. 6. 30. / 새빛시 교통국\n1 배경", "교통 대책", "새빛시"),
        ("문답\n**작성: 국민생활부 디지털소비과, 2025-08-13**", "문답", "국민생활부"),
        ("결과\n주관: 한울도 일자리재단 / 공고일: 2026.01.30.", "결과", "한울도 일자리재단"),
        ("계획\n2019. 10. 29.\n관계부처 합동", "계획", "관계부처 합동"),
        ("가람시, 쉼터 연다\n쉼터를 연다.", "가람시, 쉼터 연다", "가람시"),
        ("나루군 지원금 안내\n나루군은 지원금을 준다.", "나루군 지원금 안내", "나루군"),
        ("작업시 유의 사항\n작업시에는 모자를 쓴다.", "작업시 유의 사항", ""),
        ("이의신청\n이의신청은 열흘 안에 한다.", "이의신청", ""),
    ],
)
def test_the_issuer_is_read_from_number_head_and_title(text: str, title: str, agency: str) -> None:
    assert issuing_agency(text, title) == agency


def test_names_that_an_installation_adds_need_no_other_sign(tmp_path: Path) -> None:
    path = tmp_path / "우리.yaml"
    path.write_text("bodies: [{name: 새빛연구소}]", encoding="utf-8")
    text = "새빛연구소\n올해 사업을 알린다."
    assert issuing_agency(text, "올해 사업") == ""
    assert issuing_agency(text, "올해 사업", full_names(path)) == "새빛연구소"


@pytest.mark.parametrize("said", ["bodies: [{이름: 가}]", "- 목록", "bodies: [", "\xff"])
def test_a_bad_file_of_names_is_one_korean_line(tmp_path: Path, said: str) -> None:
    path = tmp_path / "우리.yaml"
    path.write_bytes(said.encode("latin-1" if said == "\xff" else "utf-8"))
    with pytest.raises(AgencyFileError) as raised:
        agency_names(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
