"""Answers as the events of a stream: ``token`` texts joined are the text of ``answer``, which comes last."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot.answer import Answer, Event
from chatbot.citations import CitedText
from chatbot.messages import STATUS_STEPS


def status_event(step: str) -> Event:
    """That ``step`` begins, with the Korean line that says so."""
    return Event(name="status", data={"step": step, "message": STATUS_STEPS[step]})


def sentence_events(cited: CitedText) -> Iterator[Event]:
    """One sentence as one token, then the citations that come with it."""
    yield Event(name="token", data={"text": cited.text})
    yield from _citations(cited)


def told(answer: Answer, shown: CitedText) -> Iterator[Event]:
    """What of ``answer`` was not ``shown`` before, word by word, with its citations; the whole answer."""
    rest = answer.text.removeprefix(shown.text)
    for word in re.findall(r"\s*\S+|\s+", rest):
        yield Event(name="token", data={"text": word})
    yield from _citations(CitedText(rest, answer.citations[len(shown.citations) :]))
    yield Event(name="answer", data=answer.model_dump(mode="json"))


def _citations(cited: CitedText) -> Iterator[Event]:
    for citation in cited.citations:
        yield Event(name="citation", data=citation.model_dump(mode="json"))
