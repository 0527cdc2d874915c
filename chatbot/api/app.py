"""The application factory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chatbot.api.feedback import FeedbackFile
from chatbot.api.metrics import Metrics
from chatbot.api.middleware import BodyLimit, RequestLog, SameOrigin, SecurityHeaders
from chatbot.api.ports import ChatbotPort
from chatbot.api.problems import install_problems
from chatbot.api.routes import ask, cases, documents, feedback, health, search
from chatbot.api.services import Services
from chatbot.api.workers import Workers
from chatbot.settings import Settings

MAX_BODY_BYTES = 64 * 1024
# A conversation of two hundred long answers, without their quotes.
LARGER_BODIES = {"/export/conversation": 1024 * 1024}
# The pipeline keeps its own time limit and answers with a status; this is for when it cannot.
GRACE_SECONDS = 5.0


def create_app(chatbot: ChatbotPort, settings: Settings) -> FastAPI:
    """The HTTP interface over ``chatbot``. Feedback is kept in a folder beside that of the index."""
    metrics = Metrics()
    services = Services(
        chatbot=chatbot,
        workers=Workers(settings.workers, settings.queue_size),
        metrics=metrics,
        feedback=FeedbackFile(settings.index.index_dir.parent / "feedback" / "feedback.jsonl"),
        timeout_seconds=settings.answer_timeout_seconds + GRACE_SECONDS,
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
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, larger=LARGER_BODIES)
    app.add_middleware(SameOrigin)
    app.add_middleware(RequestLog, metrics=metrics)
    app.add_middleware(SecurityHeaders)
    return app
