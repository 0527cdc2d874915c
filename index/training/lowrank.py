"""Small adapters: what fine-tuning changed, as low-rank factors of each matrix and whole vectors.

A file holds, for a matrix ``m``, ``m:down`` (rank, in) and ``m:up`` (out, rank) with ``delta = up @ down``;
for a bias or norm ``v``, ``v:delta``. All are float16.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import nn

MAX_RANK = 32


class AdapterError(Exception):
    """The adapter belongs to another model."""


def extract_adapter(
    base: Mapping[str, torch.Tensor], tuned: Mapping[str, torch.Tensor], *, rank: int = MAX_RANK
) -> dict[str, torch.Tensor]:
    """Return the factors of ``tuned - base``; parameters that did not change are left out."""
    factors: dict[str, torch.Tensor] = {}
    for name, before in base.items():
        delta = tuned[name].detach().float() - before.float()
        if not delta.any():
            continue
        if delta.ndim == 2:
            up, down = low_rank(delta, rank)
            factors[f"{name}:up"], factors[f"{name}:down"] = up.half(), down.half()
        else:
            factors[f"{name}:delta"] = delta.half()
    return factors


def low_rank(delta: torch.Tensor, rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (out, rank) and (rank, in) whose product is the nearest matrix of that rank (Eckart-Young)."""
    import torch

    left, values, right = torch.linalg.svd(delta, full_matrices=False)
    root = values[:rank].sqrt()
    return (left[:, :rank] * root).contiguous(), (root[:, None] * right[:rank]).contiguous()


def apply_adapter(model: nn.Module, path: Path, *, scale: float = 1.0) -> None:
    """Add the adapter's deltas, times ``scale``, to the weights in place. Raises AdapterError on a misfit."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        factors = load_file(path)
    except SafetensorError as error:
        raise AdapterError(f"not a safetensors file ({error})") from error
    parameters = dict(model.named_parameters())
    deltas = _deltas(factors)
    for name, delta in deltas.items():
        if name not in parameters or parameters[name].shape != delta.shape:
            raise AdapterError(f"the model has no parameter {name!r} of shape {tuple(delta.shape)}")
    with torch.no_grad():
        for name, delta in deltas.items():
            parameters[name].add_(delta * scale)


def scale_adapter(factors: dict[str, torch.Tensor], scale: float) -> dict[str, torch.Tensor]:
    """Return an adapter whose deltas are ``scale`` times those of ``factors``."""
    return {key: value if key.endswith(":down") else (value.float() * scale).half() for key, value in factors.items()}


def _deltas(factors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    deltas: dict[str, torch.Tensor] = {}
    for key, value in factors.items():
        name, _, part = key.rpartition(":")
        if part == "delta":
            deltas[name] = value.float()
        elif part == "up" and f"{name}:down" in factors:
            deltas[name] = value.float() @ factors[f"{name}:down"].float()
    return deltas
