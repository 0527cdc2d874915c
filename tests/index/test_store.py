from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import VectorServerError
from index.store import VectorStore
from tests.index.builders import chunk

FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def unit(*values: float) -> FloatArray:
    vector = np.array(values, dtype=np.float32)
    length: np.float32 = np.linalg.norm(vector)
    return vector / length


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    made = VectorStore(tmp_path / "vectors")
    made.add(
        [chunk(0, case_id="a"), chunk(1, case_id="a"), chunk(2, case_id="b")],
        np.stack([unit(1, 0, 0), unit(1, 1, 0), unit(0, 0, 1)]),
    )
    yield made
    made.close()


def test_similarity_is_the_cosine_best_first(store: VectorStore) -> None:
    found = store.search(unit(1, 0, 0), 3)
    assert found == pytest.approx({"d#0": 1.0, "d#1": 1 / 2**0.5, "d#2": 0.0}, abs=1e-6)
    assert list(found) == ["d#0", "d#1", "d#2"]


def test_opposite_vectors_have_similarity_minus_one(store: VectorStore) -> None:
    assert store.search(unit(0, 0, -1), 3)["d#2"] == pytest.approx(-1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("allowed", "found"), [({"b"}, ["d#2"]), ({"a", "b"}, ["d#0", "d#1", "d#2"]), (set(), []), ({"없음"}, [])]
)
def test_only_allowed_cases_are_found(store: VectorStore, allowed: set[str], found: list[str]) -> None:
    assert list(store.search(unit(1, 0, 0), 5, allowed)) == found


def test_asking_for_more_than_there_is_gives_all(store: VectorStore) -> None:
    assert len(store.search(unit(1, 0, 0), 500)) == store.size == 3


def test_removed_chunks_are_gone_and_unknown_ids_do_no_harm(store: VectorStore) -> None:
    store.remove(["d#0", "d#77"])
    store.remove([])
    assert list(store.search(unit(1, 0, 0), 5)) == ["d#1", "d#2"]


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    assert store.search(unit(1, 0), 5) == {}
    store.close()


def test_a_filter_of_many_cases_finds_the_nearest_among_them(tmp_path: Path) -> None:
    generator = np.random.default_rng(7)
    vectors = generator.normal(size=(1_200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store = VectorStore(tmp_path)
    store.add([chunk(n, case_id=str(n)) for n in range(len(vectors))], vectors)
    allowed = {str(n) for n in range(0, len(vectors), 2)}
    assert len(allowed) > 500
    exact = sorted(range(0, len(vectors), 2), key=lambda n: -float(vectors[n] @ vectors[1]))[:10]
    found = list(store.search(vectors[1], 10, allowed))
    store.close()
    assert len(set(found) & {f"d#{n}" for n in exact}) >= 9


def test_vectors_are_there_after_opening_again(store: VectorStore, tmp_path: Path) -> None:
    before = store.search(unit(1, 0, 0), 3)
    store.close()
    again = VectorStore(tmp_path / "vectors")
    assert again.search(unit(1, 0, 0), 3) == before
    again.close()


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(VectorServerError, match=re.escape("http://127.0.0.1:9")):
        VectorStore(tmp_path, url="http://127.0.0.1:9")
