"""Fine-tune the bundled embedding model and keep what changed as a small adapter.

``train`` writes adapters, ``measure`` prints retrieval figures of the base model or an adapter as JSON, and
``export`` writes the adapter to ship. Contrastive loss with in-batch negatives (van den Oord et al. 2018,
arXiv:1807.03748) in both directions; word embeddings stay frozen, so that rare words keep their places.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from index.embed import BUNDLED_MODEL, Embedder, fast_bfloat16, load_bundled
from index.settings import default_cache_dir
from index.training import pairs
from index.training.lowrank import apply_adapter, extract_adapter, scale_adapter
from index.training.pairs import Pair, Query, Text

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

app = typer.Typer(help="Fine-tune the retriever.", no_args_is_help=True, add_completion=False)

TEMPERATURE = 0.03
QUERY_TOKENS, PASSAGE_TOKENS = 64, 192
# Weights of the sources among the batches; a batch is of one source, so that its negatives are near.
SOURCE_SHARES = {"welfare": 0.45, "gov_questions": 0.35, "seoul120": 0.20, "written": 0.60}
CHECKPOINT_STEPS = 40


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the questions of one set; a document's score is that of its best passage."""

    questions: int
    documents: int
    ndcg_at_10: float
    recall_at_1: float


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="folder with gov_questions, welfare and seoul120")],
    out: Annotated[Path, typer.Option(help="folder for checkpoints")],
    steps: int = 220,
    batch: int = 32,
    learning_rate: float = 4e-5,
    seed: int = 7,
    threads: int = 2,
    minutes: float = 60.0,
    cache: Annotated[Path | None, typer.Option(help="folder of the converted model")] = None,
    written: Annotated[Path | None, typer.Option(help="our own questions on the same documents (JSONL)")] = None,
    adapter: Annotated[Path | None, typer.Option(help="adapter to go on from; none: the base model")] = None,
) -> None:
    """Train for ``steps`` batches or ``minutes``, whichever ends first, saving an adapter now and then."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    out.mkdir(parents=True, exist_ok=True)
    model = load_bundled(cache or default_cache_dir())
    encoder = _encoder(model)
    trained = _unfreeze(encoder)
    before = {name: weights.detach().clone() for name, weights in trained.items()}
    if adapter is not None:
        apply_adapter(encoder, adapter)
    optimizer = torch.optim.AdamW(trained.values(), lr=learning_rate, weight_decay=0.01)
    started = time.monotonic()
    for step, found in enumerate(batches(load_sources(data, written), steps, batch, random.Random(seed)), start=1):
        loss = contrastive_loss(model, found)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        elapsed = time.monotonic() - started
        optimizer.param_groups[0]["lr"] = learning_rate * _rate(max(step / steps, elapsed / (minutes * 60)))
        optimizer.step()
        optimizer.zero_grad()
        typer.echo(f"step {step}/{steps} loss {loss.item():.4f} {elapsed:.0f}s")
        last = step == steps or elapsed > minutes * 60
        if last or step % CHECKPOINT_STEPS == 0:
            _save(extract_adapter(before, trained), out / f"step-{step}.safetensors")
        if last:
            return


@app.command()
def measure(
    data: Annotated[Path, typer.Option(help="folder with gov_questions and welfare")],
    bench: Annotated[Path, typer.Option(help="folder with autorag_ko and distractors_small")],
    adapter: Annotated[Path | None, typer.Option(help="adapter to measure; none: the base model")] = None,
    scale: Annotated[list[float] | None, typer.Option(help="how much of the adapter is applied; repeatable")] = None,
    sets: Annotated[str, typer.Option(help="which of welfare, gov, autorag, by commas")] = "welfare,autorag,gov",
    documents: Annotated[int, typer.Option(help="most documents of a set, those that answer kept; 0: all")] = 0,
    threads: int = 2,
    cache: Annotated[Path | None, typer.Option(help="folder of the converted model")] = None,
) -> None:
    """Print nDCG@10 and R@1 of the dense leg alone on documents that were never trained on."""
    import torch

    torch.set_num_threads(threads)
    for share in scale or [1.0]:
        model = load_bundled(cache or default_cache_dir())
        if adapter is not None:
            apply_adapter(_encoder(model), adapter, scale=share)
        embedder = Embedder(model, name=BUNDLED_MODEL, half=fast_bfloat16())
        for name, (texts, queries) in _test_sets(data, bench, sets.split(",")).items():
            row = {"set": name, "adapter": adapter.name if adapter else None, "scale": share if adapter else None}
            found = figures(embedder, _thinned(texts, queries, documents), queries)
            typer.echo(json.dumps(row | {key: getattr(found, key) for key in Figures.__slots__}))


@app.command()
def export(
    adapter: Annotated[Path, typer.Option(help="a checkpoint of train")],
    out: Annotated[Path, typer.Option(help="file to write")],
    scale: float = 1.0,
) -> None:
    """Write the adapter with ``scale`` worked into it."""
    from safetensors.torch import load_file

    _save(scale_adapter(load_file(adapter), scale), out)


def load_sources(data: Path, written: Path | None = None) -> dict[str, list[Pair]]:
    """All training pairs by source. Raises TrainingDataError when a folder is missing."""
    sources = {
        "welfare": list(pairs.welfare(data / "welfare").pairs()),
        "gov_questions": list(pairs.gov_questions(data / "gov_questions").pairs()),
        "seoul120": list(pairs.seoul120(data / "seoul120")),
    }
    if written is not None:
        sources["written"] = [
            *pairs.written(written, data / "gov_questions", pairs.GOV_HELD_OUT).pairs(),
            *pairs.written(written, data / "welfare", pairs.WELFARE_HELD_OUT).pairs(),
        ]
    return sources


def batches(sources: Mapping[str, Sequence[Pair]], steps: int, size: int, rng: random.Random) -> Iterator[list[Pair]]:
    """``steps`` batches of one source each, no document twice in a batch, questions roughened."""
    names = list(sources)
    shares = [SOURCE_SHARES[name] for name in names]
    left: dict[str, list[Pair]] = {name: [] for name in names}
    for _ in range(steps):
        name = rng.choices(names, shares)[0]
        batch: dict[str, Pair] = {}
        skipped: list[Pair] = []
        while len(batch) < size:
            if not left[name]:
                left[name] = rng.sample(sources[name], len(sources[name]))
            pair = left[name].pop()
            if pair.document_id in batch:
                skipped.append(pair)
            else:
                batch[pair.document_id] = pair
        left[name].extend(skipped)
        rng.shuffle(left[name])
        yield [Pair(pairs.roughen(p.question, rng), p.passage, p.document_id) for p in batch.values()]


def contrastive_loss(model: SentenceTransformer, batch: Sequence[Pair]) -> torch.Tensor:
    """Cross-entropy of each question over the batch's passages, and of each passage over its questions."""
    import torch

    queries = _vectors(model, ["query: " + pair.question for pair in batch], QUERY_TOKENS)
    passages = _vectors(model, ["passage: " + pair.passage for pair in batch], PASSAGE_TOKENS)
    scores = queries @ passages.T / TEMPERATURE
    right = torch.arange(len(batch))
    forward = torch.nn.functional.cross_entropy(scores, right)
    return (forward + torch.nn.functional.cross_entropy(scores.T, right)) / 2


