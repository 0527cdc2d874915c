"""One question on its way: what is known of it so far, and how long each step took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from chatbot.answer import Filters, Question
from chatbot.draft import Draft
from chatbot.evidence import Evidence
from chatbot.explanation import Rejected
from chatbot.released import Released
from chatbot.understand import Understanding
from index.document import SearchResult


class Clock:
    """Milliseconds a step and altogether, from now on."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._begun = time.perf_counter()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measures what is done inside, also when it fails."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round((time.perf_counter() - begun) * 1000, 1)

    def finished(self) -> dict[str, float]:
        """The steps and ``total``."""
        return {**self.timings, "total": round((time.perf_counter() - self._begun) * 1000, 1)}


@dataclass
class Run:
    """What is known of one question so far; each step of the pipeline fills in its part.

    ``text`` is the question as it is searched, ``rewritten`` the same where a follow-up was completed; ``evidence`` is
    best first; ``refused_for`` says in Korean what the evidence lacks; ``released``
    is what the user has seen already.
    """

    question: Question
    clock: Clock = field(default_factory=Clock)
    text: str = ""
    rewritten: str | None = None
    understanding: Understanding | None = None
    filters: Filters = field(default_factory=Filters)
    results: list[SearchResult] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    draft: Draft = field(default_factory=Draft)
    rejected: list[Rejected] = field(default_factory=list)
    refused_for: str = ""
    released: Released = field(default_factory=Released)
    answerer: Literal["extractive", "generative", "none"] = "none"

    @property
    def asked(self) -> Understanding:
        """The understanding, for the steps that come after it."""
        if self.understanding is None:
            raise RuntimeError("the question has not been understood yet")
        return self.understanding
