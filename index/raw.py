"""A document as delivered, before any processing, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from index.document import Contact, Page
from index.report import FileReport


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A text as delivered. ``source`` is relative to its documents folder; ``digest`` is SHA-256 in hex.

    ``contacts`` are those that someone has named for it; empty where nobody has.
    """

    source: str
    text: str
    digest: str
    title: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    report: FileReport | None = None
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not indexed and the Korean line that says why."""

    source: str
    reason: str
