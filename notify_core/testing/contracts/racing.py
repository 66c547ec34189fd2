"""Several threads that do the same thing at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def race(action: Callable[[int], T], runners: int = 8) -> list[T]:
    """What ``action`` returned for each runner's number; its first error is raised."""
    start = Barrier(runners)

    def run(number: int) -> T:
        start.wait(timeout=30)
        return action(number)

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(run, range(runners)))
