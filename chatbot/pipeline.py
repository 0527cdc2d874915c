"""The way of a question, one step after another. Who has read this file knows the product."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from chatbot import guardrails
from chatbot.agencies import AgencyTable
from chatbot.answer import (
    Answer,
    AnswerStatus,
    Event,
    Filters,
    NearestCase,
    Provenance,
    Question,
    QuestionKind,
)
from chatbot.citations import cite
from chatbot.compose import compose_fact
from chatbot.compose_acronym import asked_acronym, compose_acronym
from chatbot.compose_aspects import compose_comparison, compose_summary, sides_of
from chatbot.compose_cases import asks_for_cases, compose_cases
from chatbot.compose_contact import card, compose_contact, contact_phrase, nearest_contacts, with_number_first
from chatbot.compose_list import compose_announced, compose_list
from chatbot.draft import Draft, DraftSentence
from chatbot.english import EnglishGlossary
from chatbot.errors import ChatModelError
from chatbot.evidence import Evidence, EvidenceSelector
from chatbot.explanation import Explanation, Rejected, explain
from chatbot.follow_ups import follow_ups
from chatbot.messages import GREETING, STATUS_STEPS, refusal
from chatbot.refusal import answer_confidence, refuse
from chatbot.rephrase import condense
from chatbot.settings import Settings
from chatbot.spelling import normalise_question
from chatbot.synonyms import SynonymTable
from chatbot.understand import Understanding, understand
from chatbot.verify import Verifier
from index.document import Case, DocumentKind, SearchFilters, SearchResult
from index.embed import BUNDLED_MODEL
from index.errors import IndexPackageError
from index.library import Library, open_library
from index.markup import plain
from index.rerank import SentenceReranker, load_reranker
from index.reranked_search import RerankedSearch

if TYPE_CHECKING:
    from pathlib import Path

    from chatbot.generate import GenerativeComposer
    from chatbot.own_documents.joining import Joined
    from index.build import Progress

log = logging.getLogger(__name__)

MAX_NEAREST_CASES = 3


class _Clock:
    """Milliseconds a step, and which steps have begun (for the stream)."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._begun = time.perf_counter()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round((time.perf_counter() - begun) * 1000, 1)

    def finished(self) -> dict[str, float]:
        return {**self.timings, "total": round((time.perf_counter() - self._begun) * 1000, 1)}


