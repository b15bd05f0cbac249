"""From reported values to the figures of every level."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from abacus._days import as_number
from abacus._errors import PeriodError, RefusedError
from abacus._exact import ROUNDED_TO, Whole, roomy, times
from abacus._figures import Figures, joined, ratio
from abacus._fold import Cells, Level, Own, TwiceError, lay_out, over_time, over_units
from abacus._measures import Measure, Measures
from abacus._parallel import in_parallel
from abacus._periods import Period
from abacus._shelves import Shelves
from abacus._tree import Tree
from abacus._values import Values, duplicate_error, read_values
from abacus._views import OnDuty, View, as_was_view, chosen_view

Numbers = NDArray[np.int64]

_BATCH = 2**17
"""How many values are laid out at once: few enough to stay in the processor's cache."""


def consolidate(
    values: Any,
    tree: Tree,
    measures: Iterable[Measure],
    *,
    periods: Iterable[Period],
    on: date | None = None,
    as_was: bool = False,
    known_at: datetime | None = None,
    on_duty: OnDuty | None = None,
) -> Any:
    """Bring the units' own values up the tree: a figure for every unit, indicator and period that has one.

    `values` is a `pyarrow.Table` with unit, indicator, starts_on, ends_on (days, half-open) and value (decimals, whole
    numbers, or text that reads as one), one row per unit, indicator and span; or, with a column known_at (instants),
    several rows, of which the newest not later than `known_at` counts.

    A period takes the values whose spans lie wholly inside it. Each unit's values are combined over time, then the
    units of the subtree, the unit itself included, over units. The tree is that of the period's last day, or of the
    day `on`, or, `as_was`, that of the last day of each value's span. `on_duty` names for each period's code the units
    expected to report; without it those are the units of the subtree with no unit below them on that day.

    Returns a `pyarrow.Table` with unit, indicator, period, starts_on, ends_on, value (decimal128, exact; means, ratios
    and deviations rounded half-even to six decimals), reported and expected; indicator by indicator, and the tree from
    the root. What nobody reported has no row.

    Raises InputError if the input is wrong, RefusedError if `as_was` is asked of operators that do not allow it, and
    TooLargeError if a figure has more than 38 digits.
    """
    known = Measures(measures)
    if as_was and on is not None:
        raise RefusedError("choose one: the tree of a day, or the tree as it was on the day of each value")
    if as_was:
        for measure in known.values():
            measure.require_sound_as_was()
    reported = read_values(values, tree, known, known_at=known_at)
    return _Consolidation(reported, tree, known, _checked(periods), on, as_was, on_duty).table()


def _checked(periods: Iterable[Period]) -> list[Period]:
    given = list(periods)
    codes: set[str] = set()
    for row, period in enumerate(given):
        if period.code in codes:
            raise PeriodError(f"period {period.code} is given twice", row=row)
        codes.add(period.code)
    return given


Piece = tuple[int, Any]
"""The position of a measure, and some of its figures as a record batch."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Measures (by position, ascending) that combine alike."""

    over_units: str
    over_time: str
    measures: list[int]


