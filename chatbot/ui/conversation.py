"""What one browser tab has asked and been told; changed by making a new value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from chatbot.answer import Answer, Event, Filters, Question, Turn
from chatbot.explanation import Explanation
from chatbot.messages import STATUS_STEPS

# The pipeline reads follow-ups from the last few turns; more would only make requests longer.
HISTORY_TURNS = 6
MAX_TURN_CHARS = 2_000
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Report:
    """An answer reported as wrong; without ``number`` the report could not be kept."""

    number: str | None


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """A question as it was asked and what came of it so far; ``step`` is what the pipeline is doing now.

    The filters of ``asked`` were set by hand: any others of the answer were read from the question. ``report`` is
    where its report as wrong stands; ``begun`` has when each step began, in seconds of any one clock; a ``private``
    turn asked over documents that are not to be kept.
    """

    asked: Question
    step: str = ""
    partial: str = ""
    answer: Answer | None = None
    explanation: Explanation | None = None
    begun: tuple[tuple[str, float], ...] = ()
    stopped: bool = False
    failed: bool = False
    report: Report | None = None
    private: bool = False

    @property
    def question(self) -> str:
        """What the user wrote."""
        return self.asked.text

    @property
    def step_seconds(self) -> tuple[tuple[str, float], ...]:
        """The finished steps and how long each took."""
        if self.answer is not None:
            return tuple(
                (step, self.answer.timings_ms[step] / 1000) for step in STATUS_STEPS if step in self.answer.timings_ms
            )
        return tuple((step, end - start) for (step, start), (_, end) in pairwise(self.begun))

    @property
    def working(self) -> bool:
        """Whether an answer is still to come."""
        return self.answer is None and not self.stopped and not self.failed

    def after(self, event: Event, now: float = 0.0) -> ChatTurn:
        """This turn with one more event of its stream, which came at ``now``."""
        data: dict[str, Any] = event.data
        if event.name == "status":
            step = str(data.get("step"))
            return replace(self, step=step, begun=(*self.begun, (step, now))) if step in STATUS_STEPS else self
        if event.name == "token":
            return replace(self, partial=self.partial + str(data.get("text", "")))
        if event.name == "explanation":
            return replace(self, explanation=Explanation.model_validate(data))
        if event.name == "answer":
            return replace(self, answer=Answer.model_validate(data), step="")
        return self


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one tab, oldest first.

    ``conversation_id`` names it once it is kept; ``unkept`` tells that the last turn could not be.
    """

    turns: tuple[ChatTurn, ...] = ()
    conversation_id: str = ""
    unkept: bool = False

    def asking(self, question: Question, *, private: bool = False) -> Conversation:
        """With a new question at the end."""
        turn = ChatTurn(question, step="understand", private=private)
        return replace(self, turns=(*self.turns, turn), unkept=False)

    def with_report(self, turn: int, report: Report) -> Conversation:
        """With the outcome of reporting ``turn``."""
        turns = (replace(one, report=report) if place == turn else one for place, one in enumerate(self.turns))
        return replace(self, turns=tuple(turns))

    def with_last(self, turn: ChatTurn) -> Conversation:
        """With the last turn replaced."""
        return replace(self, turns=(*self.turns[:-1], turn))

    @property
    def working(self) -> bool:
        """Whether the last answer is still to come."""
        return bool(self.turns) and self.turns[-1].working

    def stopped(self) -> Conversation:
        """With the last turn stopped, if it is still working."""
        if not self.working:
            return self
        return self.with_last(replace(self.turns[-1], stopped=True, step=""))

    def turn(self, place: int) -> ChatTurn | None:
        """The turn at ``place``, counted from 0; ``None`` where there is none."""
        return self.turns[place] if 0 <= place < len(self.turns) else None

    def history(self, before: int | None = None, *, private: bool = False) -> tuple[Turn, ...]:
        """The last answered turns as the pipeline takes them; those before turn ``before``, if it is given.

        Only a ``private`` question hears of private turns: what it is asked with is kept otherwise.
        """
        answered = [turn for turn in self.turns[:before] if turn.answer is not None and (private or not turn.private)][
            -HISTORY_TURNS:
        ]
        messages: list[Turn] = []
        for turn in answered:
            text = turn.answer.text if turn.answer else ""
            messages.append(Turn(role="user", content=turn.question[:MAX_TURN_CHARS]))
            messages.append(Turn(role="assistant", content=text[:MAX_TURN_CHARS]))
        return tuple(messages)
