from __future__ import annotations

import pytest

from index.cases import CaseDraft, clean_title, split_cases
from index.outline import read_lines


def split(text: str, title: str = "문서 제목") -> list[CaseDraft]:
    return split_cases(text, title, list(read_lines(text)))


def facts(text: str) -> list[tuple[str, str, int | None]]:
    return [(draft.title, draft.agency, draft.year) for draft in split(text)]


BODY = "본문이다. " * 40


def test_each_record_title_opens_a_case_and_takes_the_year_line_above_it() -> None:
    text = "2023\n제목 ▶ 하나\n기관명 ▶ 가람시 > 교통과\n2022년\n제목 ▶ 둘\n기관명 ▶ 나래군\n"
    assert facts(text) == [("하나", "가람시 > 교통과", 2023), ("둘", "나래군", 2022)]


def test_a_title_without_its_label_and_a_case_without_a_year() -> None:
    text = "2023\n제목 ▶ 하나\n기관명 ▶ 가람시\n▶ 둘\n기관명 ▶ 나래군\n2024\n제목 ▶ 셋\n"
    assert facts(text) == [("하나", "가람시", 2023), ("둘", "나래군", None), ("셋", "", 2024)]


def test_a_title_goes_on_over_the_line_break() -> None:
    text = "제목 ▶ 인공지능 전화로\n고독사 위험을 찾다\n기관명 ▶ 다온구\n제목 ▶ 둘"
    assert split(text)[0].title == "인공지능 전화로 고독사 위험을 찾다"


def test_what_stands_above_the_first_record_is_a_case_of_its_own() -> None:
    text = "머리말이다.\n제목 ▶ 하나\n기관명 ▶ 가\n제목 ▶ 둘"
    assert [draft.title for draft in split(text)] == ["문서 제목", "하나", "둘"]


def test_one_record_alone_does_not_divide_the_document() -> None:
    assert facts("제목 ▶ 하나\n기관명 ▶ 가람시\n혁신 목적 ▶ 까닭") == [("하나", "가람시", None)]


def test_cases_cover_the_document_in_order() -> None:
    text = "2023\n제목 ▶ 하나\n기관명 ▶ 가\n\n2022\n제목 ▶ 둘\n끝 문장"
    drafts = split(text)
    assert [text[draft.start : draft.end] for draft in drafts] == [
        "2023\n제목 ▶ 하나\n기관명 ▶ 가",
        "2022\n제목 ▶ 둘\n끝 문장",
    ]


def award(title: str) -> str:
    part = "여러 말로 된 설명이 이어진다. " * 3
    return f"\t<p>■ <b>{title}</b></p> <p><b>기존</b> {part}</p> <p><b>개선</b> {part}</p> <p><b>효과</b> {part}</p>"


def test_each_award_is_a_case_and_the_head_of_the_release_its_own() -> None:
    text = f"{BODY}\n최우수{award('하나')}\n{award('둘')}\n장려{award('셋')}"
    assert [draft.title for draft in split(text)] == ["문서 제목", "하나", "둘", "셋"]
    assert text[split(text)[3].start :].startswith("장려")


def test_a_short_dateline_above_the_awards_joins_the_first_case() -> None:
    text = f"2025. 3. 14.\n최우수{award('하나')}\n{award('둘')}"
    assert len(split(text)) == 2


def test_a_long_plan_is_divided_at_its_headings_and_a_short_one_is_not() -> None:
    sections = [f"Ⅰ. 배경\n{BODY}", f"□ 현황\n{BODY}", f"# 1 과제 하나\n행안부·과기정통부 등\n{BODY}"]
    short, long = "\n".join(sections), "\n".join(section + BODY * 6 for section in sections)
    assert [draft.title for draft in split(short)] == ["문서 제목"]
    assert facts(long) == [("문서 제목", "", None), ("현황", "", None), ("과제 하나", "행안부·과기정통부 등", None)]


def test_agencies_over_two_lines_are_one_list() -> None:
    text = f"# 가\n{BODY * 20}\n# 나\n행안부,\n조달청\n{BODY * 20}"
    assert split(text)[1].agency == "행안부, 조달청"


def test_a_box_does_not_open_a_case() -> None:
    text = f"# 가\n{BODY * 20}\n<참고: 예>\n{BODY}\n# 나\n{BODY * 20}"
    assert [draft.title for draft in split(text)] == ["문서 제목", "나"]


def test_a_heading_without_a_body_stays_with_the_next_one() -> None:
    text = f"# 가\n{BODY * 20}\n# 과제\n## 나\n{BODY * 20}"
    drafts = split(text)
    assert [draft.title for draft in drafts] == ["문서 제목", "나"]
    assert text[drafts[1].start :].startswith("# 과제")


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_no_lines_no_cases(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("□ 현황", "현황"),
        ("1 | 형식을 하나로", "형식을 하나로"),
        ("Ⅱ. 추진 과제", "추진 과제"),
        ("① **굵은 제목**", "굵은 제목"),
        ("2024년 성과", "2024년 성과"),
        ("5G 공장", "5G 공장"),
        ("□", "□"),
    ],
)
def test_clean_titles(heading: str, title: str) -> None:
    assert clean_title(heading) == title
