"""Consolidated figures as columns, exact until they are written."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abacus._exact import ROUNDED_TO, Whole, as_decimals, rounded_quotient, rounded_roots, times

Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """A row per figure: number ÷ (denominator × 10^scale), or its root; `reported` counts the units in
    it and `expected` those that should be.

    Measure, unit and period are told by position.
    """

    measure: Numbers
    unit: Numbers
    period: Numbers
    number: Whole
    denominator: Whole | None
    scale: int
    reported: Numbers
    expected: Numbers
    root: bool = False

    def __len__(self) -> int:
        return len(self.measure)

    def take(self, rows: Numbers | slice) -> "Figures":
        """Some of the rows."""
        return Figures(
            self.measure[rows],
            self.unit[rows],
            self.period[rows],
            self.number[rows],
            None if self.denominator is None else self.denominator[rows],
            self.scale,
            self.reported[rows],
            self.expected[rows],
            self.root,
        )

    def of(self, measures: Collection[int]) -> "Figures":
        """The rows of some measures."""
        return self.take(np.flatnonzero(np.isin(self.measure, list(measures))))

    def divisor(self) -> Whole | int:
        return 1 if self.denominator is None else self.denominator

    def decimals(self, column_scale: int) -> Any:
        """The figures as a column of decimals; quotients and roots are rounded."""
        if self.denominator is None:
            return as_decimals(self.number, self.scale, column_scale)
        if self.root:
            return as_decimals(rounded_roots(self.number, self.denominator, self.scale), ROUNDED_TO, column_scale)
        quotient = rounded_quotient(self.number, self.denominator, self.scale)
        return as_decimals(quotient, ROUNDED_TO, column_scale)


def joined(blocks: Iterable[Figures]) -> Figures:
    """The rows of all blocks, which agree in scale, one after another.

    A block is also joined if it alone was widened, or divides by something.
    """
    blocks = list(blocks)
    if len(blocks) == 1:
        return blocks[0]
    divided = any(block.denominator is not None for block in blocks)
    divisors = [np.ones(len(b), dtype=np.int64) if b.denominator is None else b.denominator for b in blocks]
    first = blocks[0]
    return Figures(
        np.concatenate([block.measure for block in blocks]),
        np.concatenate([block.unit for block in blocks]),
        np.concatenate([block.period for block in blocks]),
        np.concatenate([block.number for block in blocks]),
        np.concatenate(divisors) if divided else None,
        first.scale,
        np.concatenate([block.reported for block in blocks]),
        np.concatenate([block.expected for block in blocks]),
        first.root,
    )


def ratio(measure: int, factor: Fraction, numerator: Figures, denominator: Figures, reporting: Figures) -> Figures:
    """Divide: factor × numerator ÷ denominator, wherever there is a denominator other than zero.

    A missing numerator counts 0. `reporting` tells for every such place how many units are in it and expected.
    """
    below = denominator.take(np.flatnonzero(denominator.number != 0))
    size = 1 + max((int(part.period.max(initial=0)) for part in (numerator, denominator, reporting)), default=0)
    wanted = _places(below, size)
    above = _aligned(_places(numerator, size), wanted)
    found = above >= 0
    number = np.where(found, _at(numerator.number, above, 0), 0)
    divisor = np.where(found, _at(numerator.divisor(), above, 1), 1)
    top = times(times(number, below.divisor()), factor.numerator * 10**below.scale)
    bottom = times(times(divisor, below.number), factor.denominator * 10**numerator.scale)
    negative = bottom < 0
    units = _aligned(_places(reporting, size), wanted)
    return Figures(
        np.full(len(below), measure),
        below.unit,
        below.period,
        np.where(negative, -top, top),
        np.where(negative, -bottom, bottom),
        0,
        reporting.reported[units],
        reporting.expected[units],
    )


def _places(figures: Figures, periods: int) -> NDArray[np.int64]:
    return figures.unit.astype(np.int64) * periods + figures.period


def _aligned(places: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each wanted place stands among the places, -1 where it does not."""
    if not len(places):
        return np.full(len(wanted), -1)
    order = np.argsort(places)
    found = np.minimum(np.searchsorted(places[order], wanted), len(places) - 1)
    return np.where(places[order[found]] == wanted, order[found], -1)


def _at(numbers: Whole | int, rows: NDArray[np.int64], otherwise: int) -> Whole:
    if isinstance(numbers, int) or not len(numbers):
        return np.full(len(rows), otherwise)
    return numbers[rows]