@dataclass(frozen=True)
class _Consolidation:
    values: Values
    tree: Tree
    measures: Measures
    periods: list[Period]
    on: date | None
    as_was: bool
    on_duty: OnDuty | None

    def table(self) -> Any:
        """All figures, in order of measure."""
        computed = in_parallel(self._consolidated, self._batches(), values=len(self.values))
        pieces = [piece for _, written in computed for piece in written]
        for figures in self._ratios([kept for kept, _ in computed if kept is not None]):
            pieces += self._written(figures)
        pieces.sort(key=lambda piece: piece[0])
        table = pa.Table.from_batches([written for _, written in pieces], schema=self._schema)
        return table if len(table) > _BATCH else table.combine_chunks()

    # --- figures ----------------------------------------------------------------------------------

    def _consolidated(self, batch: _Batch) -> tuple[Figures | None, list[Piece]]:
        """The figures of a batch: those that ratios rest on, and all of them as written."""
        try:
            cells = lay_out(self._shelves.of(batch.measures), np.array(batch.measures), len(self.tree.units))
        except TwiceError:
            raise duplicate_error(self.values, self.tree, self.measures) from None
        blocks = list(self._figures(cells, batch.over_units, batch.over_time))
        parts = [position for position in batch.measures if position in self._parts]
        kept = joined(blocks).of(parts) if parts and blocks else None
        return kept, [piece for block in blocks for piece in self._written(block)]

    def _figures(self, cells: Cells, combine_units: str, combine_time: str) -> Iterator[Figures]:
        view = self._view_as_was if self.as_was and combine_time != "none" else self._view_chosen
        if view.single:
            own = over_time(cells, self._taken(combine_time), combine_time, self.values.scale)
        for era, periods in view.single.items():
            standing, some = self.tree.standing_in(era), own.of(periods)
            expected = view.expected if len(periods) == len(self.periods) else view.expected[:, periods]
            for level in reversed(list(over_units(some, standing, combine_units))):
                yield _shown(level, some, periods, standing.living, expected, combine_units)
        for period, spans_by_era in view.mixed.items():
            expected = view.expected[:, period]
            yield self._mixed(cells, period, spans_by_era, expected, combine_units, combine_time)

    def _mixed(
        self,
        cells: Cells,
        period: int,
        spans_by_era: dict[int, Numbers],
        expected: NDArray[np.int32],
        combine_units: str,
        combine_time: str,
    ) -> Figures:
        """The figures of one period whose values are seen with several trees.

        A unit may count under one superior with some values and under another with the rest, so that folding levels
        would count it twice: here every unit is met with all that were above it.
        """
        own = over_time(cells, list(spans_by_era.values()), combine_time, self.values.scale)
        met = [self._met(own, column, era) for column, era in enumerate(spans_by_era)]
        pair, unit, number = (np.concatenate(columns) for columns in zip(*met, strict=True))
        order = np.lexsort((unit, pair))
        pair, unit, number = pair[order], unit[order], roomy(number[order], max(len(number), 1))
        new_pair = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
        new_unit = new_pair | np.append(True, unit[1:] != unit[:-1])[: len(unit)]
        starts = np.flatnonzero(new_pair)
        if starts.size:
            number = _COMBINED.get(combine_units, np.add).reduceat(number, starts)
            new_unit = np.add.reduceat(new_unit.astype(np.int32), starts)
        counted = combine_units == "count"
        measure, above = np.divmod(pair[starts], len(self.tree.units))
        return Figures(
            measure,
            above,
            np.full(len(starts), period),
            new_unit.astype(np.int64) if counted else number,
            None,
            0 if counted else own.scale,
            new_unit.astype(np.int32),
            expected[above],
        )

    def _met(self, own: Own, column: int, era: int) -> tuple[Numbers, Numbers, Whole]:
        """Each reporting unit with every living unit it is under: measure and unit above as one, unit, number."""
        rows = np.flatnonzero(own.reported[:, column])
        standing = self.tree.standing_in(era)
        position, above = standing.ancestry(own.unit[rows])
        living = standing.living[above]
        rows, above = rows[position[living]], above[living]
        return own.measure[rows] * len(self.tree.units) + above, own.unit[rows], own.numbers[rows, column]

    def _ratios(self, kept: list[Figures]) -> Iterator[Figures]:
        """The figures of every ratio, from those of its parts."""
        known: dict[str, Figures] = {}
        for position in self._parts:
            blocks = [block.of([position]) for block in kept]
            if blocks := [block for block in blocks if len(block)]:
                known[self._codes[position]] = joined(blocks)
        for measure in self.measures.ratios():
            top, bottom = (known.get(part) for part in self.measures.parts(measure.code))
            if bottom is None:
                continue
            top = bottom.take(slice(0)) if top is None else top
            position = self._codes.index(measure.code)
            figures = ratio(position, measure.multiplier(), top, bottom, self._reporting(measure))
            if len(figures):
                known[measure.code] = figures
                yield figures

    def _reporting(self, measure: Measure) -> Figures:
        """For each figure of a ratio, how many units reported something it rests on."""
        values = self._shelves.of(sorted(map(self._codes.index, self.measures.reported_under(measure.code))))
        nothing = np.zeros(len(values), dtype=np.int32)
        alike = Values(values.unit, nothing, values.span, nothing, None, 0, values.spans)
        cells = lay_out(alike, np.zeros(1, dtype=np.int64), len(self.tree.units), once=False)
        return joined(list(self._figures(cells, "count", "count")))

    # --- which values -----------------------------------------------------------------------------

    def _batches(self) -> list[_Batch]:
        """All measures with values, by operators, no more of them together than are laid out at once."""
        batches: list[_Batch] = []
        filling: dict[tuple[str, str], tuple[_Batch, int]] = {}
        for position, measure in enumerate(self.measures.values()):
            size = int(self._shelves.counts[position])
            if not size:
                continue
            kind = (measure.over_units, measure.over_time)
            batch, filled = filling.get(kind, (None, 0))
            if batch is None or filled + size > _BATCH:
                batch, filled = _Batch(*kind, []), 0
                batches.append(batch)
            batch.measures.append(position)
            filling[kind] = (batch, filled + size)
        return batches

    @cached_property
    def _shelves(self) -> Shelves:
        return Shelves(self.values, len(self.measures))

    @cached_property
    def _codes(self) -> list[str]:
        return list(self.measures)

    @cached_property
    def _parts(self) -> dict[int, None]:
        """The measures that ratios rest on."""
        parts = [part for code in self.measures for part in self.measures.parts(code)]
        return dict.fromkeys(sorted(map(self._codes.index, parts)))

    # --- which spans, and which tree --------------------------------------------------------------

    @cached_property
    def _inside(self) -> list[Numbers]:
        """For each period the spans wholly inside it, in the order they begin."""
        spans = self.values.spans
        return [
            np.flatnonzero((spans.starts >= as_number(each.starts_on)) & (spans.ends <= as_number(each.ends_on)))
            for each in self.periods
        ]

    @cached_property
    def _used(self) -> list[Numbers]:
        """As `_inside`, without the spans of values that were not known."""
        used = np.zeros(len(self.values.spans), dtype=bool)
        used[self.values.span] = True
        return [columns[used[columns]] for columns in self._inside]

    def _taken(self, combine_time: str) -> list[Numbers]:
        """The spans each period takes, in the order the operator wants them."""
        spans = self.values.spans
        if combine_time == "last":
            return [columns[np.argsort(spans.ends[columns], kind="stable")] for columns in self._inside]
        if combine_time == "none":
            bounds = [(as_number(each.starts_on), as_number(each.ends_on)) for each in self.periods]
            return [np.flatnonzero((spans.starts == start) & (spans.ends == end)) for start, end in bounds]
        return self._inside

    @cached_property
    def _view_chosen(self) -> View:
        return chosen_view(self.tree, self.periods, self.on, self.on_duty)

    @cached_property
    def _view_as_was(self) -> View:
        return as_was_view(self.tree, self.periods, self.values.spans, self._used, self.on_duty)

    # --- writing ----------------------------------------------------------------------------------

    def _written(self, figures: Figures) -> list[Piece]:
        """The figures, ordered by measure, as a record batch for each."""
        if not len(figures):
            return []
        period = figures.period.astype(_index_type(len(self.periods)))
        positions = [
            figures.unit.astype(_index_type(len(self.tree.units))),
            figures.measure.astype(_index_type(len(self.measures))),
            *(period, period, period),
        ]
        columns = [
            *map(pa.DictionaryArray.from_arrays, positions, self._dictionaries.values()),
            figures.decimals(self._column_scale),
            pa.array(figures.reported),
            pa.array(figures.expected),
        ]
        batch = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        firsts = np.append(0, np.flatnonzero(np.diff(figures.measure)) + 1).tolist()
        return [
            (int(figures.measure[first]), batch.slice(first, last - first))
            for first, last in pairwise([*firsts, len(figures)])
        ]

    @cached_property
    def _column_scale(self) -> int:
        rounded = any(measure.is_rounded for measure in self.measures.values())
        return max(self.values.scale, ROUNDED_TO) if rounded else self.values.scale

    @cached_property
    def _dictionaries(self) -> dict[str, Any]:
        """What the positions in a column stand for."""
        return {
            "unit": pa.array(self.tree.units, pa.string()),
            "indicator": pa.array(self._codes, pa.string()),
            "period": pa.array([period.code for period in self.periods], pa.string()),
            "starts_on": pa.array([period.starts_on for period in self.periods], pa.date32()),
            "ends_on": pa.array([period.ends_on for period in self.periods], pa.date32()),
        }

    @cached_property
    def _schema(self) -> Any:
        named = [
            (name, pa.dictionary(pa.from_numpy_dtype(_index_type(len(texts))), texts.type))
            for name, texts in self._dictionaries.items()
        ]
        value = pa.decimal128(38, self._column_scale)
        return pa.schema([*named, ("value", value), ("reported", pa.int32()), ("expected", pa.int32())])


