"""What a stream has shown of an answer while the rest is still being written."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatbot.citations import CitedText
from chatbot.draft import DraftSentence


@dataclass(frozen=True, slots=True)
class Released:
    """The sentences shown so far, and ``cited``: their text and citations. Nothing of it is taken back."""

    sentences: tuple[DraftSentence, ...] = ()
    cited: CitedText = field(default_factory=CitedText)

    def with_next(self, sentence: DraftSentence, cited: CitedText) -> Released:
        """With one more sentence, shown as ``cited``."""
        text, citations = self.cited.text + cited.text, (*self.cited.citations, *cited.citations)
        return Released((*self.sentences, sentence), CitedText(text, citations))
