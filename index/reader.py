"""The reading network: a question and a whole passage in, one logit a sentence, window and token out.

One forward pass reads the question with a passage (header and neighbouring sentences in context) and scores
every sentence at once, as in Provence (Chirkova et al. 2025, arXiv:2501.16214).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from index.embed import fast_bfloat16, quiet_transformers
from index.training.lowrank import apply_adapter, extract_adapter

MAX_TOKENS = 384
MAX_QUESTION_TOKENS = 64
MAX_HEADER_TOKENS = 64
# A longer span is a clause, not a name or a number.
MAX_SPAN_TOKENS = 40
ADAPTER_FILE = "adapter.safetensors"
HEADS_FILE = "heads.safetensors"


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of a question with consecutive sentences of a passage.

    ``owners[i]`` is the sentence (its index in the passage) that token ``i`` belongs to, -1 for the others;
    ``offsets[i]`` the token's characters in that sentence, empty for the mark in front of each sentence.
    """

    ids: tuple[int, ...]
    owners: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


class WindowEncoder:
    """Text to windows: ``<s> question </s></s> header </s> sentence </s> sentence … </s>``."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._begin, self._end, self.pad = (_special(tokenizer, name) for name in ("<s>", "</s>", "<pad>"))

    def encode(
        self, question: str, header: str, sentences: Sequence[str], max_tokens: int = MAX_TOKENS
    ) -> list[Window]:
        """Windows that together hold every sentence; a sentence longer than a window is cut."""
        texts = [question, header, *sentences]
        encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        asked, title = encoded[0].ids[:MAX_QUESTION_TOKENS], encoded[1].ids[:MAX_HEADER_TOKENS]
        prefix = [self._begin, *asked, self._end, self._end, *title]
        room = max_tokens - len(prefix) - 1
        sizes = [min(len(sentence.ids) + 1, room) for sentence in encoded[2:]]
        windows = []
        for first, last in _packed(sizes, room):
            ids, owners, offsets = list(prefix), [-1] * len(prefix), [(0, 0)] * len(prefix)
            for ordinal in range(first, last):
                kept = sizes[ordinal] - 1
                ids += [self._end, *encoded[2 + ordinal].ids[:kept]]
                owners += [ordinal] * (kept + 1)
                offsets += [(0, 0), *encoded[2 + ordinal].offsets[:kept]]
            windows.append(Window((*ids, self._end), (*owners, -1), (*offsets, (0, 0))))
        return windows


def _special(tokenizer: Tokenizer, name: str) -> int:
    found = tokenizer.token_to_id(name)
    if found is None:
        raise ValueError(f"the tokenizer has no {name!r}")
    return found


def _packed(sizes: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Runs ``[first, last)`` of consecutive sizes whose sum stays within ``room``; at least one run."""
    first, used = 0, 0
    for ordinal, size in enumerate(sizes):
        if used + size > room:
            yield first, ordinal
            first, used = ordinal, 0
        used += size
    yield first, len(sizes)


@dataclass(frozen=True, slots=True)
class WindowBatch:
    """Padded windows: ``ids`` and ``mask`` (b, t); ``owners`` (b, t) counts sentences from 0 within the window."""

    ids: Tensor
    mask: Tensor
    owners: Tensor
    sentence_count: int


def collate(windows: Sequence[Window], pad: int) -> WindowBatch:
    """Pad windows to the longest; sentence numbers start at 0 in each window."""
    length = max(len(window.ids) for window in windows)
    ids = torch.full((len(windows), length), pad)
    owners = torch.full((len(windows), length), -1)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        first = first_sentence(window)
        owners[row, : len(window.ids)] = torch.tensor([owner - first if owner >= 0 else -1 for owner in window.owners])
    mask = torch.arange(length) < torch.tensor([len(window.ids) for window in windows]).unsqueeze(1)
    return WindowBatch(ids, mask, owners, int(owners.max()) + 1)


def first_sentence(window: Window) -> int:
    """Index of the window's first sentence in its passage; 0 for a window without sentences."""
    return min((owner for owner in window.owners if owner >= 0), default=0)


@dataclass(frozen=True, slots=True)
class Logits:
    """``sentences`` (b, s), -inf where a window has fewer; ``answerable`` (b,); ``spans`` (b, t, 2) start and end."""

    sentences: Tensor
    answerable: Tensor
    spans: Tensor


