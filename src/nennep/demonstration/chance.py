"""Chance that falls the same way every time: drawn from what is spoken of, never from a clock."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws that depend on the key alone. Only `random()` is used: its sequence is the same in every Python."""

    def __init__(self, *key: object) -> None:
        seed = hashlib.blake2b("|".join(map(str, key)).encode(), digest_size=8).digest()
        self._random = random.Random(int.from_bytes(seed)).random  # noqa: S311 -- invented figures keep no secret

    def fraction(self) -> float:
        """From 0, inclusive, to 1, exclusive."""
        return self._random()

    def happens(self, probability: float) -> bool:
        return self._random() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random()

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self._random() * len(choices))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """So many different ones, in the order in which they were drawn; all of them when there are fewer."""
        left = list(choices)
        return [left.pop(int(self._random() * len(left))) for _ in range(min(count, len(left)))]


@cache
def lasting(*key: object) -> float:
    """From 0 to 1, drawn once for this key and for good: what a unit is like, not what happens to it."""
    return Dice(*key).fraction()
