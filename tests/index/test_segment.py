from __future__ import annotations

from kiwipiepy import Kiwi

from index.document import CaseField, Sentence
from index.outline import read_lines
from index.segment import MAX_SENTENCE_CHARS, CaseLines, sentences_of


def segment(text: str, kiwi: Kiwi, *, card: bool = False) -> list[Sentence]:
    (found,) = sentences_of([CaseLines(text, "d", "d-1", tuple(read_lines(text)), card=card)], kiwi)
    return [termed.sentence for termed in found]


def said(text: str, kiwi: Kiwi) -> list[str]:
    return [sentence.text for sentence in segment(text, kiwi)]


def test_a_sentence_cut_by_a_page_border_is_whole_again(kiwi: Kiwi) -> None:
    text = "혁신 과정 ▶ 교통과는 협약을 맺었다. 상인회는 상자를 내고\n\n봉사자는 짐을 들었다. 노선은 주민이 정했다."
    assert said(text, kiwi) == [
        "교통과는 협약을 맺었다.",
        "상인회는 상자를 내고\n\n봉사자는 짐을 들었다.",
        "노선은 주민이 정했다.",
    ]


def test_a_line_that_ended_is_not_joined(kiwi: Kiwi) -> None:
    assert said("예산은 2억 원이다.\n노선은 넷이다.", kiwi) == ["예산은 2억 원이다.", "노선은 넷이다."]


def test_an_item_never_joins_the_line_above(kiwi: Kiwi) -> None:
    assert said("다음을 준비하고\n- 버스를 고친다", kiwi) == ["다음을 준비하고", "버스를 고친다"]


def test_a_break_of_more_than_four_lines_is_not_bridged(kiwi: Kiwi) -> None:
    assert len(said("상인회는 상자를 내고\n\n\n\n\n봉사자는 짐을 들었다.", kiwi)) == 2


def test_agencies_that_go_on_after_a_comma_are_one_line(kiwi: Kiwi) -> None:
    (sentence,) = segment("행안부,\n조달청", kiwi)
    assert sentence.structural
    assert sentence.text == "행안부,\n조달청"


def test_records_carry_their_label_where_it_names_the_case(kiwi: Kiwi) -> None:
    text = "제목 ▶ 새 버스\n기관명 ▶ 가람시\n한 줄 요약 ▶ 버스가 온다\n혁신 결과 ▶ 두 배가 되었다."
    assert [(s.text, s.field, s.structural) for s in segment(text, kiwi)] == [
        ("제목 ▶ 새 버스", CaseField.TITLE, True),
        ("기관명 ▶ 가람시", CaseField.METADATA, True),
        ("버스가 온다", CaseField.SUMMARY, True),
        ("두 배가 되었다.", CaseField.RESULT, False),
    ]


def test_the_summary_of_a_card_is_a_sentence_like_any_other(kiwi: Kiwi) -> None:
    text = "한 줄 요약 ▶ 버스가 온다"
    assert [sentence.structural for sentence in segment(text, kiwi, card=True)] == [False]


def test_the_heading_path_follows_the_outline(kiwi: Kiwi) -> None:
    text = "# 계획\n## 배경\n첫 문장이다.\n<상자>\n둘째 문장이다.\n## 과제\n셋째 문장이다."
    assert {s.text: s.heading_path for s in segment(text, kiwi) if not s.structural} == {
        "첫 문장이다.": ("계획", "배경"),
        "둘째 문장이다.": ("계획", "배경", "<상자>"),
        "셋째 문장이다.": ("계획", "과제"),
    }


def test_a_heading_that_names_a_part_sets_the_field(kiwi: Kiwi) -> None:
    fields = [s.field for s in segment("## 목적\n까닭이다.\n## 결과\n좋아졌다.\n## 다른 것\n나머지다.", kiwi)]
    assert fields == [CaseField.PURPOSE] * 2 + [CaseField.RESULT] * 2 + [CaseField.BODY] * 2


def test_headings_with_a_figure_in_brackets_say_something(kiwi: Kiwi) -> None:
    sentences = segment("# 서비스 확대 (현재 2개 → 10개 이상)\n# 추진 배경", kiwi)
    assert [sentence.structural for sentence in sentences] == [False, True]


def test_table_rows_are_one_sentence_each_under_their_header(kiwi: Kiwi) -> None:
    text = "시설\t전화\n가람도서관. 본관\t02-555-0101\n\n표 밖의 문장이다."
    assert [(s.text, s.heading_path) for s in segment(text, kiwi)] == [
        ("시설\t전화", ("시설 | 전화",)),
        ("가람도서관. 본관\t02-555-0101", ("시설 | 전화",)),
        ("표 밖의 문장이다.", ()),
    ]


def test_what_follows_an_award_row_is_no_effect_of_it(kiwi: Kiwi) -> None:
    text = "■ <b>전화로</b> <b>기존</b> 느렸다. <b>효과</b> 빨라졌다.\n담당 부서\t교통과"
    assert [(s.text, s.field) for s in segment(text, kiwi)][1:] == [
        ("느렸다.", CaseField.BEFORE),
        ("빨라졌다.", CaseField.EFFECT),
        ("담당 부서\t교통과", CaseField.BODY),
    ]


def test_contents_and_years_are_structural(kiwi: Kiwi) -> None:
    assert all(sentence.structural for sentence in segment("2024년\n추진 배경 ..... 3", kiwi))


def test_mark_up_stays_in_the_text_and_out_of_the_terms(kiwi: Kiwi) -> None:
    text = "**주차** <b>로봇</b>"
    (found,) = sentences_of([CaseLines(text, "d", "d-1", tuple(read_lines(text)))], kiwi)
    assert found[0].terms == ("주차", "로봇")
    assert found[0].sentence.text in text


def test_a_line_without_an_end_is_cut_at_spaces_and_loses_nothing(kiwi: Kiwi) -> None:
    text = "예산 집행 현황 " * 2_000
    pieces = said(text, kiwi)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, pieces)) <= 4 * MAX_SENTENCE_CHARS


def test_a_long_line_is_cut_at_a_sentence_end(kiwi: Kiwi) -> None:
    sentence = "주민센터는 서류를 받고 사흘 안에 결과를 알려 드립니다."
    text = f"{sentence} " * 400
    assert set(said(text, kiwi)) == {sentence}


def test_many_cases_give_what_each_gives(kiwi: Kiwi) -> None:
    texts = ["제목 ▶ 하나\n이어진 제목", "", "상인회는 상자를 내고\n짐을 들었다.", "표\t하나", "- 항목이다. 둘이다."]
    cases = [CaseLines(text, "d", f"d-{n}", tuple(read_lines(text))) for n, text in enumerate(texts)]
    assert sentences_of(cases, kiwi) == [sentences_of([case], kiwi)[0] for case in cases]
