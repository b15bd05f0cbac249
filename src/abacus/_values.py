"""Reported values as columns of numbers, checked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from abacus._days import as_date
from abacus._errors import ValuesError
from abacus._exact import Whole, read_column
from abacus._measures import Measures
from abacus._parallel import in_parallel
from abacus._tree import Tree

Numbers = NDArray[np.int64]

COLUMNS = ("unit", "indicator", "starts_on", "ends_on", "value")
_SMALL_TABLE = 2**22


@dataclass(frozen=True, slots=True)
class Spans:
    """The distinct periods that values were reported for, first day first: half-open, in day numbers."""

    starts: Numbers
    ends: Numbers

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class Values:
    """One row per value that counts; units, indicators and spans are told by position."""

    unit: NDArray[np.int32]
    measure: NDArray[np.int32]
    span: NDArray[np.int32]
    number: Whole
    row: Numbers | None
    scale: int
    spans: Spans

    def __len__(self) -> int:
        return len(self.unit)

    def where(self, chosen: Numbers) -> "Values":
        """Some of the rows, by position."""
        return Values(
            self.unit.take(chosen),
            self.measure.take(chosen),
            self.span.take(chosen),
            self.number.take(chosen),
            chosen if self.row is None else self.row.take(chosen),
            self.scale,
            self.spans,
        )

    def key(self) -> Numbers:
        """A number per (indicator, unit, span)."""
        units = int(self.unit.max(initial=0)) + 1
        return (self.measure.astype(np.int64) * units + self.unit) * max(len(self.spans), 1) + self.span


def read_values(table: Any, tree: Tree, measures: Measures, *, known_at: datetime | None) -> Values:
    """The values that count, each known to lie in its unit's life.

    With a column known_at the newest value of a key not later than `known_at` counts (the newest of all if None).

    Raises ValuesError with the row of what is wrong. A key given twice is found where the values are laid out.
    """
    _check_columns(table, known_at)
    reading: list[Callable[[], Any]] = [
        lambda: _positions(table["unit"], list(tree.units), "unit", "is not in the tree"),
        lambda: _positions(table["indicator"], list(measures), "indicator", "is not among the measures"),
        lambda: _spans(table),
        lambda: read_column(table["value"]),
    ]
    unit, measure, (spans, span), (number, scale) = in_parallel(lambda read: read(), reading, values=len(table))
    _refuse_reported_ratios(measure, measures)
    _check_lives(unit, span, spans, tree)
    values = Values(unit, measure, span, number, None, scale, spans)
    return _known(values, table["known_at"], known_at) if "known_at" in table.column_names else values


def duplicate_error(values: Values, tree: Tree, measures: Measures) -> ValuesError:
    """The error for the first key that is given twice."""
    order = np.argsort(values.key(), kind="stable")
    keys = values.key()[order]
    again = order[1:][keys[1:] == keys[:-1]]
    place = int(again.min())
    row = place if values.row is None else int(values.row[place])
    span = values.span[place]
    return ValuesError(
        f"a second value of {list(measures)[values.measure[place]]} for unit {tree.units[values.unit[place]]}, "
        f"{as_date(int(values.spans.starts[span]))} to {as_date(int(values.spans.ends[span]))}",
        row=row,
    )


def as_instant(instant: datetime) -> datetime:
    """In UTC; an instant that names no zone is in UTC already."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _check_columns(table: Any, known_at: datetime | None) -> None:
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise ValuesError(f"the values have no column {', '.join(missing)}")
    if known_at is not None and "known_at" not in table.column_names:
        raise ValuesError("a day of knowledge is asked for, but the values have no column known_at")
    for name in (*COLUMNS, "known_at"):
        if name in table.column_names and table[name].null_count:
            raise ValuesError(f"{name} is empty", row=int(pc.index(table[name].is_null(), value=True).as_py()))


def _positions(column: Any, known: list[str], what: str, wrong: str) -> NDArray[np.int32]:
    """Where each text stands among the known ones."""
    known_texts = pa.array(known, pa.string())
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
        if not column.num_chunks:
            return np.empty(0, dtype=np.int32)
        texts = column.chunk(0).dictionary.cast(pa.string())
        positions = pc.fill_null(pc.index_in(texts, known_texts), -1).to_numpy().astype(np.int32)
        indices = pa.chunked_array([chunk.indices for chunk in column.chunks]).to_numpy()
        in_order = np.array_equal(positions, np.arange(len(positions)))
        found = np.asarray(indices if in_order else positions.take(indices), dtype=np.int32)
    else:
        places = pc.fill_null(pc.index_in(column.cast(pa.string()), known_texts), -1)
        found = np.asarray(places.to_numpy(), dtype=np.int32)
    if found.size and int(found.min()) < 0:
        row = int(np.argmax(found < 0))
        raise ValuesError(f"{what} {column[row].as_py()} {wrong}", row=row)
    return found


