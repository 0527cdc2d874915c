"""What holds for every request: a size, security headers, one log line, no stack traces out."""

from __future__ import annotations

import logging
import time
import traceback
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.api.metrics import Metrics
from chatbot.api.problems import problem_response

logger = logging.getLogger("chatbot.http")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Gradio evaluates its templates and inlines its configuration, so scripts need 'unsafe-inline' and 'unsafe-eval';
# script-src-attr stays closed, so a handler attribute in markup never runs.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class SecurityHeaders:
    """Adds the headers to every response that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def is_cross_site(headers: Headers) -> bool:
    """Whether a browser says that another origin sent this (Fetch Metadata, or Origin against Host without it)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


class BodyLimit:
    """Refuses a longer body: at once when it tells its length, otherwise at the byte that is too many.

    ``larger`` has the limits of paths that take more. The framework's own limit answers in plain text before any
    handler can.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses the request or passes it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.larger.get(scope["path"], self.max_bytes)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > limit:
            await problem_response(413, instance=scope["path"])(scope, receive, send)
            return
        received = 0

        async def receive_counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counting, send)


class RequestLog:
    """One line a request without its query, the counts, and the last stop for an error nobody caught."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and notes how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting_status)
        except Exception as error:
            log_failure(error)
            if status:
                raise
            await problem_response(500, instance=scope["path"])(scope, receive, send_noting_status)
        finally:
            route = getattr(scope.get("route"), "path", "page")
            self.metrics.count_request(scope["method"], route, status)
            elapsed_ms = (time.perf_counter() - started) * 1000
            # A page is sixty files; only what somebody asked for, or what failed, is worth a line by default.
            level = logging.INFO if status >= 400 or route.startswith(("/api/", "/documents/")) else logging.DEBUG
            logger.log(level, "%s %s %d %.0f ms", scope["method"], route, status, elapsed_ms)


def log_failure(error: BaseException) -> str:
    """Logs where an error came from, without its message (that may quote a question), and returns its id."""
    error_id = uuid.uuid4().hex[:12]
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("error %s: %s\n%s", error_id, type(error).__name__, frames)
    return error_id
