from __future__ import annotations

import pytest

from chatbot.errors import ChatModelError
from chatbot.model_queue import ModelQueue


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_as_many_questions_as_there_are_places_use_the_model_and_the_next_is_refused_at_once() -> None:
    queue = ModelQueue(2)
    with queue.place(), queue.place(), pytest.raises(ChatModelError, match="기다리는"), queue.place():
        pass
    with queue.place():
        pass


def test_a_refused_question_is_no_failure_of_the_model() -> None:
    queue = ModelQueue(1)
    with queue.place(), pytest.raises(ChatModelError), queue.place():
        pass
    with queue.place():
        pass


def test_after_a_failure_the_model_rests() -> None:
    clock = Clock()
    queue = ModelQueue(1, rest_seconds=30, clock=clock)
    with pytest.raises(ChatModelError, match="끊김"), queue.place():
        raise ChatModelError("끊김")
    clock.now = 29.0
    with pytest.raises(ChatModelError, match="쉬고"), queue.place():
        pass
    clock.now = 30.0
    with queue.place():
        pass


@pytest.mark.parametrize("leaving", [ChatModelError("끊김"), GeneratorExit(), KeyboardInterrupt()])
def test_a_place_is_given_back_however_it_is_left(leaving: BaseException) -> None:
    queue = ModelQueue(1, rest_seconds=0)
    with pytest.raises(type(leaving)), queue.place():
        raise leaving
    with queue.place():
        pass
