"""What the access file holds."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_SPAN = r"[월화수목금토일](-[월화수목금토일])? ([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d"
HOURS = rf"^({_SPAN}(, ?{_SPAN})*)?$"
_ORIGIN = re.compile(r"https?://[a-z0-9.\-\[\]:]+")


class Scope(StrEnum):
    """What a caller may do."""

    ASK = "ask"
    READ = "read"
    FEEDBACK = "feedback"


def checked_origin(text: str) -> str:
    """An origin as browsers send it: scheme and host, lower case, no path. Raises ValueError for anything else."""
    origin = text.strip().lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin):
        raise ValueError("https://www.example.go.kr처럼 누리집의 주소만 적어 주십시오(경로와 * 없이).")
    return origin


Origin = Annotated[str, AfterValidator(checked_origin)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteContact(_Model):
    """Whom a citizen can call when the chatbot has no answer."""

    department: str = ""
    phone: str = ""


class Site(_Model):
    """A web site that shows the widget. Its key is public; what protects it is the list of origins.

    No origin means nobody. ``own_origin`` admits the pages of this server itself. ``hours`` is when somebody can be
    reached, in Korea's time, such as ``월-금 09:00-18:00, 토 10:00-13:00``.
    """

    key: str = Field(min_length=1, max_length=60)
    name: str = Field(default="", max_length=60)
    origins: tuple[Origin, ...] = ()
    own_origin: bool = False
    contact: SiteContact = SiteContact()
    hours: str = Field(default="", max_length=200, pattern=HOURS)
    privacy_url: str = Field(default="", pattern=r"^(https?://\S*)?$")

    def allows(self, origin: str, own: str) -> bool:
        """Whether a page of ``origin`` may show the widget; ``own`` is the origin of this server."""
        return bool(origin) and (origin in self.origins or (self.own_origin and origin == own))


class ApiKey(_Model):
    """A program's key; only its SHA-256 is kept, which is enough for a secret of 256 random bits."""

    key_id: str
    name: str = ""
    sha256: str
    scopes: tuple[Scope, ...] = (Scope.ASK, Scope.READ, Scope.FEEDBACK)


class AccessList(_Model):
    """The whole file. The first token secret signs, all of them verify."""

    token_secrets: tuple[str, ...] = Field(min_length=1)
    sites: tuple[Site, ...] = ()
    api_keys: tuple[ApiKey, ...] = ()
