"""The table of words: complete in every language, and nothing is said past it."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from chatbot.answer import AnswerStatus
from chatbot.ui.labels import Language, labels, table
from chatbot.ui.look import look_of

UI = Path(__file__).parents[2] / "chatbot" / "ui"
HANGUL = re.compile(r"[가-힣]")
SOURCES = [*sorted((UI / "templates").glob("*.html")), *sorted((UI / "assets").glob("*.js"))]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(table()))
def test_every_word_is_there_in_every_language_with_the_same_places(key: str) -> None:
    words = table()[key]
    assert set(words) == set(Language)
    assert words[Language.ENGLISH] or words[Language.KOREAN]
    assert not HANGUL.search(words[Language.ENGLISH])
    if not key.startswith("message."):
        assert fields(words[Language.ENGLISH]) == fields(words[Language.KOREAN])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_templates_and_scripts_say_nothing_past_the_table(path: Path) -> None:
    said = re.sub(r"{#.*?#}|//[^\n]*", "", path.read_text(encoding="utf-8"))
    assert not HANGUL.search(said.replace(">한국어<", "><"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_templates_name_only_keys_of_the_table(path: Path) -> None:
    for key in re.findall(r"""\bt\(["']([\w.\-]+)["'][,)]""", path.read_text(encoding="utf-8")):
        assert key in table()


def test_every_status_has_a_heading() -> None:
    t = labels(Language.ENGLISH)
    for status in AnswerStatus:
        if not status.is_answer:
            assert t(f"status.{status}")
            assert t(f"message.{status}")


@pytest.mark.parametrize("value", ["", "fr", "EN", '"><script>', "../"])
def test_a_cookie_that_is_no_choice_is_the_usual(value: str) -> None:
    look = look_of({"gov_case_lang": value, "gov_case_theme": value, "gov_case_size": value})
    assert (look.t.language, look.attributes, look.home) == (Language.KOREAN, "", "/")


def test_a_browser_gets_the_look_that_it_chose() -> None:
    look = look_of({"gov_case_lang": "en", "gov_case_theme": "dark", "gov_case_size": "large"})
    assert (look.t("nav.cases"), look.home) == ("Browse cases", "/en/")
    assert look.attributes == ' data-theme="dark" data-size="large"'
