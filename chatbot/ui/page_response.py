"""A page of our own, without Gradio: HTML with a policy that lets in nothing but its own files."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from chatbot.api.links import document_url
from chatbot.ui.labels import Labels
from chatbot.ui.render import render

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)


def page_response(template: str, request: Request, t: Labels, **values: object) -> HTMLResponse:
    """The page; templates get ``base``, where the service is below its host."""
    base = request.scope.get("root_path", "")
    html = render(template, t, base=base, document_url=document_url, **values)
    return HTMLResponse(html, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})
