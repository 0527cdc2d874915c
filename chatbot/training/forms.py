"""Three ways of asking a small language model for the sentence that answers, as text.

``pointwise`` shows one sentence at a time and asks 예 or 아니오; ``numbered`` shows the list and asks for a number, 0
for none; ``copied`` shows the list and asks for the first words of the sentence, 없음 for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

Form = Literal["pointwise", "numbered", "copied"]

YES: Final = " 예"
NO: Final = " 아니오"
NONE: Final = " 없음"
SENTENCE_CHARS: Final = 160
"""Where a candidate is cut: nine of ten stay whole, and a list of six stays within 500 tokens."""
_FIRST_WORDS: Final = 2


def pointwise_prompt(question: str, title: str, sentence: str) -> str:
    """What stands before 예 or 아니오; the question comes first, so that its part is read once for all sentences."""
    return f"질문: {_line(question)}\n사례: {_line(title)}\n문장: {_short(sentence)}\n답이 되는 문장인가:"


def written(answer: str) -> str:
    """What follows 예: the answer in one line."""
    return f"\n답: {_line(answer)}\n"


def list_prompt(form: Form, question: str, candidates: Sequence[tuple[str, str]]) -> str:
    """What stands before the pointer; ``candidates`` are (title, sentence), the question stands before and after."""
    marks = [f"[{number}]" if form == "numbered" else "-" for number in range(1, len(candidates) + 1)]
    lines = [f"{mark} ({_line(title)}) {_short(text)}" for mark, (title, text) in zip(marks, candidates, strict=True)]
    asked = "답이 되는 문장의 번호: [" if form == "numbered" else "답이 되는 문장:"
    return "\n".join([f"질문: {_line(question)}", *lines, f"질문: {_line(question)}", asked])


def pointers(form: Form, sentences: Sequence[str]) -> list[str]:
    """What the model writes to point at each sentence, and at none (last)."""
    if form == "numbered":
        return [*(str(number) for number in range(1, len(sentences) + 1)), "0"]
    return [*(f" {words}" for words in first_words([_short(text) for text in sentences])), NONE]


def first_words(sentences: Sequence[str]) -> list[str]:
    """The shortest beginning of each sentence, two words or more, that no other sentence begins with."""
    found = []
    for place, sentence in enumerate(sentences):
        others = [other.split() for other in (*sentences[:place], *sentences[place + 1 :])]
        words = sentence.split()
        count = min(_FIRST_WORDS, len(words))
        while count < len(words) and any(other[:count] == words[:count] for other in others):
            count += 1
        found.append(" ".join(words[:count]))
    return found


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(sentence: str) -> str:
    line = _line(sentence)
    return line if len(line) <= SENTENCE_CHARS else line[:SENTENCE_CHARS].rsplit(" ", 1)[0]
