"""Our search against the quick start of LangChain's own documentation: same documents, questions and base model.

``python -m eval.bench.quick_start [--documents N --distractors DIR]`` prints a table of ratios. The quick start is
RecursiveCharacterTextSplitter (1,000 characters, 200 shared), multilingual-e5-small with its prefixes, Chroma,
BM25Retriever and EnsembleRetriever, halves each, as they come. Each side runs in a process of its own, one after the
other, so that memory and imports are its own. With ``--keep DIR`` a side that was measured is not measured again, so
that a long run which was stopped loses one side at most. Needs ``pip install '.[bench]'``.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from statistics import fmean, median
from typing import Annotated

import typer

from eval.cases import load_case_files
from eval.metrics.ranking import mrr_at_k, ndcg_at_k, recall_at_k
from eval.report.markdown import table
from index.load import SkippedFile, load_documents
from index.settings import IndexSettings, default_cache_dir

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "index" / "corpus"
SETS = tuple(ROOT / "eval" / "datasets" / f"bundled_{name}.jsonl" for name in ("cases", "plans"))
NEEDED = ("langchain_text_splitters", "langchain_chroma", "langchain_classic", "langchain_community", "rank_bm25")
CHUNK_CHARS, SHARED_CHARS, DEPTH = 1_000, 200, 50
Search = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One side; shares are means over the questions, memory is the peak.

    Processor time tells more than the clock on a machine that others use too.
    """

    recall_at_5: float
    ndcg_at_10: float
    mrr_at_10: float
    build_seconds: float
    build_processor_seconds: float
    query_ms: float
    query_processor_ms: float
    peak_mebibytes: float


