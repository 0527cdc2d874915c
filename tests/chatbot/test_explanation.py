"""What a stream tells of how its answer was found, on the real models."""

from __future__ import annotations

import pytest

from chatbot.answer import Answer, Question
from chatbot.explanation import MAX_CANDIDATES, Explanation, Unused
from chatbot.pipeline import Chatbot
from chatbot.verify import Verdict, Verifier

pytestmark = pytest.mark.model
FACT = "불법 전화번호 이용중지 처리 기간이 며칠로 줄었나요?"


def explained(chatbot: Chatbot, text: str) -> tuple[Explanation, Answer]:
    events = list(chatbot.stream(Question(text=text, explain=True)))
    [told] = [event for event in events if event.name == "explanation"]
    return Explanation.model_validate(told.data), Answer.model_validate(events[-1].data)


def test_only_who_asks_for_it_gets_an_explanation(chatbot: Chatbot) -> None:
    assert "explanation" not in {event.name for event in chatbot.stream(Question(text=FACT))}


def test_candidates_are_slices_that_the_answer_does_not_cite_best_first(chatbot: Chatbot) -> None:
    told, answer = explained(chatbot, FACT)
    assert 0 < len(told.candidates) <= MAX_CANDIDATES
    assert [one.score for one in told.candidates] == sorted((one.score for one in told.candidates), reverse=True)
    for one in told.candidates:
        assert chatbot.library.document(one.document_id).text[one.start : one.end] == one.quote
        assert not any(
            one.document_id == cited.document_id and one.start < cited.end and cited.start < one.end
            for cited in answer.citations
        )
        assert one.unused is not Unused.BELOW_THRESHOLD


def test_a_refusal_says_what_was_lacking(chatbot: Chatbot) -> None:
    told, answer = explained(chatbot, "부천시 주차로봇 나르카의 예산은 얼마인가요?")
    assert not answer.status.is_answer
    assert told.refused_for
    assert {one.unused for one in told.candidates} <= {Unused.BELOW_THRESHOLD, Unused.WRONG_KIND}


def test_a_sentence_that_failed_a_check_names_the_check(chatbot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Verdict(supported=False, problems=("‘3일’이 근거에 없음",))
    monkeypatch.setattr(Verifier, "check", lambda *_, **__: refused)
    told, _ = explained(chatbot, FACT)
    assert any(
        one.unused is Unused.NOT_VERIFIED and one.problems == ("‘3일’이 근거에 없음",) for one in told.candidates
    )


def test_synonyms_that_were_searched_with_are_told(chatbot: Chatbot) -> None:
    told, _ = explained(chatbot, "미국행 국제우편은 왜 멈췄나요?")
    assert told.synonyms
