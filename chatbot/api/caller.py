"""Who sent a request: a program with a key, a visitor of a site, or anybody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.types import Scope as ConnectionScope

from chatbot.access import keys, tokens
from chatbot.access.file import AccessFile
from chatbot.access.model import Scope
from chatbot.api.problems import ProblemError

CHALLENGE = {"WWW-Authenticate": "Bearer"}
VISITOR_SCOPES = frozenset({Scope.ASK, Scope.FEEDBACK})


@dataclass(frozen=True, slots=True)
class Caller:
    """``scopes`` is ``None`` for anybody; the names are empty where they do not apply."""

    address: str
    scopes: frozenset[Scope] | None = None
    key_id: str = ""
    site_key: str = ""
    origin: str = ""
    session_id: str = ""

    @property
    def owner(self) -> str:
        """Whose a stream is; the same before and after a change of address."""
        return self.key_id or self.session_id


def caller(request: Request) -> Caller:
    """The caller of this request, as the gate has found out."""
    found: Caller = request.scope["chatbot.caller"]
    return found


CallerDep = Annotated[Caller, Depends(caller)]


def identify(scope: ConnectionScope, headers: Headers, access: AccessFile) -> Caller:
    """The caller.

    Raises:
        ProblemError: 401 for a key or a token of ours that is not valid (any more, or here).
    """
    address = _network(scope)
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return Caller(address)
    if credential.startswith(tokens.PREFIX):
        return _visitor(credential, page_origin(headers), own_origin(scope, headers), address, access)
    if credential.startswith(keys.PREFIX):
        entry = keys.find_api_key(credential, access.current().api_keys)
        if entry is None:
            raise ProblemError(401, "없거나 취소된 API 키입니다. 운영자에게 새 키를 받아 주십시오.", CHALLENGE)
        return Caller(address, frozenset(entry.scopes), key_id=entry.key_id)
    return Caller(address)


def page_origin(headers: Headers) -> str:
    """The origin of the page that sends this; a browser leaves it out of a GET to its own server."""
    origin = headers.get("origin", "").lower()
    if not origin and headers.get("sec-fetch-site") == "same-origin":
        return _address_of(headers, headers.get("x-forwarded-proto", "http"))
    return origin


def own_origin(scope: ConnectionScope, headers: Headers) -> str:
    """The origin under which this request reached us."""
    origin = headers.get("origin", "").lower()
    # TLS may end at a proxy that does not say so; the host is what tells servers apart.
    if origin.partition("://")[2] == headers.get("host", "").lower():
        return origin
    return _address_of(headers, headers.get("x-forwarded-proto", str(scope.get("scheme", "http"))))


def _address_of(headers: Headers, scheme: str) -> str:
    return f"{scheme}://{headers.get('host', '').lower()}"


def _visitor(token: str, origin: str, own: str, address: str, access: AccessFile) -> Caller:
    visitor = tokens.verify(token, access.current().token_secrets)
    site = access.site(visitor.site_key) if visitor else None
    if visitor is None or site is None:
        raise ProblemError(401, "이용 시간이 지났습니다. 대화창을 다시 열어 주십시오.", CHALLENGE)
    if visitor.origin != origin or not site.allows(origin, own):
        raise ProblemError(401, "다른 누리집에서 받은 이용 권한입니다. 이 누리집에서 다시 열어 주십시오.", CHALLENGE)
    return Caller(
        address,
        VISITOR_SCOPES,
        site_key=site.key,
        origin=visitor.origin,
        session_id=visitor.session_id,
    )


def _network(scope: ConnectionScope) -> str:
    """The address to count by: a household has a /64 of IPv6."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
