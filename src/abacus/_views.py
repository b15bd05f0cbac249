"""Which tree each output period is seen with, and which units it expects."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from abacus._days import as_number
from abacus._periods import Period
from abacus._tree import Flags, Standing, Tree
from abacus._values import Spans

Numbers = NDArray[np.int64]
OnDuty = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class View:
    """The tree, or trees, of every output period.

    `single` names the periods (by position) seen with one tree, by its era; `mixed` gives, for a period whose values
    are each seen with the tree of their own day, the spans under each era. `expected` counts, for each unit and
    period, the units of the subtree that are expected to report.
    """

    single: dict[int, Numbers]
    mixed: dict[int, dict[int, Numbers]] = field(default_factory=dict)
    expected: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 0), dtype=np.int32))


def chosen_view(tree: Tree, periods: Sequence[Period], on: date | None, on_duty: OnDuty | None) -> View:
    """Every period with the tree of one day: `on`, or else the period's own last day."""
    eras = [tree.era(as_number(on or period.last_day)) for period in periods]
    single = {era: np.flatnonzero(np.equal(eras, era)) for era in dict.fromkeys(eras)}
    return View(single, {}, _expected(tree, periods, [{era} for era in eras], on_duty))


def as_was_view(
    tree: Tree, periods: Sequence[Period], spans: Spans, inside: list[Numbers], on_duty: OnDuty | None
) -> View:
    """Every value with the tree of the last day of its own span."""
    era_of_span = np.array([tree.era(int(end) - 1) for end in spans.ends], dtype=np.int64)
    seen = [set(era_of_span[columns].tolist()) for columns in inside]
    single: dict[int, list[int]] = {}
    mixed: dict[int, dict[int, Numbers]] = {}
    for position, eras in enumerate(seen):
        if len(eras) == 1:
            single.setdefault(min(eras), []).append(position)
        elif eras:
            columns = inside[position]
            mixed[position] = {era: columns[era_of_span[columns] == era] for era in sorted(eras)}
    kept = {era: np.array(positions) for era, positions in single.items()}
    return View(kept, mixed, _expected(tree, periods, seen, on_duty))


def _expected(
    tree: Tree, periods: Sequence[Period], eras: Sequence[set[int]], on_duty: OnDuty | None
) -> NDArray[np.int32]:
    counts = np.zeros((len(tree.units), len(periods)), dtype=np.int32)
    leaf_counts: dict[frozenset[int], Numbers] = {}
    for position, period in enumerate(periods):
        seen = frozenset(eras[position])
        standings = [tree.standing_in(era) for era in sorted(seen)]
        if not standings:
            continue
        if on_duty is not None:
            duty = tree.flags(on_duty.get(period.code, ()))
            counts[:, position] = _counted(standings, [duty & standing.living for standing in standings])
            continue
        if seen not in leaf_counts:
            leaf_counts[seen] = _counted(standings, [standing.leaves() for standing in standings])
        counts[:, position] = leaf_counts[seen]
    return counts


def _counted(standings: Sequence[Standing], flags: Sequence[Flags]) -> Numbers:
    """How many flagged units each unit has in its subtree under any of the trees, each once."""
    if len(standings) == 1:
        return standings[0].subtree_counts(flags[0])
    pairs = [_pairs(standing, flagged) for standing, flagged in zip(standings, flags, strict=True)]
    size = len(flags[0])
    distinct = np.unique(np.concatenate([above * size + unit for unit, above in pairs]))
    return np.bincount(distinct // size, minlength=size)


def _pairs(standing: Standing, flagged: Flags) -> tuple[Numbers, Numbers]:
    units = np.flatnonzero(flagged)
    position, above = standing.ancestry(units)
    return units[position], above
