"""Follow-up questions made self-contained by the chat model, within what the conversation itself has said."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Final

from langchain_core.language_models import BaseChatModel

from chatbot.answer import Turn
from chatbot.generate import neutral, without_thinking
from chatbot.llm import read_within
from chatbot.prompt import Prompt
from chatbot.verify import Verifier

MAX_TURNS: Final = 6
MAX_TURN_CHARS: Final = 600
MAX_QUESTION_CHARS: Final = 300
_SPEAKERS: Final = {"user": "사용자", "assistant": "안내원"}


class QuestionCondenser:
    """For questions that the rules of ``rephrase`` found to lean on earlier turns."""

    def __init__(self, model: BaseChatModel, prompt: Prompt, verifier: Verifier, timeout_seconds: float) -> None:
        self._prompt = prompt
        self._chain = prompt.template | model
        self._verifier = verifier
        self._timeout_seconds = timeout_seconds

    def condense(self, question: str, history: Sequence[Turn]) -> str:
        """The question as one that can be read alone; ``question`` itself where the model's version is of no use.

        A version with a name or a figure that nobody has mentioned is of no use, nor is an answer.

        Raises:
            ChatModelError: The model fails or takes too long.
        """
        turns = history[-MAX_TURNS:]
        if not turns:
            return question
        said = "\n".join(f"{_SPEAKERS[turn.role]}: {neutral(turn.content[:MAX_TURN_CHARS])}" for turn in turns)
        values = {"history": said, "question": neutral(question)}
        self._prompt.check(values)
        with closing(read_within(self._chain, values, self._timeout_seconds)) as tokens:
            lines = "".join(without_thinking(tokens)).strip().splitlines()
        rewritten = lines[0].strip(' "“”') if len(lines) == 1 else ""
        known = [question, *(turn.content for turn in turns)]
        if not rewritten or len(rewritten) > MAX_QUESTION_CHARS or rewritten.endswith(("니다.", "니다")):
            return question
        return rewritten if self._verifier.check(rewritten, known).supported else question
