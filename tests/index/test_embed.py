from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.e5 import ensure_base_model
from index.embed import (
    BUNDLED_MODEL,
    Embedder,
    EmbeddingModelError,
    bundled_adapter,
    load_embedder,
)
from index.langchain_embeddings import LangchainEmbeddings
from index.settings import default_cache_dir

PASSAGES = [
    "공영주차장에 주차 로봇을 도입해 좁은 공간에 차를 더 세울 수 있게 했습니다.",
    "여권 재발급 신청을 온라인으로 받아 방문 횟수를 줄였습니다.",
    "농가에 드론 방제를 지원해 작업 시간을 절반으로 줄였습니다.",
    "짧음",
]

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(BUNDLED_MODEL, default_cache_dir(), adapter=None)


def test_vectors_are_normalised_float32_of_the_stated_dimension(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(PASSAGES)
    assert vectors.shape == (len(PASSAGES), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(PASSAGES)), abs=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_a_batch_gives_what_single_texts_give(embedder: Embedder) -> None:
    together = embedder.embed_passages(PASSAGES)
    alone = np.vstack([embedder.embed_passages([text]) for text in PASSAGES])
    assert (together * alone).sum(axis=1).min() > 0.998


def test_a_question_finds_its_passage(embedder: Embedder) -> None:
    scores = embedder.embed_passages(PASSAGES) @ embedder.embed_query("주차난을 로봇으로 푼 곳이 있나요?")
    assert int(scores.argmax()) == 0


def test_questions_and_passages_are_marked_differently(embedder: Embedder) -> None:
    assert float(embedder.embed_passages(["주차"])[0] @ embedder.embed_query("주차")) < 0.9999


def test_progress_counts_to_the_end(embedder: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed_passages(PASSAGES * 30, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (120, 120)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_threads_get_the_vectors_of_their_own_texts(embedder: Embedder) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(embedder.embed_query, PASSAGES * 3))
    expected = [embedder.embed_query(text) for text in PASSAGES]
    for position, vector in enumerate(found):
        assert float(vector @ expected[position % len(PASSAGES)]) > 0.9999


def test_a_text_beyond_the_limit_is_cut_not_refused(embedder: Embedder) -> None:
    long = " ".join(PASSAGES) * 100
    assert np.isfinite(embedder.embed_passages([long])).all()


def test_langchain_sees_the_same_vectors(embedder: Embedder) -> None:
    adapter = LangchainEmbeddings(embedder)
    assert adapter.embed_query("주차") == pytest.approx(embedder.embed_query("주차").tolist())
    assert np.array(adapter.embed_documents(PASSAGES)).shape == (len(PASSAGES), embedder.dimension)


def test_the_fingerprint_follows_the_weights(embedder: Embedder, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    adapter = tmp_path / "adapter.safetensors"
    save_file({"encoder.layer.0.output.dense.bias:delta": torch.full((384,), 0.05).half()}, adapter)
    changed = load_embedder(BUNDLED_MODEL, default_cache_dir(), adapter=adapter)
    assert changed.fingerprint != embedder.fingerprint
    assert float(changed.embed_query("주차") @ embedder.embed_query("주차")) < 0.99999
    assert load_embedder(BUNDLED_MODEL, default_cache_dir(), adapter=None).fingerprint == embedder.fingerprint


def test_a_misfit_adapter_is_named(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    adapter = tmp_path / "other.safetensors"
    save_file({"nothing.weight:delta": torch.zeros(3)}, adapter)
    with pytest.raises(EmbeddingModelError, match=r"other\.safetensors"):
        load_embedder(BUNDLED_MODEL, default_cache_dir(), adapter=adapter)


def test_an_absent_model_is_refused_without_the_network(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match="no/such-model"):
        load_embedder("no/such-model", tmp_path, adapter=None)


def test_the_shipped_adapter_fits_and_finds_a_question_typed_without_spaces() -> None:
    adapter = bundled_adapter()
    assert adapter is not None
    tuned = load_embedder(BUNDLED_MODEL, default_cache_dir(), adapter=adapter)
    scores = tuned.embed_passages(PASSAGES) @ tuned.embed_query("드론으로농약치는일도와주나요")
    assert int(scores.argmax()) == 2


def test_a_shared_tokenizer_reads_as_the_one_of_the_file(embedder: Embedder) -> None:
    shared, read = (
        embedder.tokenizer(),
        Tokenizer.from_file(str(ensure_base_model(default_cache_dir()) / "tokenizer.json")),
    )
    read.no_truncation()
    read.no_padding()
    assert shared is not None
    for text in (*PASSAGES, "가" * 3000, "", "<s> 2026년 3월 ①"):
        ours, theirs = shared.encode(text), read.encode(text)
        assert (ours.ids, ours.offsets) == (theirs.ids, theirs.offsets)
