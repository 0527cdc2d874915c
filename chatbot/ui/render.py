"""Templates to HTML. Everything that a template prints is escaped: documents are not to be trusted."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from chatbot.ui.answer_text import blocks
from chatbot.ui.labels import Labels


def render(template: str, t: Labels, **values: object) -> str:
    """The HTML of ``chatbot/ui/templates/{template}`` with ``values``, in the words of ``t``."""
    return _environment().get_template(template).render(t=t, **values)


def asset(name: str) -> str:
    """The text of ``chatbot/ui/assets/{name}``."""
    return files("chatbot.ui").joinpath("assets", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("chatbot.ui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    helpers: dict[str, Callable[..., Any]] = {"blocks": blocks, "icon": icon}
    environment.globals.update(helpers)
    return environment


# Outlines on a 24 × 24 grid, drawn with the text's colour.
_ICONS = {
    "copy": "M9 9h10v11H9zM5 15V4h10",
    "up": "M7 11l4-7q3 0 2 3l-.5 3H18q2.5 0 2 2.5l-1.5 6q-.5 1.5-2 1.5H7zM3.5 11H7v9H3.5z",
    "down": "M17 13l-4 7q-3 0-2-3l.5-3H6q-2.5 0-2-2.5l1.5-6q.5-1.5 2-1.5H17zM20.5 13H17V4h3.5z",
    "phone": "M6 3h3l1.5 5-2 1.5a12 12 0 0 0 6 6l1.5-2 5 1.5v3q0 2-2 2C11 20 4 13 4 5q0-2 2-2z",
    "previous": "M15 5l-7 7 7 7",
    "next": "M9 5l7 7-7 7",
    "open": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "list": "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "upload": "M12 20V9M7 13l5-5 5 5M5 4h14",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4 4",
    "basket": "M4 9h16l-2 10H6zM8 9l3-5M16 9l-3-5",
    "cards": "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
    "table": "M4 5h16v14H4zM4 10h16M4 15h16M10 5v14",
    "compare": "M4 5h7v14H4zM13 5h7v14h-7z",
    "back": "M12 19V5M5 12l7-7 7 7",
    "source": "M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h5",
    "none": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12h8",
    "shield": "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6z",
    "flag": "M6 21V4h11l-2 4 2 4H6",
    "gear": "M4 7h9M17 7h3M4 17h3M11 17h9M13 4v6M7 14v6",
    "help": "M4 7h16v11H4zM7 10h.01M10 10h.01M13 10h.01M16 10h.01M8 15h8",
    "ask": "M4 5h16v11H9l-5 4z",
}


def icon(name: str) -> Markup:
    """A small picture; screen readers pass over it."""
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor"'
        ' stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>'
    ).format(_ICONS[name])
