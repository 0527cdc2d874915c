"""Prompts as data: one YAML file each, loaded here and nowhere else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Self

import yaml
from langchain_core.messages import BaseMessage
from langchain_core.prompts import ChatPromptTemplate
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, model_validator

from chatbot.errors import PromptError

_FOLDER = "prompts"


class Prompt(BaseModel):
    """A system and a user message with ``{variables}``; what a model is given, and nothing else.

    Values are put in as they are, so braces in them are harmless. ``output_schema`` is a JSON Schema for prompts whose
    answer is read by a program.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str
    variables: tuple[str, ...]
    system: str
    user: str
    output_schema: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _declares_what_it_uses(self) -> Self:
        used = {*_fields(self.system), *_fields(self.user)}
        undeclared, unused = sorted(used - {*self.variables}), sorted({*self.variables} - used)
        if undeclared:
            raise ValueError(f"선언하지 않은 변수를 씁니다: {', '.join(undeclared)}")
        if unused:
            raise ValueError(f"선언한 변수를 쓰지 않습니다: {', '.join(unused)}")
        return self

    @property
    def sha256(self) -> str:
        """Digest of what reaches a model; a comment or a new description in the file does not change it."""
        given = [self.system, self.user, self.output_schema]
        return hashlib.sha256(json.dumps(given, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def template(self) -> ChatPromptTemplate:
        """The prompt as the first runnable of a chain."""
        return ChatPromptTemplate.from_messages([("system", self.system), ("human", self.user)])

    def render(self, **values: str) -> list[BaseMessage]:
        """The two messages with the values in their places, or PromptError (see :meth:`check`)."""
        self.check(values)
        return self.template.format_messages(**values)

    def check(self, values: Mapping[str, str]) -> None:
        """Whether the values are those that the prompt declares.

        Raises:
            PromptError: A declared variable has no value, or a value has no variable.
        """
        missing, unknown = sorted({*self.variables} - {*values}), sorted({*values} - {*self.variables})
        if missing:
            raise PromptError(f"프롬프트 {self.name!r}에 넣을 값이 없습니다: {', '.join(missing)}")
        if unknown:
            raise PromptError(f"프롬프트 {self.name!r}에 없는 변수입니다: {', '.join(unknown)}")


@lru_cache(maxsize=32)
def load_prompt(name: str) -> Prompt:
    """The prompt in ``prompts/{name}.yaml``.

    Raises:
        PromptError: There is no such file, or it is not a prompt.
    """
    source = files(_FOLDER) / f"{name}.yaml"
    if not name.isidentifier() or not source.is_file():
        raise PromptError(f"프롬프트 {name!r}이(가) 없습니다. 있는 것: {', '.join(prompt_names())}")
    return parse_prompt(name, source.read_text(encoding="utf-8"))


def load_grammar(name: str) -> str:
    """The GBNF grammar in ``prompts/{name}.gbnf``: what a model that can be held to a form may answer to a prompt.

    Raises:
        PromptError: There is no such file.
    """
    source = files(_FOLDER) / f"{name}.gbnf"
    if not name.isidentifier() or not source.is_file():
        raise PromptError(f"프롬프트 {name!r}의 문법(GBNF)이 없습니다.")
    return source.read_text(encoding="utf-8")


def parse_prompt(name: str, text: str) -> Prompt:
    """The prompt that a YAML text holds, or PromptError. ``name`` is the file's name, never a key inside it."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PromptError(f"프롬프트 {name!r}을(를) YAML로 읽지 못했습니다: {_one_line(error)}") from error
    if not isinstance(content, dict) or "name" in content:
        raise PromptError(f"프롬프트 {name!r}은(는) description, variables, system, user로 된 YAML이어야 합니다.")
    try:
        return Prompt.model_validate({"name": name, **content})
    except ValidationError as error:
        raise PromptError(f"프롬프트 {name!r}이(가) 잘못되었습니다: {_reasons(error)}") from error


def prompt_names() -> list[str]:
    """Names that :func:`load_prompt` knows, sorted."""
    return sorted(item.name.removesuffix(".yaml") for item in files(_FOLDER).iterdir() if item.name.endswith(".yaml"))


def _fields(template: str) -> Iterator[str]:
    """Variables of a template; anything but a plain ``{name}`` is refused, since attributes reach into objects."""
    for _, field, specification, conversion in Formatter().parse(template):
        if field is None:
            continue
        if not field.isidentifier() or specification or conversion:
            raise ValueError(f"변수는 {{name}}처럼만 씁니다: {field!r}")
        yield field


def _reasons(error: ValidationError) -> str:
    return "; ".join(
        ": ".join([*map(str, item["loc"]), item["msg"].removeprefix("Value error, ")]) for item in error.errors()
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
