"""Visitor tokens: signed, short-lived, good for one origin and one session."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict, ValidationError

PREFIX = "visitor."
TOKEN_SECONDS = 15 * 60
# A tab left open over night starts a new session in the morning.
SESSION_SECONDS = 12 * 60 * 60


class Visitor(BaseModel):
    """Who holds a token; ``begun`` is when the session began, in seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site_key: str
    origin: str
    session_id: str
    begun: int


def new_visitor(site_key: str, origin: str) -> Visitor:
    """A visitor with a session of its own."""
    return Visitor(site_key=site_key, origin=origin, session_id=secrets.token_hex(8), begun=int(time.time()))


def is_fresh(visitor: Visitor) -> bool:
    """Whether the session may go on."""
    return time.time() - visitor.begun < SESSION_SECONDS


def sign(visitor: Visitor, token_secrets: Sequence[str]) -> str:
    """A token for this visitor, valid for :data:`TOKEN_SECONDS`."""
    return PREFIX + str(_serializer(token_secrets).dumps(visitor.model_dump()))


def verify(token: str, token_secrets: Sequence[str], *, max_age_seconds: int = TOKEN_SECONDS) -> Visitor | None:
    """The visitor of a token that we signed and that is young enough."""
    try:
        held = _serializer(token_secrets).loads(token.removeprefix(PREFIX), max_age=max_age_seconds)
        return Visitor.model_validate(held)
    except (BadSignature, ValidationError):
        return None


def _serializer(token_secrets: Sequence[str]) -> URLSafeTimedSerializer:
    # itsdangerous signs with the last key and verifies with all.
    return URLSafeTimedSerializer(list(reversed(token_secrets)), salt="visitor")