def main(
    documents: Annotated[int, typer.Option(min=1, help="how many documents, the bundled ones first")] = 72,
    distractors: Annotated[Path | None, typer.Option(help="where further documents come from")] = None,
    keep: Annotated[Path | None, typer.Option(help="where the values of a measured side are kept")] = None,
    side: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Measure both sides, and print ours, theirs and the ratio."""
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        typer.echo(f"{', '.join(missing)}이(가) 없어 건너뜁니다. pip install '.[bench]'로 설치해 주십시오.", err=True)
        return
    texts = _texts(documents, distractors)
    if side:
        typer.echo(json.dumps(asdict(_measure(_SIDES[side], texts))))
        return
    given = ["--documents", str(documents), *(["--distractors", str(distractors)] if distractors else [])]
    ours, theirs = (_kept(keep, f"{name}-{len(texts)}", [*given, "--side", name]) for name in _SIDES)
    typer.echo("\n".join([f"문서 {len(texts)}건", "", *_table(ours, theirs)]))


def _kept(folder: Path | None, name: str, arguments: Sequence[str]) -> Measured:
    """One side, from ``folder`` where it was measured before."""
    if folder is None:
        return _in_process(arguments)
    path = folder / f"{name}.json"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(_in_process(arguments)), indent=1), encoding="utf-8")
    return Measured(**json.loads(path.read_text(encoding="utf-8")))


def _in_process(arguments: Sequence[str]) -> Measured:
    command = [sys.executable, "-m", "eval.bench.quick_start", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  ourselves
    if done.returncode:
        raise typer.BadParameter(done.stderr.strip().splitlines()[-1])
    return Measured(**json.loads(done.stdout.strip().splitlines()[-1]))


def _table(ours: Measured, theirs: Measured) -> list[str]:
    names = {
        "recall_at_5": "재현율@5",
        "ndcg_at_10": "nDCG@10",
        "mrr_at_10": "MRR@10",
        "build_seconds": "색인 시간(초)",
        "build_processor_seconds": "색인에 쓴 CPU(초)",
        "query_ms": "질의 시간(ms, 중앙값)",
        "query_processor_ms": "질의에 쓴 CPU(ms, 평균)",
        "peak_mebibytes": "최대 메모리(MiB)",
    }
    mine, other = asdict(ours), asdict(theirs)
    rows = [
        (label, _shown(mine[name]), _shown(other[name]), f"{mine[name] / other[name]:.2f}" if other[name] else "–")
        for name, label in names.items()
    ]
    return table(("", "우리 것", "빠른 시작", "비율"), rows)


def _shown(value: float) -> str:
    return f"{value:.3f}" if value <= 1 else f"{value:,.0f}"


def _texts(count: int, distractors: Path | None) -> dict[str, str]:
    roots = [CORPUS, *([distractors] if distractors else [])]
    loaded = load_documents(roots, max_file_bytes=IndexSettings.model_fields["max_file_bytes"].default)
    return {item.source: item.text for item in islice((i for i in loaded if not isinstance(i, SkippedFile)), count)}


def _measure(build: Callable[[Mapping[str, str], Path], Search], texts: Mapping[str, str]) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        begun, used = time.perf_counter(), time.process_time()
        search = build(texts, Path(folder))
        seconds, processor = time.perf_counter() - begun, time.process_time() - used
        search("처음 여는 질의")
        used = time.process_time()
        ranked, times = [], []
        for question, relevant in _questions(texts):
            begun = time.perf_counter()
            found = search(question)
            times.append((time.perf_counter() - begun) * 1000)
            ranked.append((list(dict.fromkeys(found)), relevant))
        asking = time.process_time() - used
    return Measured(
        recall_at_5=fmean(recall_at_k(found, relevant, 5) for found, relevant in ranked),
        ndcg_at_10=fmean(ndcg_at_k(found, relevant, 10) for found, relevant in ranked),
        mrr_at_10=fmean(mrr_at_k(found, relevant, 10) for found, relevant in ranked),
        build_seconds=seconds,
        build_processor_seconds=processor,
        query_ms=median(times),
        query_processor_ms=asking * 1000 / len(times),
        peak_mebibytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _questions(texts: Mapping[str, str]) -> list[tuple[str, dict[str, float]]]:
    """Questions that stand alone, with the documents that answer them, of those that are there."""
    asked = []
    for case in load_case_files(SETS):
        names = [name for name in texts if case.gold_docs and PurePosixPath(name).name.startswith(case.gold_docs)]
        if case.answerable and names and not case.history:
            asked.append((case.question, dict.fromkeys(names, 1.0)))
    return asked


def _ours(texts: Mapping[str, str], folder: Path) -> Search:
    from index.build import build_index
    from index.library import open_library

    docs = folder / "docs"
    docs.mkdir()
    lines = (json.dumps({"_id": name, "text": text}, ensure_ascii=False) for name, text in texts.items())
    (docs / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    settings = IndexSettings(index_dir=folder / "index", chroma_url="")
    build_index([docs], settings)
    library = open_library(settings)

    def search(question: str) -> list[str]:
        results = library.search(question, top_k=DEPTH)
        return [library.document(result.chunk.document_id).source.partition("#")[2] for result in results]

    return search


def _quick_start(texts: Mapping[str, str], folder: Path) -> Search:
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from index.embed import load_bundled

    model = load_bundled(default_cache_dir())

    class E5(Embeddings):
        """What HuggingFaceEmbeddings does, with the prefixes that the model was trained with."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = model.encode(texts, prompt="passage: ", show_progress_bar=False).tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            found: list[float] = model.encode(text, prompt="query: ", show_progress_bar=False).tolist()
            return found

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=SHARED_CHARS)
    pages = splitter.split_documents(
        [Document(page_content=text, metadata={"source": name}) for name, text in texts.items()]
    )
    store = Chroma.from_documents(pages, E5(), persist_directory=str(folder))
    lexical = BM25Retriever.from_documents(pages, k=DEPTH)
    dense = store.as_retriever(search_kwargs={"k": DEPTH})
    both = EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5])

    def search(question: str) -> list[str]:
        return [str(page.metadata["source"]) for page in both.invoke(question)]

    return search


_SIDES = {"ours": _ours, "quick_start": _quick_start}


if __name__ == "__main__":
    typer.run(main)
