from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel

from chatbot.errors import ChatModelError, ChatModelMissingError
from chatbot.llm import MAX_ANSWER_TOKENS, SMALL_MODEL_BYTES, build_chat_model, constrained, prompt_name, read_within
from chatbot.prompt import load_prompt
from chatbot.settings import Settings
from tests.chatbot.fake_server import ANSWER, CompatibleServer, compatible_server

VALUES = {"sources": "[1] 수리 기간을 9일에서 2일로 줄임", "question": "수리 기간은?"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CompatibleServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with compatible_server() as server:
        yield server


def settings(**changes: object) -> Settings:
    values: dict[str, Any] = {"chat_provider": "openai", "chat_model": "m", "chat_timeout_seconds": 5.0, **changes}
    return Settings(_env_file=None, **values)


def connected(server: CompatibleServer, **changes: object) -> BaseChatModel:
    model = build_chat_model(settings(chat_base_url=server.url, **changes))
    assert model is not None
    return model


def read(model: BaseChatModel, seconds: float = 5.0) -> list[str]:
    return list(read_within(load_prompt("answer").template | model, VALUES, seconds))


def test_without_a_provider_there_is_no_model() -> None:
    assert build_chat_model(settings(chat_provider="")) is None


def test_a_compatible_server_answers_in_one_piece(server: CompatibleServer) -> None:
    assert connected(server).invoke("수리 기간은?").text == ANSWER
    assert server.requests[0]["path"] == "/v1/chat/completions"
    assert not server.requests[0].get("stream")


def test_a_compatible_server_answers_token_by_token(server: CompatibleServer) -> None:
    tokens = [token for token in read(connected(server)) if token]
    assert "".join(tokens) == ANSWER
    assert len(tokens) > 3
    assert server.requests[0]["stream"] is True


def test_the_server_is_asked_with_our_prompt_and_our_limits(server: CompatibleServer) -> None:
    read(connected(server, chat_model="qwen", chat_temperature=0.3))
    (request,) = server.requests
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("qwen", 0.3, MAX_ANSWER_TOKENS)
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert VALUES["sources"] in request["messages"][1]["content"]


@pytest.mark.parametrize(("key", "sent"), [("", "Bearer none"), ("비밀-아님-1".encode().hex(), None)])
def test_only_the_configured_key_is_sent(
    key: str, sent: str | None, server: CompatibleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-somebody-else")
    read(connected(server, chat_api_key=key))
    assert server.requests[0]["authorization"] == (sent or f"Bearer {key}")


def test_a_failing_server_is_asked_once_and_reported(server: CompatibleServer) -> None:
    server.mode = "fails"
    with pytest.raises(ChatModelError, match="APIError"):
        read(connected(server))
    assert len(server.requests) == 1


def test_a_connection_lost_in_the_middle_is_an_error(server: CompatibleServer) -> None:
    server.mode = "breaks"
    got: list[str] = []
    with pytest.raises(ChatModelError):
        got.extend(read_within(load_prompt("answer").template | connected(server), VALUES, 5.0))
    assert "".join(got) == ANSWER[:12]


def test_a_silent_server_is_given_up_after_the_time_limit(server: CompatibleServer) -> None:
    server.mode = "silent"
    with pytest.raises(ChatModelError, match=r"0\.3초"):
        read(connected(server, chat_timeout_seconds=5.0), seconds=0.3)


def test_the_client_itself_gives_a_silent_server_up(server: CompatibleServer) -> None:
    server.mode = "silent"
    with pytest.raises(ChatModelError, match="Timeout"):
        read(connected(server, chat_timeout_seconds=0.3), seconds=5.0)


def test_a_server_that_is_not_there_is_an_error_at_the_first_question_and_not_before() -> None:
    model = build_chat_model(settings(chat_base_url="http://127.0.0.1:9/v1"))
    assert model is not None
    with pytest.raises(ChatModelError, match="Connection"):
        read(model)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"chat_model": "", "chat_base_url": "http://127.0.0.1:8000/v1"}, "CHATBOT_CHAT_MODEL"),
        ({"chat_base_url": ""}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_base_url": "127.0.0.1:8000"}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_base_url": "ftp://127.0.0.1/v1"}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_provider": "ollama", "chat_base_url": "localhost"}, "CHATBOT_CHAT_BASE_URL"),
        ({"chat_provider": "llamacpp", "chat_model": "없는/모델.gguf"}, "없는/모델.gguf"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ChatModelError) as raised:
        build_chat_model(settings(**changes))
    assert named in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    weights = tmp_path / "model.gguf"
    weights.touch()
    with pytest.raises(ChatModelMissingError, match=r"\[ollama\]"):
        build_chat_model(settings(chat_provider="ollama", chat_model="gemma3:4b"))
    with pytest.raises(ChatModelMissingError, match=r"\[local-llm\]"):
        build_chat_model(settings(chat_provider="llamacpp", chat_model=str(weights)))


@pytest.mark.parametrize(
    ("provider", "model", "prompt"),
    [
        ("openai", "gpt-large", "answer"),
        ("openai", "Qwen/Qwen3-32B", "answer"),
        ("openai", "Qwen/Qwen2.5-1.5B-Instruct", "answer_small"),
        ("openai", "Mixtral-8x7B", "answer"),
        ("ollama", "gemma3:270m", "answer_small"),
        ("ollama", "gemma3:4b", "answer_small"),
        ("ollama", "exaone3.5:7.8b", "answer"),
        ("ollama", "llama3-8bit", "answer"),  # bits, not billions
    ],
)
def test_the_prompt_fits_the_size_in_the_name(provider: str, model: str, prompt: str) -> None:
    assert prompt_name(settings(chat_provider=provider, chat_model=model)) == prompt


def test_the_prompt_fits_the_size_of_the_file(tmp_path: Path) -> None:
    small, large = tmp_path / "small.gguf", tmp_path / "large.gguf"
    small.touch()
    with large.open("wb") as file:
        file.truncate(SMALL_MODEL_BYTES + 1)
    names = [prompt_name(settings(chat_provider="llamacpp", chat_model=str(path))) for path in (small, large)]
    assert names == ["answer_small", "answer"]


def test_a_prompt_that_is_set_wins_over_the_size() -> None:
    assert prompt_name(settings(chat_model="gemma3:270m", chat_prompt="answer")) == "answer"


def test_only_a_file_of_our_own_is_held_to_the_grammar(server: CompatibleServer) -> None:
    model = connected(server)
    assert constrained(model, settings(chat_provider="openai"), 'root ::= "x"') is model
    constrained(model, settings(chat_provider="llamacpp"), 'root ::= "x"').invoke("수리 기간은?")
    assert server.requests[0]["grammar"] == 'root ::= "x"'
    assert server.requests[0]["max_tokens"] == MAX_ANSWER_TOKENS


def test_an_adapter_that_is_not_there_is_named(tmp_path: Path) -> None:
    weights = tmp_path / "model.gguf"
    weights.touch()
    with pytest.raises(ChatModelError, match=r"없는\.gguf.*CHATBOT_CHAT_ADAPTER"):
        build_chat_model(settings(chat_provider="llamacpp", chat_model=str(weights), chat_adapter="없는.gguf"))
