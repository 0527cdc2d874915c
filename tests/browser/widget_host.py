"""What stands around the widget in the tests: the chatbot's server, an agency's page, a line that can be cut."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from chatbot.access.file import new_secret, write_access
from chatbot.access.model import AccessList, Site, SiteContact
from chatbot.startup import bind

SITE_KEY = "site_test"
PAGE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>새빛시청</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="{script}" data-site-key="{key}" {data} async></script></head>
<body><main><h1>새빛시청</h1><p><a href="#a">공지</a></p></main></body></html>"""


@contextmanager
def served(make: Callable[[], ASGIApp]) -> Iterator[str]:
    """The address of an application that runs in a thread."""
    listening = bind("127.0.0.1", 0)
    listening.listen()
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        servers.append(
            uvicorn.Server(uvicorn.Config(make(), access_log=False, log_level="warning", timeout_graceful_shutdown=1))
        )
        await servers[0].serve(sockets=[listening])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        servers[0].should_exit = True
        thread.join(timeout=30)


def agency_page(script: str, data: str = "") -> ASGIApp:
    """A page of an agency with the strictest policy that still lets the widget in."""
    server = script.removesuffix("/widget.js")
    policy = (
        f"default-src 'none'; script-src {server}; connect-src {server}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    html = PAGE.format(script=script, key=SITE_KEY, data=data)

    async def page(_: object) -> HTMLResponse:
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    return Starlette(routes=[Route("/", page)])


def list_site(path: Path, *origins: str) -> None:
    """Writes an access list with one site."""
    contact = SiteContact(department="민원과", phone="02-120")
    site = Site(key=SITE_KEY, name="새빛시 도우미", origins=origins, contact=contact)
    write_access(path, AccessList(token_secrets=(new_secret(),), sites=(site,)))


class Line:
    """A line to a server that can be cut while something comes over it."""

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._listening = bind("127.0.0.1", 0)
        self._listening.listen()
        self._open: list[socket.socket] = []
        self.cuts = 0
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends every connection without a word."""
        self.cuts += 1
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def close(self) -> None:
        """Takes no more connections."""
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(self._target)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
