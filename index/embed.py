"""Texts to vectors: the bundled model with its adapter, or any sentence-transformers model by name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.e5 import MAX_TOKENS, ensure_base_model

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

    Array = NDArray[np.float32]

BUNDLED_MODEL = "e5-small"
# Sorted texts of about this many characters go through the model together: eval/bench/embedding.py.
_BATCH_CHARS = 8_000
_BATCH_TEXTS = 64
_E5_PREFIXES = {"query": "query: ", "passage": "passage: "}

Progress = Callable[[int, int], None]


class EmbeddingModelError(Exception):
    """The embedding model cannot be loaded; the message says what to do."""


class Embedder:
    """A loaded model. All vectors are float32 and L2-normalised; calls from several threads take turns."""

    def __init__(self, model: SentenceTransformer, *, name: str, half: bool = False) -> None:
        """Take over ``model``; ``half`` computes in bfloat16, which only some processors do fast."""
        self.fingerprint = f"{name}:{_weights_digest(model)}"
        self.dimension = int(model.get_embedding_dimension() or 0)
        self._query_prefix, self._passage_prefix = _prefixes(model, name)
        self._model = model.bfloat16() if half else model
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Array:
        """Embed document texts: (n, dimension), rows in the order of ``texts``.

        ``progress`` is called after each batch with how many are done and how many there are.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for rows in _batches(texts):
            vectors[rows] = self._encode([self._passage_prefix + texts[row] for row in rows])
            done += len(rows)
            if progress is not None:
                progress(done, len(texts))
        return vectors

    def embed_query(self, text: str) -> Array:
        """Embed one question: (dimension,)."""
        found: Array = self._encode([self._query_prefix + text])[0]
        return found

    def tokenizer(self) -> Tokenizer | None:
        """Another tokenizer over the model's vocabulary (reading it again takes most of a second).

        Truncation and padding are its own. None where the model's tokenizer is not of the ``tokenizers`` library.
        """
        from tokenizers import Tokenizer

        whole = getattr(self._model.tokenizer, "backend_tokenizer", None)
        if not isinstance(whole, Tokenizer):
            return None
        shared = Tokenizer(whole.model)
        shared.normalizer, shared.pre_tokenizer = whole.normalizer, whole.pre_tokenizer
        shared.post_processor, shared.decoder = whole.post_processor, whole.decoder
        shared.add_special_tokens(list(whole.get_added_tokens_decoder().values()))
        return shared

    def _encode(self, texts: list[str]) -> Array:
        with self._lock:
            found = self._model.encode(
                texts, batch_size=len(texts), convert_to_tensor=True, show_progress_bar=False, prompt=""
            )
        vectors: Array = found.float().numpy()
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors


def load_embedder(model: str, cache_dir: Path, *, adapter: Path | None) -> Embedder:
    """Load ``"e5-small"``, the bundled model, or a sentence-transformers name or folder; never from the network.

    ``adapter`` is a file of index/training/lowrank.py that is merged into the weights, None for none.
    Raises EmbeddingModelError when the model is not on this machine or the adapter does not fit it.
    """
    try:
        loaded = load_bundled(cache_dir) if model == BUNDLED_MODEL else _load(model)
    except (OSError, ValueError) as error:
        raise EmbeddingModelError(
            f"embedding model {model!r} is not on this machine: give a folder, or {BUNDLED_MODEL!r}"
        ) from error
    if adapter is not None:
        _apply_adapter(loaded, adapter)
    return Embedder(loaded, name=model, half=fast_bfloat16())


def load_bundled(cache_dir: Path) -> SentenceTransformer:
    """The bundled model as it came, in float32, for training and for merging an adapter."""
    with quiet_transformers():
        loaded = _load(str(ensure_base_model(cache_dir)))
    loaded.max_seq_length = MAX_TOKENS
    return loaded


def _load(path: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    with quiet_transformers():
        return SentenceTransformer(path, device="cpu", local_files_only=True).eval()


def bundled_adapter() -> Path | None:
    """Return the fine-tuned adapter that ships with the package; None where it is absent."""
    path = Path(__file__).parent / "models" / "retriever" / "adapter.safetensors"
    return path if path.is_file() else None


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; elsewhere float32 is faster."""
    try:
        flags = Path("/proc/cpuinfo").read_text("ascii", errors="ignore")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _apply_adapter(model: SentenceTransformer, adapter: Path) -> None:
    from index.training.lowrank import AdapterError, apply_adapter

    encoder = model.transformers_model
    if encoder is None:
        raise EmbeddingModelError(f"adapter {adapter.name!r} needs a transformers model")
    try:
        apply_adapter(encoder, adapter)
    except (OSError, AdapterError) as error:
        raise EmbeddingModelError(f"adapter {adapter.name!r} does not fit the model: {error}") from error


def _prefixes(model: SentenceTransformer, name: str) -> tuple[str, str]:
    """What the model was trained to see in front of queries and passages."""
    prompts = {key: value for key, value in model.prompts.items() if value}
    if not prompts and "e5" in name.lower():
        prompts = _E5_PREFIXES
    return prompts.get("query", ""), prompts.get("passage", prompts.get("document", ""))


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Row numbers in batches of similar length, longest first, so that little of a batch is padding."""
    batch: list[int] = []
    for row in sorted(range(len(texts)), key=lambda row: -len(texts[row])):
        longest = len(texts[batch[0]]) if batch else 0
        if batch and (len(batch) == _BATCH_TEXTS or longest * (len(batch) + 1) > _BATCH_CHARS):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _weights_digest(model: SentenceTransformer) -> str:
    """A short digest of what was loaded: every bias and norm whole, and one row of each matrix."""
    digest = hashlib.sha256()
    for name, weights in sorted(model.named_parameters()):
        digest.update(name.encode())
        sample = weights.detach()
        digest.update(_bytes(sample if sample.ndim < 2 else sample[sample.shape[0] // 2]))
    return digest.hexdigest()[:16]


def _bytes(weights: torch.Tensor) -> bytes:
    return weights.float().contiguous().numpy().tobytes()


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Without the loading bars of transformers, which would land in the middle of our own output."""
    from transformers.utils import logging

    was_shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if was_shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
