"""Who may use the chat model: a few questions at once, and none for a while after it has failed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from chatbot.errors import ChatModelError

REST_SECONDS = 30.0
"""After a failure; without it every question would wait for a silent server before the extractive answer comes."""


class ModelQueue:
    """``limit`` places, taken or refused at once: who is refused answers without the model. Safe between threads."""

    def __init__(
        self, limit: int, *, rest_seconds: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._places = BoundedSemaphore(limit)
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._rests_until = float("-inf")

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one answer.

        Raises:
            ChatModelError: All places are taken, the model has just failed, or it fails inside.
        """
        if self._clock() < self._rests_until:
            raise ChatModelError("언어 모델이 조금 전에 답하지 못해 잠시 쉬고 있습니다.")
        if not self._places.acquire(blocking=False):
            raise ChatModelError("언어 모델을 기다리는 질문이 많습니다.")
        try:
            yield
        except ChatModelError:
            self._rests_until = self._clock() + self._rest_seconds
            raise
        finally:
            self._places.release()