def _refuse_reported_ratios(measure: NDArray[np.int32], measures: Measures) -> None:
    computed = np.array([each.is_ratio for each in measures.values()], dtype=bool)
    if computed.any() and computed[measure].any():
        row = int(np.argmax(computed[measure]))
        raise ValuesError(f"indicator {list(measures)[measure[row]]} is a ratio: it is computed, not reported", row=row)


def _spans(table: Any) -> tuple[Spans, NDArray[np.int32]]:
    """The distinct spans, and where each row's stands among them."""
    starts, ends = _days(table, "starts_on"), _days(table, "ends_on")
    if not starts.size:
        return Spans(starts.astype(np.int64), ends.astype(np.int64)), starts
    first, lengths = int(starts.min()), ends - starts
    if int(lengths.min()) <= 0:
        row = int(np.argmax(lengths <= 0))
        raise ValuesError(f"the value's period ends on {as_date(ends[row])}, not after its start", row=row)
    width = int(lengths.max()) + 1
    size = (int(starts.max()) - first + 1) * width
    offsets: NDArray[Any] = starts - first if size <= _SMALL_TABLE else (starts - first).astype(np.int64)
    codes = offsets * width + lengths
    if size <= _SMALL_TABLE:
        seen = np.zeros(size, dtype=bool)
        seen[codes] = True
        distinct = np.flatnonzero(seen)
        place = np.empty(size, dtype=np.int32)
        place[distinct] = np.arange(len(distinct), dtype=np.int32)
        span = place.take(codes)
    else:
        distinct, inverse = np.unique(codes, return_inverse=True)
        span = inverse.astype(np.int32)
    begun = distinct // width + first
    return Spans(begun, begun + distinct % width), span


def _days(table: Any, name: str) -> NDArray[np.int32]:
    try:
        days: NDArray[np.int32] = table[name].cast(pa.date32()).cast(pa.int32()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ValuesError(f"the column {name} holds something other than days") from None
    return days


def _check_lives(unit: NDArray[np.int32], span: NDArray[np.int32], spans: Spans, tree: Tree) -> None:
    """Every value's period shares a day with its unit's life."""
    if not unit.size:
        return
    first, begun, ended = tree.life_columns()
    shared = (spans.starts < ended[:, None]) & (spans.ends > begun[:, None])
    alive = np.logical_or.reduceat(shared, first, axis=0)
    if alive.all():
        return
    fine = alive[unit, span]
    if not fine.all():
        row = int(np.argmin(fine))
        raise ValuesError(
            f"unit {tree.units[unit[row]]} did not exist between {as_date(int(spans.starts[span[row]]))} "
            f"and {as_date(int(spans.ends[span[row]]))}",
            row=row,
        )


def _known(values: Values, column: Any, known_at: datetime | None) -> Values:
    """The newest value of each key that was known by then."""
    instants = _instants(column)
    if known_at is not None:
        by_then = np.flatnonzero(instants <= np.datetime64(as_instant(known_at).replace(tzinfo=None), "us"))
        values, instants = values.where(by_then), instants[by_then]
    keys = values.key()
    order = np.lexsort((instants, keys))
    last = np.ones(len(order), dtype=bool)
    last[:-1] = keys[order][1:] != keys[order][:-1]
    twin = np.zeros(len(order), dtype=bool)
    twin[:-1] = ~last[:-1] & (instants[order][1:] == instants[order][:-1])
    # A twin of the newest is kept, so that it is refused as a second value of its key.
    twin[:-1] &= last[1:]
    return values.where(np.sort(order[last | twin]))


def _instants(column: Any) -> NDArray[np.datetime64]:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        parsed = [_instant(text, row) for row, text in enumerate(column.to_pylist())]
        return np.array(parsed, dtype="datetime64[us]")
    if pa.types.is_dictionary(column.type):
        return _instants(column.cast(column.type.value_type))
    try:
        instants: NDArray[np.datetime64] = column.cast(pa.timestamp("us", column.type.tz)).to_numpy()
    except AttributeError:
        raise ValuesError(f"known_at of type {column.type} is not an instant") from None
    return instants.astype("datetime64[us]")


def _instant(text: str, row: int) -> datetime:
    try:
        return as_instant(datetime.fromisoformat(text)).replace(tzinfo=None)
    except ValueError:
        raise ValuesError(f"known_at {text!r} is not an instant such as 2025-07-15T08:30:00Z", row=row) from None
