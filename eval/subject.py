"""What is being measured: something that answers, the documents it answers from, and how to tell it apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from chatbot.answer import Answer, Question
from eval.run import CheckedSentence


class Answerer(Protocol):
    """The part of the chatbot that an evaluation needs."""

    def answer(self, question: Question) -> Answer:
        """The answer to one question; safe to call from several threads."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An answerer with what a run records about it.

    ``text_of`` gives the stored text of a document id, ``None`` when there is no such document. A digest
    that is not known is empty. ``settings`` hold no secret: they are written into the run. ``check_sentences``
    compares the sentences of an answer with what they cite; ``None`` where nothing can.
    """

    answerer: Answerer
    text_of: Callable[[str], str | None]
    index_version: str
    corpus_digest: str = ""
    code_digest: str = ""
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    check_sentences: Callable[[Answer], tuple[CheckedSentence, ...]] | None = None
