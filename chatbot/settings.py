"""Settings of the chatbot, declared once and read once, in ``app.py`` and the ``__main__.py`` files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.settings import IndexSettings

RATE = r"^[1-9]\d{0,8}/(second|minute|hour|day)$"


class Settings(BaseSettings):
    """Read from the environment (``CHATBOT_…``), then ``.env``, then these defaults."""

    model_config = SettingsConfigDict(env_prefix="CHATBOT_", env_file=".env", extra="ignore", frozen=True)

    index: IndexSettings = Field(default_factory=lambda: IndexSettings(), description="색인 설정(INDEX_…)")

    host: str = Field(default="127.0.0.1", description="듣는 주소")
    port: int = Field(default=7860, ge=1, le=65535, description="듣는 포트")
    eval_page: bool = Field(default=False, description="평가 화면(/eval)을 열지. 열어도 이 컴퓨터에서만 보인다")
    conversation_days: int = Field(
        default=90, ge=0, le=3650, description="대화를 브라우저별로 보관하는 날수. 0이면 보관하지 않는다"
    )
    own_documents: bool = Field(default=True, description="브라우저가 자기 문서를 올려 물어볼 수 있게 할지")
    answer_timeout_seconds: float = Field(default=20.0, gt=0, description="답 하나에 쓰는 최대 시간(초)")
    max_question_chars: int = Field(default=1000, ge=20, le=4000, description="질문의 최대 길이(글자)")
    workers: int = Field(default=2, ge=1, le=64, description="동시에 답을 만드는 스레드 수")
    queue_size: int = Field(default=128, ge=1, le=10_000, description="기다릴 수 있는 질문 수. 넘으면 503으로 답한다")
    queue_seconds: float = Field(
        default=60.0, gt=0, description="차례를 기다리는 최대 시간(초). 그 안에 차례가 오지 않을 질문은 503으로 답한다"
    )

    access_file: Path = Field(default=Path("var/access.json"), description="위젯을 다는 누리집과 API 키의 목록")
    require_api_key: bool = Field(default=False, description="API를 키가 있는 프로그램에만 열지")
    rate_storage: str = Field(
        default="memory://",
        pattern=r"^(memory|redis|rediss|redis\+sentinel|redis\+cluster)://",
        description="요청 수를 세는 곳: memory:// 또는 여러 프로세스가 함께 쓰는 redis://주소",
    )
    limit_key: str = Field(default="120/minute", pattern=RATE, description="API 키 하나의 요청 한도")
    limit_origin: str = Field(default="600/minute", pattern=RATE, description="위젯을 단 누리집 하나의 요청 한도")
    limit_session: str = Field(default="20/minute", pattern=RATE, description="위젯 방문자 한 사람의 요청 한도")
    limit_address: str = Field(default="300/minute", pattern=RATE, description="인터넷 주소 하나의 요청 한도")
    mcp: bool = Field(default=False, description="/mcp에서 MCP 서버를 열지(선택 묶음 mcp)")

    search_chunks: int = Field(default=12, ge=1, le=100, description="질문마다 찾는 청크 수")
    read_chunks: int = Field(default=5, ge=1, le=20, description="문장을 고르려고 읽는 청크 수")
    fact_chars: int = Field(default=300, ge=50, le=2000, description="사실을 묻는 질문에 인용하는 최대 글자 수")
    use_reranker: bool = Field(default=True, description="문장 판독 모델을 쓸지")
    use_verifier: bool = Field(default=True, description="문장마다 근거를 검증할지")
    use_refusal: bool = Field(default=True, description="근거가 부족할 때 답을 거절할지")
    use_answer_type: bool = Field(default=True, description="묻는 것의 종류(금액·날짜 등)와 문장을 맞춰 볼지")
    refusal_threshold: float = Field(
        default=0.35, ge=0.0, le=1.0, description="확신도가 이보다 낮으면 답을 거절한다(eval/README.md의 곡선)"
    )

    chat_provider: Literal["", "openai", "ollama", "llamacpp"] = Field(
        default="",
        description="연결할 언어 모델: 비우면 발췌 답변, openai는 OpenAI 호환 서버, ollama, llamacpp는 GGUF 파일",
    )
    chat_model: str = Field(default="", description="언어 모델 이름이나 GGUF 파일 경로")
    chat_adapter: str = Field(default="", description="GGUF 파일에 얹을 LoRA 어댑터(GGUF)의 경로")
    chat_prompt: Literal["", "answer", "answer_small"] = Field(
        default="", description="프롬프트: 비우면 모델의 크기에 맞춰 고르고, answer는 큰 모델, answer_small은 작은 모델"
    )
    chat_queue_size: int = Field(
        default=4, ge=1, le=1000, description="언어 모델을 함께 쓰는 질문 수. 넘으면 발췌 답변을 낸다"
    )
    chat_base_url: str = Field(default="", description="OpenAI 호환 서버나 Ollama의 주소")
    chat_api_key: SecretStr = Field(default=SecretStr(""), description="언어 모델 서버의 열쇠")
    chat_timeout_seconds: float = Field(
        default=30.0, gt=0, description="언어 모델을 기다리는 최대 시간(초). 답 하나에 쓰는 시간의 4분의 3까지"
    )
    chat_temperature: float = Field(default=0.0, ge=0.0, le=2.0, description="언어 모델의 온도")

    @property
    def data_dir(self) -> Path:
        """Where what users leave is kept: the folder around that of the index."""
        return self.index.index_dir.parent
