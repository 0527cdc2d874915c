"""Counts for ``/metrics``, in the Prometheus text format. No label holds anything a user wrote."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Seconds; an extractive answer takes about 0.2, a small local model a few.
_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Requests by route, answers by status, and how long answers took. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._answers: Counter[str] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0

    def count_request(self, method: str, route: str, status: int) -> None:
        """``route`` is the route's template, such as ``/api/v1/cases/{case_id}``."""
        with self._lock:
            self._requests[method, route, status] += 1

    def count_answer(self, status: str, seconds: float) -> None:
        """One answer and its duration."""
        with self._lock:
            self._answers[status] += 1
            self._seconds += seconds
            for bucket in _BUCKETS:
                if seconds <= bucket:
                    self._buckets[bucket] += 1

    def render(self, *, busy: int, waiting: int, index_version: str) -> str:
        """The page that a Prometheus server reads."""
        with self._lock:
            return "\n".join([*self._lines(busy, waiting, index_version), ""])

    def _lines(self, busy: int, waiting: int, index_version: str) -> Iterator[str]:
        yield "# TYPE chatbot_requests_total counter"
        for (method, route, status), count in sorted(self._requests.items()):
            yield f'chatbot_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
        yield "# TYPE chatbot_answers_total counter"
        for status_name, count in sorted(self._answers.items()):
            yield f'chatbot_answers_total{{status="{status_name}"}} {count}'
        total = sum(self._answers.values())
        yield "# TYPE chatbot_answer_seconds histogram"
        for bucket in _BUCKETS:
            yield f'chatbot_answer_seconds_bucket{{le="{bucket}"}} {self._buckets[bucket]}'
        yield f'chatbot_answer_seconds_bucket{{le="+Inf"}} {total}'
        yield f"chatbot_answer_seconds_sum {self._seconds:.6f}"
        yield f"chatbot_answer_seconds_count {total}"
        yield "# TYPE chatbot_answers_in_progress gauge"
        yield f"chatbot_answers_in_progress {busy}"
        yield "# TYPE chatbot_answers_waiting gauge"
        yield f"chatbot_answers_waiting {waiting}"
        yield "# TYPE chatbot_index_info gauge"
        yield f'chatbot_index_info{{version="{index_version}"}} 1'
