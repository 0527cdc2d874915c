"""Which browser this is: a random cookie that only this service can read."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAME = "gov_case_browser"
MAX_AGE_SECONDS = 400 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def owner_of(cookies: Mapping[str, str]) -> str | None:
    """The digest under which this browser's things are kept; ``None`` without a cookie of ours."""
    token = cookies.get(NAME, "")
    return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else None


class BrowserCookie:
    """Gives every browser that opens a page of ``app`` a cookie of 256 random bits, once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers({})
        page = scope["type"] == "http" and scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        if not page or _has_cookie(headers):
            await self.app(scope, receive, send)
            return
        secure = "https" in (scope.get("scheme"), headers.get("x-forwarded-proto"))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _cookie(secure=secure))
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _has_cookie(headers: Headers) -> bool:
    return owner_of(cookie_parser(headers.get("cookie", ""))) is not None


def _cookie(*, secure: bool) -> str:
    # Lax, not strict: a link in a mail must not get a new cookie in place of the one that is there.
    parts = f"{NAME}={secrets.token_urlsafe(32)}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax"
    return f"{parts}; Secure" if secure else parts
