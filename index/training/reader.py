"""Trains the bundled sentence reader: ``python -m index.training.reader train --help``.

Every weight above the embeddings is tuned; what is shipped is an average of the weights over the last steps,
reduced to low-rank changes of the base model, and the heads.
"""

from __future__ import annotations

import copy
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch import Tensor
from torch.nn import functional

from index.e5 import ensure_base_model
from index.embed import fast_bfloat16
from index.reader import (
    Logits,
    ReaderNetwork,
    Window,
    WindowBatch,
    WindowEncoder,
    base_encoder,
    collate,
    load_encoder,
    load_network,
    read,
    save_network,
)
from index.training.augment import LabelledPassage
from index.training.reader_data import (
    Group,
    Item,
    Neighbours,
    evaluation_group,
    held_out,
    load_gov,
    load_korquad,
    load_welfare,
    load_written,
    training_group,
)

GROUPS_A_BATCH = 6
# Batches are cut from pools sorted by length, so that little is spent on padding.
POOL_BATCHES = 8
PARTS = 3
# The lowest layers read words, which does not change; leaving them saves a fifth of the time.
FROZEN_LAYERS = 3
AVERAGE_DECAY = 0.99
# Of each epoch: in-domain questions teach more a minute, the others keep spans and wording broad.
WELFARE_SHARE, KORQUAD_SHARE = 0.25, 0.05
EVIDENCE_WEIGHT = 2.0
NO_SPAN, UNKNOWN_SPAN = 0, -100

log = logging.getLogger("reader")
app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the training data lies."""

    gov: Path
    korquad: Path | None
    welfare: Path | None
    written: Path | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """Items of one source with their similar passages; ``share`` of them is used in each epoch."""

    items: list[Item]
    near: list[list[LabelledPassage]]
    share: float


@dataclass(frozen=True, slots=True)
class Targets:
    """What the logits of a batch should be: rows are windows, ``groups`` says which question each row reads."""

    evidence: Tensor
    answerable: Tensor
    starts: Tensor
    ends: Tensor
    groups: Tensor


def load_pools(sources: Sources, *, held: bool) -> list[Pool]:
    """Training pools, or (``held``) the pool of the held-out documents alone."""
    items = load_gov(sources.gov)
    if sources.written and not held:
        items += load_written(sources.written, sources.gov)
    documents = {item.document.document_id: item.document for item in items}
    # A document of the held-out split is no negative in training either.
    wanted = [item for item in items if held_out(item.document.document_id) == held]
    near = Neighbours([d for d in documents.values() if held_out(d.document_id) == held])
    pools = [Pool(wanted, near.nearest(wanted), 1.0)]
    if held:
        return pools
    if sources.welfare and sources.written:
        pools.append(_own_pool(load_written(sources.written, sources.welfare), 1.0))
    if sources.welfare:
        pools.append(_own_pool(load_welfare(sources.welfare), WELFARE_SHARE))
    if sources.korquad:
        pools.append(_own_pool(load_korquad(sources.korquad), KORQUAD_SHARE))
    return pools


def _own_pool(items: list[Item], share: float) -> Pool:
    documents = {item.document.document_id: item.document for item in items}
    return Pool(items, Neighbours(documents.values()).nearest(items), share)


def epoch_batches(pools: Sequence[Pool], random_: random.Random) -> Iterator[list[Group]]:
    """One epoch's batches, groups of similar length together, in random order."""
    groups = []
    for pool in pools:
        chosen = random_.sample(range(len(pool.items)), int(pool.share * len(pool.items)))
        groups += [training_group(pool.items[place], pool.near[place], random_) for place in chosen]
    random_.shuffle(groups)
    size = GROUPS_A_BATCH * POOL_BATCHES
    for first in range(0, len(groups), size):
        pool_groups = sorted(groups[first : first + size], key=_longest)
        batches = [pool_groups[at : at + GROUPS_A_BATCH] for at in range(0, len(pool_groups), GROUPS_A_BATCH)]
        random_.shuffle(batches)
        yield from batches


def _longest(group: Group) -> int:
    return max(sum(map(len, passage.sentences)) for passage in group.passages)


