from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.vector_cache import VectorCache


def test_vectors_come_back_by_digest_bit_for_bit(tmp_path: Path) -> None:
    vectors = np.random.default_rng(1).normal(size=(1_203, 4)).astype(np.float32)
    digests = [f"{n:064x}" for n in range(len(vectors))]
    cache = VectorCache(tmp_path / "v.sqlite", 4)
    cache.put(digests, vectors)
    cache.close()
    again = VectorCache(tmp_path / "v.sqlite", 4)
    found = again.get([*digests, "unknown"])
    again.close()
    assert set(found) == set(digests)
    assert all(np.array_equal(found[digest], vector) for digest, vector in zip(digests, vectors, strict=True))


def test_an_empty_question_finds_nothing(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite", 4)
    assert cache.get([]) == {}
    cache.close()


def test_vectors_of_another_length_are_not_given_out(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite", 4)
    cache.put(["a"], np.ones((1, 4), np.float32))
    cache.close()
    other = VectorCache(tmp_path / "v.sqlite", 8)
    assert other.get(["a"]) == {}
    other.close()


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite", 4)
    with pytest.raises(ValueError, match="zip"):
        cache.put(["a", "b"], np.ones((1, 4), np.float32))
    assert cache.get(["a", "b"]) == {}
    cache.close()
