"""API keys: made once, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence

from chatbot.access.model import ApiKey, Scope

PREFIX = "gck_"


def new_api_key(name: str, scopes: Sequence[Scope]) -> tuple[str, ApiKey]:
    """The key itself, for the one who asked for it, and what is kept of it."""
    key_id = secrets.token_hex(4)
    key = f"{PREFIX}{key_id}_{secrets.token_urlsafe(32)}"
    return key, ApiKey(key_id=key_id, name=name, sha256=_digest(key), scopes=tuple(scopes))


def find_api_key(key: str, known: Iterable[ApiKey]) -> ApiKey | None:
    """The entry of this key, compared in constant time."""
    digest = _digest(key)
    return next((entry for entry in known if hmac.compare_digest(entry.sha256, digest)), None)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
