import pytest

from chatbot.answer import AnswerStatus
from eval.metrics.answers import (
    answer_chars,
    citation_precision,
    citation_recall,
    fact_accuracy,
    faithfulness,
    false_refusal,
    forbidden_found,
    is_verbatim,
    missing_facts,
    refusal_accuracy,
    uncited_quotes,
)
from tests.eval.builders import DOCUMENT, cite, make_answer, make_case, make_refusal, make_unanswerable


@pytest.mark.parametrize(
    ("text", "groups", "expected"),
    [
        ("1,009개 기관과 연계됩니다.[1]", [["1009"]], 1.0),
        ("1009 개 기관입니다.", [["1,009개"]], 1.0),
        ("ＬＧ전자입니다.", [["lg전자"]], 1.0),
        ("2건과 3건입니다.", [["2건"], ["3건"]], 1.0),
        ("2건입니다.", [["2건"], ["3건"]], 0.0),
        ("경보를 울립니다.", [["골든타임", "경보"]], 1.0),
        ("세 건입니다.[3]", [["3"]], 0.0),
    ],
)
def test_every_group_needs_one_alternative_after_folding(text: str, groups: list[list[str]], expected: float) -> None:
    assert fact_accuracy(make_case(must_include=groups), make_answer(text)) == expected


def test_the_short_answer_counts_as_said() -> None:
    answer = make_answer("줄었습니다.[1]", short_answer="약 3일")
    assert fact_accuracy(make_case(must_include=[["3일"]]), answer) == 1.0


def test_no_fact_is_found_across_the_border_of_text_and_short_answer() -> None:
    answer = make_answer("13", short_answer="일")
    assert fact_accuracy(make_case(must_include=[["13일"]]), answer) == 0.0


def test_a_forbidden_string_makes_a_right_answer_wrong() -> None:
    case = make_case(must_include=[["50개"]], must_not_include=["500개가 생겼"])
    answer = make_answer("50개입니다. 500개가 생겼습니다.")
    assert forbidden_found(case, answer) == ("500개가 생겼",)
    assert fact_accuracy(case, answer) == 0.0


def test_facts_count_only_in_an_answer() -> None:
    case = make_case()
    assert fact_accuracy(case, make_answer("3일", status=AnswerStatus.ANSWERED_PARTIAL)) == 1.0
    assert fact_accuracy(case, make_answer("3일", status=AnswerStatus.CLARIFICATION)) == 0.0


def test_fact_accuracy_is_undefined_without_groups_and_for_unanswerable_questions() -> None:
    assert fact_accuracy(make_case(must_include=[]), make_answer()) is None
    assert fact_accuracy(make_unanswerable(), make_answer()) is None


def test_missing_facts_names_the_groups_that_are_absent() -> None:
    case = make_case(must_include=[["3일"], ["30일", "한 달"]])
    assert missing_facts(case, make_answer("3일")) == (("30일", "한 달"),)


def test_a_gold_quote_inside_one_cited_quote_is_recalled_whatever_the_spacing() -> None:
    case = make_case(gold_quote=["약3일 수준으로\n단축"])
    assert citation_recall(case, make_answer(quotes=("약 3일 수준으로 단축했다.",))) == 1.0


def test_a_gold_quote_over_two_cited_sentences_of_one_document_is_recalled() -> None:
    case = make_case(gold_quote=["최대 30일이었다. 약 3일 수준"])
    in_reverse = ("약 3일 수준으로 단축했다.", "접수 기간은 최대 30일이었다.")
    assert citation_recall(case, make_answer(quotes=in_reverse)) == 1.0


def test_overlapping_cited_quotes_are_joined_without_repeating() -> None:
    case = make_case(gold_quote=["최대 30일이었다. 약 3일 수준으로 단축했다."])
    overlapping = ("최대 30일이었다. 약 3일", "약 3일 수준으로 단축했다.")
    assert citation_recall(case, make_answer(quotes=overlapping)) == 1.0


