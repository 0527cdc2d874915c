"""What the routes of one application share, built once and handed to each by FastAPI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from chatbot.access.file import AccessFile
from chatbot.api.feedback import FeedbackFile
from chatbot.api.idempotency import IdempotencyKeys
from chatbot.api.metrics import Metrics
from chatbot.api.ports import ChatbotPort, LibraryPort
from chatbot.api.presence import while_there
from chatbot.api.problems import ProblemError
from chatbot.api.rates import RateLimits
from chatbot.api.streams import Streams
from chatbot.api.workers import BusyError, Place, Workers

T = TypeVar("T")


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
    idempotency: IdempotencyKeys
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
    """A place among the workers for as long as the request takes, or 503."""
    taken = reserve(services(request))
    try:
        yield taken
    finally:
        taken.leave()


def reserve(shared: Services) -> Place:
    """A place among the workers, which work in it gives back, or 503."""
    try:
        return shared.workers.reserve()
    except BusyError as error:
        raise busy(error) from None


def busy(error: BusyError) -> ProblemError:
    """503 with the time after which it is worth asking again."""
    return ProblemError(503, headers={"Retry-After": str(error.retry_after_seconds)})


async def in_worker(shared: Services, request: Request | None, work: Callable[[], T], timeout_seconds: float) -> T:
    """The result of ``work`` in a worker; given up when the client of ``request`` has gone.

    Raises:
        ProblemError: 503 where there is no place or no turn in time, 504 where the work takes too long.
    """
    running = shared.workers.run(work, reserve(shared), timeout_seconds)
    try:
        return await (running if request is None else while_there(request, running))
    except BusyError as error:
        raise busy(error) from None
    except TimeoutError:
        raise ProblemError(504) from None


ServicesDep = Annotated[Services, Depends(services)]
LibraryDep = Annotated[LibraryPort, Depends(library)]
PlaceDep = Annotated[Place, Depends(place)]
