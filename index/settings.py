"""Settings of the index; complete in themselves, so that ``python -m index`` needs nothing above them."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_cache_dir() -> Path:
    """The user's cache folder for converted model weights (XDG base directory specification)."""
    import os

    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "gov-case-chatbot"


class IndexSettings(BaseSettings):
    """Read from the environment (``INDEX_…``), then ``.env``, then these defaults."""

    model_config = SettingsConfigDict(env_prefix="INDEX_", env_file=".env", extra="ignore", frozen=True)

    index_dir: Path = Field(default=Path("var/index"), description="색인을 두는 폴더")
    cache_dir: Path = Field(default_factory=default_cache_dir, description="변환한 모델을 두는 폴더")
    embedding_model: str = Field(
        default="e5-small", description="임베딩 모델: 내장 e5-small, 또는 sentence-transformers 모델 이름이나 폴더"
    )
    embedding_adapter: bool = Field(default=True, description="내장 모델에 함께 실린 미세조정 어댑터를 쓸지")
    max_chunk_chars: int = Field(default=400, ge=100, le=4000, description="청크의 최대 길이(글자)")
    embedding_batch: int = Field(default=256, ge=1, le=4096, description="한 번에 임베딩하고 저장하는 청크 수")
    chroma_url: str = Field(default="", description="여러 프로세스가 함께 쓰는 Chroma 서버 주소(비우면 내장)")
    keep_versions: int = Field(default=3, ge=1, le=50, description="되돌릴 수 있게 남겨 두는 색인 판 수")
    max_disk_mb: int = Field(
        default=0, ge=0, description="색인 폴더의 최대 크기(MB). 넘으면 오래된 판부터 지운다. 0은 제한 없음"
    )
    max_file_bytes: int = Field(64 * 2**20, ge=1024, description="읽을 파일의 최대 크기(바이트)")
    read_seconds: float = Field(default=120.0, gt=0, le=3600, description="파일 하나를 읽는 데 쓰는 최대 시간(초)")
    fetch_seconds: float = Field(default=60.0, gt=0, le=3600, description="주소 하나에서 받는 데 쓰는 최대 시간(초)")
    read_memory_mb: int = Field(
        default=2048, ge=256, le=65536, description="파일을 읽는 프로세스가 쓰는 최대 메모리(MB)"
    )
    ocr: bool = Field(
        default=True, description="그림뿐인 PDF 쪽을 글자 인식으로 읽을지(선택 묶음 ocr와 Tesseract가 있을 때)"
    )
    agencies_file: Path | None = Field(
        default=None, description="기관 이름표에 더할 YAML 파일(형식: index/data/agencies.yaml)"
    )
    candidate_chunks: int = Field(default=50, ge=10, le=500, description="검색 경로마다 가져오는 후보 청크 수")
    use_lexical: bool = Field(default=True, description="형태소 검색을 쓸지")
    use_dense: bool = Field(default=True, description="임베딩 검색을 쓸지")
