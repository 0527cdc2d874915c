"""Scores the sentences of passages for a question: which one answers it, and whether any does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.reader import ReaderNetwork, Reading, Window, WindowEncoder

# Padded tokens in one forward pass: more only waits for memory on two cores.
BATCH_TOKENS = 2048
_BUNDLED_ADAPTER = Path(__file__).parent / "models" / "reader"


@dataclass(frozen=True, slots=True)
class Passage:
    """What is read at once. ``header`` is "title · agency · year · heading path"; sentences in document order."""

    header: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The short answer: characters ``start`` to ``end`` of ``passage.sentences[sentence]``; ``score`` in [0, 1]."""

    sentence: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class PassageScore:
    """Probabilities in [0, 1], one a sentence and one for the passage.

    ``sentences`` says whether each sentence is (part of) the answer's evidence, ``answerable`` whether the
    passage holds the answer at all.
    """

    sentences: tuple[float, ...]
    answerable: float
    span: Span | None


class SentenceReranker:
    """Scores the sentences of passages; safe to share between threads. ``fingerprint`` names the weights."""

    def __init__(self, network: ReaderNetwork, encoder: WindowEncoder, fingerprint: str) -> None:
        self._network = network
        self._encoder = encoder
        self.fingerprint = fingerprint

    def score(self, question: str, passages: Sequence[Passage]) -> list[PassageScore]:
        """One score a passage, in order. A passage longer than a window is read in parts."""
        from index.reader import read

        windows = [
            (place, window)
            for place, passage in enumerate(passages)
            for window in self._encoder.encode(question, passage.header, passage.sentences)
        ]
        windows.sort(key=lambda item: len(item[1].ids))
        parts: list[list[PassageScore]] = [[] for _ in passages]
        for group in _batches(windows):
            readings = read(self._network, [window for _, window in group], self._encoder.pad)
            for (place, window), reading in zip(group, readings, strict=True):
                parts[place].append(_passage_score(window, reading))
        return [_joined(part, len(passage.sentences)) for part, passage in zip(parts, passages, strict=True)]


def load_reranker(
    cache_dir: Path, adapter: Path | None = None, *, tokenizer: Tokenizer | None = None
) -> SentenceReranker:
    """The reranker with the adapter folder's weights, by default the bundled one.

    The base model is unpacked under ``cache_dir`` on first use; nothing is downloaded. Computes in bfloat16
    where the processor has instructions for it (elsewhere it would be slower than float32). ``tokenizer`` is that of
    the same base model where it is loaded already, without truncation and padding.

    Raises:
        FileNotFoundError: The adapter folder lacks a file.
    """
    from index.e5 import ensure_base_model
    from index.reader import ADAPTER_FILE, HEADS_FILE, WindowEncoder, load_encoder, load_network

    folder = adapter or _BUNDLED_ADAPTER
    weights = (folder / ADAPTER_FILE).read_bytes() + (folder / HEADS_FILE).read_bytes()
    base = ensure_base_model(cache_dir)
    encoder = WindowEncoder(tokenizer) if tokenizer is not None else load_encoder(base)
    return SentenceReranker(load_network(base, folder), encoder, hashlib.sha256(weights).hexdigest()[:16])


def _batches(windows: Sequence[tuple[int, Window]]) -> Iterator[list[tuple[int, Window]]]:
    """Windows sorted by length, grouped so that a padded group stays within the batch size."""
    group: list[tuple[int, Window]] = []
    for item in windows:
        if group and (len(group) + 1) * len(item[1].ids) > BATCH_TOKENS:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _passage_score(window: Window, reading: Reading) -> PassageScore:
    """Scores of one window, its sentences counted as in the passage: those before the window get 0."""
    span = None
    if reading.span is not None:
        first, last = reading.span
        start, end = window.offsets[first][0], window.offsets[last][1]
        span = Span(window.owners[first], start, end, reading.span_score)
    return PassageScore((0.0,) * reading.first + reading.sentences, reading.answerable, span)


def _joined(parts: Sequence[PassageScore], sentence_count: int) -> PassageScore:
    """Scores of a passage from those of its windows."""
    sentences = [0.0] * sentence_count
    for part in parts:
        for ordinal, score in enumerate(part.sentences):
            sentences[ordinal] = max(sentences[ordinal], score)
    spans = [part.span for part in parts if part.span is not None]
    answerable = max(part.answerable for part in parts)
    return PassageScore(tuple(sentences), answerable, max(spans, key=lambda span: span.score, default=None))
