"""Which settings and versions made an answer: what one needs to make it again, and nothing secret."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from pydantic import JsonValue

from chatbot.settings import Settings

# Where things lie and who may call them says nothing about how answers are made.
_LEFT_OUT = {
    "host",
    "port",
    "eval_page",
    "workers",
    "queue_size",
    "queue_seconds",
    "chat_queue_size",
    "conversation_days",
    "own_documents",
    "chat_api_key",
    "chat_base_url",
}
_INDEX_LEFT_OUT = {"index_dir", "cache_dir", "chroma_url"}
_PACKAGES = (
    "gov-case-chatbot",
    "torch",
    "sentence-transformers",
    "kiwipiepy",
    "tantivy",
    "chromadb",
    "langchain-core",
)


def recorded(settings: Settings) -> dict[str, JsonValue]:
    """The settings that decide how answers are made; no secret, no path, no address."""
    return settings.model_dump(
        mode="json", exclude={**dict.fromkeys(_LEFT_OUT, True), "index": dict.fromkeys(_INDEX_LEFT_OUT, True)}
    )


def versions() -> dict[str, str]:
    """The product and the libraries below it; run from a checkout that was not installed, the product has none."""
    return {name: found for name in _PACKAGES if (found := _version(name))}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