def encode_groups(groups: Sequence[Group], encoder: WindowEncoder) -> list[tuple[WindowBatch, Targets]]:
    """All windows of the groups, in parts of similar length, and what the network should say of them."""
    rows = [
        (number, passage, window)
        for number, group in enumerate(groups)
        for passage in group.passages
        for window in encoder.encode(group.question, passage.header, passage.sentences)
    ]
    rows.sort(key=lambda row: len(row[2].ids))
    size = -(-len(rows) // PARTS)
    return [_encode_rows(rows[first : first + size], encoder.pad) for first in range(0, len(rows), size)]


def _encode_rows(rows: Sequence[tuple[int, LabelledPassage, Window]], pad: int) -> tuple[WindowBatch, Targets]:
    batch = collate([window for _, _, window in rows], pad)
    evidence = torch.zeros(len(rows), batch.sentence_count)
    spans = torch.full((len(rows), 2), UNKNOWN_SPAN)
    for row, (_, passage, window) in enumerate(rows):
        owners = sorted({owner for owner in window.owners if owner >= 0})
        evidence[row, : len(owners)] = torch.tensor([float(passage.evidence[owner]) for owner in owners])
        spans[row] = torch.tensor(_span_target(passage, window))
    groups = torch.tensor([number for number, _, _ in rows])
    return batch, Targets(evidence, evidence.amax(1), spans[:, 0], spans[:, 1], groups)


def _span_target(passage: LabelledPassage, window: Window) -> tuple[int, int]:
    if passage.short_answer is None:
        return (UNKNOWN_SPAN, UNKNOWN_SPAN) if passage.answerable else (NO_SPAN, NO_SPAN)
    sentence, start, end = passage.short_answer
    inside = [
        place
        for place, (owner, (first, last)) in enumerate(zip(window.owners, window.offsets, strict=True))
        if owner == sentence and first < end and last > start
    ]
    return (inside[0], inside[-1]) if inside else (NO_SPAN, NO_SPAN)


def reading_loss(parts: Sequence[tuple[Logits, Targets]]) -> Tensor:
    """Right sentences (one by one, and against all of the question's windows), right windows, right spans."""
    present = [logits.sentences.isfinite() for logits, _ in parts]
    scores = torch.cat([part[0].sentences[here] for part, here in zip(parts, present, strict=True)])
    right = torch.cat([part[1].evidence[here] for part, here in zip(parts, present, strict=True)])
    groups = torch.cat(
        [part[1].groups.unsqueeze(1).expand_as(here)[here] for part, here in zip(parts, present, strict=True)]
    )
    single = functional.binary_cross_entropy_with_logits(scores, right, pos_weight=torch.tensor(EVIDENCE_WEIGHT))
    answerable = functional.binary_cross_entropy_with_logits(
        torch.cat([logits.answerable for logits, _ in parts]), torch.cat([targets.answerable for _, targets in parts])
    )
    return 3 * single + listwise_loss(scores, right > 0, groups) + answerable + 0.3 * span_loss(parts)


def listwise_loss(scores: Tensor, right: Tensor, groups: Tensor) -> Tensor:
    """Mean over answerable questions of -log of the probability mass on evidence among all their sentences."""
    losses = []
    for number in range(int(groups.max()) + 1):
        here = groups == number
        if (right & here).any():
            losses.append(scores[here].logsumexp(0) - scores[right & here].logsumexp(0))
    return torch.stack(losses).mean() if losses else scores.new_zeros(())


def span_loss(parts: Sequence[tuple[Logits, Targets]]) -> Tensor:
    """Cross entropy of first and last token, summed; mean over the windows whose short answer is known."""
    total, known = torch.zeros(()), 0
    for logits, targets in parts:
        for scores, place in zip(logits.spans.unbind(2), (targets.starts, targets.ends), strict=True):
            total = total + functional.cross_entropy(scores, place, ignore_index=UNKNOWN_SPAN, reduction="sum")
        known += int((targets.starts != UNKNOWN_SPAN).sum())
    return total / max(known, 1)


@dataclass(frozen=True, slots=True)
class Scores:
    """Held-out quality in [0, 1]; ``top_*`` over all windows of a question, ``auc_*`` of the answerable score."""

    questions: int
    top_1: float
    top_3: float
    span_exact: float
    auc_near_miss: float
    auc_removed: float
    by_kind: dict[str, float]


@torch.inference_mode()
def evaluate(network: ReaderNetwork, encoder: WindowEncoder, pool: Pool, limit: int | None = None) -> Scores:
    """Scores on held-out questions, each read with its own window and three similar ones of other documents."""
    order = random.Random(5).sample(range(len(pool.items)), len(pool.items))[:limit]
    hits: dict[str, list[bool]] = {}
    top_3: list[bool] = []
    spans: list[bool] = []
    right: list[float] = []
    near_miss: list[float] = []
    removed: list[float] = []
    for place in order:
        item, near = pool.items[place], pool.near[place]
        for away in (False, True) if item.answerable else (False,):
            group = evaluation_group(item, near, seed=3, removed=away)
            if group is None:
                continue
            rows = [(p, w) for p in group.passages for w in encoder.encode(group.question, p.header, p.sentences)]
            readings = read(network, [window for _, window in rows], encoder.pad)
            confidence = max(reading.answerable for reading in readings)
            if away or not item.answerable:
                (removed if away else near_miss).append(confidence)
                continue
            right.append(confidence)
            ranked = sorted(
                (-score, passage.evidence[reading.first + ordinal])
                for (passage, _), reading in zip(rows, readings, strict=True)
                for ordinal, score in enumerate(reading.sentences)
            )
            hits.setdefault(item.kind, []).append(ranked[0][1])
            top_3.append(any(label for _, label in ranked[:3]))
            if item.short_answer is not None:
                (passage, window), reading = rows[0], readings[0]
                spans.append(reading.span is not None and reading.span == _span_target(passage, window))
    every = [hit for kind in hits.values() for hit in kind]
    by_kind = {kind: _share(found) for kind, found in sorted(hits.items())}
    return Scores(
        len(every), _share(every), _share(top_3), _share(spans), _auc(right, near_miss), _auc(right, removed), by_kind
    )


def _share(values: Sequence[bool]) -> float:
    return sum(values) / max(len(values), 1)


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Probability that a value of ``higher`` exceeds one of ``lower``, ties half."""
    wins = sum((a > b) + 0.5 * (a == b) for a in higher for b in lower)
    return wins / max(len(higher) * len(lower), 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. The rate rises over ``warmup`` steps and falls to 0 over the last ``cooldown``."""

    steps: int
    warmup: int
    cooldown: int
    rate: float
    seed: int
    layers: int
    save_every: int
    measure_every: int


def rate_factor(step: int, plan: Plan) -> float:
    """The share of the full learning rate at a step."""
    return min(1.0, (step + 1) / plan.warmup, (plan.steps - step) / max(plan.cooldown, 1))


class Trainer:
    """A network in training, with the moving average of its weights that is measured and shipped."""

    def __init__(self, network: ReaderNetwork, encoder: WindowEncoder, plan: Plan) -> None:
        network.encoder.embeddings.requires_grad_(False)
        network.encoder.encoder.layer[:FROZEN_LAYERS].requires_grad_(False)
        # No dropout (eval): few epochs underfit rather than overfit, and dropout takes attention's slow path.
        self.network, self.encoder, self.plan, self.step = network.eval(), encoder, plan, 0
        self.average = copy.deepcopy(network).eval().requires_grad_(False)
        heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
        body = [p for p in network.encoder.parameters() if p.requires_grad]
        groups = [{"params": body, "scale": 1.0}, {"params": heads, "scale": 5.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=plan.rate, weight_decay=0.01, betas=(0.9, 0.98))

    def train_on(self, groups: Sequence[Group]) -> float:
        """One step; returns the loss."""
        encoded = encode_groups(groups, self.encoder)
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate * group["scale"] * rate_factor(self.step, self.plan)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast_bfloat16()):
            read_parts = [(self.network(batch), targets) for batch, targets in encoded]
        loss = reading_loss(read_parts)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self._average()
        self.step += 1
        return float(loss.detach())

    @torch.no_grad()
    def _average(self) -> None:
        keep = min(AVERAGE_DECAY, self.step / (self.step + 10))
        for mean, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
            if now.requires_grad:
                mean.lerp_(now, 1 - keep)

    def save(self, path: Path) -> None:
        """Write everything needed to go on."""
        state = {"step": self.step, "network": self.network.state_dict(), "average": self.average.state_dict()}
        torch.save({**state, "optimiser": self.optimiser.state_dict()}, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def resume(self, path: Path) -> None:
        """Go on from what :meth:`save` wrote."""
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]


def fit(trainer: Trainer, pools: Sequence[Pool], held: Pool, state: Path) -> None:
    """Run the plan to its end, saving and measuring on the way."""
    plan, random_ = trainer.plan, random.Random(trainer.plan.seed + trainer.step)
    batches: Iterator[list[Group]] = iter(())
    losses: list[float] = []
    started = time.monotonic()
    while trainer.step < plan.steps:
        groups = next(batches, None)
        if groups is None:
            log.info("epoch begins at step %d", trainer.step)
            batches = epoch_batches(pools, random_)
            continue
        losses.append(trainer.train_on(groups))
        if trainer.step % 20 == 0:
            log.info("step %d loss %.3f %.0f s", trainer.step, sum(losses) / len(losses), time.monotonic() - started)
            losses.clear()
        if trainer.step % plan.save_every == 0 or trainer.step == plan.steps:
            trainer.save(state)
        if trainer.step % plan.measure_every == 0 or trainer.step == plan.steps:
            log.info("step %d held out: %s", trainer.step, evaluate(trainer.average, trainer.encoder, held, 70))


Gov = Annotated[Path, typer.Option(help="Folder with questions.jsonl and documents.jsonl.")]
Korquad = Annotated[Path | None, typer.Option(help="KorQuAD 1 JSON file.")]
Welfare = Annotated[Path | None, typer.Option(help="Folder with pairs.jsonl and documents.jsonl.")]
Written = Annotated[Path | None, typer.Option(help="Our own questions on the documents of both folders (JSONL).")]
Cache = Annotated[Path, typer.Option(help="Where the base model is unpacked.")]
State = Annotated[Path, typer.Option(help="Checkpoint file; training goes on from it when it exists.")]


@app.command()
def train(
    gov: Gov,
    cache: Cache,
    state: State,
    korquad: Korquad = None,
    welfare: Welfare = None,
    written: Written = None,
    steps: int = 2000,
    warmup: int = 60,
    cooldown: int = 500,
    rate: float = 1.5e-4,
    seed: int = 7,
    layers: int = 9,
    save_every: int = 100,
    measure_every: int = 400,
    threads: int = 2,
) -> None:
    """Train and write checkpoints; ``export`` turns one into an adapter."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    sources = Sources(gov, korquad, welfare, written)
    pools, held = load_pools(sources, held=False), load_pools(sources, held=True)[0]
    log.info("items by source: %s, held out: %d", [len(pool.items) for pool in pools], len(held.items))
    base = ensure_base_model(cache)
    plan = Plan(steps, warmup, cooldown, rate, seed, layers, save_every, measure_every)
    trainer = Trainer(ReaderNetwork(base_encoder(base), layers), load_encoder(base), plan)
    if state.is_file():
        trainer.resume(state)
    fit(trainer, pools, held, state)


@app.command()
def export(
    state: State,
    cache: Cache,
    adapter: Path,
    rank: int = 64,
    layers: int = 9,
    earlier: Annotated[Path | None, typer.Option(help="An earlier checkpoint of the run, to average with.")] = None,
    earlier_share: Annotated[float, typer.Option(min=0.0, max=1.0, help="How much of it.")] = 0.4,
) -> None:
    """Write the averaged weights of a checkpoint as an adapter folder.

    With an ``earlier`` one of the same run, what lies between the two (Wortsman et al. 2022, arXiv:2203.05482).
    """
    base = ensure_base_model(cache)
    network = ReaderNetwork(base_encoder(base), layers)
    weights = torch.load(state, weights_only=True)["average"]
    if earlier is not None:
        before = torch.load(earlier, weights_only=True)["average"]
        weights = {
            name: torch.lerp(now, before[name], earlier_share) if now.is_floating_point() else now
            for name, now in weights.items()
        }
    network.load_state_dict(weights)
    save_network(network, base, adapter, rank)


@app.command()
def measure(
    adapter: Path,
    gov: Gov,
    cache: Cache,
    limit: Annotated[int | None, typer.Option(help="Measure this many questions only.")] = None,
    threads: int = 2,
) -> None:
    """Measure an adapter on the held-out documents; writes JSON to standard output."""
    torch.set_num_threads(threads)
    base = ensure_base_model(cache)
    held = load_pools(Sources(gov, None, None), held=True)[0]
    scores = evaluate(load_network(base, adapter), load_encoder(base), held, limit)
    typer.echo(json.dumps(asdict(scores), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    app()