def _vectors(model: SentenceTransformer, texts: list[str], tokens: int) -> torch.Tensor:
    """Mean-pooled, normalised float32 vectors that carry gradients."""
    import torch

    inputs = model.tokenizer(texts, padding=True, truncation=True, max_length=tokens, return_tensors="pt")
    with torch.autocast("cpu", torch.bfloat16, enabled=fast_bfloat16()):
        hidden = _encoder(model)(**inputs).last_hidden_state
    mask = inputs["attention_mask"].unsqueeze(-1).float()
    pooled = (hidden.float() * mask).sum(1) / mask.sum(1)
    return torch.nn.functional.normalize(pooled, dim=1)


def figures(embedder: Embedder, texts: Sequence[Text], queries: Sequence[Query]) -> Figures:
    """Rank all documents for every question by their best passage."""
    owners, passages = [], []
    for number, text in enumerate(texts):
        split = pairs.split_passages(text)
        passages += split
        owners += [number] * len(split)
    scores = np.stack([embedder.embed_query(query.question) for query in queries]) @ embedder.embed_passages(passages).T
    starts = np.unique(np.array(owners), return_index=True)[1]
    best = np.maximum.reduceat(scores, starts, axis=1)
    ranks = [_ranks(row, texts, query) for row, query in zip(best, queries, strict=True)]
    ndcg = [_ndcg(found, len(query.document_ids)) for found, query in zip(ranks, queries, strict=True)]
    first = [min(found) == 1 for found in ranks]
    return Figures(len(queries), len(texts), round(float(np.mean(ndcg)), 4), round(float(np.mean(first)), 4))


