"""A LoRA adapter in the file format of llama.cpp."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import numpy as np
from gguf import GGUFWriter
from torch import nn

_ARCHITECTURE: Final = "gemma3"
_WEIGHT: Final = re.compile(r"\.layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)\.lora_([AB])\.\w+\.weight$")
_NAMES: Final = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}


def write_adapter(model: nn.Module, path: Path, alpha: float) -> None:
    """Write the LoRA factors of a peft model in float16; ``alpha`` is that of its configuration.

    Raises:
        ValueError: The model has no LoRA factors.
    """
    factors = {
        name: weight.detach().float().numpy() for name, weight in model.named_parameters() if _WEIGHT.search(name)
    }
    if not factors:
        raise ValueError("the model has no LoRA factors")
    writer = GGUFWriter(path, _ARCHITECTURE)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(alpha))
    for name, factor in factors.items():
        writer.add_tensor(tensor_name(name), factor.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensor_name(name: str) -> str:
    """llama.cpp's name for a factor: ``…layers.3.mlp.up_proj.lora_A.default.weight`` -> ``blk.3.ffn_up.weight.lora_a``.

    Raises:
        ValueError: It is the name of something else.
    """
    found = _WEIGHT.search(name)
    if found is None or found.group(2) not in _NAMES:
        raise ValueError(f"no LoRA factor: {name!r}")
    layer, projection, side = found.groups()
    return f"blk.{layer}.{_NAMES[projection]}.weight.lora_{side.lower()}"