@dataclass
class _Run:
    """What is known of one question so far."""

    question: Question
    clock: _Clock
    text: str = ""
    rewritten: str | None = None
    asked: Understanding | None = None
    filters: Filters = field(default_factory=Filters)
    results: list[SearchResult] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    draft: Draft = field(default_factory=Draft)
    rejected: list[Rejected] = field(default_factory=list)
    refused_for: str = ""
    answerer: Literal["extractive", "generative", "none"] = "none"


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
        self._synonyms = SynonymTable.load()
        self._glossary = EnglishGlossary.load()
        self._reranker = reranker
        self._generative = generative
        self._use(library)

    def _use(self, library: Library) -> None:
        self.library = library
        self._verifier = Verifier(library.kiwi, self.agencies.names)
        self._selector = EvidenceSelector(
            library,
            self._reranker,
            read_chunks=self.settings.read_chunks,
            use_answer_type=self.settings.use_answer_type,
        )
        self._search = RerankedSearch(library, self._reranker) if self._reranker else library

    def joined(self, docs: Path, index_dir: Path, progress: Progress) -> Joined:
        """Chatbots over the documents in ``docs``, which are indexed in ``index_dir``."""
        from chatbot.own_documents.joining import join

        return join(self, docs, index_dir, progress)

    def over(self, library: Library) -> Chatbot:
        """The same settings, models and tables over another version of the index."""
        other = copy(self)
        other._generative = self._generative.over(library) if self._generative else None
        other._use(library)
        return other

    def answer(self, question: Question) -> Answer:
        """Answer with citations, or say politely why not. Never raises for what a user can type."""
        *_, last = self.stream(question)
        return Answer.model_validate(last.data)

    def stream(self, question: Question) -> Iterator[Event]:
        """The same answer step by step: ``status`` events, ``token``s of verified text, citations, ``answer`` last.

        A question that wants it gets an ``explanation`` before the text.
        """
        run = _Run(question, _Clock())
        try:
            for step in self._steps(run):
                if isinstance(step, Answer):
                    if question.explain:
                        yield Event(name="explanation", data=self._explained(run, step).model_dump(mode="json"))
                    yield from _told(step)
                else:
                    yield Event(name="status", data={"step": step, "message": STATUS_STEPS[step]})
        except IndexPackageError as error:
            log.error("index error: %s", type(error).__name__)
            yield from _told(self._fixed(run, AnswerStatus.INDEX_ERROR))
        except Exception:
            # The boundary: whatever breaks inside becomes a polite sentence with an id that is in the log.
            failed = self._fixed(run, AnswerStatus.INDEX_ERROR)
            log.exception("answer %s failed", failed.answer_id)
            yield from _told(failed)

    def search(self, query: str, *, top_k: int = 10, filters: SearchFilters | None = None) -> list[SearchResult]:
        """The ``top_k`` best chunks without an answer, the first of them in the reader's order."""
        return self._search.search(query, top_k=top_k, filters=filters)

    def trace(self, question: Question) -> Trace | None:
        """The candidates and the draft before the decision; ``None`` when the question ends at a guard."""
        run = _Run(question, _Clock())
        if self._understand(run) is not None:
            return None
        self._retrieve(run)
        asked = _asked(run)
        run.evidence = self._selector.select(run.text, asked, run.results)
        return Trace(run.text, asked, tuple(run.evidence), self._fact(run, run.evidence))

    def _steps(self, run: _Run) -> Iterator[str | Answer]:
        yield "understand"
        with run.clock.step("understand"):
            stopped = self._understand(run)
        if stopped is not None:
            yield stopped
            return
        yield "retrieve"
        with run.clock.step("retrieve"):
            self._retrieve(run)
        if not run.results:
            yield self._refused(run, AnswerStatus.NO_SOURCES)
            return
        yield "rerank"
        with run.clock.step("rerank"):
            run.evidence = self._selector.select(run.text, _asked(run), run.results)
        yield "compose"
        with run.clock.step("compose"):
            run.draft = self._compose(run)
        yield "verify"
        with run.clock.step("verify"):
            draft = self._verified(run)
        yield self._decide(run, draft)

    def _understand(self, run: _Run) -> Answer | None:
        """Guard, spelling, follow-up, kind and filters. An answer when the question ends here."""
        raw = run.question.text.strip()
        if not raw:
            return self._fixed(run, AnswerStatus.CLARIFICATION)
        guarded = guardrails.check(raw)
        if guarded.status is not None:
            return self._fixed(run, guarded.status)
        text = normalise_question(raw[: self.settings.max_question_chars], self.library.kiwi, self.library.vocabulary)
        rephrased = condense(text, run.question.history, self.library.kiwi, agencies=self.agencies)
        run.text = rephrased.text
        run.rewritten = rephrased.text if rephrased.changed else None
        asked = understand(
            run.text,
            self.library.kiwi,
            today=date.today(),
            agencies=self.agencies,
            synonyms=self._synonyms,
            glossary=self._glossary,
        )
        run.asked = asked
        run.filters = _merged(run.question, asked)
        if asked.kind is QuestionKind.SMALL_TALK:
            return self._fixed(run, AnswerStatus.CLARIFICATION, GREETING)
        if asked.kind is QuestionKind.OUT_OF_SCOPE:
            return self._fixed(run, AnswerStatus.OUT_OF_SCOPE)
        if not asked.keywords and not asked.expanded_terms:
            return self._fixed(run, AnswerStatus.CLARIFICATION)
        return None

    def _retrieve(self, run: _Run) -> None:
        asked = _asked(run)
        run.results = self.library.search(
            run.text,
            top_k=self.settings.search_chunks,
            filters=self._search_filters(run.filters),
            extra_terms=asked.expanded_terms,
        )

    def _search_filters(self, filters: Filters) -> SearchFilters | None:
        if filters == Filters():
            return None
        kind = DocumentKind(filters.kind) if filters.kind in set(DocumentKind) else None
        agency = filters.agency or ""
        # 행안부 in the filter, 행정안전부 in the document
        spellings = tuple(one for name in self.agencies.names(agency) for one in self.agencies.spellings_of(name))
        return SearchFilters(filters.year, filters.year_to, agency, kind, spellings)

    def _compose(self, run: _Run) -> Draft:
        asked = _asked(run)
        run.answerer = "extractive"
        if asks_for_cases(run.text, asked):
            return compose_cases(run.text, asked, self.library, self.agencies)
        settled = self._compose_by_rule(run, asked)
        if settled.sentences:
            return settled
        if self._generative is not None:
            try:
                written = self._generative.compose(run.text, run.evidence)
            except ChatModelError as error:
                log.warning("chat model failed: %s", type(error).__name__)
            else:
                if written.sentences:
                    run.answerer = "generative"
                    return written
        if asked.kind is QuestionKind.SUMMARY:
            return compose_summary(asked, run.evidence, self.library, self._selector)
        if asked.kind is QuestionKind.COMPARE:
            sides = [self._side(side, asked, run) for side in sides_of(run.text)]
            return compose_comparison(run.text, asked, run.evidence, self.library, sides)
        listed = (compose_list if asked.wants_list else compose_announced)(run.evidence, self.library)
        return listed if listed.sentences else self._fact(run, run.evidence)

    def _compose_by_rule(self, run: _Run, asked: Understanding) -> Draft:
        """What no chat model is asked for: whom to call, what an acronym stands for."""
        if asked.kind is QuestionKind.CONTACT:
            found = compose_contact(run.text, asked, run.results, self.library)
            if found.sentences:
                return found
            return self._fact(run, with_number_first(run.evidence))
        if acronym := asked_acronym(run.text):
            return compose_acronym(acronym, run.evidence, run.results, self.library, self.settings.fact_chars)
        return Draft()

    def _fact(self, run: _Run, evidence: Sequence[Evidence]) -> Draft:
        return compose_fact(_asked(run), run.text, evidence, self.library, self.settings.fact_chars)

    def _side(self, side: str, asked: Understanding, run: _Run) -> Sequence[Evidence]:
        results = self.library.search(side, top_k=3, filters=self._search_filters(run.filters))
        return self._selector.select(f"{side} {run.text}", asked, results)

    def _verified(self, run: _Run) -> Draft:
        draft = run.draft
        if not self.settings.use_verifier:
            return draft
        kept = tuple(sentence for sentence in draft.sentences if sentence.fixed or self._is_supported(sentence, run))
        # Our own lines (source, heading) say nothing without the sentences they belong to.
        said = any(not sentence.fixed for sentence in draft.sentences)
        if said and all(sentence.fixed for sentence in kept):
            kept = ()
        return replace(draft, sentences=kept)

    def _is_supported(self, sentence: DraftSentence, run: _Run) -> bool:
        passages = [self._passage_text(sentence, number) for number in range(len(sentence.passages))]
        case = sentence.passages[0].case
        headings = " ".join(name for passage in sentence.passages for name in passage.heading_path)
        context = f"{case.title} {case.agency} {case.year or ''} {headings}"
        verdict = self._verifier.check(sentence.text, passages, context=context)
        if not verdict.supported:
            run.rejected.append(Rejected(sentence, verdict.problems))
        return verdict.supported

    def _explained(self, run: _Run, answer: Answer) -> Explanation:
        return explain(
            run.asked.expanded_terms if run.asked else (),
            run.evidence,
            run.draft,
            run.rejected,
            answer,
            self.settings.refusal_threshold,
            run.refused_for,
        )

    def _passage_text(self, sentence: DraftSentence, number: int) -> str:
        passage = sentence.passages[number]
        return plain(self.library.document(passage.case.document_id).text[passage.start : passage.end])

    def _decide(self, run: _Run, draft: Draft) -> Answer:
        asked = _asked(run)
        if draft.settled or not self.settings.use_refusal:
            refused = not draft.sentences
        else:
            sure = answer_confidence(draft, run.evidence)
            draft = replace(draft, confidence=sure)
            reason = refuse(
                run.text,
                asked,
                draft,
                run.evidence,
                self.library,
                self.agencies,
                threshold=self.settings.refusal_threshold,
            )
            refused = reason is not None
            if reason is not None:
                run.refused_for = reason.reason
                log.info("refused: %s", reason.reason.split("년")[-1])
        return (
            self._refused(run, AnswerStatus.NOT_IN_SOURCES, draft.confidence) if refused else self._answered(run, draft)
        )

    def _answered(self, run: _Run, draft: Draft) -> Answer:
        asked = _asked(run)
        cited = cite(draft.sentences, self.library, lead=draft.lead)
        case = draft.sentences[0].passages[0].case
        return Answer(
            answer_id=uuid4().hex,
            status=draft.status,
            text=cited.text,
            short_answer=draft.short_answer,
            citations=cited.citations,
            kind=asked.kind,
            filters=run.filters,
            confidence=round(draft.confidence, 4),
            rewritten_question=run.rewritten,
            contacts=draft.contacts or tuple(card(contact) for contact in case.contacts[:2]),
            follow_ups=follow_ups(asked.kind, case),
            provenance=self._provenance(run),
            timings_ms=run.clock.finished(),
        )

    def _refused(self, run: _Run, status: AnswerStatus, confidence: float = 0.0) -> Answer:
        cases = list({result.chunk.case_id: result for result in run.results}.values())[:MAX_NEAREST_CASES]
        nearest = tuple(self.library.case(result.chunk.case_id) for result in cases)
        people = nearest_contacts(run.evidence)
        text = refusal(
            status,
            nearest=tuple(case.title for case in nearest[:2]),
            contact=contact_phrase(people[0]) if people else "",
        )
        run.answerer = "none"
        return self._fixed(
            run, status, text, nearest=tuple(_nearest(case) for case in nearest), people=people, confidence=confidence
        )

    def _fixed(
        self,
        run: _Run,
        status: AnswerStatus,
        text: str = "",
        *,
        nearest: tuple[NearestCase, ...] = (),
        people: Sequence[object] = (),
        confidence: float = 0.0,
    ) -> Answer:
        return Answer(
            answer_id=uuid4().hex,
            status=status,
            text=text or refusal(status),
            kind=run.asked.kind if run.asked else QuestionKind.FACT,
            filters=run.filters,
            confidence=round(confidence, 4),
            rewritten_question=run.rewritten,
            nearest_cases=nearest,
            contacts=tuple(card(contact) for contact in people),  # type: ignore[arg-type]
            provenance=self._provenance(run),
            timings_ms=run.clock.finished(),
        )

    def _provenance(self, run: _Run) -> Provenance:
        written = self._generative if run.answerer == "generative" else None
        return Provenance(
            index_version=self.library.version,
            answerer=run.answerer,
            model=self.settings.chat_model if written else None,
            prompt=written.prompt.name if written else None,
            prompt_sha256=written.prompt.sha256 if written else None,
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


def _asked(run: _Run) -> Understanding:
    if run.asked is None:
        raise RuntimeError("the question has not been understood yet")
    return run.asked


def _merged(question: Question, asked: Understanding) -> Filters:
    """Filters set by hand win over those read from the question."""
    if question.filters != Filters() or question.any_year:
        return question.filters
    return Filters(year=asked.year, year_to=asked.year_to)


def _nearest(case: Case) -> NearestCase:
    return NearestCase(
        case_id=case.case_id,
        document_id=case.document_id,
        title=case.title,
        agency=case.agency,
        year=case.year,
        url=f"/documents/{case.document_id}?start={case.start}&end={case.end}#{case.start}",
    )


def _told(answer: Answer) -> Iterator[Event]:
    for word in answer.text.split(" "):
        yield Event(name="token", data={"text": word + " "})
    for citation in answer.citations:
        yield Event(name="citation", data=citation.model_dump(mode="json"))
    yield Event(name="answer", data=answer.model_dump(mode="json"))
