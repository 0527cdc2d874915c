from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from index.training import pairs
from index.training.lowrank import AdapterError, apply_adapter, extract_adapter, scale_adapter
from index.training.pairs import Pair, Text
from index.training.retriever import batches


def _network(seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(12, 8), nn.LayerNorm(8))


def _weights(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: weights.detach().clone() for name, weights in network.named_parameters()}


def test_an_adapter_of_full_rank_rebuilds_the_tuned_weights(tmp_path: Path) -> None:
    network, tuned = _network(0), _weights(_network(1))
    save_file(extract_adapter(_weights(network), tuned, rank=8), tmp_path / "a.safetensors")
    apply_adapter(network, tmp_path / "a.safetensors")
    for name, weights in network.named_parameters():
        assert torch.allclose(weights, tuned[name], atol=2e-3), name


def test_a_low_rank_is_the_best_of_that_rank(tmp_path: Path) -> None:
    base = {"0.weight": torch.zeros(8, 12)}
    delta = torch.outer(torch.arange(8.0), torch.arange(12.0))
    factors = extract_adapter(base, {"0.weight": delta + 0.001 * torch.randn(8, 12)}, rank=1)
    assert factors["0.weight:up"].shape == (8, 1)
    assert torch.allclose(factors["0.weight:up"].float() @ factors["0.weight:down"].float(), delta, atol=0.1)


def test_what_did_not_change_is_left_out() -> None:
    weights = _weights(_network(0))
    changed = weights | {"0.bias": weights["0.bias"] + 1}
    assert set(extract_adapter(weights, changed)) == {"0.bias:delta"}


def test_scaling_the_file_is_scaling_at_load(tmp_path: Path) -> None:
    base = _weights(_network(0))
    factors = extract_adapter(base, _weights(_network(1)), rank=8)
    save_file(factors, tmp_path / "a.safetensors")
    save_file(scale_adapter(factors, 0.5), tmp_path / "b.safetensors")
    first, second = _network(0), _network(0)
    apply_adapter(first, tmp_path / "a.safetensors", scale=0.5)
    apply_adapter(second, tmp_path / "b.safetensors")
    for name, weights in first.named_parameters():
        assert torch.allclose(weights, _weights(second)[name], atol=1e-3), name


def test_an_adapter_of_another_model_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    network = _network(0)
    before = _weights(network)
    save_file({"0.bias:delta": torch.ones(8), "9.bias:delta": torch.ones(8)}, tmp_path / "a.safetensors")
    with pytest.raises(AdapterError, match=r"9\.bias"):
        apply_adapter(network, tmp_path / "a.safetensors")
    assert all(torch.equal(weights, before[name]) for name, weights in network.named_parameters())


def test_passages_hold_whole_sentences_in_order_behind_the_title() -> None:
    sentences = [f"{number}번째 문장입니다." for number in range(40)]
    found = pairs.split_passages(Text("d", "제목", " ".join(sentences)), size=60)
    assert all(passage.startswith("제목\n") and len(passage) <= 63 for passage in found)
    assert " ".join(passage.removeprefix("제목\n") for passage in found) == " ".join(sentences)


def test_a_document_without_text_is_its_title() -> None:
    assert pairs.split_passages(Text("d", "제목", "")) == ["제목"]


def test_the_nearest_passage_is_the_one_with_the_evidence() -> None:
    passages = ["신청은 온라인으로 합니다.", "지원 금액은 월 20만원입니다.", "문의는 주민센터로 합니다."]
    assert pairs.nearest("월 20만원", passages) == passages[1]


def test_no_document_is_both_trained_on_and_measured(tmp_path: Path) -> None:
    names = [f"doc-{number}" for number in range(200)]
    documents = [{"document_id": name, "title": name, "text": "내용"} for name in names]
    questions = [
        {"question": f"{name}?", "document_id": name, "answerable": True, "history": [], "evidence": ["내용"]}
        for name in names
    ]
    for file, rows in (("documents.jsonl", documents), ("questions.jsonl", questions)):
        (tmp_path / file).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    found = pairs.gov_questions(tmp_path)
    trained = {pair.document_id for pair in found.pairs()}
    measured = {name for query in found.held_out() for name in query.document_ids}
    assert trained.isdisjoint(measured)
    assert trained | measured == set(names)
    assert 15 <= len(measured) <= 45


def test_a_slip_changes_little_and_leaves_other_scripts_alone() -> None:
    rng = random.Random(3)
    question = "육아휴직 급여는 얼마나 받나요?"
    slips = {pairs.slip(question, rng) for _ in range(50)}
    assert len(slips) > 10
    assert all(sum(a != b for a, b in zip(question, slip, strict=True)) <= 2 for slip in slips)
    assert pairs.slip("abc 123", rng) == "abc 123"


def test_a_batch_is_of_one_source_and_repeats_no_document() -> None:
    sources = {
        name: [Pair(f"{name} {place}?", "글", f"{name}-{place % 10}") for place in range(30)]
        for name in ("welfare", "gov_questions", "seoul120")
    }
    found = list(batches(sources, 12, 8, random.Random(5)))
    assert len(found) == 12
    for batch in found:
        assert len({pair.document_id for pair in batch}) == len(batch) == 8
        assert len({pair.document_id.rsplit("-", 1)[0] for pair in batch}) == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(pairs.TrainingDataError, match=r"documents\.jsonl"):
        pairs.read_texts(tmp_path / "documents.jsonl")
