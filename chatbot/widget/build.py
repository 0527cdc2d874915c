"""``python -m chatbot.widget.build``: the modules in ``src`` as one script, the same bytes every time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import typer

HERE = Path(__file__).parent
SOURCE = HERE / "src"
BUILT = HERE / "assets" / "widget.js"

# In the order in which they need each other.
MODULES = ("dom", "storage", "stream", "client", "hours", "voice", "reply", "turn", "panel", "main")

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_DOC = re.compile(r"[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*\n?")
_CSS_SPACE = re.compile(r"\s*\n\s*")


def bundle() -> str:
    """The script: one function, so that nothing of it is a global of the page."""
    labels = json.loads((SOURCE / "labels.json").read_text(encoding="utf-8"))
    css = _CSS_SPACE.sub("\n", (SOURCE / "widget.css").read_text(encoding="utf-8")).strip()
    parts = [
        "// Built from src by `python -m chatbot.widget.build`.",
        '(() => {\n"use strict";',
        f"const LABELS = {_script_json(labels)};",
        f"const CSS = {_script_json(css)};",
        *(_module(name) for name in MODULES),
        "})();",
    ]
    return "\n".join(parts) + "\n"


def _module(name: str) -> str:
    text = (SOURCE / f"{name}.js").read_text(encoding="utf-8")
    return _DOC.sub("", _EXPORT.sub("", _IMPORT.sub("", text))).strip()


def _script_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Writes the script."""
    BUILT.write_text(bundle(), encoding="utf-8", newline="\n")
    typer.echo(f"{BUILT}: {BUILT.stat().st_size} bytes")


if __name__ == "__main__":
    typer.run(main)
