"""The organisation as dated edges, and as it stands on a day."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from abacus._days import NEVER, as_date, as_number
from abacus._errors import TreeError

MERGED = "merged"

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Edge:
    """A unit under its superior, from `starts_on` up to, but not including, `ends_on` (None while open).

    The root has no parent. An edge of kind `merged` says that from `starts_on` the unit no longer exists and its past
    counts under `parent`, its successor; it ends what was still open of the unit.
    """

    unit: str
    parent: str | None
    starts_on: date
    ends_on: date | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The tree of one day, as columns over the units of the `Tree`, which name each other by position.

    A unit that ended without a successor stays, no longer `living`, below the superior it had; a merged one below its
    successor. `parent` is -1 at a root; `depth` is -1 for what does not exist yet; `place` orders the units by depth,
    children of one parent side by side.
    """

    parent: Numbers
    living: Flags
    depth: Numbers
    place: Numbers

    def below(self) -> Flags:
        """Which units have a living unit directly below them."""
        has_children = np.zeros(len(self.parent), dtype=bool)
        has_children[self.parent[self.living & (self.parent >= 0)]] = True
        return has_children

    def leaves(self) -> Flags:
        """Which units live and have no living unit below them."""
        return self.living & ~self._leads_to_living()

    def subtree_counts(self, flags: Flags) -> Numbers:
        """For each unit, how many of its subtree, itself included, are flagged."""
        counts = flags.astype(np.int64)
        for depth in range(int(self.depth.max(initial=0)), 0, -1):
            here = np.flatnonzero(self.depth == depth)
            counts += np.bincount(self.parent[here], weights=counts[here], minlength=len(counts)).astype(np.int64)
        return counts

    def ancestry(self, units: Numbers) -> tuple[Numbers, Numbers]:
        """Each unit once with itself and once with every unit above it: (position in `units`, ancestor)."""
        position, above = np.flatnonzero(self.depth[units] >= 0), units[self.depth[units] >= 0]
        positions, ancestors = [position], [above]
        while above.size:
            above = self.parent[above]
            position, above = position[above >= 0], above[above >= 0]
            positions.append(position)
            ancestors.append(above)
        return np.concatenate(positions), np.concatenate(ancestors)

    def _leads_to_living(self) -> Flags:
        """Which units have a living unit somewhere below them: a merged superior may still stand between."""
        flags = self.below()
        for depth in range(int(self.depth.max(initial=0)), 0, -1):
            gone = np.flatnonzero((self.depth == depth) & ~self.living & flags)
            flags[self.parent[gone]] = True
        return flags


