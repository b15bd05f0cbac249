"""Consolidation done slowly and plainly, value by value, to hold the engine against."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from math import isqrt
from statistics import variance

import pyarrow as pa

from abacus import Edge, Measure, Period

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Value:
    unit: str
    indicator: str
    starts_on: date
    ends_on: date
    value: Decimal
    known_at: datetime | None = None


@dataclass(frozen=True)
class Figure:
    value: Decimal
    reported: int
    expected: int


@dataclass(frozen=True)
class Asked:
    """A consolidation: what is known, and how it is to be seen."""

    values: tuple[Value, ...]
    edges: tuple[Edge, ...]
    measures: tuple[Measure, ...]
    periods: tuple[Period, ...]
    on: date | None = None
    as_was: bool = False
    known_at: datetime | None = None
    on_duty: Mapping[str, Collection[str]] | None = None


Figures = dict[tuple[str, str, str], Figure]


def slow_consolidate(asked: Asked) -> Figures:
    """The figures by unit, indicator and period."""
    figures = {}
    for period in asked.periods:
        for unit in dict.fromkeys(edge.unit for edge in asked.edges):
            for measure in asked.measures:
                exact = _exact(asked, unit, measure, period)
                if exact is not None:
                    figures[unit, measure.code, period.code] = Figure(
                        _shown(exact, measure),
                        len(_reporting(asked, unit, measure, period)),
                        len(_expected(asked, unit, measure, period)),
                    )
    return figures


def newest(values: Iterable[Value], known_at: datetime | None) -> list[Value]:
    """The newest value of each key known by then; all values where nothing is said of knowledge."""
    kept: dict[tuple[str, str, date, date], Value] = {}
    for value in sorted(values, key=lambda each: each.known_at.timestamp() if each.known_at else 0):
        if known_at is None or (value.known_at is not None and value.known_at <= known_at):
            kept[value.unit, value.indicator, value.starts_on, value.ends_on] = value
    return list(kept.values())


def under(edges: Iterable[Edge], unit: str, day: date) -> list[str]:
    """The unit and whatever it is under on a day: the superior, the successor, or the superior it last had."""
    path = [unit]
    while True:
        begun = [edge for edge in edges if edge.unit == path[-1] and edge.starts_on <= day]
        if not begun:
            return [] if len(path) == 1 else path
        latest = max(begun, key=lambda edge: edge.starts_on)
        if latest.parent is None:
            return path
        path.append(latest.parent)


def lives(edges: Iterable[Edge], unit: str, day: date) -> bool:
    """Whether the unit exists on a day."""
    begun = [edge for edge in edges if edge.unit == unit and edge.starts_on <= day]
    latest = max(begun, key=lambda edge: edge.starts_on, default=None)
    if latest is None or latest.kind == "merged":
        return False
    return latest.ends_on is None or day < latest.ends_on


def as_table(values: Iterable[Value]) -> pa.Table:
    """The values as the engine takes them."""
    rows = list(values)
    columns = {
        "unit": pa.array([row.unit for row in rows], pa.string()),
        "indicator": pa.array([row.indicator for row in rows], pa.string()),
        "starts_on": pa.array([row.starts_on for row in rows], pa.date32()),
        "ends_on": pa.array([row.ends_on for row in rows], pa.date32()),
        "value": pa.array([format(row.value, "f") for row in rows], pa.string()),
        "source": pa.array(range(len(rows)), pa.int64()),
    }
    if any(row.known_at for row in rows):
        columns["known_at"] = pa.array([row.known_at for row in rows], pa.timestamp("us", "UTC"))
    return pa.table(columns)


def as_figures(table: pa.Table) -> Figures:
    """The engine's table, by unit, indicator and period."""
    rows = table.to_pylist()
    figures = {
        (row["unit"], row["indicator"], row["period"]): Figure(row["value"], row["reported"], row["expected"])
        for row in rows
    }
    assert len(figures) == len(rows)
    return figures


def _day(asked: Asked, period: Period, value: Value | None = None) -> date:
    """The day whose tree a value is seen with."""
    if asked.as_was and value is not None:
        return value.ends_on - A_DAY
    return asked.on or period.ends_on - A_DAY


def _counting(asked: Asked, unit: str, measure: Measure, period: Period) -> list[Value]:
    """The values of the measure that count for the unit in the period."""
    return [
        value
        for value in newest(asked.values, asked.known_at)
        if value.indicator == measure.code
        and period.starts_on <= value.starts_on
        and value.ends_on <= period.ends_on
        and (measure.over_time != "none" or (value.starts_on, value.ends_on) == (period.starts_on, period.ends_on))
        and unit in under(asked.edges, value.unit, _day(asked, period, value))
        and lives(asked.edges, unit, _day(asked, period, value))
    ]