class ReaderNetwork(nn.Module):
    """An encoder with three small heads: sentences, the whole passage, start and end of the short answer."""

    def __init__(self, encoder: BertModel, layers: int, hidden: int = 192) -> None:
        super().__init__()
        encoder.encoder.layer = encoder.encoder.layer[:layers]
        self.encoder, self.layers = encoder, layers
        width = encoder.config.hidden_size
        self.sentence_head = nn.Sequential(nn.Linear(3 * width, hidden), nn.GELU(), nn.Linear(hidden, 1))
        self.answerable_head = nn.Sequential(nn.Linear(3 * width, hidden), nn.GELU(), nn.Linear(hidden, 1))
        self.span_head = nn.Linear(width, 2)

    def forward(self, batch: WindowBatch) -> Logits:
        """Logits of every sentence, window and token of the batch."""
        states = self.encoder(input_ids=batch.ids, attention_mask=batch.mask.long()).last_hidden_state
        head_type = self.span_head.weight.dtype
        states = states.to(head_type)
        member = batch.owners.unsqueeze(1) == torch.arange(batch.sentence_count).view(1, -1, 1)
        weights = member.to(head_type)
        mean = weights @ states / weights.sum(-1, keepdim=True).clamp(min=1)
        # The mark in front of a sentence is its own summary token.
        first = states.gather(1, weights.argmax(-1, keepdim=True).expand(-1, -1, states.shape[-1]))
        whole = states[:, :1].expand_as(mean)
        sentences = self.sentence_head(torch.cat([mean, first, whole], -1)).squeeze(-1)
        sentences = sentences.masked_fill(~member.any(-1), float("-inf"))
        # The passage is judged by its best sentences, weighted as the sentence head sees them.
        focus = sentences.masked_fill(~member.any(-1), -1e4).softmax(-1).unsqueeze(1)
        evidence = torch.cat([states[:, 0], (focus @ mean).squeeze(1), (focus @ first).squeeze(1)], -1)
        answerable = self.answerable_head(evidence).squeeze(-1)
        return Logits(sentences.float(), answerable.float(), self.span_head(states).float())


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of one window, as probabilities in [0, 1].

    ``sentences`` begins with the passage's sentence ``first``. ``span`` holds the tokens (inclusive) of the
    short answer, ``None`` where "no short answer" is likelier.
    """

    first: int
    sentences: tuple[float, ...]
    answerable: float
    span: tuple[int, int] | None
    span_score: float


@torch.inference_mode()
def read(network: ReaderNetwork, windows: Sequence[Window], pad: int) -> list[Reading]:
    """One reading a window, from a single padded forward pass."""
    logits = network(collate(windows, pad))
    answerable = logits.answerable.sigmoid().tolist()
    readings = []
    for row, window in enumerate(windows):
        count = len({owner for owner in window.owners if owner >= 0})
        span, score = best_span(window, logits.spans[row])
        sentences = tuple(logits.sentences[row, :count].sigmoid().tolist())
        readings.append(Reading(first_sentence(window), sentences, answerable[row], span, score))
    return readings


def best_span(window: Window, spans: Tensor) -> tuple[tuple[int, int] | None, float]:
    """The likeliest first and last token inside one sentence and its probability.

    ``None`` where pointing at ``<s>``, which stands for "no short answer", is likelier.
    """
    size = len(window.ids)
    owners = torch.tensor(window.owners)
    usable = torch.tensor([end > start for start, end in window.offsets])
    allowed = usable.clone()
    allowed[0] = True
    start, end = spans[:size].masked_fill(~allowed.unsqueeze(1), float("-inf")).log_softmax(0).unbind(1)
    reach = torch.arange(size).unsqueeze(0) - torch.arange(size).unsqueeze(1)
    inside = (reach >= 0) & (reach < MAX_SPAN_TOKENS) & (owners.unsqueeze(1) == owners.unsqueeze(0))
    inside &= usable.unsqueeze(1) & usable.unsqueeze(0)
    joint = (start.unsqueeze(1) + end.unsqueeze(0)).masked_fill(~inside, float("-inf"))
    first, last = divmod(int(joint.argmax()), size)
    score = float(joint[first, last].exp())
    if not usable.any() or score <= float((start[0] + end[0]).exp()):
        return None, 0.0
    return (first, last), score


def load_encoder(base: Path) -> WindowEncoder:
    """The base model's tokenizer, without its own cutting and padding."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return WindowEncoder(tokenizer)


def base_encoder(base: Path) -> BertModel:
    """The base model in float32, without a progress bar."""
    with quiet_transformers():
        return BertModel.from_pretrained(str(base), add_pooling_layer=False, dtype=torch.float32, local_files_only=True)


def load_network(base: Path, folder: Path) -> ReaderNetwork:
    """The base model's first layers with the adapter's changes, and the heads, from an adapter folder.

    Raises:
        FileNotFoundError: The folder lacks a file.
        AdapterError: The adapter belongs to another base model.
    """
    with safe_open(str(folder / HEADS_FILE), framework="pt") as heads:
        network = ReaderNetwork(base_encoder(base), int(heads.metadata()["layers"]))
    network.load_state_dict({k: v.float() for k, v in load_file(folder / HEADS_FILE).items()}, strict=False)
    apply_adapter(network.encoder, folder / ADAPTER_FILE)
    if fast_bfloat16():
        network.encoder.bfloat16()
    return network.eval()


def save_network(network: ReaderNetwork, base: Path, folder: Path, rank: int) -> None:
    """Write the adapter folder: what changed in the encoder, as factors of ``rank``, and the heads."""
    before = ReaderNetwork(base_encoder(base), network.layers).encoder.state_dict()
    folder.mkdir(parents=True, exist_ok=True)
    save_file(extract_adapter(before, network.encoder.state_dict(), rank=rank), folder / ADAPTER_FILE)
    heads = {k: v.half().contiguous() for k, v in network.state_dict().items() if not k.startswith("encoder.")}
    save_file(heads, folder / HEADS_FILE, metadata={"layers": str(network.layers)})