class Tree:
    """Units and their superiors, true from day to day.

    Raises TreeError, with the row of the edge, for an edge that ends before it starts, two superiors on one day, an
    unknown superior or one that does not exist (and has no successor) while the edge lasts, a unit merged before it
    existed or alive after it was merged, and a cycle.
    """

    def __init__(self, edges: Iterable[Edge]) -> None:
        given = list(edges)
        self.units: tuple[str, ...] = tuple(dict.fromkeys(edge.unit for edge in given))
        self._position = {unit: position for position, unit in enumerate(self.units)}
        self._edges = _EdgeColumns(given, self._position)
        self._changes = sorted({*self._edges.starts.tolist(), *self._edges.ends[self._edges.ends < NEVER].tolist()})
        self._standings: dict[int, Standing] = {}

    def __contains__(self, unit: object) -> bool:
        return unit in self._position

    def lives(self, unit: str) -> tuple[tuple[date, date | None], ...]:
        """The spans of days (half-open, None while open) in which the unit exists."""
        return tuple(
            (as_date(start), None if end == NEVER else as_date(end))
            for start, end in self._edges.lives[self.position(unit)]
        )

    def exists(self, unit: str, day: date) -> bool:
        return bool(self.standing(day).living[self.position(unit)])

    def parent(self, unit: str, day: date) -> str | None:
        """The living unit this one is under on a day, or under which its past counts; None at the root."""
        standing = self.standing(day)
        above = int(standing.parent[self.position(unit)])
        while above >= 0 and not standing.living[above]:
            above = int(standing.parent[above])
        return None if above < 0 else self.units[above]

    def children(self, unit: str, day: date) -> tuple[str, ...]:
        """The living units directly below, in the order the edges gave them."""
        return tuple(below for below in self.units if self.exists(below, day) and self.parent(below, day) == unit)

    def subtree(self, unit: str, day: date) -> tuple[str, ...]:
        """The living units of the subtree on a day, the unit itself first."""
        standing = self.standing(day)
        self.position(unit)
        flags = self.flags([unit])
        for depth in range(1, int(standing.depth.max(initial=0)) + 1):
            here = np.flatnonzero(standing.depth == depth)
            flags[here] |= flags[standing.parent[here]]
        found = np.flatnonzero(flags & standing.living)
        return tuple(self.units[position] for position in found[np.argsort(standing.place[found])])

    def successor(self, unit: str) -> tuple[str, date] | None:
        """The unit this one was merged into, and from which day; None if it never was."""
        return self._edges.successors.get(unit)

    def position(self, unit: str) -> int:
        """Where the unit stands in `units`.

        Raises TreeError for a unit that is not there.
        """
        try:
            return self._position[unit]
        except KeyError:
            raise TreeError(f"unit {unit} is not in the tree") from None

    def flags(self, units: Iterable[str]) -> Flags:
        """Which of the tree's units are among these; others are passed over."""
        flags = np.zeros(len(self.units), dtype=bool)
        flags[[self._position[unit] for unit in units if unit in self._position]] = True
        return flags

    def life_columns(self) -> tuple[Numbers, Numbers, Numbers]:
        """All lives, unit after unit, in day numbers: where each unit's begin, their starts and their ends."""
        counts = [len(spans) for spans in self._edges.lives]
        first = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
        spans = np.array([span for spans in self._edges.lives for span in spans], dtype=np.int64).reshape(-1, 2)
        return first, spans[:, 0], spans[:, 1]

    def era(self, day: int) -> int:
        """A number shared by all days on which the tree is the same."""
        return bisect_right(self._changes, day)

    def standing(self, day: date) -> Standing:
        """The tree of a day."""
        return self.standing_in(self.era(as_number(day)))

    def standing_in(self, era: int) -> Standing:
        """The tree of the days of an era."""
        if era not in self._standings:
            first_day = self._changes[era - 1] if era else -NEVER
            self._standings[era] = self._edges.standing(first_day)
        return self._standings[era]


