"""Choosing the sentences that answer: candidates from retrieval, scored by the reader and by plain signs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.answer_type import HARD, Wanted, holds, wanted_of
from chatbot.ranker import load_models, logit
from chatbot.understand import Understanding
from index.document import Case, CaseField, Chunk, SearchResult, Sentence
from index.library import Library
from index.markup import plain
from index.morphemes import content_terms
from index.rerank import PassageScore, SentenceReranker
from index.reranked_search import answer_sentences, passage_of

_MIN_SENTENCE_CHARS = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate sentence with its signs, each in [0, 1]; ``score`` is the probability that it answers.

    ``reader`` and ``answerable`` are the reading model's word on the sentence and on its passage; ``overlap`` is the
    share of the question's words, weighted by rarity, that the sentence holds, ``title_overlap`` the share that only
    its title and agency hold. ``fits`` tells whether the sentence holds the kind of thing that is asked (``None``: no
    outward sign). ``span`` is the short answer as offsets into the plain sentence.
    """

    sentence: Sentence
    case: Case
    chunk: Chunk
    chunk_score: float
    similarity: float
    reader: float
    answerable: float
    overlap: float
    title_overlap: float
    fits: bool | None
    score: float
    span: tuple[int, int] | None = None
    span_score: float = 0.0


@dataclass(frozen=True, slots=True)
class _Measure:
    """What the signs of every candidate are held against; ``terms`` is the weight of each word of the question."""

    asked: Understanding
    wanted: Wanted
    terms: dict[str, float]


class EvidenceSelector:
    """Scores candidate sentences. Without a reranker the plain signs carry all the weight."""

    def __init__(
        self, library: Library, reranker: SentenceReranker | None, *, read_chunks: int, use_answer_type: bool
    ) -> None:
        self._library = library
        self._reranker = reranker
        self._read_chunks = read_chunks
        self._use_answer_type = use_answer_type
        self._models = load_models()

    def select(self, question: str, asked: Understanding, results: Sequence[SearchResult]) -> list[Evidence]:
        """Sentences of the best chunks, best first; structural lines are left out."""
        read = list(results[: self._read_chunks])
        passages = [(result, answer_sentences(result.chunk, self._library)) for result in read]
        passages = [(result, sentences) for result, sentences in passages if sentences]
        scores = self._read(question, passages)
        measure = _Measure(asked, wanted_of(asked.asking, asked.asked_for), self._weighted_terms(question, asked))
        found: list[Evidence] = []
        for (result, sentences), passage_score in zip(passages, scores, strict=True):
            case = self._library.case(result.chunk.case_id)
            title_terms = set(content_terms(f"{case.title} {case.agency}", self._library.kiwi))
            for number, sentence in enumerate(sentences):
                span = passage_score.span
                own_span = span if span is not None and span.sentence == number else None
                candidate = Evidence(
                    sentence=sentence,
                    case=case,
                    chunk=result.chunk,
                    chunk_score=result.score,
                    similarity=result.similarity,
                    reader=passage_score.sentences[number],
                    answerable=passage_score.answerable,
                    overlap=0.0,
                    title_overlap=0.0,
                    fits=None,
                    score=0.0,
                    span=(own_span.start, own_span.end) if own_span else None,
                    span_score=own_span.score if own_span else 0.0,
                )
                found.append(self._scored(candidate, measure, title_terms))
        found.sort(key=lambda item: -item.score)
        return found

    def whole_case(self, case_id: str, asked: Understanding) -> list[Evidence]:
        """Every answer-worthy sentence of a case in document order, scored by the part of the case it stands in.

        For summaries: no question is put to the reader, figures and results count.
        """
        case = self._library.case(case_id)
        found = []
        for sentence in self._library.sentences(case_id):
            said = plain(sentence.text)
            if sentence.structural or len(said) < _MIN_SENTENCE_CHARS:
                continue
            chunk = Chunk("", case.document_id, case_id, case.title, case.agency, case.year, (), 0, 0, "", "")
            has_figure = any(character.isdigit() for character in said)
            score = 0.5 + 0.2 * has_figure + 0.3 * min(1.0, len(said) / 120)
            found.append(Evidence(sentence, case, chunk, 1.0, 1.0, score, 1.0, 0.0, 0.0, None, score))
        return found

    def _read(self, question: str, passages: Sequence[tuple[SearchResult, list[Sentence]]]) -> list[PassageScore]:
        if self._reranker is None:
            return [PassageScore((0.5,) * len(sentences), 0.5, None) for _, sentences in passages]
        return self._reranker.score(question, [passage_of(result.chunk, sentences) for result, sentences in passages])

    def _weighted_terms(self, question: str, asked: Understanding) -> dict[str, float]:
        terms = set(content_terms(question, self._library.kiwi))
        weights = {term: self._library.rarity(term) for term in terms}
        weights.update({term: 0.5 * self._library.rarity(term) for term in asked.expanded_terms if term not in weights})
        return weights

    def _scored(self, item: Evidence, measure: _Measure, title_terms: set[str]) -> Evidence:
        said = plain(item.sentence.text)
        heading = " ".join(item.sentence.heading_path)
        inside = set(content_terms(f"{said} {heading}", self._library.kiwi))
        total = sum(measure.terms.values()) or 1.0
        shared = sum(weight for term, weight in measure.terms.items() if term in inside)
        named = sum(weight for term, weight in measure.terms.items() if term in title_terms and term not in inside)
        fits = holds(measure.wanted, said) if self._use_answer_type else None
        signed = replace(item, overlap=min(1.0, shared / total), title_overlap=min(1.0, named / total), fits=fits)
        return replace(signed, score=self._models.sentence.probability(sentence_signs(signed, measure.asked)))


def sentence_signs(item: Evidence, asked: Understanding) -> dict[str, float]:
    """The signs of :data:`chatbot.ranker.SENTENCE_SIGNS`."""
    return {
        "reader_logit": logit(item.reader),
        "answerable_logit": logit(item.answerable),
        "chunk_score": item.chunk_score,
        "similarity": item.similarity,
        "overlap": item.overlap,
        "title_overlap": item.title_overlap,
        "fits": 1.0 if item.fits else 0.0,
        "misfits": 1.0 if item.fits is False and asked.asked_for in HARD else 0.0,
        "summary_field": 1.0 if item.sentence.field is CaseField.SUMMARY else 0.0,
        "log_length": math.log1p(len(item.sentence.text)),
    }