def _ranks(scores: np.ndarray[tuple[int], np.dtype[np.float32]], texts: Sequence[Text], query: Query) -> list[int]:
    order = np.argsort(-scores, kind="stable")
    return [rank for rank, place in enumerate(order, 1) if texts[place].document_id in query.document_ids]


def _ndcg(ranks: Sequence[int], relevant: int) -> float:
    """NDCG of the first 10, binary gain, log2 discount (Järvelin & Kekäläinen 2002)."""
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, 10) + 1))
    return sum(1 / math.log2(rank + 1) for rank in ranks if rank <= 10) / ideal


def _test_sets(data: Path, bench: Path, names: Sequence[str]) -> dict[str, tuple[Sequence[Text], list[Query]]]:
    found: dict[str, tuple[Sequence[Text], list[Query]]] = {}
    if "welfare" in names:
        welfare = pairs.welfare(data / "welfare")
        found["welfare"] = (welfare.texts, welfare.held_out())
    if "autorag" in names:
        found["autorag"] = _beir(bench / "autorag_ko")
    if "gov" in names:
        gov = pairs.gov_questions(data / "gov_questions")
        known = {text.document_id for text in gov.texts}
        distractors = pairs.read_texts(bench / "distractors_small" / "corpus.jsonl")
        # Their openings only: whole, they would be four fifths of the computing for few more mistakes.
        others = [
            Text(text.document_id, text.title, text.text[: pairs.PASSAGE_CHARS])
            for text in distractors
            if text.document_id not in known
        ]
        found["gov"] = ([*gov.texts, *others], gov.held_out())
    return found


def _thinned(texts: Sequence[Text], queries: Sequence[Query], count: int) -> Sequence[Text]:
    """The documents that answer and a fixed sample of the others, for a quick look."""
    answering = {name for query in queries for name in query.document_ids}
    others = [text.document_id for text in texts if text.document_id not in answering]
    room = max(0, count - len(answering)) if count else len(others)
    kept = answering.union(random.Random(1).sample(others, min(room, len(others))))
    return [text for text in texts if text.document_id in kept]


def _beir(folder: Path) -> tuple[Sequence[Text], list[Query]]:
    relevant: dict[str, list[str]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(query, []).append(document)
    rows = pairs.read_rows(folder / "queries.jsonl")
    queries = [Query(str(row["text"]), tuple(relevant[str(row["_id"])])) for row in rows if row["_id"] in relevant]
    return pairs.read_texts(folder / "corpus.jsonl"), queries


def _encoder(model: SentenceTransformer) -> torch.nn.Module:
    encoder = model.transformers_model
    if encoder is None:
        raise TypeError("the bundled model has no transformers module")
    return encoder


def _unfreeze(encoder: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    """Leave gradients on the layers and norms only; return those parameters by name."""
    trained = {}
    for name, weights in encoder.named_parameters():
        weights.requires_grad_(name.startswith("encoder.") or "embeddings.LayerNorm" in name)
        if weights.requires_grad:
            trained[name] = weights
    return trained


def _rate(progress: float) -> float:
    """Linear warm-up over the first tenth, then linear decay to a twentieth of the rate."""
    return progress / 0.1 if progress < 0.1 else max(0.05, (1 - progress) / 0.9)


def _save(tensors: dict[str, torch.Tensor], path: Path) -> None:
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)


if __name__ == "__main__":
    app()
