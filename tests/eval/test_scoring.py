import pytest

from chatbot.answer import AnswerStatus
from eval.errors import RunFormatError
from eval.metrics.names import Metric
from eval.run import CheckedSentence
from eval.scoring import score_case, score_run
from tests.eval.builders import make_answer, make_case, make_generated, make_refusal, make_unanswerable


def test_an_answerable_question_passes_by_its_facts() -> None:
    case = make_case()
    right, wrong = (score_case(case, make_generated(case, make_answer(text))) for text in ("3일", "4일"))
    assert (right.passed, wrong.passed) == (True, False)
    assert right.values[Metric.REFUSAL_ACCURACY] is None


def test_an_unanswerable_question_passes_by_being_refused() -> None:
    case = make_unanswerable()
    refused = score_case(case, make_generated(case, make_refusal()))
    answered = score_case(case, make_generated(case, make_answer()))
    assert (refused.passed, answered.passed) == (True, False)
    assert refused.values[Metric.FACT_ACCURACY] is None
    assert answered.reasons == ("거절해야 할 질문에 답했습니다",)


def test_an_answerable_question_without_facts_neither_passes_nor_fails() -> None:
    case = make_case(must_include=[])
    assert score_case(case, make_generated(case)).passed is None


def test_reasons_name_what_is_missing_forbidden_uncited_and_unfaithful() -> None:
    case = make_case(must_include=[["30일", "한 달"]], must_not_include=["3일"], gold_quote=["최대 30일이었다."])
    score = score_case(case, make_generated(case, verbatim=(False,)))
    assert score.reasons == (
        "빠진 사실: 30일 또는 한 달",
        "있으면 안 되는 말: 3일",
        "인용하지 않은 근거: 최대 30일이었다.",
        "원문과 다른 인용: 1건",
    )


def test_a_sentence_that_its_citation_does_not_support_is_a_reason_and_lowers_faithfulness() -> None:
    case = make_case()
    checked = (CheckedSentence(text="약 3일 수준입니다."), CheckedSentence(text="4일입니다.", problems=("수치 4일",)))
    score = score_case(case, make_generated(case).model_copy(update={"sentences": checked}))
    assert score.values[Metric.FAITHFULNESS] == 1 / 2
    assert score.reasons == ("인용이 뒷받침하지 않는 문장: 4일입니다. (수치 4일)",)
    assert score_case(case, make_generated(case)).values[Metric.FAITHFULNESS] is None


def test_a_refusal_and_a_crash_have_their_own_reason_and_no_confidence() -> None:
    case = make_case()
    refused = score_case(case, make_generated(case, make_refusal()))
    crashed = score_case(case, make_generated(case, make_refusal(AnswerStatus.TIMEOUT)))
    assert refused.reasons == ("답이 있는 질문을 거절했습니다",)
    assert crashed.reasons == ("오류로 답하지 못했습니다",)
    assert refused.confidence is None
    assert score_case(case, make_generated(case, make_answer(confidence=0.7))).confidence == 0.7


def test_a_right_answer_has_no_reasons() -> None:
    case = make_case()
    assert score_case(case, make_generated(case)).reasons == ()


def test_scores_come_in_the_order_of_the_cases_and_the_later_answer_counts() -> None:
    first, second = make_case("a"), make_case("b")
    lines = [make_generated(second), make_generated(first, make_answer("4일")), make_generated(first)]
    scores = score_run([first, second], lines)
    assert [(score.case_id, score.passed) for score in scores] == [("a", True), ("b", True)]


def test_a_question_without_an_answer_stops_the_scoring() -> None:
    with pytest.raises(RunFormatError, match=r"1개 있습니다\(b …\)"):
        score_run([make_case("a"), make_case("b")], [make_generated(make_case("a"))])


def test_an_answer_to_another_wording_stops_the_scoring() -> None:
    with pytest.raises(RunFormatError, match="질문이 답을 만든 뒤에 바뀌었습니다"):
        score_case(make_case(question="다르게 물으면?"), make_generated(make_case()))
