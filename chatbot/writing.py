"""Sentences of a chat model, shown one by one while it goes on writing."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from chatbot.answer import Event
from chatbot.citations import Citer
from chatbot.compose import source_line_of
from chatbot.composer import Composer
from chatbot.decision import Decider
from chatbot.draft import Draft, DraftSentence, Passage
from chatbot.draft_check import DraftCheck
from chatbot.errors import ChatModelError
from chatbot.events import sentence_events, status_event
from chatbot.run import Run
from index.library import Library

if TYPE_CHECKING:
    from chatbot.generate import GenerativeComposer

log = logging.getLogger(__name__)


class Writing:
    """Lets a chat model answer, and shows what may be shown.

    Every sentence is verified before it is shown, and none is shown before the answer may be given at all: sentences
    are held back until what has been written so far passes the decision, and one that would turn a given answer into
    a refusal is dropped. A model that breaks off leaves its sentences standing; those that would have been extracted
    without it complete them.
    """

    def __init__(
        self,
        library: Library,
        generative: GenerativeComposer,
        composer: Composer,
        check: DraftCheck | None,
        decider: Decider,
    ) -> None:
        self._library = library
        self._generative = generative
        self._composer = composer
        self._check = check
        self._decider = decider

    def show(self, run: Run) -> Generator[Event]:
        """Tokens and citations of the answer so far; ``run.released`` has them, ``run.draft`` all that was written.

        Nothing is released where the model fails at once, refuses, writes nothing that is supported, or where the
        question is to be refused; in the last case alone the draft has sentences.
        """
        citer = Citer(self._library)
        held: list[DraftSentence] = []
        for sentence in self._written(run):
            draft = _draft((*run.released.sentences, *held, sentence), run)
            decision = self._decider.decide(run, draft)
            if decision.refused:
                if not run.released.sentences:
                    held.append(sentence)
                    run.draft = decision.draft
                continue
            if not run.released.sentences:
                run.answerer = "generative"
                yield status_event("verify")
            run.draft = decision.draft
            for ready in (*held, sentence):
                yield from self._release(ready, citer, run)
            held.clear()
        if run.released.sentences:
            shown = [passage for sentence in run.released.sentences for passage in sentence.passages]
            yield from self._release(source_line_of(shown, self._library), citer, run)
            run.draft = replace(run.draft, sentences=run.released.sentences)

    def _written(self, run: Run) -> Iterator[DraftSentence]:
        """The sentences that are supported; when the model breaks off after some were shown, the extracted ones too."""
        try:
            with closing(self._generative.stream(run.text, run.evidence)) as sentences:
                yield from self._supported(sentences, run)
        except ChatModelError as error:
            log.warning("chat model failed: %s", type(error).__name__)
            if not run.released.sentences:
                run.draft = Draft()
                return
            cited = {_place(passage) for sentence in run.released.sentences for passage in sentence.passages}
            extracted = self._composer.fact(run, run.evidence).sentences
            rest = [one for one in extracted if not one.fixed and not cited.intersection(map(_place, one.passages))]
            yield from self._supported(rest, run)

    def _supported(self, sentences: Iterable[DraftSentence], run: Run) -> Iterator[DraftSentence]:
        return (one for one in sentences if self._check is None or self._check.is_supported(one, run))

    def _release(self, sentence: DraftSentence, citer: Citer, run: Run) -> Iterator[Event]:
        cited = citer.cite(sentence)
        run.released = run.released.with_next(sentence, cited)
        yield from sentence_events(cited)


def _draft(sentences: tuple[DraftSentence, ...], run: Run) -> Draft:
    """With the score of the best sentence behind it, which counts where nothing decides over confidence."""
    cited = {_place(passage) for sentence in sentences for passage in sentence.passages}
    scores = (item.score for item in run.evidence if (item.case.document_id, item.sentence.start) in cited)
    return Draft(sentences, confidence=max(scores, default=0.0))


def _place(passage: Passage) -> tuple[str, int]:
    return passage.case.document_id, passage.start
