"""The verifier over a whole draft: what a sentence says must stand in the passages behind it."""

from __future__ import annotations

from dataclasses import replace

from chatbot.draft import Draft, DraftSentence, Passage
from chatbot.explanation import Rejected
from chatbot.run import Run
from chatbot.verify import Verifier
from index.library import Library
from index.markup import plain


class DraftCheck:
    """Lets through the sentences of a draft that the stored text supports."""

    def __init__(self, library: Library, verifier: Verifier) -> None:
        self._library = library
        self._verifier = verifier

    def supported(self, run: Run) -> Draft:
        """The draft of ``run`` without what is not supported; that is noted in ``run.rejected``."""
        draft = run.draft
        kept = tuple(sentence for sentence in draft.sentences if sentence.fixed or self.is_supported(sentence, run))
        # Our own lines (source, heading) say nothing without the sentences they belong to.
        said = any(not sentence.fixed for sentence in draft.sentences)
        if said and all(sentence.fixed for sentence in kept):
            kept = ()
        return replace(draft, sentences=kept)

    def is_supported(self, sentence: DraftSentence, run: Run) -> bool:
        """Whether one sentence may be shown; if not, that is noted in ``run.rejected``."""
        case = sentence.passages[0].case
        headings = " ".join(name for passage in sentence.passages for name in passage.heading_path)
        context = f"{case.title} {case.agency} {case.year or ''} {headings}"
        verdict = self._verifier.check(sentence.text, [self._stored(p) for p in sentence.passages], context=context)
        if not verdict.supported:
            run.rejected.append(Rejected(sentence, verdict.problems))
        return verdict.supported

    def _stored(self, passage: Passage) -> str:
        return plain(self._library.document(passage.case.document_id).text[passage.start : passage.end])
