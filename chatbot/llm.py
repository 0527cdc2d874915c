"""The chat model that the settings ask for, and reading from it. The only module that names a provider."""

from __future__ import annotations

import atexit
import importlib
import mmap
import re
import secrets
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from contextvars import copy_context
from functools import lru_cache, partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from types import ModuleType
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import httpx
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from chatbot.errors import AnswerStoppedError, ChatModelError, ChatModelMissingError
from chatbot.settings import Settings
from chatbot.stopping import is_stopped

MAX_ANSWER_TOKENS = 512
"""Three sentences with room to spare; a model that repeats itself stops here."""
LOCAL_CONTEXT_TOKENS = 4096
LOCAL_SLOTS = 2
"""Questions that a local model reads at the same time, each with its own ``LOCAL_CONTEXT_TOKENS``."""

SMALL_MODEL_BILLIONS = 4.0
"""Parameters up to which a model follows the short prompt with examples better than the long one with rules."""
SMALL_MODEL_BYTES = 4 * 2**30
"""The same as the size of a GGUF file: 4 billion parameters of up to a byte each."""

_BILLIONS = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?([bm])(?![a-z])", re.IGNORECASE)
_CONNECT_SECONDS = 5.0
# How often a wait for a silent model looks whether somebody still waits for the answer.
_LOOK_SECONDS = 0.2
_NO_KEY = "none"
_METADATA_BYTES = 64 * 2**20
# For base models: the server would wrap the prompt in a dialogue format that they have never seen.
_PLAIN_TEMPLATE = (
    "{% for message in messages %}{{ message['content'] }}{% if not loop.last %}{{ '\\n\\n' }}{% endif %}{% endfor %}"
)

Chain = Runnable[dict[str, str], Any]
"""A prompt and a chat model: values in, messages out."""


class _LocalServer(Protocol):
    """A llama.cpp server inside this process; it serves for as long as the object lives."""

    listening_address: str


def build_chat_model(settings: Settings) -> BaseChatModel | None:
    """The configured chat model, or ``None`` where answers are extracted only.

    No request is made here: a server that is down shows at the first question, and answers are extracted then.

    Raises:
        ChatModelError: A setting is missing or wrong.
        ChatModelMissingError: The provider's package is not installed.
    """
    if not settings.chat_provider:
        return None
    if not settings.chat_model:
        raise ChatModelError("CHATBOT_CHAT_MODEL이 비어 있습니다. 언어 모델 이름이나 GGUF 파일 경로를 적어 주십시오.")
    return _BUILDERS[settings.chat_provider](settings)


def constrained(model: BaseChatModel, settings: Settings, grammar: str) -> Runnable[Any, BaseMessage]:
    """``model`` held to a GBNF grammar where the provider can do so: a GGUF file, run by llama.cpp."""
    if settings.chat_provider != "llamacpp":
        return model
    return model.bind(extra_body={"max_tokens": MAX_ANSWER_TOKENS, "grammar": grammar})


def prompt_name(settings: Settings) -> str:
    """The prompt of the model's size class: the one that is set, or read off the file's size or the model's name.

    A name without a size (gpt-…) is taken for a large model.
    """
    if settings.chat_prompt:
        return settings.chat_prompt
    if settings.chat_provider == "llamacpp":
        path = Path(settings.chat_model).expanduser()
        small = path.is_file() and path.stat().st_size <= SMALL_MODEL_BYTES
    else:
        sizes = [float(size) / (1000 if unit in "mM" else 1) for size, unit in _BILLIONS.findall(settings.chat_model)]
        small = bool(sizes) and max(sizes) <= SMALL_MODEL_BILLIONS
    return "answer_small" if small else "answer"


def read_within(chain: Chain, values: dict[str, str], seconds: float) -> Generator[str]:
    """The chain's text as it comes. Closing the iterator also stops the model.

    The chain ends in the model: LangChain's output parsers read to the end when they are closed.

    Raises:
        ChatModelError: The chain fails, or ``seconds`` have passed since the start, in silence or not.
        AnswerStoppedError: The chain is silent and nobody waits for it any more.
    """
    tokens: SimpleQueue[str | Exception | None] = SimpleQueue()
    stopped = Event()
    deadline = time.monotonic() + seconds
    # A thread, since a silent provider can only be left alone, not interrupted; its own time limit ends it.
    work = partial(_read_into, tokens, stopped, chain, values)
    Thread(target=copy_context().run, args=(work,), name="chat-model", daemon=True).start()
    try:
        while (token := _next(tokens, deadline, seconds)) is not None:
            yield token
    finally:
        stopped.set()


def _next(tokens: SimpleQueue[str | Exception | None], deadline: float, seconds: float) -> str | None:
    while True:
        left = deadline - time.monotonic()
        try:
            token = tokens.get(timeout=min(max(0.0, left), _LOOK_SECONDS))
        except Empty:
            if is_stopped():
                raise AnswerStoppedError from None
            if left <= 0:
                raise ChatModelError(f"언어 모델이 {seconds:g}초 안에 답을 마치지 못했습니다.") from None
            continue
        if isinstance(token, Exception):
            raise ChatModelError(f"언어 모델이 답하지 못했습니다: {type(token).__name__}.") from token
        return token


