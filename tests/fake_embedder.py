"""A deterministic stand-in for the embedding model: hashed syllable pairs, no weights."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

DIMENSION = 64


class FakeEmbedder:
    """Texts that share syllable pairs are near each other. ``embedded`` holds every passage it was given."""

    def __init__(self, name: str = "fake") -> None:
        self.fingerprint = f"{name}:1"
        self.dimension = DIMENSION
        self.embedded: list[str] = []
        self.before_batch: Callable[[], None] = lambda: None

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        self.before_batch()
        self.embedded.extend(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        vector = np.full(DIMENSION, 1e-3, dtype=np.float32)
        for first, second in pairwise(text):
            vector[zlib.crc32(f"{first}{second}".encode("utf-8", "replace")) % DIMENSION] += 1
        norm: np.float32 = np.linalg.norm(vector)
        return vector / norm
