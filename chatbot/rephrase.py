"""Follow-up questions made self-contained by rule; a standalone question is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kiwipiepy import Kiwi

from chatbot.answer import Turn

_NOUNS = ("NNG", "NNP", "SL", "SN", "SH", "XR")
_POINTS_BACK = re.compile(r"^(그럼|그러면|그건|그거|그것|거기|그때|그 |이건|이거|해당|근데)|(은요|는요)\??$")


@dataclass(frozen=True)
class Rephrased:
    """``text`` is the question to search with; ``carried`` the words taken over from earlier turns."""

    text: str
    changed: bool
    carried: tuple[str, ...]


def condense(question: str, history: Sequence[Turn], kiwi: Kiwi) -> Rephrased:
    """Puts the topic of the last user turn in front of an elliptic question."""
    previous = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    if not previous or not _POINTS_BACK.search(question):
        return Rephrased(question, False, ())
    own = {token.form for token in kiwi.tokenize(question)}
    topic = tuple(
        dict.fromkeys(
            t.form for t in kiwi.tokenize(previous) if t.tag in _NOUNS and t.form not in own and len(t.form) > 1
        )
    )
    return Rephrased(" ".join([*topic, question]), bool(topic), topic)
