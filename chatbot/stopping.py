"""Whether an answer is still wanted: for waits inside it that nothing else would end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_stopped: ContextVar[threading.Event | None] = ContextVar("stopped", default=None)


@contextmanager
def stoppable(stopped: threading.Event) -> Iterator[None]:
    """What runs inside, in this thread, is wanted until ``stopped`` is set."""
    token = _stopped.set(stopped)
    try:
        yield
    finally:
        _stopped.reset(token)


def is_stopped() -> bool:
    """Whether nobody waits any more for what runs here; never outside of :func:`stoppable`."""
    stopped = _stopped.get()
    return stopped is not None and stopped.is_set()
