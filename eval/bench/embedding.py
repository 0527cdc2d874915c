"""Embedding throughput on this machine: ways of computing the same vectors, against float32 in the same run.

``python -m eval.bench.embedding --texts index/corpus`` prints one JSON line a variant. Rounds are interleaved,
so that another program on the machine slows all variants alike; read the ratios. Dynamic int8 is not among
them: cosines of 0.964 (torch's own) and 0.995 (a scale per channel, all eight bits) stay under the 0.998 asked for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from index.embed import load_bundled
from index.settings import default_cache_dir

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

CHUNK_CHARS = 400
BUNDLED = Path(__file__).parents[2] / "index" / "corpus"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to embed: a model, the context it runs in, and how many texts go together."""

    name: str
    model: SentenceTransformer
    context: Callable[[], AbstractContextManager[object]]
    batch: int


def main(
    texts: Annotated[Path, typer.Option(help="folder of text files to cut into chunks")] = BUNDLED,
    chunks: int = 128,
    rounds: int = 3,
    threads: int = 2,
    cache: Annotated[Path | None, typer.Option(help="folder of the converted model")] = None,
) -> None:
    """Print chunks a second (the best round), the ratio to float32, and the least cosine to it."""
    import torch

    torch.set_num_threads(threads)
    found = _chunks(texts, chunks)
    variants = _variants(cache or default_cache_dir())
    vectors = {variant.name: _embed(variant, found[:8]) for variant in variants}
    seconds = {variant.name: float("inf") for variant in variants}
    for _ in range(rounds):
        for variant in variants:
            started = time.perf_counter()
            vectors[variant.name] = _embed(variant, found)
            seconds[variant.name] = min(seconds[variant.name], time.perf_counter() - started)
    reference = variants[0].name
    for variant in variants:
        row = {
            "variant": variant.name,
            "chunks_per_second": round(len(found) / seconds[variant.name], 1),
            "ratio": round(seconds[reference] / seconds[variant.name], 2),
            "least_cosine": round(float((vectors[variant.name] * vectors[reference]).sum(axis=1).min()), 5),
        }
        typer.echo(json.dumps(row))


def _variants(cache: Path) -> list[Variant]:
    import torch

    def autocast() -> AbstractContextManager[object]:
        return torch.autocast("cpu", torch.bfloat16)

    plain, half = load_bundled(cache), load_bundled(cache).bfloat16()
    return [
        Variant("float32, 16 together", plain, nullcontext, 16),
        Variant("autocast bfloat16, 16", plain, autocast, 16),
        *(Variant(f"bfloat16, {size}", half, nullcontext, size) for size in (4, 8, 16, 32, 64)),
    ]


def _embed(variant: Variant, texts: list[str]) -> NDArray[np.float32]:
    with variant.context():
        found = variant.model.encode(
            texts, batch_size=variant.batch, convert_to_tensor=True, show_progress_bar=False, prompt="passage: "
        )
    vectors: NDArray[np.float32] = found.float().numpy()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _chunks(folder: Path, count: int) -> list[str]:
    joined = "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file())
    if not joined:
        raise typer.BadParameter(f"no text files in {folder.name!r}")
    return [joined[start * 97 % len(joined) :][:CHUNK_CHARS] for start in range(count)]


if __name__ == "__main__":
    typer.run(main)