def _exact(asked: Asked, unit: str, measure: Measure, period: Period) -> Fraction | None:
    if measure.is_ratio:
        return _ratio(asked, unit, measure, period)
    own: dict[str, list[Value]] = {}
    for value in _counting(asked, unit, measure, period):
        own.setdefault(value.unit, []).append(value)
    figures = {name: _over_time(values, measure.over_time) for name, values in own.items()}
    if measure.over_units == "none":
        return figures.get(unit)
    return _over_units(list(figures.values()), measure.over_units)


def _ratio(asked: Asked, unit: str, measure: Measure, period: Period) -> Fraction | None:
    parts = {part.code: part for part in asked.measures}
    numerator = _exact(asked, unit, parts[measure.numerator or ""], period)
    denominator = _exact(asked, unit, parts[measure.denominator or ""], period)
    if not denominator:
        return None
    return Fraction(measure.factor) * (numerator or 0) / denominator


def _reporting(asked: Asked, unit: str, measure: Measure, period: Period) -> set[str]:
    if measure.is_ratio:
        parts = {part.code: part for part in asked.measures}
        both = parts[measure.numerator or ""], parts[measure.denominator or ""]
        return set().union(*(_reporting(asked, unit, part, period) for part in both))
    return {value.unit for value in _counting(asked, unit, measure, period)}


def _expected(asked: Asked, unit: str, measure: Measure, period: Period) -> set[str]:
    days = {_day(asked, period)}
    if asked.as_was and measure.over_time != "none":
        known = newest(asked.values, asked.known_at)
        inside = [v for v in known if period.starts_on <= v.starts_on and v.ends_on <= period.ends_on]
        days = {value.ends_on - A_DAY for value in inside}
    return set().union(*(_expected_on(asked, unit, period, day) for day in days))


def _expected_on(asked: Asked, unit: str, period: Period, day: date) -> set[str]:
    living = {edge.unit for edge in asked.edges if lives(asked.edges, edge.unit, day)}
    subtree = {name for name in living if unit in under(asked.edges, name, day)}
    if asked.on_duty is not None:
        return subtree & set(asked.on_duty.get(period.code, ()))
    superiors = {above for name in living for above in under(asked.edges, name, day)[1:]}
    return subtree - superiors


def _over_time(values: list[Value], how: str) -> Fraction:
    if how == "first":
        return Fraction(min(values, key=lambda value: (value.starts_on, value.ends_on)).value)
    if how == "last":
        return Fraction(max(values, key=lambda value: (value.ends_on, value.starts_on)).value)
    figure = _over_units([Fraction(value.value) for value in values], "sum" if how == "none" else how)
    assert figure is not None
    return figure


def _over_units(figures: list[Fraction], how: str) -> Fraction | None:
    if how in {"stddev", "variance"}:
        # Standard deviations stay squared until they are shown.
        return variance(figures) if len(figures) > 1 else None
    total = sum(figures, Fraction(0))
    combined = {
        "sum": total,
        "mean": total / max(len(figures), 1),
        "min": min(figures, default=None),
        "max": max(figures, default=None),
        "count": Fraction(len(figures)),
    }
    return combined[how] if figures else None


def _shown(exact: Fraction, measure: Measure) -> Decimal:
    if measure.over_units == "stddev" and not measure.is_ratio:
        return _millionths(_nearest_root(exact * 10**12))
    rounded = round(exact * 10**6)
    is_exact = not (measure.is_ratio or "mean" in {measure.over_units, measure.over_time})
    assert rounded == exact * 10**6 or not is_exact or measure.over_units == "variance"
    return _millionths(rounded)


def _millionths(whole: int) -> Decimal:
    return Decimal(whole).scaleb(-6, Context(prec=80))


def _nearest_root(square: Fraction) -> int:
    low = isqrt(int(square))
    return min((low, low + 1), key=lambda root: (abs(_distance(root, square)), root % 2))


def _distance(root: int, square: Fraction) -> Fraction:
    """How far the root's square lies from halfway, as a measure of which whole number is nearer."""
    return Fraction(root) - _sqrt(square)


def _sqrt(square: Fraction) -> Fraction:
    digits = 40
    return Fraction(isqrt(int(square * 10 ** (2 * digits))), 10**digits)
