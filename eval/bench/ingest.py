"""How long documents take to become sentences, chunks and terms, and how much memory, without embedding.

``python -m eval.bench.ingest --docs DIR`` prints one JSON line; without ``--docs`` it reads the bundled cards.
Kiwi works in threads of its own, so what the main thread takes is what our code can save: 16 % of the processor
time on 987 public documents.
"""

from __future__ import annotations

import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from index.ingest import ingest_all
from index.lexical import LexicalIndex
from index.morphemes import shared_kiwi
from index.plan import fresh_batches, make_plan
from index.settings import IndexSettings
from index.terms import lexical_entries

BUNDLED = Path(__file__).parents[2] / "index" / "corpus"


def main(
    docs: Annotated[list[Path] | None, typer.Option(help="folders or files, as for index build")] = None,
) -> None:
    """Print documents, characters, chunks, seconds (wall and processor), and the peak memory in MiB."""
    kiwi = shared_kiwi()
    kiwi.tokenize("예열")
    before = _peak_mebibytes()
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index_dir=Path(folder), chroma_url="")
        lexical = LexicalIndex(Path(folder) / "lexical")
        started, processor, own = time.perf_counter(), time.process_time(), time.thread_time()
        sources = docs or [BUNDLED]
        plan = make_plan(sources, settings, "bench")
        documents = characters = chunks = 0
        for batch in fresh_batches(sources, settings, plan):
            items = ingest_all(batch, kiwi, max_chunk_chars=settings.max_chunk_chars)
            lexical.add(lexical_entries(items, kiwi))
            documents += len(items)
            characters += sum(len(item.document.text) for item in items)
            chunks += sum(len(item.chunks) for item in items)
        seconds = time.perf_counter() - started
    row = {
        "documents": documents,
        "characters": characters,
        "chunks": chunks,
        "seconds": round(seconds, 1),
        "processor_seconds": round(time.process_time() - processor, 1),
        "main_thread_seconds": round(time.thread_time() - own, 1),
        "peak_mebibytes": round(_peak_mebibytes()),
        "peak_before_mebibytes": round(before),
    }
    typer.echo(json.dumps(row))


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    typer.run(main)
