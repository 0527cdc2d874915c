from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel

from index.e5 import ensure_base_model
from index.reader import (
    MAX_HEADER_TOKENS,
    MAX_QUESTION_TOKENS,
    MAX_TOKENS,
    ReaderNetwork,
    Window,
    WindowEncoder,
    best_span,
    collate,
    load_network,
    save_network,
)
from index.rerank import Passage, SentenceReranker, load_reranker
from index.settings import default_cache_dir

WORDS = ["<s>", "<pad>", "</s>", "<unk>", "주차", "로봇", "예산", "3억원", "이다", "사업"]
PASSAGES = [
    Passage("주차 사업", ("로봇 이다", "예산 3억원 이다", "사업 주차 로봇 이다")),
    Passage("사업", ("예산 이다",)),
    Passage("", ("주차 로봇 사업 예산 3억원", "이다")),
]


def window_encoder() -> WindowEncoder:
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return WindowEncoder(tokenizer)


def network(seed: int = 0) -> ReaderNetwork:
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    return ReaderNetwork(BertModel(config, add_pooling_layer=False), layers=2).eval()


@pytest.fixture(scope="module")
def reranker() -> SentenceReranker:
    return SentenceReranker(network(), window_encoder(), "test")


def test_every_sentence_gets_a_probability(reranker: SentenceReranker) -> None:
    scores = reranker.score("예산 3억원", PASSAGES)
    assert [len(score.sentences) for score in scores] == [3, 1, 2]
    assert all(0 <= value <= 1 for score in scores for value in (*score.sentences, score.answerable))


def test_a_passage_scores_the_same_alone_as_among_others(reranker: SentenceReranker) -> None:
    together = reranker.score("예산", PASSAGES)
    for passage, score in zip(PASSAGES, together, strict=True):
        (alone,) = reranker.score("예산", [passage])
        assert alone.sentences == pytest.approx(score.sentences, abs=1e-5)
        assert alone.answerable == pytest.approx(score.answerable, abs=1e-5)


def test_the_question_and_the_neighbours_change_a_score(reranker: SentenceReranker) -> None:
    (budget,), (robot,) = reranker.score("예산", PASSAGES[:1]), reranker.score("로봇 로봇", PASSAGES[:1])
    assert budget.sentences != robot.sentences
    (alone,) = reranker.score("예산", [Passage("주차 사업", PASSAGES[0].sentences[:1])])
    assert alone.sentences[0] != pytest.approx(budget.sentences[0], abs=1e-6)


def test_no_passages_and_empty_passages_are_scored(reranker: SentenceReranker) -> None:
    assert reranker.score("예산", []) == []
    (empty,) = reranker.score("예산", [Passage("사업", ())])
    assert (empty.sentences, empty.span) == ((), None)
    (blank,) = reranker.score("", [Passage("", ("", " "))])
    assert len(blank.sentences) == 2


def test_threads_share_one_reranker(reranker: SentenceReranker) -> None:
    expected = reranker.score("예산", PASSAGES)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(lambda _: reranker.score("예산", PASSAGES), range(8)))


def test_long_passages_are_read_in_windows_that_miss_no_sentence() -> None:
    sentences = tuple("주차 로봇 " * (1 + number % 60) for number in range(80))
    windows = window_encoder().encode("예산", "사업", sentences)
    assert len(windows) > 1
    assert all(len(window.ids) <= MAX_TOKENS for window in windows)
    assert sorted({owner for window in windows for owner in window.owners if owner >= 0}) == list(range(80))


def test_a_long_passage_gets_one_score_a_sentence_in_order(reranker: SentenceReranker) -> None:
    sentences = tuple("주차 로봇 " * (1 + number % 60) for number in range(40))
    (score,) = reranker.score("예산", [Passage("사업", sentences)])
    assert len(score.sentences) == 40
    assert min(score.sentences) > 0


