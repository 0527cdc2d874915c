"""The way of a question, one step after another. Who has read this file knows the product."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chatbot.agencies import AgencyTable
from chatbot.answer import Answer, AnswerStatus, Event, Question
from chatbot.answer_assembly import AnswerAssembly
from chatbot.composer import Composer
from chatbot.decision import Decider
from chatbot.draft import Draft
from chatbot.draft_check import DraftCheck
from chatbot.errors import AnswerStoppedError
from chatbot.events import status_event, told
from chatbot.evidence import Evidence, EvidenceSelector
from chatbot.explanation import Explanation, explain
from chatbot.filters import search_filters
from chatbot.intake import Intake
from chatbot.run import Run
from chatbot.settings import Settings
from chatbot.understand import Understanding
from chatbot.verify import Verifier
from chatbot.writing import Writing
from index.document import SearchFilters, SearchResult
from index.embed import BUNDLED_MODEL
from index.errors import IndexPackageError
from index.library import Library, open_library
from index.rerank import SentenceReranker, load_reranker
from index.reranked_search import RerankedSearch

if TYPE_CHECKING:
    from pathlib import Path

    from chatbot.generate import GenerativeComposer
    from chatbot.own_documents.joining import Joined
    from index.build import Progress

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trace:
    """The inside of one answer, for calibration and for the evidence panel."""

    text: str
    asked: Understanding
    evidence: tuple[Evidence, ...]
    draft: Draft


class Chatbot:
    """Answers questions over one library. Safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        reranker: SentenceReranker | None,
        generative: GenerativeComposer | None = None,
    ) -> None:
        self.settings = settings
        self.agencies = AgencyTable.load(extra=settings.index.agencies_file)
        self._reranker = reranker
        self._intake = Intake(library, self.agencies, settings.max_question_chars)
        self._use(library, generative)

    def _use(self, library: Library, generative: GenerativeComposer | None) -> None:
        settings, agencies = self.settings, self.agencies
        self.library = library
        self._generative = generative
        self._search = RerankedSearch(library, self._reranker) if self._reranker else library
        self._selector = EvidenceSelector(
            library,
            self._reranker,
            read_chunks=settings.read_chunks,
            use_answer_type=settings.use_answer_type,
        )
        self._composer = Composer(library, self._selector, agencies, settings.fact_chars)
        verifier = Verifier(library.kiwi, agencies.names)
        self._check = DraftCheck(library, verifier) if settings.use_verifier else None
        self._decider = Decider(library, agencies, settings.refusal_threshold if settings.use_refusal else None)
        self._writing = Writing(library, generative, self._composer, self._check, self._decider) if generative else None
        self._assembly = AnswerAssembly(library, generative, settings.chat_model)

    def joined(self, docs: Path, index_dir: Path, progress: Progress) -> Joined:
        """Chatbots over the documents in ``docs``, which are indexed in ``index_dir``."""
        from chatbot.own_documents.joining import join

        return join(self, docs, index_dir, progress)

    def over(self, library: Library) -> Chatbot:
        """The same settings, models and tables over another version of the index."""
        other = copy(self)
        other._intake = self._intake.over(library)
        other._use(library, self._generative.over(library) if self._generative else None)
        return other

    def answer(self, question: Question) -> Answer:
        """Answer with citations, or say politely why not. Never raises for what a user can type."""
        *_, last = self.stream(question)
        return Answer.model_validate(last.data)

    def stream(self, question: Question) -> Iterator[Event]:
        """The same answer step by step: ``status`` events, ``token``s of verified text, citations, ``answer`` last.

        What a chat model writes is shown sentence by sentence while it goes on. A question that wants it gets an
        ``explanation``: before the text, or before ``answer`` where a chat model writes.

        Raises:
            AnswerStoppedError: Nobody waits for the answer any more (:mod:`chatbot.stopping`).
        """
        run = Run(question)
        try:
            for step in self._steps(run):
                if isinstance(step, Answer):
                    yield from self._ended(run, step)
                else:
                    yield step
        except AnswerStoppedError:
            raise
        except IndexPackageError as error:
            log.error("index error: %s", type(error).__name__)
            yield from told(self._failed(run), run.released.cited)
        except Exception:
            # The boundary: whatever breaks inside becomes a polite sentence with an id that is in the log.
            failed = self._failed(run)
            log.exception("answer %s failed", failed.answer_id)
            yield from told(failed, run.released.cited)

    def search(self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None) -> list[SearchResult]:
        """The ``top_k`` best chunks without an answer, the first of them in the reader's order."""
        return self._search.search(query, top_k=top_k, filters=filters)

    def trace(self, question: Question) -> Trace | None:
        """The candidates and the draft before the decision; ``None`` when the question ends at a guard."""
        run = Run(question)
        if self._intake.understand(run) is not None:
            return None
        self._retrieve(run)
        self._rerank(run)
        return Trace(run.text, run.asked, tuple(run.evidence), self._composer.fact(run, run.evidence))

    def _steps(self, run: Run) -> Iterator[Event | Answer]:
        yield status_event("understand")
        with run.clock.step("understand"):
            ended = self._intake.understand(run)
        if ended is not None:
            yield self._assembly.fixed(run, ended.status, ended.text)
            return
        yield status_event("retrieve")
        with run.clock.step("retrieve"):
            self._retrieve(run)
        if not run.results:
            yield self._assembly.refused(run, AnswerStatus.NO_SOURCES)
            return
        yield status_event("rerank")
        with run.clock.step("rerank"):
            self._rerank(run)
        yield status_event("compose")
        with run.clock.step("compose"):
            yield from self._compose(run)
        if run.released.sentences:
            yield self._assembly.answered(run, run.draft)
            return
        yield status_event("verify")
        with run.clock.step("verify"):
            draft = self._check.supported(run) if self._check else run.draft
        yield self._decide(run, draft)

    def _retrieve(self, run: Run) -> None:
        run.results = self.library.search(
            run.text,
            top_k=self.settings.search_chunks,
            filters=search_filters(run.filters, self.agencies),
            extra_terms=run.asked.expanded_terms,
        )

    def _rerank(self, run: Run) -> None:
        run.evidence = self._selector.select(run.text, run.asked, run.results)

    def _compose(self, run: Run) -> Iterator[Event]:
        """The draft: by rule, by the chat model, whose sentences are verified and shown at once, or extracted."""
        run.answerer = "extractive"
        settled = self._composer.by_rule(run)
        if settled is not None:
            run.draft = settled
            return
        if self._writing is not None:
            yield from self._writing.show(run)
        if not run.draft.sentences:
            run.draft = self._composer.extracted(run)

    def _decide(self, run: Run, draft: Draft) -> Answer:
        decision = self._decider.decide(run, draft)
        run.refused_for = decision.lacking
        if decision.lacking:
            log.info("refused: %s", decision.lacking.split("년")[-1])
        if decision.refused:
            return self._assembly.refused(run, AnswerStatus.NOT_IN_SOURCES, decision.draft.confidence)
        return self._assembly.answered(run, decision.draft)

    def _failed(self, run: Run) -> Answer:
        """Sentences that were shown are true and stay, as a part of an answer; without any, our own words."""
        if run.released.sentences:
            part = replace(run.draft, sentences=run.released.sentences, status=AnswerStatus.ANSWERED_PARTIAL)
            return self._assembly.answered(run, part)
        run.answerer = "none"
        return self._assembly.fixed(run, AnswerStatus.INDEX_ERROR)

    def _ended(self, run: Run, answer: Answer) -> Iterator[Event]:
        if run.question.explain:
            yield Event(name="explanation", data=self._explained(run, answer).model_dump(mode="json"))
        yield from told(answer, run.released.cited)

    def _explained(self, run: Run, answer: Answer) -> Explanation:
        return explain(
            run.understanding.expanded_terms if run.understanding else (),
            run.evidence,
            run.draft,
            run.rejected,
            answer,
            self.settings.refusal_threshold,
            run.refused_for,
        )


def build_chatbot(settings: Settings) -> Chatbot:
    """Open the index, load the models, check that both retrieval legs work.

    Raises:
        IndexPackageError: There is no index, it is of another version, or a leg is dead.
        ChatModelError: The configured chat model cannot be used.
    """
    library = open_library(settings.index)
    library.self_test()
    reranker = None
    if settings.use_reranker:
        bundled = settings.index.embedding_model == BUNDLED_MODEL
        tokenizer = library.embedder.tokenizer() if bundled else None
        reranker = load_reranker(settings.index.cache_dir, tokenizer=tokenizer)
    return Chatbot(settings, library, reranker, _generative(settings, library))


def _generative(settings: Settings, library: Library) -> GenerativeComposer | None:
    if not settings.chat_provider:
        return None
    # LangChain takes a second to import, which an installation without a chat model does not have to wait for.
    from chatbot.generate import build_composer

    return build_composer(settings, library)
