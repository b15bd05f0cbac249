"""Small invented organisations and what their units reported, for hypothesis to draw."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from abacus import Edge, Measure, calendar_periods
from tests.abacus.slow import Asked, Value, lives

FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2025, 12, 31)
MONTHS = calendar_periods(["month"], FIRST_DAY, LAST_DAY)
ALL_PERIODS = calendar_periods(["month", "quarter", "year"], FIRST_DAY, LAST_DAY)
REPORTED_FOR = [*MONTHS, *calendar_periods(["quarter"], FIRST_DAY, LAST_DAY)]
CHANGE_DAYS = [date(2025, 4, 1), date(2025, 5, 15), date(2025, 7, 1), date(2025, 10, 20)]
SOUND_AS_WAS = [("sum", "sum"), ("sum", "count"), ("min", "min"), ("max", "max"), ("mean", "none"), ("none", "none")]


@dataclass
class _Draft:
    """A tree in the making: the superior of every living unit, and the edge it has had since `began`."""

    parents: dict[str, str | None]
    edge_to: dict[str, str | None]
    began: dict[str, date]
    edges: list[Edge]

    def put(self, unit: str, parent: str | None, day: date) -> None:
        """From this day the unit is under this superior."""
        if unit in self.parents:
            self.close(unit, day)
        self.parents[unit] = self.edge_to[unit] = parent
        self.began[unit] = day

    def close(self, unit: str, day: date) -> None:
        self.edges.append(Edge(unit, self.edge_to[unit], self.began[unit], day))

    def below(self, unit: str) -> list[str]:
        return [child for child in self.parents if self.parents[child] == unit]


@st.composite
def organisations(draw: st.DrawFn, *, changes: int = 4) -> tuple[Edge, ...]:
    """A tree from the first day on, then some days on which a unit moves, merges, ends, splits or begins."""
    tree = _Draft({}, {}, {}, [])
    tree.put("U0", None, FIRST_DAY)
    for number in range(1, draw(st.integers(1, 7))):
        tree.put(f"U{number}", draw(st.sampled_from(sorted(tree.parents))), FIRST_DAY)
    days = draw(st.lists(st.sampled_from(CHANGE_DAYS), max_size=changes, unique=True))
    for number, day in enumerate(sorted(days)):
        _change(draw, tree, day, f"N{number}")
    edges = tree.edges + [Edge(unit, tree.edge_to[unit], tree.began[unit]) for unit in tree.parents]
    return tuple(draw(st.permutations(edges)))


def _change(draw: st.DrawFn, tree: _Draft, day: date, new: str) -> None:
    """One unit, not the root, moves, is merged, is ended or is split; or a new one begins."""
    kind = draw(st.sampled_from(["move", "merge", "end", "split", "begin"]))
    movable = [unit for unit, parent in tree.parents.items() if parent is not None]
    if kind == "begin" or not movable:
        tree.put(new, draw(st.sampled_from(sorted(tree.parents))), day)
        return
    unit = draw(st.sampled_from(movable))
    superior, children = tree.parents[unit], tree.below(unit)
    target = draw(st.sampled_from(sorted(set(tree.parents) - _subtree(tree.parents, unit))))
    if kind == "move":
        tree.put(unit, target, day)
        return
    tree.close(unit, day)
    del tree.parents[unit]
    if kind == "merge":
        tree.edges.append(Edge(unit, target, day, None, "merged"))
    for child in children:
        if kind == "merge" and draw(st.booleans()):
            # Its edge is not touched: it is found under the successor through the merger.
            tree.parents[child] = target
        else:
            tree.put(child, target if kind == "merge" else superior, day)
    if kind == "split":
        for half in ("a", "b"):
            tree.put(new + half, superior, day)


def _subtree(parents: dict[str, str | None], unit: str) -> set[str]:
    below = {unit}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return below


def numbers() -> st.SearchStrategy[Decimal]:
    """Decimals of a few places, now and then larger than any machine number."""
    return st.one_of(
        st.integers(-20, 20).map(Decimal),
        st.decimals(min_value=-1000, max_value=1000, places=2),
        st.sampled_from([Decimal(2) ** 62, Decimal(10) ** 24 + Decimal("0.25")]),
    )


@st.composite
def reported(
    draw: st.DrawFn, edges: tuple[Edge, ...], indicators: list[str], *, corrected: bool = False
) -> tuple[Value, ...]:
    """What the units reported, each in its life, at most once for a key unless it was corrected."""
    units = sorted({edge.unit for edge in edges})
    keys = st.tuples(st.sampled_from(units), st.sampled_from(indicators), st.sampled_from(REPORTED_FOR))
    values = []
    for unit, indicator, period in draw(st.lists(keys, max_size=25, unique=True)):
        days = [period.starts_on + timedelta(days=d) for d in range((period.ends_on - period.starts_on).days)]
        if not any(lives(edges, unit, day) for day in days):
            continue
        times = sorted(draw(st.sets(st.integers(1, 4), min_size=1, max_size=3))) if corrected else [None]
        for known in times:
            known_at = None if known is None else datetime(2026, 1, known, tzinfo=UTC)
            number = draw(numbers())
            values.append(Value(unit, indicator, period.starts_on, period.ends_on, number, known_at))
    return tuple(draw(st.permutations(values)))


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """Any consolidation that can be asked."""
    edges = draw(organisations())
    as_was = draw(st.booleans())
    pairs = (
        st.sampled_from(SOUND_AS_WAS)
        if as_was
        else st.tuples(
            st.sampled_from(["sum", "mean", "min", "max", "count", "stddev", "variance", "none"]),
            st.sampled_from(["sum", "mean", "min", "max", "count", "first", "last", "none"]),
        )
    )
    plain = tuple(Measure(code, *draw(pairs)) for code in ("x", "y", "z"))
    ratios = tuple(
        Measure(f"{top.code}/{bottom.code}", numerator=top.code, denominator=bottom.code, factor="33.3")
        for top, bottom in ((plain[0], plain[1]), (plain[1], plain[1]))
        if not {"none", "stddev", "variance"} & {top.over_units, top.over_time, bottom.over_units, bottom.over_time}
    )
    corrected = draw(st.booleans())
    values = draw(reported(edges, [measure.code for measure in plain], corrected=corrected))
    known_at = datetime(2026, 1, draw(st.integers(1, 4)), 12, tzinfo=UTC) if corrected and values else None
    on = None if as_was else draw(st.none() | st.sampled_from([FIRST_DAY, *CHANGE_DAYS, LAST_DAY]))
    units = sorted({edge.unit for edge in edges})
    duty = draw(st.none() | st.dictionaries(st.sampled_from(["2025-01", "2025"]), st.sets(st.sampled_from(units))))
    return Asked(values, edges, plain + ratios, tuple(ALL_PERIODS), on, as_was, known_at, duty)
