"""The application factory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from chatbot.access.file import AccessFile
from chatbot.api.feedback import FeedbackFile
from chatbot.api.gate import Gate
from chatbot.api.idempotency import IdempotencyKeys
from chatbot.api.mcp_mount import mount_mcp
from chatbot.api.metrics import Metrics
from chatbot.api.middleware import BodyLimit, RequestLog, SecurityHeaders
from chatbot.api.openapi import install_openapi
from chatbot.api.ports import ChatbotPort
from chatbot.api.problems import install_problems
from chatbot.api.rates import RateLimits
from chatbot.api.routes import ask, cases, changelog, completions, documents, feedback, files, health, search
from chatbot.api.services import Services
from chatbot.api.streams import Streams
from chatbot.api.versions import install_versions
from chatbot.api.workers import Workers
from chatbot.settings import Settings
from chatbot.widget import routes as widget
from chatbot.widget import session

MAX_BODY_BYTES = 64 * 1024
# A conversation of two hundred long answers with their quotes.
LARGER_BODIES = {"/export/conversation": 2 * 1024 * 1024, "/own/files": 20 * 1024 * 1024}
# The pipeline keeps its own time limit and answers with a status; this is for when it cannot.
GRACE_SECONDS = 5.0


def create_app(chatbot: ChatbotPort, settings: Settings) -> FastAPI:
    """The HTTP interface over ``chatbot``. Feedback is kept in a folder beside that of the index."""
    metrics = Metrics()
    access = AccessFile(settings.access_file)
    services = Services(
        chatbot=chatbot,
        workers=Workers(settings.workers, settings.queue_size, wait_seconds=settings.queue_seconds),
        metrics=metrics,
        feedback=FeedbackFile(settings.data_dir / "feedback" / "feedback.jsonl"),
        access=access,
        rates=RateLimits(settings),
        streams=Streams(),
        idempotency=IdempotencyKeys(),
        timeout_seconds=settings.answer_timeout_seconds + GRACE_SECONDS,
        index_dir=settings.index.index_dir,
    )

    around: list[Callable[[], AbstractAsyncContextManager[None]]] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for enter in around:
                await stack.enter_async_context(enter())
            yield
        await services.streams.close()
        services.workers.close()
        await services.rates.close()

    app = FastAPI(
        title="정부 문서 질의응답 API",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # these pages load their scripts from a CDN
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
    )
    app.state.services = services
    install_problems(app)
    install_versions(app)
    for noun in (ask, search, cases, documents, files, feedback, changelog, completions, session, health, widget):
        app.include_router(noun.router)
    install_openapi(app)
    if settings.mcp:
        around.append(mount_mcp(app, services, settings))
    app.mount("/widget/pages", widget.page_files(), name="widget-pages")
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, larger=LARGER_BODIES)
    app.add_middleware(Gate, access=access, rates=services.rates, require_api_key=settings.require_api_key)
    app.add_middleware(RequestLog, metrics=metrics)
    app.add_middleware(SecurityHeaders)
    return app
