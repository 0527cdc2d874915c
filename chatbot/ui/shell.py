"""Gradio's page around the chat, made Korean: its language, and none of the addresses it advertises."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ADVERTISING = re.compile(rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class KoreanShell:
    """Rewrites the one HTML page of ``app``, which is at ``path``; everything else passes through."""

    def __init__(self, app: ASGIApp, path: str = "/") -> None:
        self.app = app
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and rewrites the page on its way out."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != self.path:
            await self.app(scope, receive, send)
            return
        # Compressed bytes cannot be rewritten.
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, _Rewriter(send))


class _Rewriter:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        body = korean_shell(self._body)
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def korean_shell(html: bytes) -> bytes:
    """``html`` in Korean and without the tags for link previews."""
    head, end, rest = html.partition(b"</head>")
    head = head.replace(b'lang="en"', b'lang="ko"', 1)
    return _ADVERTISING.sub(b"", head) + end + rest
