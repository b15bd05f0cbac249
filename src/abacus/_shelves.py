"""Values put in order of their measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from abacus._exact import Whole
from abacus._parallel import in_parallel
from abacus._values import Values

_BLOCK = 2**20
"""How many values are ordered at once: few enough that they stay in the processor's cache while they are."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Some of the values, measure by measure; `bounds` tells where each measure begins."""

    unit: NDArray[np.int32]
    span: NDArray[np.int32]
    number: Whole
    bounds: NDArray[np.int64]


class Shelves:
    """All values, to be had measure by measure."""

    def __init__(self, values: Values, measures: int) -> None:
        self._measures = measures
        self._values = values
        edges = [*range(0, len(values), _BLOCK), len(values)]
        self._blocks = in_parallel(self._ordered, pairwise(edges), values=len(values))
        no_counts = np.zeros(measures, dtype=np.int64)
        self.counts: NDArray[np.int64] = sum((np.diff(block.bounds) for block in self._blocks), no_counts)

    def of(self, measures: Sequence[int]) -> Values:
        """The values of some measures; what row they came from is not kept."""
        shelves = [
            (block, slice(block.bounds[measure], block.bounds[measure + 1]))
            for measure in measures
            for block in self._blocks
        ]
        return Values(
            unit=np.concatenate([block.unit[rows] for block, rows in shelves]),
            measure=np.repeat(np.array(measures, dtype=np.int32), self.counts[list(measures)]),
            span=np.concatenate([block.span[rows] for block, rows in shelves]),
            number=np.concatenate([block.number[rows] for block, rows in shelves]),
            row=None,
            scale=self._values.scale,
            spans=self._values.spans,
        )

    def _ordered(self, edges: tuple[int, int]) -> _Block:
        rows = slice(*edges)
        unit, span, number = self._values.unit[rows], self._values.span[rows], self._values.number[rows]
        measure = self._values.measure[rows]
        bounds = np.concatenate(([0], np.cumsum(np.bincount(measure, minlength=self._measures))))
        if (measure[1:] < measure[:-1]).any():
            # A narrow type is ordered by its digits, many times faster than by comparing.
            narrow = measure.astype(np.int16) if self._measures <= np.iinfo(np.int16).max else measure
            order = np.argsort(narrow, kind="stable")
            unit, span, number = unit.take(order), span.take(order), number.take(order)
        return _Block(unit, span, number, bounds)
