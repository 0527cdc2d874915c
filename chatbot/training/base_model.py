"""The small language model as PyTorch weights, unpacked once from its GGUF file (a minute) and loaded in seconds."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, PreTrainedModel, PreTrainedTokenizerBase


def unpack(gguf: Path, folder: Path) -> None:
    """Write the weights of ``gguf``, dequantised to bfloat16, with its tokenizer and configuration to ``folder``."""
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)
    )
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    folder.mkdir(parents=True, exist_ok=True)
    # Not save_pretrained, which refuses weights that came from a quantised file.
    weights = {name: weight.contiguous() for name, weight in model.state_dict().items() if name != "lm_head.weight"}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    configuration = model.config
    if hasattr(configuration, "quantization_config"):
        del configuration.quantization_config
    configuration.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def load_base(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model in bfloat16 and its tokenizer, both from :func:`unpack`."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="eager")
    return model, AutoTokenizer.from_pretrained(folder)