_COMBINED = {"min": np.minimum, "max": np.maximum}


def _shown(
    level: Level, own: Own, periods: Numbers, living: NDArray[np.bool_], expected: NDArray[np.int32], how: str
) -> Figures:
    """The cells of a level that hold a figure, of units that live."""
    present = level.statistics[1] > 0 if how == "none" else level.reported > _FEWEST.get(how, 0)
    present &= living[level.unit][:, None]
    whole = bool(present.all())
    counts = np.full(len(present), len(periods)) if whole else np.count_nonzero(present, axis=1)

    def shown(cells: NDArray[Any]) -> NDArray[Any]:
        return cells.ravel() if whole else cells[present]

    def shown_by_period(column: NDArray[Any]) -> NDArray[Any]:
        return shown(np.broadcast_to(column, present.shape))

    units = shown(level.reported)
    below = None if own.denominators is None else shown_by_period(own.denominators)
    scale = own.scale
    match how:
        case "count":
            number, below, scale = units.astype(np.int64), None, 0
        case "mean":
            number = shown(level.statistics[0])
            below = units.astype(np.int64) if below is None else times(below, units.astype(np.int64))
        case "stddev" | "variance":
            total, squares = (shown(each) for each in level.statistics)
            number, below = _variance(total, squares, units, below)
            scale *= 2
        case _:
            number = shown(level.statistics[0])
    return Figures(
        np.repeat(level.measure, counts),
        np.repeat(level.unit, counts),
        shown_by_period(periods),
        number,
        below,
        scale,
        units,
        shown(expected.take(level.unit, axis=0)),
        root=how == "stddev",
    )


_FEWEST = {"stddev": 1, "variance": 1}


def _variance(total: Whole, squares: Whole, units: NDArray[np.int32], below: Whole | None) -> tuple[Whole, Whole]:
    """The variance of a sample: (n Σx² - (Σx)²) ÷ n(n - 1)."""
    count = units.astype(np.int64)
    divisor = count * (count - 1)
    number = count * squares - total * total
    return number, divisor if below is None else times(times(divisor, below), below)


def _index_type(size: int) -> type[np.signedinteger[Any]]:
    """The narrowest type that tells so many positions apart."""
    return np.int16 if size <= np.iinfo(np.int16).max else np.int32
