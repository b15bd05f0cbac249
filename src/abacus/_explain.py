"""One figure, taken apart down to the values that were reported."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abacus._days import as_date, as_number
from abacus._errors import MeasureError, RefusedError, TreeError
from abacus._exact import decimal_of, rounded
from abacus._measures import RATIO, Measure, Measures
from abacus._periods import Period
from abacus._tree import Standing, Tree
from abacus._values import Values, duplicate_error, read_values
from abacus._views import OnDuty, View, as_was_view, chosen_view


@dataclass(frozen=True, slots=True)
class Reported:
    """A value as a unit reported it; `source` is what the caller gave with it."""

    starts_on: date
    ends_on: date
    value: Decimal
    source: Any = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure and what it is made of.

    `value` is what `consolidate` gives, None where it gives no row; `exact` is the same before rounding (of a standard
    deviation, its square). `own` is the unit's own figure, `over_time` of its `values`; the figure is `over_units` of
    `own` and those of all units below, which stand under `children` as they count here. A child that no longer lives
    on the day of the tree is there with its past. A ratio has no children but `numerator` and `denominator`.
    """

    unit: str
    indicator: str
    period: Period
    over_units: str
    over_time: str
    value: Decimal | None
    exact: Fraction | None
    reporting: frozenset[str]
    expected: int
    living: bool
    own: Decimal | None = None
    values: tuple[Reported, ...] = ()
    children: tuple["Explanation", ...] = ()
    factor: Fraction = Fraction(1)
    numerator: "Explanation | None" = None
    denominator: "Explanation | None" = None

    @property
    def reported(self) -> int:
        """How many units have a value in the figure."""
        return len(self.reporting)

    def walk(self) -> Iterator["Explanation"]:
        """The explanation itself and all below it, parts of a ratio included."""
        yield self
        for below in (*self.children, self.numerator, self.denominator):
            if below is not None:
                yield from below.walk()


def explain(
    values: Any,
    tree: Tree,
    measures: Iterable[Measure],
    *,
    unit: str,
    indicator: str,
    period: Period,
    on: date | None = None,
    as_was: bool = False,
    known_at: datetime | None = None,
    on_duty: OnDuty | None = None,
) -> Explanation:
    """Take apart the figure that `consolidate` gives for a unit, an indicator and a period.

    All else is as there; a column `source` in `values` is handed on with every value. Walking the explanation down
    reaches each value that counts exactly once for each part of a ratio, and once otherwise.

    Raises TreeError for a unit that does not exist on the day of the tree, MeasureError for an unknown indicator,
    RefusedError for a total over units that cannot be combined, and what `consolidate` raises.
    """
    known = Measures(measures)
    if indicator not in known:
        raise MeasureError(f"indicator {indicator} is not among the measures")
    if as_was and on is not None:
        raise RefusedError("choose one: the tree of a day, or the tree as it was on the day of each value")
    day = on or period.last_day
    if not as_was and not tree.exists(unit, day):
        raise TreeError(f"unit {unit} does not exist on {day}")
    reported = read_values(values, tree, known, known_at=known_at)
    sources = values["source"] if "source" in values.column_names else None
    case = _Case(reported, sources, tree, known, period, on, as_was, on_duty)
    return case.explanation(tree.position(unit), indicator)


@dataclass(slots=True)
class _Node:
    """A unit where it counts, with its own values and what counts below it."""

    unit: int
    values: list[Reported] = field(default_factory=list)
    below: dict[int, "_Node"] = field(default_factory=dict)

    def child(self, unit: int) -> "_Node":
        return self.below.setdefault(unit, _Node(unit))