def test_an_endless_sentence_is_cut_but_scored(reranker: SentenceReranker) -> None:
    (score,) = reranker.score("예산 " * 500, [Passage("사업 " * 500, ("주차 " * 2000, "예산 3억원"))])
    assert len(score.sentences) == 2
    (window, *_) = window_encoder().encode("예산 " * 500, "사업 " * 500, ["주차 " * 2000])
    assert len(window.ids) == MAX_TOKENS
    assert window.ids.count(WORDS.index("예산")) == MAX_QUESTION_TOKENS
    assert window.ids.count(WORDS.index("사업")) == MAX_HEADER_TOKENS


def test_offsets_point_into_the_sentence() -> None:
    (window,) = window_encoder().encode("예산", "사업", ["주차 로봇", "예산 3억원 이다"])
    found = [(owner, offset) for owner, offset in zip(window.owners, window.offsets, strict=True) if offset[1]]
    assert found == [(0, (0, 2)), (0, (3, 5)), (1, (0, 2)), (1, (3, 6)), (1, (7, 9))]


def span_window() -> tuple[Window, torch.Tensor]:
    (window,) = window_encoder().encode("예산", "사업", ["주차 로봇", "예산 3억원 이다"])
    return window, torch.full((len(window.ids), 2), -5.0)


def test_a_span_stays_inside_one_sentence() -> None:
    window, logits = span_window()
    first, second = window.owners.index(0) + 1, window.owners.index(1) + 2
    logits[first, 0] = logits[second, 1] = 9.0  # the likeliest start and end stand in different sentences
    logits[second, 0] = 7.0
    assert best_span(window, logits)[0] == (second, second)


def test_no_span_where_the_question_asks_for_none() -> None:
    window, logits = span_window()
    logits[0] = 9.0
    assert best_span(window, logits) == (None, 0.0)


def test_padding_belongs_to_no_sentence() -> None:
    encoder = window_encoder()
    windows = [*encoder.encode("예산", "", ["주차"]), *encoder.encode("예산", "", ["주차 로봇", "이다"])]
    batch = collate(windows, encoder.pad)
    assert batch.mask.sum(1).tolist() == [len(window.ids) for window in windows]
    assert (batch.owners[~batch.mask] == -1).all()
    assert network()(batch).sentences[0].isfinite().tolist() == [True, False]


def test_importing_the_reranker_loads_no_model_library() -> None:
    code = "import sys, index.rerank; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.model
def test_a_saved_network_comes_back_with_its_changes(tmp_path: Path) -> None:
    base = ensure_base_model(default_cache_dir())
    adapter = load_network(base, Path(__file__).parents[2] / "index" / "models" / "reader").float()
    with torch.no_grad():
        weight = adapter.encoder.encoder.layer[-1].output.dense.weight
        weight += torch.outer(torch.linspace(-1, 1, weight.shape[0]), torch.linspace(0, 1, weight.shape[1]))
    save_network(adapter, base, tmp_path, rank=384)
    again = load_network(base, tmp_path).float().state_dict()
    for name, tensor in adapter.state_dict().items():
        assert torch.allclose(again[name], tensor, atol=0.02), name


@pytest.mark.model
def test_the_bundled_reader_finds_the_sentence_and_misses_an_absent_one() -> None:
    reader = load_reranker(default_cache_dir())
    facts = (
        "○ 주민센터 방문 없이 휴대전화로 여권 재발급을 신청할 수 있도록 개선함",
        "○ 재발급 수수료는 5만 3천원이며 등기 우편료는 별도임",
        "○ 신청 후 수령까지 평균 8일에서 4일로 단축됨",
    )
    passage = Passage("온라인 여권 재발급 서비스 · 외교부 · 2021", facts)
    for question, place in (("여권 재발급 수수료는 얼마인가요?", 1), ("여권을 받기까지 며칠로 줄었나요?", 2)):
        (score,) = reader.score(question, [passage])
        assert max(range(3), key=score.sentences.__getitem__) == place
    (present,) = reader.score("여권 재발급 수수료는 얼마인가요?", [passage])
    (absent,) = reader.score("여권 재발급 사업에 참여한 기업은 몇 곳인가요?", [passage])
    assert present.answerable > absent.answerable
