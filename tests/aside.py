"""Coroutines of tests in a thread of their own: the browser tests keep a loop running in the main one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_aside(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """The result of ``asyncio.run(work())``."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()