def _read_into(
    tokens: SimpleQueue[str | Exception | None],
    stopped: Event,
    chain: Chain,
    values: dict[str, str],
) -> None:
    try:
        with closing(cast(Generator[BaseMessage], chain.stream(values))) as messages:
            for message in messages:
                if stopped.is_set():
                    return
                tokens.put(message.text)
        tokens.put(None)
    except Exception as error:
        # Providers raise whatever their clients raise; the reader turns all of it into one error.
        tokens.put(error)


def _openai(settings: Settings) -> BaseChatModel:
    base_url = _address(settings, example="http://127.0.0.1:8000/v1")
    return _openai_compatible(settings, settings.chat_model, base_url, settings.chat_api_key)


def _ollama(settings: Settings) -> BaseChatModel:
    base_url = _address(settings, example="http://127.0.0.1:11434") if settings.chat_base_url else None
    try:
        # Not init_chat_model, which falls back to the deprecated class of langchain-community where that is installed.
        ollama: ModuleType = importlib.import_module("langchain_ollama")
    except ImportError as error:
        raise _not_installed("Ollama", "ollama") from error
    return cast(
        BaseChatModel,
        ollama.ChatOllama(
            model=settings.chat_model,
            base_url=base_url,
            temperature=settings.chat_temperature,
            num_predict=MAX_ANSWER_TOKENS,
            client_kwargs={"timeout": _timeout(settings)},
        ),
    )


def _llamacpp(settings: Settings) -> BaseChatModel:
    path = Path(settings.chat_model).expanduser()
    if not path.is_file():
        raise ChatModelError(f"GGUF 파일이 없습니다: {settings.chat_model!r}. CHATBOT_CHAT_MODEL을 확인해 주십시오.")
    adapter = Path(settings.chat_adapter).expanduser() if settings.chat_adapter else None
    if adapter is not None and not adapter.is_file():
        raise ChatModelError(
            f"어댑터 파일이 없습니다: {settings.chat_adapter!r}. CHATBOT_CHAT_ADAPTER를 확인해 주십시오."
        )
    server, key = _local_server(path.resolve(), adapter.resolve() if adapter else None)
    return _openai_compatible(settings, path.stem, f"{server.listening_address}/v1", SecretStr(key))


def _openai_compatible(settings: Settings, model: str, base_url: str, key: SecretStr) -> BaseChatModel:
    return ChatOpenAI(
        model=model,
        base_url=base_url,
        # Given even when empty: the client would send the key of OPENAI_API_KEY to this server otherwise.
        api_key=key if key.get_secret_value() else SecretStr(_NO_KEY),
        temperature=settings.chat_temperature,
        # The field's own name, max_completion_tokens, is one that many compatible servers do not know.
        extra_body={"max_tokens": MAX_ANSWER_TOKENS},
        timeout=_timeout(settings),
        # The extractive answer stands in at once; retries would only load a server that is already failing.
        max_retries=0,
        use_responses_api=False,
        stream_usage=False,
    )


@lru_cache(maxsize=1)
def _local_server(path: Path, adapter: Path | None) -> tuple[_LocalServer, str]:
    """A llama.cpp server for the file, with its LoRA adapter, on a free local port, and its key; one a process."""
    try:
        llama: ModuleType = importlib.import_module("xllamacpp")
    except ImportError as error:
        raise _not_installed("GGUF 파일", "local-llm") from error
    key = secrets.token_urlsafe()
    params = llama.CommonParams()
    params.model.path = str(path)
    params.n_ctx = LOCAL_CONTEXT_TOKENS * LOCAL_SLOTS
    params.n_parallel = LOCAL_SLOTS
    params.api_keys = [key]
    params.ui = params.endpoint_slots = params.endpoint_props = False
    params.offline = True
    params.verbosity = 1
    # Threads that wait must not spin: retrieval and the other questions need the same cores.
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    if adapter is not None:
        lora = llama.CommonAdapterLoraInfo(str(adapter), 1.0)
        params.lora_adapters = [lora]
    try:
        if not _has_chat_template(path):
            params.chat_template = _PLAIN_TEMPLATE
        server = cast(_LocalServer, llama.Server(params))
    except (RuntimeError, ValueError) as error:
        raise ChatModelError(f"GGUF 파일을 읽지 못했습니다: {path.name!r}. 다른 파일로 바꿔 주십시오.") from error
    # A server that is still writing while the interpreter shuts down takes the process with it.
    atexit.register(_local_server.cache_clear)
    return server, key


def _has_chat_template(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"tokenizer.chat_template", 0, _METADATA_BYTES) >= 0


def _address(settings: Settings, *, example: str) -> str:
    parts = urlsplit(settings.chat_base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ChatModelError(
            f"CHATBOT_CHAT_BASE_URL이 주소가 아닙니다: {settings.chat_base_url!r}. {example}처럼 적어 주십시오."
        )
    return settings.chat_base_url


def _timeout(settings: Settings) -> httpx.Timeout:
    seconds = settings.chat_timeout_seconds
    return httpx.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))


def _not_installed(what: str, extra: str) -> ChatModelMissingError:
    return ChatModelMissingError(f"{what}에 필요한 꾸러미가 없습니다. `pip install '.[{extra}]'`로 설치해 주십시오.")


_BUILDERS: Mapping[str, Callable[[Settings], BaseChatModel]] = {
    "openai": _openai,
    "ollama": _ollama,
    "llamacpp": _llamacpp,
}