@dataclass(frozen=True, slots=True)
class _Case:
    reported: Values
    sources: Any
    tree: Tree
    measures: Measures
    period: Period
    on: date | None
    as_was: bool
    on_duty: OnDuty | None

    def explanation(self, unit: int, indicator: str) -> Explanation:
        measure = self.measures[indicator]
        if self.as_was:
            measure.require_sound_as_was()
        parts = self.measures.parts(indicator)
        if parts:
            return self._divided(measure, *(self.explanation(unit, part) for part in parts))
        view = self._view(measure)
        root = self._counted(unit, measure, view)
        if measure.over_units == "none" and not root.values and any(_all_values(root)):
            raise RefusedError(
                f"indicator {indicator} cannot be combined over units: there is no total for {self.tree.units[unit]}"
            )
        return self._explained(root, measure, view.expected[:, 0])[0]

    def _divided(self, measure: Measure, numerator: Explanation, denominator: Explanation) -> Explanation:
        exact = None
        if denominator.exact:
            exact = measure.multiplier() * (numerator.exact or 0) / denominator.exact
        return Explanation(
            denominator.unit,
            measure.code,
            self.period,
            RATIO,
            RATIO,
            None if exact is None else rounded(exact),
            exact,
            numerator.reporting | denominator.reporting,
            denominator.expected,
            denominator.living,
            factor=measure.multiplier(),
            numerator=numerator,
            denominator=denominator,
        )

    def _view(self, measure: Measure) -> View:
        if self.as_was and measure.over_time != "none":
            return as_was_view(self.tree, [self.period], self.reported.spans, [self._inside()], self.on_duty)
        return chosen_view(self.tree, [self.period], self.on, self.on_duty)

    def _inside(self) -> NDArray[Any]:
        """The spans that some value has and that lie wholly inside the period."""
        spans, used = self.reported.spans, np.unique(self.reported.span)
        starts, ends = as_number(self.period.starts_on), as_number(self.period.ends_on)
        return used[(spans.starts[used] >= starts) & (spans.ends[used] <= ends)]

    def _counted(self, unit: int, measure: Measure, view: View) -> _Node:
        """The unit with everything that counts under it."""
        root = _Node(unit)
        for standing in self._standings(view):
            for position in np.argsort(standing.place):
                if standing.living[position]:
                    _place(root, int(position), standing)
        for position, span, row in self._rows(measure):
            node = _place(root, position, self._standing_of(span, view))
            if node is not None:
                node.values.append(self._as_reported(span, row))
        return root

    def _standings(self, view: View) -> list[Standing]:
        eras = {*view.single, *(era for spans in view.mixed.values() for era in spans)}
        return [self.tree.standing_in(era) for era in sorted(eras)]

    def _standing_of(self, span: int, view: View) -> Standing:
        for spans_by_era in view.mixed.values():
            for era, spans in spans_by_era.items():
                if span in spans:
                    return self.tree.standing_in(era)
        return self.tree.standing_in(next(iter(view.single)))

    def _rows(self, measure: Measure) -> list[tuple[int, int, int]]:
        """Unit, span and place of each value of the measure inside the period."""
        reported, spans = self.reported, self.reported.spans
        mine = reported.where(np.flatnonzero(reported.measure == list(self.measures).index(measure.code)))
        keys = mine.key()
        if len(np.unique(keys)) < len(keys):
            raise duplicate_error(mine, self.tree, self.measures)
        inside = self._inside()
        if measure.over_time == "none":
            starts, ends = as_number(self.period.starts_on), as_number(self.period.ends_on)
            inside = inside[(spans.starts[inside] == starts) & (spans.ends[inside] == ends)]
        rows = np.flatnonzero(np.isin(mine.span, inside))
        places = np.arange(len(reported))[reported.measure == list(self.measures).index(measure.code)][rows]
        return list(zip(mine.unit[rows].tolist(), mine.span[rows].tolist(), places.tolist(), strict=True))

    def _as_reported(self, span: int, place: int) -> Reported:
        spans, reported = self.reported.spans, self.reported
        row = place if reported.row is None else int(reported.row[place])
        return Reported(
            as_date(int(spans.starts[span])),
            as_date(int(spans.ends[span])),
            decimal_of(Fraction(int(reported.number[place]), 10**reported.scale)),
            None if self.sources is None else self.sources[row].as_py(),
        )

    def _explained(
        self, node: _Node, measure: Measure, expected: NDArray[np.int32]
    ) -> tuple[Explanation, list[Fraction]]:
        """The explanation of a node, and the own figures of every unit in it."""
        below = [self._explained(child, measure, expected) for child in node.below.values()]
        own = _over_time(node.values, measure.over_time)
        figures = [] if own is None else [own]
        reporting = set() if own is None else {self.tree.units[node.unit]}
        if measure.over_units != "none":
            figures += [figure for _, theirs in below for figure in theirs]
        reporting.update(*(child.reporting for child, _ in below))
        exact = _over_units(figures, len(reporting), measure.over_units)
        explanation = Explanation(
            self.tree.units[node.unit],
            measure.code,
            self.period,
            measure.over_units,
            measure.over_time,
            _shown(exact, measure),
            exact,
            frozenset(reporting),
            int(expected[node.unit]),
            self._lives(node.unit, measure),
            None if own is None else (rounded(own) if measure.over_time == "mean" else decimal_of(own)),
            tuple(sorted(node.values, key=lambda value: (value.starts_on, value.ends_on))),
            tuple(child for child, _ in below),
        )
        return explanation, figures

    def _lives(self, unit: int, measure: Measure) -> bool:
        if self.as_was and measure.over_time != "none":
            return True
        return bool(self.tree.standing(self.on or self.period.last_day).living[unit])


