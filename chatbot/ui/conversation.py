"""What one browser tab has asked and been told; changed by making a new value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chatbot.answer import Answer, Event, Filters, Turn
from chatbot.messages import STATUS_STEPS

# The pipeline reads follow-ups from the last few turns; more would only make requests longer.
HISTORY_TURNS = 6
MAX_TURN_CHARS = 2_000
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """A question and what came of it so far; ``step`` is what the pipeline is doing now.

    ``chosen`` are the filters set by hand: any others of the answer were read from the question.
    """

    question: str
    step: str = ""
    partial: str = ""
    answer: Answer | None = None
    stopped: bool = False
    failed: bool = False
    chosen: Filters = NO_FILTERS

    @property
    def working(self) -> bool:
        """Whether an answer is still to come."""
        return self.answer is None and not self.stopped and not self.failed

    def after(self, event: Event) -> ChatTurn:
        """This turn with one more event of its stream."""
        data: dict[str, Any] = event.data
        if event.name == "status":
            return replace(self, step=STATUS_STEPS.get(str(data.get("step")), self.step))
        if event.name == "token":
            return replace(self, partial=self.partial + str(data.get("text", "")))
        if event.name == "answer":
            return replace(self, answer=Answer.model_validate(data), step="")
        return self


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one tab, oldest first."""

    turns: tuple[ChatTurn, ...] = ()

    def asking(self, question: str, chosen: Filters = NO_FILTERS) -> Conversation:
        """With a new question at the end."""
        turn = ChatTurn(question=question, step=STATUS_STEPS["understand"], chosen=chosen)
        return Conversation((*self.turns, turn))

    def with_last(self, turn: ChatTurn) -> Conversation:
        """With the last turn replaced."""
        return Conversation((*self.turns[:-1], turn))

    @property
    def working(self) -> bool:
        """Whether the last answer is still to come."""
        return bool(self.turns) and self.turns[-1].working

    def stopped(self) -> Conversation:
        """With the last turn stopped, if it is still working."""
        if not self.working:
            return self
        return self.with_last(replace(self.turns[-1], stopped=True, step=""))

    def answer_of(self, turn: int) -> Answer | None:
        """The answer of a turn, counted from 0; ``None`` where there is none."""
        return self.turns[turn].answer if 0 <= turn < len(self.turns) else None

    def history(self, before: int | None = None) -> tuple[Turn, ...]:
        """The last answered turns as the pipeline takes them; those before turn ``before``, if it is given."""
        answered = [turn for turn in self.turns[:before] if turn.answer is not None][-HISTORY_TURNS:]
        messages: list[Turn] = []
        for turn in answered:
            text = turn.answer.text if turn.answer else ""
            messages.append(Turn(role="user", content=turn.question[:MAX_TURN_CHARS]))
            messages.append(Turn(role="assistant", content=text[:MAX_TURN_CHARS]))
        return tuple(messages)
