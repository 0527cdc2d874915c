"""The README says what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from chatbot.settings import Settings
from index.settings import IndexSettings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "prefix"), [(IndexSettings, "INDEX_"), (Settings, "CHATBOT_")], ids=["index", "chatbot"]
)
def test_every_setting_stands_in_the_table_with_its_description(settings: type, prefix: str) -> None:
    for name, field in settings.model_fields.items():
        if name == "index":
            continue
        row = re.search(rf"^\| `{prefix}{name.upper()}` \|.*$", README, re.M)
        assert row, f"{prefix}{name.upper()} is not in the README"
        assert field.description in row.group()


def test_the_table_names_no_setting_that_is_gone() -> None:
    known = {f"INDEX_{name.upper()}" for name in IndexSettings.model_fields}
    known |= {f"CHATBOT_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"^\| `((?:INDEX|CHATBOT)_[A-Z_]+)`", README, re.M))
    assert named <= known


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    section = README.split("## 의존성과 까닭")[1].split("\n## ")[0]
    for requirement in project["dependencies"]:
        name = re.split(r"[=<>~\[; ]", requirement)[0]
        assert name in section, f"{name} is not explained in the README"
