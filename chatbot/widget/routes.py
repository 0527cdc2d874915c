"""``/widget.js``, the demo page and the page that writes the snippet."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)

# What the strictest agency allows: our script and our connection, nothing inline, no markup from scripts.
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
MAX_AGE_SECONDS = 300


@router.get("/widget.js")
def widget_script(request: Request) -> Response:
    """The widget. Its address never changes, so browsers ask after some minutes whether it has."""
    script, packed, etag = _script()
    wants_packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        "ETag": etag,
        "Vary": "Accept-Encoding",
        "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if wants_packed:
        headers["Content-Encoding"] = "gzip"
    return Response(packed if wants_packed else script, media_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _script() -> tuple[bytes, bytes, str]:
    """The script as it is, packed, and its tag, which is the same for both."""
    script = files("chatbot.widget").joinpath("assets/widget.js").read_bytes()
    # Weak: it stands for what the script says, not for the bytes on the line.
    return script, gzip.compress(script, 9, mtime=0), f'W/"{hashlib.sha256(script).hexdigest()[:32]}"'


@router.get("/widget/demo")
def demo_page() -> HTMLResponse:
    """An agency's page with the widget on it."""
    # Asking by voice; every other page of ours goes without the microphone.
    return _page("demo.html", {"Permissions-Policy": "camera=(), microphone=(self), geolocation=()"})


@router.get("/widget/setup")
def setup_page() -> HTMLResponse:
    """The page where an administrator gets the snippet."""
    return _page("setup.html")


def page_files() -> StaticFiles:
    """Style and script of the two pages."""
    return StaticFiles(packages=[("chatbot.widget", "pages")])


def _page(name: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    html = files("chatbot.widget").joinpath("pages", name).read_text(encoding="utf-8")
    return HTMLResponse(html, headers={"Content-Security-Policy": STRICT_POLICY, **(headers or {})})
