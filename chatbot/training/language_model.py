"""Trains a LoRA adapter for the small language model: ``python -m chatbot.training.language_model train --help``.

Needs the extra ``training``. One form of asking a run (:mod:`chatbot.training.forms`); every run appends what it
measures on held-out documents to a learning curve.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, cast

import torch
import typer
from torch import Tensor
from torch.nn import functional

from chatbot.training.base_model import load_base
from chatbot.training.base_model import unpack as unpack_base
from chatbot.training.candidates import Candidate, Sample, read_samples
from chatbot.training.forms import NO, YES, Form, list_prompt, pointers, pointwise_prompt, written
from chatbot.training.measure import Judged, Scores, measure, vote

app = typer.Typer(add_completion=False)
log = logging.getLogger(__name__)

RANK = 16
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
REMOVED_SHARE = 1 / 3
"""Share of the answerable samples whose right sentences are taken out, so that the model learns to say no."""
QUESTIONS_A_STEP = 4
WRITER_WEIGHT = 0.3
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how: ``shortlist`` is the number of candidates shown, ``rate`` the highest learning rate."""

    form: Form
    steps: int
    shortlist: int
    rate: float
    warmup: int
    seed: int
    writes: bool


class Pointer:
    """The model with its tokenizer: log odds of each candidate, and of none, for one question."""

    def __init__(self, model: Any, tokenizer: Any, form: Form) -> None:  # noqa: ANN401 - peft ships no types
        self.model = model
        self.form = form
        self._tokenizer = tokenizer
        self._pad = tokenizer.pad_token_id

    def odds(self, question: str, candidates: Sequence[Candidate]) -> Tensor:
        """(len(candidates) + 1,) float32; the last is none of them, 0 in the pointwise form."""
        if self.form == "pointwise":
            return self._pointwise(question, candidates)
        return self._listwise(question, candidates)

    def writing_loss(self, question: str, candidate: Candidate, answer: str) -> Tensor:
        """Mean cross entropy of the answer after its sentence was found right."""
        prompt = self.ids(pointwise_prompt(question, candidate.title, candidate.sentence) + YES)
        target = self.ids(written(answer), begin=False)
        hidden = self._hidden([prompt + target])[0, len(prompt) - 1 : -1]
        logits = functional.linear(hidden, self._words()).float()
        return functional.cross_entropy(logits, torch.tensor(target))

    def ids(self, text: str, *, begin: bool = True) -> list[int]:
        """Token ids, after the sign of a beginning unless ``begin`` is false."""
        found = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return [self._tokenizer.bos_token_id, *found] if begin else list(found)

    def _pointwise(self, question: str, candidates: Sequence[Candidate]) -> Tensor:
        rows = [self.ids(pointwise_prompt(question, one.title, one.sentence)) for one in candidates]
        hidden = self._hidden(rows)
        last = hidden[torch.arange(len(rows)), torch.tensor([len(row) - 1 for row in rows])]
        yes, no = (self.ids(word, begin=False)[0] for word in (YES, NO))
        odds = (last @ (self._words()[yes] - self._words()[no])).float()
        return torch.cat([odds, odds.new_zeros(1)])

    def _listwise(self, question: str, candidates: Sequence[Candidate]) -> Tensor:
        prompt = self.ids(list_prompt(self.form, question, [(one.title, one.sentence) for one in candidates]))
        said = [self.ids(text, begin=False) for text in pointers(self.form, [one.sentence for one in candidates])]
        if all(len(one) == 1 for one in said):
            last = self._hidden([prompt])[0, -1]
            return functional.linear(last, self._words()[[one[0] for one in said]]).float()
        return self._continued(prompt, said)

    def _continued(self, prompt: list[int], said: Sequence[list[int]]) -> Tensor:
        """Log probability of each continuation, the prompt read once for all of them where nothing is learned."""
        if torch.is_grad_enabled():
            hidden = self._hidden([prompt + one[:-1] for one in said])[:, len(prompt) - 1 :]
        else:
            first = self._base()(torch.tensor([prompt]), use_cache=True)
            cache = first.past_key_values
            cache.batch_repeat_interleave(len(said))
            longest = max(len(one) for one in said) - 1
            rows = torch.tensor([(one[:-1] + [self._pad] * longest)[:longest] for one in said])
            rest = self._base()(rows, past_key_values=cache, use_cache=True).last_hidden_state
            hidden = torch.cat([first.last_hidden_state[:, -1:].expand(len(said), -1, -1), rest], 1)
        found = []
        for states, target in zip(hidden, said, strict=True):
            logits = functional.linear(states[: len(target)], self._words()).float()
            found.append(-functional.cross_entropy(logits, torch.tensor(target), reduction="sum"))
        return torch.stack(found)

    def _hidden(self, rows: Sequence[list[int]]) -> Tensor:
        """(rows, longest, hidden) states; rows are padded on the right."""
        longest = max(map(len, rows))
        ids = torch.tensor([row + [self._pad] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        return cast(Tensor, self._base()(ids, attention_mask=mask, use_cache=False).last_hidden_state)

    def _base(self) -> Any:  # noqa: ANN401
        inner = self.model.get_base_model() if hasattr(self.model, "get_base_model") else self.model
        return inner.model

    def _words(self) -> Tensor:
        return cast(Tensor, self._base().embed_tokens.weight)


def shown(sample: Sample, plan: Plan, random_: random.Random) -> tuple[Candidate, ...]:
    """The candidates of one training step in random order; the right ones are missing in a third."""
    right = [one for one in sample.candidates if one.is_evidence]
    wrong = [one for one in sample.candidates if not one.is_evidence]
    if random_.random() < REMOVED_SHARE:
        right = []
    picked = [*right[:2], *wrong][: plan.shortlist]
    random_.shuffle(picked)
    return tuple(picked)


def loss(pointer: Pointer, sample: Sample, plan: Plan, random_: random.Random) -> Tensor:
    """Listwise cross entropy over the candidates and none; pointwise also a binary one, and the answer's wording."""
    candidates = shown(sample, plan, random_)
    odds = pointer.odds(sample.question, candidates)
    right = torch.tensor([one.is_evidence for one in candidates] + [False])
    if not right.any():
        right[-1] = True
    total = -(torch.logsumexp(odds[right], 0) - torch.logsumexp(odds, 0))
    if plan.form == "pointwise":
        total = total + functional.binary_cross_entropy_with_logits(odds[:-1], right[:-1].float())
        found = [one for one in candidates if one.is_evidence]
        if plan.writes and len(found) == 1 and sum(one.is_evidence for one in sample.candidates) == 1:
            total = total + WRITER_WEIGHT * pointer.writing_loss(sample.question, found[0], sample.answer)
    return total


class Trainer:
    """Steps over the samples; everything that a resumed run needs is in its state file."""

    def __init__(self, pointer: Pointer, plan: Plan) -> None:
        self.pointer = pointer
        self.plan = plan
        self.step = 0
        self._weights = [weight for weight in pointer.model.parameters() if weight.requires_grad]
        self._optimizer = torch.optim.AdamW(self._weights, lr=plan.rate, weight_decay=0.0)

    def fit(self, samples: Sequence[Sample]) -> float:
        """One step; the mean loss."""
        random_ = random.Random(f"{self.plan.seed}:{self.step}")
        epoch, place = divmod(self.step * QUESTIONS_A_STEP, len(samples))
        order = random.Random(f"{self.plan.seed}:order:{epoch}").sample(range(len(samples)), len(samples))
        self._optimizer.param_groups[0]["lr"] = self.plan.rate * self._share()
        total = 0.0
        for number in (order * 2)[place : place + QUESTIONS_A_STEP]:
            with _bfloat16():
                one = loss(self.pointer, samples[number], self.plan, random_)
            (one / QUESTIONS_A_STEP).backward()  # type: ignore[no-untyped-call]
            total += float(one.detach())
        torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.step += 1
        return total / QUESTIONS_A_STEP

    def save(self, path: Path) -> None:
        """Write adapter, optimiser and step, in one move."""
        state = {"weights": self._weights, "optimizer": self._optimizer.state_dict(), "step": self.step}
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def resume(self, path: Path) -> None:
        """Go on from what :meth:`save` wrote."""
        state = torch.load(path, weights_only=True)
        with torch.no_grad():
            for weight, saved in zip(self._weights, state["weights"], strict=True):
                weight.copy_(saved)
        self._optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]

    def _share(self) -> float:
        """Of the highest rate: up in the warm-up, then linearly down to a tenth."""
        if self.step < self.plan.warmup:
            return (self.step + 1) / self.plan.warmup
        return 1.0 - 0.9 * (self.step - self.plan.warmup) / max(1, self.plan.steps - self.plan.warmup)


def judge(pointer: Pointer, samples: Sequence[Sample], shortlist: int, seed: int) -> list[Judged]:
    """What the model says of held-out samples: the best ``shortlist`` candidates in random order."""
    found = []
    for sample in samples:
        candidates = list(sample.candidates[:shortlist])
        random.Random(f"{seed}:{sample.question_id}").shuffle(candidates)
        with torch.no_grad(), _bfloat16():
            odds = pointer.odds(sample.question, candidates).tolist()
        places = [candidates.index(one) for one in sample.candidates[:shortlist]]
        found.append(Judged(sample, tuple(odds[place] for place in places), odds[-1], tuple(places)))
    return found


def held_out_samples(path: Path) -> list[Sample]:
    """The held-out samples of a file, shuffled the same way each time: the first ones stand for all."""
    return sorted((one for one in read_samples(path) if one.held_out), key=lambda one: one.question_id[::-1])


def adapted(base: Path, form: Form, seed: int) -> Pointer:
    """A fresh adapter on the base model: as it stands it changes nothing."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(seed)
    model, tokenizer = load_base(base)
    configuration = LoraConfig(
        r=RANK, lora_alpha=2 * RANK, target_modules=list(PROJECTIONS), lora_dropout=0.0, task_type="CAUSAL_LM"
    )
    model = get_peft_model(model, configuration, autocast_adapter_dtype=True)
    return Pointer(model, tokenizer, form)


def _bfloat16() -> AbstractContextManager[None]:
    return torch.autocast("cpu", dtype=torch.bfloat16)


@app.command()
def unpack(gguf: Path, base: Path) -> None:
    """Dequantise the GGUF file into a folder that the other commands load."""
    unpack_base(gguf, base)


@app.command()
def train(
    base: Annotated[Path, typer.Option(help="Folder that `unpack` wrote.")],
    samples: Annotated[Path, typer.Option(help="File of chatbot.training.candidates.")],
    state: Annotated[Path, typer.Option(help="Checkpoint; training goes on from it when it exists.")],
    curve: Annotated[Path, typer.Option(help="JSON Lines to append measurements to.")],
    form: str = "pointwise",
    steps: int = 200,
    questions: Annotated[int, typer.Option(help="Training questions to use; 0 for all.")] = 0,
    shortlist: int = 5,
    rate: float = 5e-4,
    warmup: int = 10,
    seed: int = 7,
    writes: Annotated[bool, typer.Option(help="Also learn the wording of answers (pointwise).")] = False,
    measure_every: int = 50,
    measured: Annotated[int, typer.Option(help="Held-out questions measured on the way.")] = 80,
    threads: int = 2,
) -> None:
    """Train one form and write its learning curve."""
    torch.set_num_threads(threads)
    held = held_out_samples(samples)[:measured]
    read = read_samples(samples)
    pool = [one for one in read if not one.held_out and any(c.is_evidence for c in one.candidates) == one.answerable]
    pool = pool[:questions] if questions else pool
    plan = Plan(cast(Form, form), steps, shortlist, rate, warmup, seed, writes)
    trainer = Trainer(adapted(base, plan.form, seed), plan)
    if state.is_file():
        trainer.resume(state)
    log.info("%s: %d questions, %d held out, from step %d", form, len(pool), len(held), trainer.step)
    begun = time.process_time()
    losses: list[float] = []
    while True:
        if trainer.step % measure_every == 0 or trainer.step >= steps:
            scores = measure(judge(trainer.pointer, held, shortlist, seed))
            _append(curve, plan, trainer.step, len(pool), losses, time.process_time() - begun, scores)
            trainer.save(state)
        if trainer.step >= steps:
            return
        losses = [*losses[-measure_every + 1 :], trainer.fit(pool)]
        if trainer.step % 10 == 0:
            log.info("step %d loss %.3f", trainer.step, sum(losses[-10:]) / len(losses[-10:]))


def _append(
    curve: Path, plan: Plan, step: int, questions: int, losses: Sequence[float], cpu_seconds: float, scores: Scores
) -> None:
    mean = round(sum(losses) / len(losses), 4) if losses else None
    row = {"form": plan.form, "step": step, "questions": questions, "loss": mean, "cpu_seconds": round(cpu_seconds)}
    row |= asdict(scores)
    log.info("measured: %s", row)
    with curve.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(row, ensure_ascii=False) + "\n")


@app.command()
def export(
    base: Annotated[Path, typer.Option(help="Folder that `unpack` wrote.")],
    state: Annotated[Path, typer.Option(help="Checkpoint.")],
    out: Annotated[Path, typer.Option(help="GGUF file to write, for CHATBOT_CHAT_ADAPTER.")],
) -> None:
    """Write a checkpoint as a LoRA adapter that llama.cpp reads."""
    from chatbot.training.adapter_file import write_adapter

    pointer = adapted(base, "pointwise", 0)
    Trainer(pointer, Plan("pointwise", 1, 1, 0.0, 1, 0, False)).resume(state)
    write_adapter(pointer.model, out, alpha=2 * RANK)


@app.command()
def evaluate(
    base: Path,
    samples: Path,
    out: Annotated[Path, typer.Option(help="JSON Lines: what the model says of every held-out question.")],
    state: Annotated[Path | None, typer.Option(help="Checkpoint; without it the untuned model.")] = None,
    form: str = "pointwise",
    shortlist: int = 6,
    limit: Annotated[int, typer.Option(help="Held-out questions to measure; 0 for all.")] = 0,
    seed: int = 7,
    threads: int = 2,
) -> None:
    """Measure on the held-out questions, alone and as one more sign beside the ranker's."""
    torch.set_num_threads(threads)
    plan = Plan(cast(Form, form), 1, shortlist, 0.0, 1, seed, False)
    pointer = adapted(base, plan.form, seed)
    if state is not None:
        Trainer(pointer, plan).resume(state)
    held = held_out_samples(samples)
    judged = judge(pointer, held[:limit] if limit else held, shortlist, seed)
    with out.open("w", encoding="utf-8") as lines:
        lines.writelines(
            json.dumps({"question_id": one.sample.question_id, "odds": one.odds, "none": one.none}) + "\n"
            for one in judged
        )
    typer.echo(json.dumps(asdict(measure(judged)) | {"vote": asdict(vote(judged))}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    app()
