"""``GET /changelog``: what has changed in the interface, for who depends on it."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import yaml
from fastapi import APIRouter
from pydantic import BaseModel, TypeAdapter

router = APIRouter(prefix="/api/v1", tags=["changelog"])


class Release(BaseModel):
    """One version of the interface and what it changed."""

    version: str
    date: date
    changes: tuple[str, ...]


class Changelog(BaseModel):
    """Every version, newest first."""

    releases: tuple[Release, ...]


@router.get("/changelog")
async def get_changelog() -> Changelog:
    """The history of the interface."""
    return Changelog(releases=releases())


@cache
def releases() -> tuple[Release, ...]:
    """What the file says, newest first."""
    text = files("chatbot.api").joinpath("changelog.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Release, ...]).validate_python(yaml.safe_load(text))
