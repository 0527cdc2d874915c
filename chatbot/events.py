"""A finished answer as the events of a stream."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.answer import Answer, Event
from chatbot.messages import STATUS_STEPS


def status_event(step: str) -> Event:
    """That ``step`` begins, with the Korean line that says so."""
    return Event(name="status", data={"step": step, "message": STATUS_STEPS[step]})


def told(answer: Answer) -> Iterator[Event]:
    """The text word by word, the citations, the whole answer."""
    for word in answer.text.split(" "):
        yield Event(name="token", data={"text": word + " "})
    for citation in answer.citations:
        yield Event(name="citation", data=citation.model_dump(mode="json"))
    yield Event(name="answer", data=answer.model_dump(mode="json"))
