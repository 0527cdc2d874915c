"""The access file: read again when it changes, so that a key is revoked without a restart."""

from __future__ import annotations

import logging
import os
import secrets
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from chatbot.access.model import AccessList, Site
from chatbot.errors import ChatbotError

logger = logging.getLogger(__name__)

DEMO_SITE = Site(key="demo", name="정부 문서 질의응답", own_origin=True)


class AccessFileError(ChatbotError):
    """The access file cannot be read or is not what it should be."""


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


class AccessFile:
    """The list in ``path``; without a file, a list of its own with nobody on it but the demo page."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._list = AccessList(token_secrets=(new_secret(),))
        self.current()

    def current(self) -> AccessList:
        """The list as the file has it now: nobody once it is gone, and as it was while it is broken.

        Raises:
            AccessFileError: The file was broken from the beginning.
        """
        seen = _stamp(self._path)
        if seen == self._seen:
            return self._list
        with self._lock:
            first, self._seen = self._seen is None, seen
            try:
                self._list = read_access(self._path) if seen else self._list.model_copy(update=_NOBODY)
            except AccessFileError as error:
                if first:
                    raise
                logger.error("%s", error)
        return self._list

    def site(self, key: str) -> Site | None:
        """The site with this key."""
        return next((site for site in (*self.current().sites, DEMO_SITE) if site.key == key), None)

    def allows_anywhere(self, origin: str, own: str) -> bool:
        """Whether any site admits this origin (all that a preflight can tell)."""
        return any(site.allows(origin, own) for site in (*self.current().sites, DEMO_SITE))


def read_access(path: Path) -> AccessList:
    """The list in ``path``. Raises :class:`AccessFileError` with one Korean line."""
    try:
        return AccessList.model_validate_json(path.read_bytes())
    except OSError as error:
        raise AccessFileError(
            f"{path}: 접근 목록을 읽지 못했습니다({error.strerror}). 권한을 확인해 주십시오."
        ) from error
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "전체"
        raise AccessFileError(
            f"{path}: 접근 목록의 형식이 올바르지 않습니다({place}). 그 항목을 고쳐 주십시오."
        ) from None


def write_access(path: Path, access: AccessList) -> None:
    """Replaces the file in one step, readable by its owner only. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(access.model_dump_json(indent=2) + "\n")
    os.replace(file.name, path)


_NOBODY: Mapping[str, object] = {"sites": (), "api_keys": ()}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino
