from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot.answer import Answer, AnswerStatus, Provenance
from chatbot.citations import CitedText
from chatbot.events import sentence_events, told


def answer(text: str) -> Answer:
    return Answer(
        answer_id="a",
        status=AnswerStatus.ANSWERED,
        text=text,
        provenance=Provenance(index_version="1", answerer="extractive"),
    )


@given(st.text(alphabet="가 나\n[1]."), st.text(alphabet="다 라\n[2]."))
def test_tokens_joined_are_the_text_however_much_of_it_was_shown_before(shown: str, rest: str) -> None:
    before = list(sentence_events(CitedText(shown)))
    events = [*before, *told(answer(shown + rest), CitedText(shown))]
    assert "".join(event.data["text"] for event in events if event.name == "token") == shown + rest
    assert [event.name for event in events].index("answer") == len(events) - 1