def _place(root: _Node, unit: int, standing: Standing) -> _Node | None:
    """The node of a unit under the root, made with all between them; None if it does not count there."""
    path = []
    while unit != root.unit:
        path.append(unit)
        unit = int(standing.parent[unit])
        if unit < 0:
            return None
    node = root
    for step in reversed(path):
        node = node.child(step)
    return node


def _all_values(node: _Node) -> Iterator[Reported]:
    yield from node.values
    for child in node.below.values():
        yield from _all_values(child)


def _shown(exact: Fraction | None, measure: Measure) -> Decimal | None:
    if exact is None:
        return None
    if measure.is_rounded and measure.over_units != "count":
        return rounded(exact, root=measure.over_units == "stddev")
    return decimal_of(exact)


def _over_time(values: Sequence[Reported], how: str) -> Fraction | None:
    if not values:
        return None
    if how in {"first", "last"}:
        in_order = sorted(values, key=_WHEN[how])
        return Fraction((in_order[0] if how == "first" else in_order[-1]).value)
    return _OVER_TIME[how]([Fraction(value.value) for value in values])


def _over_units(figures: Sequence[Fraction], units: int, how: str) -> Fraction | None:
    if how == "count":
        return Fraction(units) if units else None
    if how in {"stddev", "variance"}:
        return _variance(figures) if len(figures) > 1 else None
    return _OVER_UNITS[how](figures) if figures else None


def _mean(numbers: Sequence[Fraction]) -> Fraction:
    return _total(numbers) / len(numbers)


def _variance(numbers: Sequence[Fraction]) -> Fraction:
    mean = _mean(numbers)
    return _total([(number - mean) ** 2 for number in numbers]) / (len(numbers) - 1)


def _total(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0))


def _only(numbers: Sequence[Fraction]) -> Fraction:
    return numbers[0]


def _count(numbers: Sequence[Fraction]) -> Fraction:
    return Fraction(len(numbers))


_WHEN: dict[str, Callable[[Reported], tuple[date, date]]] = {
    "first": lambda value: (value.starts_on, value.ends_on),
    "last": lambda value: (value.ends_on, value.starts_on),
}
_Operators = dict[str, Callable[[Sequence[Fraction]], Fraction]]
_OVER_TIME: _Operators = {"sum": _total, "count": _count, "mean": _mean, "min": min, "max": max, "none": _only}
_OVER_UNITS: _Operators = {"sum": _total, "mean": _mean, "min": min, "max": max, "none": _only}
