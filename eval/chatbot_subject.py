"""The product as the subject of an evaluation. Apart from the rest because importing it loads models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from pydantic import JsonValue, ValidationError

from chatbot.pipeline import Chatbot, build_chatbot
from chatbot.settings import Settings
from eval.errors import EvalError
from eval.subject import Subject
from index.build import build_index
from index.errors import IndexVersionError, UnknownIdError
from index.library import Library
from index.settings import IndexSettings

_INDEX_PREFIX = "index."
# Where things lie and who may call them says nothing about how answers are made.
_LEFT_OUT = {"host", "port", "eval_page", "workers", "queue_size", "chat_queue_size", "chat_api_key", "chat_base_url"}
_PRODUCT = ("chatbot", "index", "prompts")
_NOT_ANSWERING = frozenset({"corpus", "training", "ui", "api", "widget"})
_LIBRARIES = ("torch", "sentence-transformers", "kiwipiepy", "tantivy", "chromadb", "langchain-core")
_INDEX_LEFT_OUT = {"index_dir", "cache_dir", "chroma_url"}


def open_subject(index_dir: Path, overrides: Mapping[str, JsonValue] | None = None) -> Subject:
    """The chatbot over the index in ``index_dir``; ``overrides`` are settings by name, ``index.`` in front for those.

    Raises:
        EvalError: A setting does not exist or refuses its value.
        IndexPackageError: The index cannot be opened.
        ChatbotError: The configured chat model cannot be used.
    """
    return subject_of(build_chatbot(settings_with(index_dir, overrides or {})))


def open_or_build(index_dir: Path, overrides: Mapping[str, JsonValue], docs: Sequence[Path], scratch: Path) -> Subject:
    """:func:`open_subject`; settings that need another index get one of ``docs`` in a folder of ``scratch``.

    Raises:
        EvalError: As :func:`open_subject`.
        IndexPackageError: The index cannot be opened, and there are no ``docs`` to build another from.
    """
    try:
        return open_subject(index_dir, overrides)
    except IndexVersionError:
        if not docs:
            raise
        settings = settings_with(
            scratch / hashlib.sha256(json.dumps(dict(overrides), sort_keys=True).encode()).hexdigest()[:12], overrides
        )
        build_index(docs, settings.index)
        return subject_of(build_chatbot(settings))


def subject_of(chatbot: Chatbot) -> Subject:
    """A chatbot that is already open."""
    library = chatbot.library
    return Subject(
        answerer=chatbot,
        text_of=lambda document_id: _text_of(library, document_id),
        index_version=library.version,
        corpus_digest=library.manifest.corpus_digest,
        code_digest=code_digest(),
        settings=recorded(chatbot.settings),
    )


def settings_with(index_dir: Path, overrides: Mapping[str, JsonValue]) -> Settings:
    """Settings from the environment with ``overrides`` on top.

    Raises:
        EvalError: A setting does not exist or refuses its value.
    """
    for name in overrides:
        fields = IndexSettings.model_fields if name.startswith(_INDEX_PREFIX) else Settings.model_fields
        if name.removeprefix(_INDEX_PREFIX) not in fields or name == "index":
            raise EvalError(f"그런 설정이 없습니다: {name!r}. 쓸 수 있는 설정: {', '.join(sorted(fields))}")
    of_index = {
        name.removeprefix(_INDEX_PREFIX): value for name, value in overrides.items() if name.startswith(_INDEX_PREFIX)
    }
    of_chatbot = {name: value for name, value in overrides.items() if not name.startswith(_INDEX_PREFIX)}
    try:
        index = IndexSettings.model_validate(of_index | {"index_dir": index_dir})
        return Settings.model_validate(of_chatbot | {"index": index})
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise EvalError(f"설정 {field!r}의 값을 쓸 수 없습니다. 값의 종류와 범위를 확인해 주십시오.") from error


def recorded(settings: Settings) -> dict[str, JsonValue]:
    """The settings that decide how answers are made; no secret, no path, no address."""
    return settings.model_dump(
        mode="json", exclude={**dict.fromkeys(_LEFT_OUT, True), "index": dict.fromkeys(_INDEX_LEFT_OUT, True)}
    )


def code_digest() -> str:
    """Digest of all that answers: source, prompts, tables and weights of the product, and the versions below it.

    Without it, a run that goes on after a change would mix answers of two programs.
    """
    digest = hashlib.sha256()
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for package in _PRODUCT:
        root = Path(str(files(package)))
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            inside = path.relative_to(root)
            if "__pycache__" not in inside.parts and inside.parts[0] not in _NOT_ANSWERING:
                digest.update(f"{package}/{inside.as_posix()}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _text_of(library: Library, document_id: str) -> str | None:
    try:
        return library.document(document_id).text
    except UnknownIdError:
        return None
