"""The application factory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from chatbot.api.feedback import FeedbackFile
from chatbot.api.metrics import Metrics
from chatbot.api.middleware import BodyLimit, RequestLog, SameOrigin, SecurityHeaders
from chatbot.api.ports import ChatbotPort
from chatbot.api.problems import install_problems
from chatbot.api.routes import ask, cases, documents, feedback, health, search
from chatbot.api.services import Services
from chatbot.api.workers import Workers

MAX_BODY_BYTES = 64 * 1024
# Two cores answer two questions at a time; sixteen waiting ones are about two seconds of work.
WORKERS = 2
QUEUE = 16
# The pipeline keeps its own time limit and answers with a status; this is for when it cannot.
GRACE_SECONDS = 5.0


def create_app(
    chatbot: ChatbotPort,
    *,
    feedback_file: Path,
    answer_timeout_seconds: float,
    workers: int = WORKERS,
    queue: int = QUEUE,
) -> FastAPI:
    """The HTTP interface over ``chatbot``. Feedback is appended to ``feedback_file``, made when first needed."""
    metrics = Metrics()
    services = Services(
        chatbot=chatbot,
        workers=Workers(workers, queue),
        metrics=metrics,
        feedback=FeedbackFile(feedback_file),
        timeout_seconds=answer_timeout_seconds + GRACE_SECONDS,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        services.workers.close()

    app = FastAPI(
        title="정부 문서 질의응답 API",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # these pages load their scripts from a CDN
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    install_problems(app)
    for noun in (ask, search, cases, documents, feedback, health):
        app.include_router(noun.router)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES)
    app.add_middleware(SameOrigin)
    app.add_middleware(RequestLog, metrics=metrics)
    app.add_middleware(SecurityHeaders)
    return app
