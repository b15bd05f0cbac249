"""The arithmetic of consolidation: a unit's values over time, then units over the tree.

Everything here works on whole numbers in matrices of one row per (measure, unit) that reported and one column per
span or period. Only what was reported has a row, so the work grows with the values and not with the organisation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abacus._exact import Whole, largest, roomy
from abacus._tree import Standing
from abacus._values import Values

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Ufunc = Any

_LONG_RUN = 32
_NARROW = 4
_ADDED = frozenset({"sum", "mean", "stddev", "variance"})


class TwiceError(Exception):
    """Two values stand in one cell; the caller knows how to name them."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Values laid out: a row per span and a column per (measure, unit) that reported, ordered by both.

    `rows` tells the row of every span there is, -1 where nothing was reported for it.
    """

    measure: Numbers
    unit: Numbers
    rows: Numbers
    numbers: Whole
    reported: Flags

    def rows_of(self, spans: Numbers) -> Numbers:
        """The rows of some spans, in their order, without those that have none."""
        rows = self.rows[spans]
        return rows[rows >= 0]


@dataclass(frozen=True, slots=True)
class Own:
    """The units' own figures: a row per (measure, unit), a column per period; each ÷ its period's denominator."""

    measure: Numbers
    unit: Numbers
    numbers: Whole
    reported: Flags
    denominators: Whole | None
    scale: int

    def of(self, periods: Numbers) -> "Own":
        """The columns of some periods."""
        if len(periods) == self.numbers.shape[1]:
            return self
        below = None if self.denominators is None else self.denominators[periods]
        numbers, reported = self.numbers[:, periods], self.reported[:, periods]
        return Own(self.measure, self.unit, numbers, reported, below, self.scale)


@dataclass(frozen=True, slots=True)
class Level:
    """Folded figures of the units of one depth: for each statistic a matrix, and how many units are in each cell."""

    measure: Numbers
    unit: Numbers
    statistics: tuple[Whole, ...]
    reported: NDArray[np.int32]

    def at(self, rows: Numbers) -> "Level":
        """Some of the rows, in that order."""
        if len(rows) == len(self.unit) and (rows[1:] > rows[:-1]).all():
            return self
        statistics = tuple(each.take(rows, axis=0) for each in self.statistics)
        return Level(self.measure[rows], self.unit[rows], statistics, self.reported.take(rows, axis=0))


def lay_out(values: Values, measures: Numbers, units: int, *, once: bool = True) -> Cells:
    """Values of `measures` (positions, ascending) as cells.

    Raises TwiceError if two values meet in one cell, unless that is allowed with `once=False`.
    """
    alone = len(measures) == 1
    pair = values.unit if alone else np.searchsorted(measures, values.measure) * units + values.unit
    seen = np.zeros(len(measures) * units, dtype=bool)
    seen[pair] = True
    pairs = np.flatnonzero(seen)
    column_of = np.empty(len(seen), dtype=np.int32)
    column_of[pairs] = np.arange(len(pairs), dtype=np.int32)
    used = np.zeros(len(values.spans), dtype=bool)
    used[values.span] = True
    rows = np.where(used, np.cumsum(used) - 1, -1)
    shape = (int(np.count_nonzero(used)), len(pairs))
    cell = rows.take(values.span) * len(pairs) + column_of.take(pair)
    numbers = np.zeros(shape, dtype=values.number.dtype)
    numbers.ravel()[cell] = values.number
    reported = np.zeros(shape, dtype=bool)
    reported.ravel()[cell] = True
    if once and np.count_nonzero(reported) != len(cell):
        raise TwiceError
    return Cells(measures[pairs // units], pairs % units, rows, numbers, reported)


def over_time(cells: Cells, spans: list[Numbers], how: str, scale: int) -> Own:
    """Each unit's values combined over the spans of each period.

    `spans` names those inside each period: for `first` in the order they begin, for `last` in the order they end.
    """
    rows = [cells.rows_of(inside) for inside in spans]
    reported = _by_period(np.logical_or, cells.reported, rows)
    denominators = None
    match how:
        case "sum":
            numbers = _by_period(np.add, roomy(cells.numbers, len(cells.numbers)), rows)
        case "count":
            numbers, scale = _by_period(np.add, cells.reported.astype(np.int64), rows), 0
        case "mean":
            numbers, denominators = _means(cells, rows)
        case "min" | "max":
            extreme = _EXTREMES[how]
            numbers = _by_period(extreme, _hidden(cells.numbers, cells.reported, how), rows)
            numbers = np.where(reported, numbers, 0)
        case "first" | "last":
            numbers = _picked(cells, [run if how == "last" else run[::-1] for run in rows])
        case _:
            numbers = _by_period(np.add, cells.numbers, rows)
    by_unit = np.ascontiguousarray
    return Own(cells.measure, cells.unit, by_unit(numbers.T), by_unit(reported.T), denominators, scale)


def over_units(own: Own, standing: Standing, how: str) -> Iterator[Level]:
    """The figures of every unit that has one in its subtree, depth by depth from the deepest to the roots.

    Each level is made of the units' own figures and the level below, children folded into their parents, so that no
    value is added into more than one parent.
    """
    units = len(standing.place)
    statistics, combine, fill = _prepared(own, how)
    order = np.argsort(own.measure * units + standing.place[own.unit], kind="stable")
    order = order[standing.depth[own.unit[order]] >= 0]
    everything = Level(own.measure, own.unit, statistics, own.reported.astype(np.int32))
    depths = standing.depth[own.unit[order]]
    folded: Level | None = None
    for depth in range(int(standing.depth.max(initial=-1)), -1, -1):
        here = order[depths == depth]
        level = everything.at(here) if here.size else None
        if folded is not None:
            level = folded if level is None else _joined(folded, level, standing.place, combine, fill)
        if level is None:
            continue
        yield level
        folded = _folded(level, standing, combine) if depth else None


def _by_period(ufunc: Ufunc, numbers: NDArray[Any], rows: list[Numbers]) -> NDArray[Any]:
    out = np.zeros((len(rows), numbers.shape[1]), dtype=numbers.dtype)
    for period, taken in enumerate(rows):
        if len(taken) == 1:
            out[period] = numbers[taken[0]]
        elif len(taken):
            ufunc.reduce(numbers[_neighbours(taken)], axis=0, out=out[period])
    return out


def _neighbours(rows: Numbers) -> Numbers | slice:
    """The rows as a slice where they are neighbours, so that nothing is copied."""
    first, last = int(rows.min()), int(rows.max())
    return slice(first, last + 1) if last - first + 1 == len(rows) else rows


def _means(cells: Cells, rows: list[Numbers]) -> tuple[Whole, Whole]:
    """Means over one denominator per period, so that they can be added."""
    counts = _by_period(np.add, cells.reported.astype(np.int64), rows)
    denominators = [lcm(*(int(count) for count in np.unique(row) if count)) for row in counts]
    widest = max(denominators, default=1)
    sums = _by_period(np.add, roomy(cells.numbers, len(cells.numbers) * widest), rows)
    kind = np.int64 if widest < 2**62 else object
    shared = np.array(denominators, dtype=kind)
    return sums * (shared[:, None] // np.maximum(counts, 1)), shared


def _picked(cells: Cells, rows: list[Numbers]) -> Whole:
    """For each period the last reported of its rows, in the order given."""
    out = np.zeros((len(rows), cells.numbers.shape[1]), dtype=cells.numbers.dtype)
    for period, taken in enumerate(rows):
        for row in taken:
            np.copyto(out[period], cells.numbers[row], where=cells.reported[row])
    return out


_EXTREMES: dict[str, Ufunc] = {"min": np.minimum, "max": np.maximum}


def _hidden(numbers: Whole, reported: Flags, how: str) -> Whole:
    """Numbers with what is not reported set so that it never wins."""
    return np.where(reported, numbers, _loser(numbers, how))


def _loser(numbers: Whole, how: str) -> Any:
    if not numbers.size:
        return 0
    return numbers.max() if how == "min" else numbers.min()


Combine = Callable[[NDArray[Any], Numbers], NDArray[Any]]


def _prepared(own: Own, how: str) -> tuple[tuple[Whole, ...], Ufunc, tuple[Any, ...]]:
    """The statistics to fold, how two of them combine, and what each is where nothing is reported."""
    if how in _EXTREMES:
        fill = _loser(own.numbers, how)
        return (np.where(own.reported, own.numbers, fill),), _EXTREMES[how], (fill,)
    if how in {"stddev", "variance"}:
        rows = max(len(own.numbers), 1)
        wide = roomy(own.numbers, 2 * rows * rows * max(largest(own.numbers), 1))
        return (wide, wide * wide), np.add, (0, 0)
    if how in _ADDED:
        return (roomy(own.numbers, max(len(own.numbers), 1)),), np.add, (0,)
    if how == "none":
        return (own.numbers, own.reported.astype(np.int32)), None, (0, 0)
    return (), np.add, ()


def _folded(level: Level, standing: Standing, combine: Ufunc) -> Level:
    """The level above, as far as it is made of this one; children of one parent stand side by side."""
    parent = standing.parent[level.unit]
    changes = np.flatnonzero((parent[1:] != parent[:-1]) | (level.measure[1:] != level.measure[:-1])) + 1
    starts = np.concatenate(([0], changes))
    statistics = tuple(_fold_runs(combine, each, starts) for each in level.statistics)
    return Level(level.measure[starts], parent[starts], statistics, _fold_runs(np.add, level.reported, starts))


def _fold_runs(combine: Ufunc, rows: NDArray[Any], starts: Numbers) -> NDArray[Any]:
    """Neighbouring rows combined, from each start up to the next.

    Short runs of wide rows, the most common, are folded all at once: every run's second row, then every third …
    """
    if combine is None:
        return np.zeros((len(starts), rows.shape[1]), dtype=rows.dtype)
    if rows.shape[1] <= _NARROW:
        folded: NDArray[Any] = combine.reduceat(rows, starts, axis=0)
        return folded
    ends = np.append(starts[1:], len(rows))
    lengths = ends - starts
    out = rows.take(starts, axis=0)
    longest = int(lengths.max(initial=0))
    for run in np.flatnonzero(lengths > _LONG_RUN) if longest > _LONG_RUN else ():
        combine.reduce(rows[starts[run] : ends[run]], axis=0, out=out[run])
    for place in range(1, min(longest, _LONG_RUN)):
        runs = np.flatnonzero((lengths > place) & (lengths <= _LONG_RUN))
        out[runs] = combine(out[runs], rows.take(starts[runs] + place, axis=0))
    return out


def _joined(folded: Level, own: Level, place: Numbers, combine: Ufunc, fill: tuple[Any, ...]) -> Level:
    """What came from below together with the units' own figures."""
    units = len(place)
    below, here = folded.measure * units + place[folded.unit], own.measure * units + place[own.unit]
    keys = np.union1d(below, here)
    at_below, at_here = np.searchsorted(keys, below), np.searchsorted(keys, here)
    unit_at, measure = np.empty(len(keys), dtype=np.int64), keys // units
    unit_at[at_below], unit_at[at_here] = folded.unit, own.unit

    def join(lower: NDArray[Any], upper: NDArray[Any], empty: Any, ufunc: Ufunc) -> NDArray[Any]:
        out = np.full((len(keys), lower.shape[1]), empty, dtype=lower.dtype)
        out[at_below] = lower
        out[at_here] = upper if ufunc is None else ufunc(out[at_here], upper)
        return out

    statistics = tuple(
        join(lower, upper, empty, combine)
        for lower, upper, empty in zip(folded.statistics, own.statistics, fill, strict=True)
    )
    return Level(measure, unit_at, statistics, join(folded.reported, own.reported, 0, np.add))
