from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.document import CaseField
from index.outline import Line, LineKind, read_lines


def one(text: str) -> Line:
    (line,) = read_lines(text)
    return line


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("보통 문장이다.", LineKind.TEXT, "보통 문장이다."),
        ("  앞뒤 공백  ", LineKind.TEXT, "앞뒤 공백"),
        ("○ 동그라미 항목", LineKind.ITEM, "동그라미 항목"),
        ("  - 붙임표 항목", LineKind.ITEM, "붙임표 항목"),
        ("※ 덧붙임", LineKind.ITEM, "덧붙임"),
        ("① 첫째 항목", LineKind.ITEM, "첫째 항목"),
        ("가. 가나다 항목", LineKind.ITEM, "가나다 항목"),
        ("(1) 괄호 번호", LineKind.ITEM, "괄호 번호"),
        ("* 별표 항목", LineKind.ITEM, "별표 항목"),
        ("\\* 벗어난 별표", LineKind.ITEM, "벗어난 별표"),
        ("2024년", LineKind.YEAR, "2024년"),
        ("2024", LineKind.YEAR, "2024"),
        ("2024년 예산", LineKind.TEXT, "2024년 예산"),
        ("추진 배경 ........ 3", LineKind.CONTENTS, "추진 배경 ........ 3"),
        ("추진 배경 ······ 12  ", LineKind.CONTENTS, "추진 배경 ······ 12"),
        ("추진 배경 …… 3", LineKind.CONTENTS, "추진 배경 …… 3"),
        ("값은 3.5...", LineKind.TEXT, "값은 3.5..."),
        ("이름\t전화", LineKind.ROW, "이름\t전화"),
        ("\t들여 쓴 줄", LineKind.TEXT, "들여 쓴 줄"),
    ],
)
def test_what_a_line_is(text: str, kind: LineKind, said: str) -> None:
    line = one(text)
    assert (line.kind, text[line.start : line.end]) == (kind, said)


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        ("# 큰 제목", 1, "큰 제목"),
        ("## 둘째 제목", 2, "둘째 제목"),
        ("##### 깊은 제목", 3, "깊은 제목"),
        ("Ⅰ. 추진 배경", 1, "Ⅰ. 추진 배경"),
        ("III. 과제", 1, "III. 과제"),
        ("□ 현황", 2, "□ 현황"),
        ("**굵은 제목**", 3, "굵은 제목"),
        ("<참고: 다른 나라의 예>", 4, "<참고: 다른 나라의 예>"),
        ("## <상자>", 4, "<상자>"),
        ("제15조(감면)", 5, "제15조(감면)"),
        ("제15조의2(전기차)", 5, "제15조의2(전기차)"),
    ],
)
def test_headings_and_their_levels(text: str, level: int, said: str) -> None:
    line = one(text)
    assert (line.kind, line.level) == (LineKind.HEADING, level)
    assert text[line.start : line.end] == said


@pytest.mark.parametrize(
    "text",
    [
        "## ○ 변환기가 제목으로 본 항목이다",
        "□ 네모로 시작하지만 길어서 문장으로 읽어야 하는 줄은 제목이 아니라 본문으로 남아야 하는 것이 옳다고 정하였다",
        "제15조에 따라 감면한다",
        "**굵은 말**로 시작하는 문장",
        "#제목표가 붙은 낱말",
    ],
)
def test_lines_that_only_look_like_headings(text: str) -> None:
    assert one(text).kind is not LineKind.HEADING


@pytest.mark.parametrize(
    ("text", "label", "field", "said"),
    [
        ("제목 ▶ 새 버스", "제목", CaseField.TITLE, "새 버스"),
        ("▶ 이름표 없는 제목", "제목", CaseField.TITLE, "이름표 없는 제목"),
        ("기관명▶가람시 > 교통과", "기관명", CaseField.METADATA, "가람시 > 교통과"),
        ("한 줄 요약 ▶ Why 까닭", "한줄요약", CaseField.SUMMARY, "Why 까닭"),
        ("**혁신 목적** ▶ 목적", "혁신목적", CaseField.PURPOSE, "목적"),
        ("혁신 과정 ▶", "혁신과정", CaseField.PROCESS, ""),
        ("담당 부서 ▶ 교통과", "담당부서", CaseField.CONTACT, "교통과"),
        ("모르는 이름표 ▶ 값", "모르는이름표", CaseField.BODY, "값"),
    ],
)
def test_records(text: str, label: str, field: CaseField, said: str) -> None:
    line = one(text)
    assert (line.kind, line.label, line.field) == (LineKind.RECORD, label, field)
    assert text[line.start : line.end] == said


AWARD = (
    "최우수\t<p>■ <b>등기를 전화로</b> (한빛부)</p> <p><b>기존</b> 세 번 배달</p> "
    "<p><b>개선</b> 전자 고지</p> <p><b>효과</b> 12억 원 절감</p>"
)


def test_an_award_row_gives_its_grade_title_and_parts() -> None:
    lines = list(read_lines(AWARD))
    assert [(line.kind, line.field, AWARD[line.start : line.end]) for line in lines] == [
        (LineKind.HEADING, CaseField.BODY, "최우수"),
        (LineKind.HEADING, CaseField.TITLE, "등기를 전화로"),
        (LineKind.TEXT, CaseField.BODY, "(한빛부)"),
        (LineKind.FIELD, CaseField.BEFORE, "세 번 배달"),
        (LineKind.FIELD, CaseField.AFTER, "전자 고지"),
        (LineKind.FIELD, CaseField.EFFECT, "12억 원 절감"),
    ]


def test_a_row_of_parts_without_a_title_keeps_what_stands_before_them() -> None:
    text = "이어서 <b>기존</b> 옛 방식 <b>효과</b> 빨라짐"
    assert [text[line.start : line.end] for line in read_lines(text)] == ["이어서", "옛 방식", "빨라짐"]


def test_blank_lines_are_left_out_and_offsets_count_them() -> None:
    text = "\n\n첫 줄\n \n둘째"
    assert [(line.start, line.end) for line in read_lines(text)] == [(2, 5), (8, 10)]


@example("**")
@example("-  ")
@given(st.text("가나 \t\n□■○-※▶#*<b>/기존1.()", max_size=80))
def test_lines_stand_in_order_inside_the_text(text: str) -> None:
    end = 0
    for line in read_lines(text):
        assert end <= line.outer <= line.start <= line.end <= len(text)
        assert "\n" not in text[line.outer : line.end]
        end = line.end
