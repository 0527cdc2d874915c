"""Measure search alone on a BEIR folder: build an index of its corpus, ask every query, rank its documents."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Protocol

from eval.beir import CORPUS, BeirQuery, document_ids, file_sha256, load_queries
from eval.metrics.names import RETRIEVAL_METRICS
from eval.ranking import RetrievalSummary, score_queries, summarize_queries
from eval.run import CONFIG, RETRIEVED, SUMMARY, RetrievedQuery, RunConfig, RunFolder
from index.build import Progress, build_index, embedder_for
from index.document import Document, SearchResult
from index.embed import BUNDLED_MODEL
from index.library import Library, open_library
from index.rerank import load_reranker
from index.reranked_search import RerankedSearch
from index.settings import IndexSettings

QUERIES_CSV = "queries.csv"
_WARM_UP = "색인을 처음 여는 질의"


class Searcher(Protocol):
    """The part of the index that ranking needs."""

    def search(self, query: str, *, top_k: int) -> list[SearchResult]:
        """Chunks, best first."""

    def document(self, document_id: str) -> Document:
        """The document of a chunk."""


def measure(
    beir: Path,
    run: RunFolder,
    *,
    distractors: Sequence[Path] = (),
    settings: IndexSettings | None = None,
    rerank: bool = True,
    on_build: Progress | None = None,
    on_query: Callable[[int, int], None] = lambda done, total: None,
) -> RetrievalSummary:
    """Search every query of ``beir`` over its corpus and the ``distractors``; write the run's files.

    With ``rerank`` the reader puts the first results in order, as it does for the chatbot's own search; without, the
    retrieval legs are measured alone. A model that is not the bundled one has no reader.

    The index stands under the run folder, named after the contents of the corpora: measuring again with
    other search settings builds nothing, other documents or another model build what is missing.

    Raises:
        EvalError: A file of the BEIR folder is missing or broken, or the run folder cannot be written.
        IndexPackageError: The index cannot be built or opened.
    """
    queries = load_queries(beir)
    known = document_ids(beir)
    run.create()
    library = _index([beir, *distractors], run, settings or IndexSettings(), on_build)
    try:
        searcher = _searcher(library, rerank=rerank)
        # As many chunks as the chatbot looks at: a larger pool would be scored differently.
        top_k = library.settings.candidate_chunks
        retrieved = rank_all(queries, searcher, known, top_k=top_k, on_query=on_query)
        config = _config(beir, queries, library, reranked=isinstance(searcher, RerankedSearch))
    finally:
        library.close()
    run.write_lines(RETRIEVED, retrieved)
    run.write_json(CONFIG, config)
    return write_summary(run, documents=library.manifest.documents)


def write_summary(run: RunFolder, *, documents: int) -> RetrievalSummary:
    """Score what ``retrieved.jsonl`` holds into ``summary.json`` and ``queries.csv``."""
    config, retrieved = run.config(), run.retrieved()
    summary = summarize_queries(
        retrieved, documents=documents, index_version=config.index_version, corpus_digest=config.corpus_digest
    )
    run.write_json(SUMMARY, summary)
    run.write_text(QUERIES_CSV, _csv(retrieved), encoding="utf-8-sig")
    return summary


def rank_all(
    queries: Sequence[BeirQuery],
    searcher: Searcher,
    known: frozenset[str],
    *,
    top_k: int,
    on_query: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[RetrievedQuery, ...]:
    """Rank documents by the ``top_k`` best chunks of every query.

    The first search pays for opening files, so one goes ahead untimed.
    """
    searcher.search(_WARM_UP, top_k=1)
    ranked = []
    for count, query in enumerate(queries, start=1):
        start = perf_counter()
        results = searcher.search(query.text, top_k=top_k)
        latency_ms = (perf_counter() - start) * 1000
        ranked.append(
            RetrievedQuery(
                case_id=query.query_id,
                question=query.text,
                ranked=best_per_document(results, searcher, known),
                relevant=dict(query.relevant),
                latency_ms=latency_ms,
            )
        )
        on_query(count, len(queries))
    return tuple(ranked)


def best_per_document(results: Iterable[SearchResult], searcher: Searcher, known: frozenset[str]) -> tuple[str, ...]:
    """Documents in the order of their best chunk.

    A document of the BEIR corpus goes by its ``_id``, any other by its source, which no judgement names.
    """
    sources = (searcher.document(result.chunk.document_id).source for result in results)
    return tuple(dict.fromkeys(_beir_id(source, known) for source in sources))


def _beir_id(source: str, known: frozenset[str]) -> str:
    # The loader prefixes a distractor whose id is taken with its folder, so that it is never mistaken here.
    identifier = source.removeprefix(f"{CORPUS}#")
    return identifier if source.startswith(f"{CORPUS}#") and identifier in known else f"distractor:{source}"


def _searcher(library: Library, *, rerank: bool) -> Searcher:
    if not rerank or library.settings.embedding_model != BUNDLED_MODEL:
        return library
    return RerankedSearch(library, load_reranker(library.settings.cache_dir, tokenizer=library.embedder.tokenizer()))


def _index(roots: Sequence[Path], run: RunFolder, settings: IndexSettings, on_build: Progress | None) -> Library:
    digest = hashlib.sha256("\n".join(_root_digest(root) for root in roots).encode()).hexdigest()[:12]
    settings = settings.model_copy(update={"index_dir": run.path / f"index-{digest}"})
    embedder = embedder_for(settings)
    build_index(roots, settings, embedder=embedder, progress=on_build)
    return open_library(settings, embedder)


def _root_digest(root: Path) -> str:
    corpus = root / CORPUS if root.is_dir() else root
    return file_sha256(corpus) if corpus.is_file() else str(root.resolve())


def _config(beir: Path, queries: Sequence[BeirQuery], library: Library, *, reranked: bool) -> RunConfig:
    asked = "\n".join(sorted(f"{q.query_id}\x1f{q.text}\x1f{sorted(q.relevant.items())}" for q in queries))
    return RunConfig(
        kind="retrieval",
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        questions_file=beir.name,
        questions_sha256=hashlib.sha256(asked.encode()).hexdigest(),
        n_questions=len(queries),
        index_version=library.version,
        corpus_digest=library.manifest.corpus_digest,
        settings={
            **library.settings.model_dump(mode="json", exclude={"index_dir", "cache_dir", "chroma_url"}),
            "reranked": reranked,
        },
    )


def _csv(retrieved: Sequence[RetrievedQuery]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["query_id", "question", *RETRIEVAL_METRICS, "latency_ms", "first_relevant_rank", "top_10"])
    for query, score in zip(retrieved, score_queries(retrieved), strict=True):
        values = ["" if (value := score.values[metric]) is None else f"{value:.4f}" for metric in RETRIEVAL_METRICS]
        rank = next((n for n, document in enumerate(query.ranked, start=1) if document in query.relevant), "")
        top = " | ".join(query.ranked[:10])
        writer.writerow([query.case_id, query.question, *values, f"{query.latency_ms:.1f}", rank, top])
    return out.getvalue()
