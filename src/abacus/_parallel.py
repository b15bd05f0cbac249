"""Work on all processors, where there is enough of it."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

ENOUGH = 2**18
"""How many values are worth more than one thread."""


def in_parallel(work: Callable[[T], R], on: Iterable[T], *, values: int) -> list[R]:
    """The work done on each, in their order; the first error in that order is raised."""
    if values < ENOUGH:
        return [work(each) for each in on]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, on))
