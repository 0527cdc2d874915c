"""A page of our own, without Gradio: HTML with a policy that lets in nothing but its own files."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from chatbot.api.links import document_url
from chatbot.export.formats import ExportFormat
from chatbot.ui.look import look_of
from chatbot.ui.render import render

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)


def page_response(template: str, request: Request, **values: object) -> HTMLResponse:
    """The page as this browser wants it; templates get ``base``, where the service is below its host."""
    base = request.scope.get("root_path", "")
    look = look_of(request.cookies)
    html = render(
        template,
        look.t,
        base=base,
        home=base + look.home,
        look=look.attributes,
        formats=list(ExportFormat),
        document_url=document_url,
        **values,
    )
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Vary": "Cookie"}
    return HTMLResponse(html, headers=headers)
