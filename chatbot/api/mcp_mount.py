"""Puts the MCP server onto the application; only where it is switched on is the SDK imported."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from fastapi import FastAPI

from chatbot.api.problems import ProblemError, problem
from chatbot.api.services import Services, in_worker
from chatbot.errors import ChatbotError
from chatbot.settings import Settings

T = TypeVar("T")


def mount_mcp(app: FastAPI, services: Services, settings: Settings) -> Callable[[], AbstractAsyncContextManager[None]]:
    """Adds ``/mcp``; what is returned has to surround the time in which the application runs.

    The gate stands before this path too. Sessions hold nothing, so that any process can take any request.

    Raises:
        ChatbotError: The optional extra is not installed.
    """
    from chatbot.mcp_server import build_server

    async def run(work: Callable[[], T], /) -> T:
        try:
            return await in_worker(services, None, work, services.timeout_seconds)
        except ProblemError as late:
            raise ChatbotError(problem(late.status).detail) from None

    server = build_server(lambda: services.chatbot, run)
    mounted = server.streamable_http_app(stateless_http=True, host=settings.host)
    app.router.routes.extend(mounted.routes)
    return server.session_manager.run