class _EdgeColumns:
    """The edges as columns ordered by unit and start, checked."""

    def __init__(self, given: list[Edge], position: dict[str, int]) -> None:
        self._given = given
        self._position = position
        for row, edge in enumerate(given):
            _check_edge(edge, row, position)
        order = sorted(range(len(given)), key=lambda row: (position[given[row].unit], given[row].starts_on))
        ordered = [given[row] for row in order]
        self._rows = order
        self.units = np.array([position[edge.unit] for edge in ordered], dtype=np.int64)
        self.parents = np.array([-1 if e.parent is None else position[e.parent] for e in ordered], dtype=np.int64)
        self.starts = np.array([as_number(edge.starts_on) for edge in ordered], dtype=np.int64)
        self.ends = np.array([as_number(edge.ends_on) for edge in ordered], dtype=np.int64)
        self.merged = np.array([edge.kind == MERGED for edge in ordered], dtype=bool)
        self.successors = {e.unit: (e.parent, e.starts_on) for e in ordered if e.kind == MERGED and e.parent}
        self._check_sequence()
        self.lives = self._lives()
        self._check_superiors()
        self._check_cycles()

    def standing(self, day: int) -> Standing:
        """The tree of a day."""
        size = len(self._position)
        latest = np.full(size, -1)
        begun = np.flatnonzero(self.starts <= day)
        latest[self.units[begun]] = begun
        known = latest >= 0
        parent = np.where(known, self.parents[latest], -1)
        living = known & ~self.merged[latest] & (self.ends[latest] > day)
        return Standing(parent, living, *_layers(parent, known))

    def _check_sequence(self) -> None:
        """One superior a day, and nothing after a merger; an edge left open is ended by the merger."""
        for place, (earlier, later) in enumerate(pairwise(map(self._given.__getitem__, self._rows))):
            if earlier.unit != later.unit:
                continue
            row = self._rows[place + 1]
            if earlier.kind == MERGED:
                raise TreeError(f"unit {later.unit} was merged on {earlier.starts_on} and cannot exist again", row=row)
            if earlier.ends_on is None and later.kind == MERGED and earlier.starts_on < later.starts_on:
                self.ends[place] = self.starts[place + 1]
            if self.ends[place] > self.starts[place + 1]:
                raise TreeError(f"unit {later.unit} has two superiors on {later.starts_on}", row=row)

    def _lives(self) -> list[list[tuple[int, int]]]:
        lives: list[list[tuple[int, int]]] = [[] for _ in self._position]
        columns = zip(self.units.tolist(), self.starts.tolist(), self.ends.tolist(), self.merged.tolist(), strict=True)
        for place, (unit, start, end, merged) in enumerate(columns):
            spans = lives[unit]
            if merged and not spans:
                message = f"unit {self._given[self._rows[place]].unit} is merged before it existed"
                raise TreeError(message, row=self._rows[place])
            if merged:
                continue
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return lives

    def _check_superiors(self) -> None:
        """While an edge lasts its superior lives, or has a successor in its place."""
        merged_on = {self._position[unit]: as_number(day) for unit, (_, day) in self.successors.items()}
        for place, parent in enumerate(self.parents.tolist()):
            if parent < 0:
                continue
            start, end = int(self.starts[place]), int(self.ends[place])
            if self.merged[place]:
                end = start + 1
            gone_on = merged_on.get(parent, NEVER)
            if self.merged[place] and start == gone_on:
                continue
            if any(begin <= start < finish and min(end, gone_on) <= finish for begin, finish in self.lives[parent]):
                continue
            edge = self._given[self._rows[place]]
            doing = "merged into" if self.merged[place] else "under"
            raise TreeError(
                f"unit {edge.unit} is {doing} {edge.parent} from {edge.starts_on}, when {edge.parent} does not exist"
                + ("" if self.merged[place] or end - start == 1 else " all that time"),
                row=self._rows[place],
            )

    def _check_cycles(self) -> None:
        """Walk up from every edge on its first day: a cycle begins on the day its last edge does."""
        span = int(NEVER) * 4
        keys = self.units * span + self.starts
        places = np.arange(len(keys))
        above = self.parents.copy()
        for _ in self._position:
            places, above = places[above >= 0], above[above >= 0]
            if not places.size:
                return
            caught = places[above == self.units[places]]
            if caught.size:
                edge = self._given[self._rows[int(caught[0])]]
                raise TreeError(f"unit {edge.unit} is below itself on {edge.starts_on}", row=self._rows[int(caught[0])])
            found = np.searchsorted(keys, above * span + self.starts[places], side="right") - 1
            above = self.parents[found]


def _check_edge(edge: Edge, row: int, known: dict[str, int]) -> None:
    if edge.kind not in {"", MERGED}:
        raise TreeError(f"unit {edge.unit}: unknown kind of edge {edge.kind!r}; leave it empty or say merged", row=row)
    if edge.kind == MERGED and (edge.parent is None or edge.ends_on is not None):
        raise TreeError(f"unit {edge.unit} is merged: that takes a successor and has no end", row=row)
    if edge.parent is not None and edge.parent not in known:
        raise TreeError(f"unit {edge.unit} is under {edge.parent}, which is not a unit", row=row)
    if edge.ends_on is not None and edge.ends_on <= edge.starts_on:
        raise TreeError(f"unit {edge.unit}: the edge ends on {edge.ends_on}, not after {edge.starts_on}", row=row)


def _layers(parent: Numbers, known: Flags) -> tuple[Numbers, Numbers]:
    """Depth and place of each unit."""
    depth = np.full(len(parent), -1)
    place = np.full(len(parent), -1)
    layer = np.flatnonzero(known & (parent < 0))
    waiting = np.flatnonzero(known & (parent >= 0))
    placed, level = 0, 0
    while layer.size:
        depth[layer] = level
        place[layer] = np.arange(placed, placed + layer.size)
        placed, level = placed + layer.size, level + 1
        ready = depth[parent[waiting]] == level - 1
        layer, waiting = waiting[ready], waiting[~ready]
        layer = layer[np.argsort(place[parent[layer]], kind="stable")]
    return depth, place
