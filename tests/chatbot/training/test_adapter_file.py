from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from torch import nn

gguf = pytest.importorskip("gguf", reason="needs the extra training")

from chatbot.training.adapter_file import tensor_name, write_adapter  # noqa: E402

INSIDE = "base_model.model.model.layers.3"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (f"{INSIDE}.self_attn.q_proj.lora_A.default.weight", "blk.3.attn_q.weight.lora_a"),
        (f"{INSIDE}.self_attn.o_proj.lora_B.default.weight", "blk.3.attn_output.weight.lora_b"),
        (f"{INSIDE}.mlp.down_proj.lora_A.default.weight", "blk.3.ffn_down.weight.lora_a"),
    ],
)
def test_a_factor_is_named_as_llama_cpp_names_it(name: str, written: str) -> None:
    assert tensor_name(name) == written


@pytest.mark.parametrize("name", [f"{INSIDE}.self_attn.q_proj.weight", f"{INSIDE}.mlp.gate.lora_A.default.weight"])
def test_another_weight_has_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="no LoRA factor"):
        tensor_name(name)


class Adapted(nn.Module):
    """One layer's query projection with factors, under peft's names."""

    def __init__(self) -> None:
        super().__init__()
        factor = {"lora_A": nn.ModuleDict({"default": nn.Linear(6, 2, bias=False)})}
        factor["lora_B"] = nn.ModuleDict({"default": nn.Linear(2, 4, bias=False)})
        attention = nn.ModuleDict({"q_proj": nn.ModuleDict(factor)})
        self.model = nn.ModuleDict({"layers": nn.ModuleList([nn.ModuleDict({"self_attn": attention})])})


def test_the_file_holds_the_factors_and_says_what_it_is(tmp_path: Path) -> None:
    model, path = Adapted(), tmp_path / "adapter.gguf"
    write_adapter(model, path, alpha=32)
    read = gguf.GGUFReader(path)
    texts = {name: read.fields[name].contents() for name in ("general.architecture", "general.type", "adapter.type")}
    assert texts == {"general.architecture": "gemma3", "general.type": "adapter", "adapter.type": "lora"}
    assert read.fields["adapter.lora.alpha"].contents() == 32.0
    tensors = {tensor.name: tensor.data for tensor in read.tensors}
    assert {name: data.shape for name, data in tensors.items()} == {
        "blk.0.attn_q.weight.lora_a": (2, 6),
        "blk.0.attn_q.weight.lora_b": (4, 2),
    }
    expected = dict(model.named_parameters())["model.layers.0.self_attn.q_proj.lora_A.default.weight"]
    assert np.allclose(tensors["blk.0.attn_q.weight.lora_a"], expected.detach().numpy(), atol=1e-3)


def test_a_model_without_factors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no LoRA factors"):
        write_adapter(nn.Linear(2, 2), tmp_path / "adapter.gguf", alpha=1)
