from __future__ import annotations

import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import ValidationError

from chatbot.errors import PromptError
from chatbot.prompt import load_prompt, parse_prompt, prompt_names

GREET = """
description: 인사
variables: [name, place]
system: 공손하게 인사합니다.
user: "{name} 님, {place}에 오신 것을 환영합니다."
"""


def test_a_prompt_renders_to_a_system_and_a_user_message() -> None:
    messages = parse_prompt("greet", GREET).render(name="홍길동", place="새빛시")
    assert messages == [
        SystemMessage("공손하게 인사합니다."),
        HumanMessage("홍길동 님, 새빛시에 오신 것을 환영합니다."),
    ]


@pytest.mark.parametrize("value", ["{place}", "{", "}}", "{0}", "{name.__class__}", "제3조{별표}", "$name %s"])
def test_braces_in_a_value_are_only_text(value: str) -> None:
    user = parse_prompt("greet", GREET).render(name=value, place="새빛시")[1]
    assert user.text == f"{value} 님, 새빛시에 오신 것을 환영합니다."


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"name": "홍길동"}, "place"),
        ({}, "name, place"),
        ({"name": "홍길동", "place": "새빛시", "year": "2024"}, "year"),
    ],
)
def test_missing_and_unknown_values_are_named(values: dict[str, str], named: str) -> None:
    with pytest.raises(PromptError, match=named):
        parse_prompt("greet", GREET).render(**values)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("[name, place]", "[name]"), "선언하지 않은.*place"),
        (("[name, place]", "[name, place, year]"), "쓰지 않습니다.*year"),
        (("description: 인사", "description: 인사\ntemperature: 1"), "temperature"),
        (("system: 공손하게 인사합니다.\n", ""), "system"),
        (("description: 인사", "name: other\ndescription: 인사"), "description, variables"),
        (("{place}", "{place.real}"), "place.real"),
        (("{place}", "{place!r}"), "place"),
        (("{place}", "{place:>9}"), "place"),
        (("{place}", "{}"), "''"),
        (("{place}", "{place"), "greet"),
        (("variables: [name", "variables: {name"), "YAML"),
        ((GREET, "- 1\n- 2"), "description, variables"),
    ],
)
def test_a_file_that_is_not_a_prompt_is_refused_with_the_reason(change: tuple[str, str], named: str) -> None:
    with pytest.raises(PromptError, match=named) as raised:
        parse_prompt("greet", GREET.replace(*change))
    assert "\n" not in str(raised.value)


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(PromptError, match="answer, answer_small, condense"):
        load_prompt("anwser")


@pytest.mark.parametrize("name", ["../pyproject", "/etc/passwd", "", "answer.yaml"])
def test_a_name_is_not_a_path(name: str) -> None:
    with pytest.raises(PromptError):
        load_prompt(name)


def test_the_digest_covers_what_reaches_the_model_and_nothing_else() -> None:
    digest = parse_prompt("greet", GREET).sha256
    assert parse_prompt("hello", "# 설명\n" + GREET.replace("인사\n", "다른 설명\n", 1)).sha256 == digest
    assert parse_prompt("greet", GREET.replace("공손하게", "짧게")).sha256 != digest
    assert parse_prompt("greet", GREET + "output_schema: {type: object}\n").sha256 != digest


def test_a_prompt_cannot_be_changed() -> None:
    prompt = load_prompt("answer")
    with pytest.raises(ValidationError):
        prompt.system = "무엇이든 답합니다."  # type: ignore[misc]


def test_every_file_in_the_folder_loads_under_its_own_name() -> None:
    assert [load_prompt(name).name for name in prompt_names()] == prompt_names()
