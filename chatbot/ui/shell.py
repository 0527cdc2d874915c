"""Gradio's page around the chat: its language and look, and none of the addresses it advertises."""

from __future__ import annotations

import re

from markupsafe import Markup
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.ui.labels import Language
from chatbot.ui.look import look_of

_ADVERTISING = re.compile(rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class PageShell:
    """Rewrites the one HTML page of ``app``, which is at ``path``; everything else passes through."""

    def __init__(self, app: ASGIApp, language: Language, path: str = "/") -> None:
        self.app = app
        self.language = language
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and rewrites the page on its way out."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != self.path:
            await self.app(scope, receive, send)
            return
        # Compressed bytes cannot be rewritten.
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        attributes = look_of(cookie_parser(Headers(scope=scope).get("cookie", ""))).attributes
        await self.app({**scope, "headers": headers}, receive, _Rewriter(send, self.language, attributes))


class _Rewriter:
    def __init__(self, send: Send, language: Language, attributes: Markup) -> None:
        self._send = send
        self._language = language
        self._attributes = attributes
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        body = shell(self._body, self._language, self._attributes)
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def shell(html: bytes, language: Language, attributes: str = "") -> bytes:
    """``html`` in ``language`` and without the tags for link previews."""
    head, end, rest = html.partition(b"</head>")
    head = head.replace(b'lang="en"', f'lang="{language}"{attributes}'.encode(), 1)
    return _ADVERTISING.sub(b"", head) + end + rest