def test_quotes_of_different_documents_are_not_joined() -> None:
    case = make_case(gold_quote=["최대 30일이었다. 약 3일 수준"])
    citations = (
        cite("접수 기간은 최대 30일이었다.", 1, "d1"),
        cite("약 3일 수준으로 단축했다.", 2, "d2"),
    )
    assert citation_recall(case, make_answer(citations=citations)) == 0.0


def test_one_uncited_gold_quote_fails_the_case_and_is_named() -> None:
    case = make_case(gold_quote=["약 3일 수준", "담당은 혁신행정담당관"])
    assert citation_recall(case, make_answer()) == 0.0
    assert uncited_quotes(case, make_answer()) == ("담당은 혁신행정담당관",)


def test_citation_recall_is_zero_for_a_refusal_and_undefined_without_gold() -> None:
    assert citation_recall(make_case(), make_refusal()) == 0.0
    assert citation_recall(make_case(gold_quote=[]), make_answer()) is None
    assert citation_recall(make_unanswerable(), make_answer()) is None


def test_citation_precision_is_the_share_of_verbatim_quotes() -> None:
    assert citation_precision(make_answer(), (True, False, True, True)) == 3 / 4


def test_citation_precision_is_undefined_where_nothing_is_cited_or_recorded() -> None:
    assert citation_precision(make_answer(quotes=()), ()) is None
    assert citation_precision(make_answer(), None) is None
    assert citation_precision(make_refusal(), (True,)) is None


def test_faithfulness_is_the_share_of_supported_sentences() -> None:
    assert faithfulness(make_answer(), (True, False, True, True)) == 3 / 4
    assert faithfulness(make_answer(), (False,)) == 0.0


def test_faithfulness_is_undefined_for_refusals_and_where_nothing_was_recorded() -> None:
    assert faithfulness(make_answer(), None) is None
    assert faithfulness(make_answer(), ()) is None
    assert faithfulness(make_refusal(), (True,)) is None


def test_a_quote_is_verbatim_only_at_its_own_offsets() -> None:
    citation = cite("약 3일 수준으로 단축했다.")
    assert is_verbatim(citation, DOCUMENT)
    assert not is_verbatim(citation, " " + DOCUMENT)
    assert not is_verbatim(citation, None)
    assert not is_verbatim(cite("약 4일"), DOCUMENT)


def test_an_empty_quote_and_a_negative_offset_are_not_verbatim() -> None:
    citation = cite("단축했다.")
    assert not is_verbatim(citation.model_copy(update={"quote": "", "end": citation.start}), DOCUMENT)
    tail = {"quote": DOCUMENT[-3:-1], "start": -3, "end": -1}
    assert not is_verbatim(citation.model_copy(update=tail), DOCUMENT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (AnswerStatus.NOT_IN_SOURCES, 1.0),
        (AnswerStatus.INJECTION, 1.0),
        (AnswerStatus.CLARIFICATION, 1.0),
        (AnswerStatus.ANSWERED, 0.0),
        (AnswerStatus.ANSWERED_PARTIAL, 0.0),
        (AnswerStatus.TIMEOUT, 0.0),
    ],
)
def test_an_unanswerable_question_wants_a_refusal_and_a_crash_is_none(status: AnswerStatus, expected: float) -> None:
    assert refusal_accuracy(make_unanswerable(), make_answer(status=status)) == expected


def test_refusal_metrics_each_look_at_their_own_questions() -> None:
    assert refusal_accuracy(make_case(), make_refusal()) is None
    assert false_refusal(make_unanswerable(), make_refusal()) is None
    assert false_refusal(make_case(), make_refusal()) == 1.0
    assert false_refusal(make_case(), make_refusal(AnswerStatus.MODEL_ERROR)) == 1.0
    assert false_refusal(make_case(), make_answer()) == 0.0


def test_answer_length_leaves_out_marks_and_refusals() -> None:
    assert answer_chars(make_answer("약 3일입니다.[1][2]")) == len("약 3일입니다.")
    assert answer_chars(make_refusal()) is None
