"""What the routes of one application share, built once and handed to each by FastAPI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from chatbot.access.file import AccessFile
from chatbot.api.feedback import FeedbackFile
from chatbot.api.metrics import Metrics
from chatbot.api.ports import ChatbotPort, LibraryPort
from chatbot.api.problems import ProblemError
from chatbot.api.rates import RateLimits
from chatbot.api.streams import Streams
from chatbot.api.workers import BusyError, Place, Workers

RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True)
class Services:
    """The chatbot and what surrounds it.

    ``timeout_seconds`` bounds one answer as the caller sees it; ``index_dir`` holds the report of the last build.
    """

    chatbot: ChatbotPort
    workers: Workers
    metrics: Metrics
    feedback: FeedbackFile
    access: AccessFile
    rates: RateLimits
    streams: Streams
    timeout_seconds: float
    index_dir: Path


def services(request: Request) -> Services:
    """The services of the application that got the request."""
    found: Services = request.app.state.services
    return found


def library(request: Request) -> LibraryPort:
    """The open index."""
    return services(request).chatbot.library


def place(request: Request) -> Iterator[Place]:
    """A place among the workers for this request, or 503; given back if the request never used it."""
    taken = reserve(services(request))
    try:
        yield taken
    finally:
        if not taken.started:
            taken.leave()


def reserve(shared: Services) -> Place:
    """A place among the workers, which work in it gives back, or 503."""
    try:
        return shared.workers.reserve()
    except BusyError:
        raise ProblemError(503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}) from None


ServicesDep = Annotated[Services, Depends(services)]
LibraryDep = Annotated[LibraryPort, Depends(library)]
PlaceDep = Annotated[Place, Depends(place)]
