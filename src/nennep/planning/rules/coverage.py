"""How a directive is covered: which unit carries out which clause, says why not, is silent, is late.

A clause is carried out by a unit when a task that stands cites it, or details one that does, and the unit leads the
task or has it in its plan. A withdrawn clause asks nothing of anybody any more; its open tasks are named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Standing(StrEnum):
    """How a unit stands to a clause that binds it."""

    DONE = "done"  # it has tasks, and all are finished
    UNDER_WAY = "under_way"  # it has a task that is open
    EXPLAINED = "explained"  # it has none, and said why
    SILENT = "silent"  # it has none, and said nothing


@dataclass(frozen=True)
class Demand:
    """A clause as far as coverage asks: `due_on` is the last day (inclusive), None when it names none."""

    id: int
    due_on: date | None = None
    withdrawn_on: date | None = None

    def binds_on(self, day: date) -> bool:
        """Whether it asks anything of its units on a day."""
        return self.withdrawn_on is None or day < self.withdrawn_on

    def is_past(self, day: date) -> bool:
        return self.due_on is not None and self.due_on < day


class Work(NamedTuple):
    """How many tasks a unit has for a clause: open, finished; of the open, those past their last day."""

    open: int = 0
    done: int = 0
    overdue: int = 0

    def plus(self, other: Work) -> Work:
        return Work(self.open + other.open, self.done + other.done, self.overdue + other.overdue)

    @property
    def tasks(self) -> int:
        return self.open + self.done


NO_WORK = Work()
#: A clause and a unit that it binds.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Counts:
    """How many pairs of clause and unit there are, and how they stand. `late` are among the others."""

    addressed: int = 0
    done: int = 0
    under_way: int = 0
    explained: int = 0
    silent: int = 0
    late: int = 0

    @property
    def carried(self) -> int:
        """Pairs with a task."""
        return self.done + self.under_way

    @property
    def answered(self) -> int:
        """Pairs with a task or a reason."""
        return self.carried + self.explained

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


NO_COUNTS = Counts()


def standing(work: Work, *, explained: bool) -> Standing:
    """How a unit stands to a clause, by its tasks and whether it said why it has none. A task makes a reason moot."""
    if work.open:
        return Standing.UNDER_WAY
    if work.done:
        return Standing.DONE
    return Standing.EXPLAINED if explained else Standing.SILENT


def is_late(demand: Demand, work: Work, day: date, *, explained: bool) -> bool:
    """Whether an open task is past its last day, or the clause is past its own with no task finished.

    Who said why it has no task is not late.
    """
    if work.overdue:
        return True
    if work.done or not demand.is_past(day):
        return False
    return work.open > 0 or not explained


@dataclass(frozen=True)
class Assessed:
    """How many pairs stand how, by clause and by unit; clauses and units with none are absent. `pairs` says of each
    pair how it stands and whether it is late.
    """

    by_clause: Mapping[int, Counts]
    by_unit: Mapping[int, Counts]
    pairs: Mapping[Pair, tuple[Standing, bool]]


_PLACES = {one: place for place, one in enumerate(Standing, start=1)}
_LATE = len(_PLACES) + 1


def assess(
    demands: Iterable[Demand],
    addressed: Mapping[int, Collection[int]],
    work: Mapping[int, Mapping[int, Work]],
    explained: Mapping[int, Collection[int]],
    day: date,
) -> Assessed:
    """Every pair of a clause and a unit that it binds counted, by clause and by unit.

    `addressed` names the units of each clause; `work` holds, by clause, the units with tasks, `explained` those that
    said why not. Linear in the pairs: a directive of 40 clauses sent to 440 units has 17,600.
    """
    by_clause: dict[int, list[int]] = {}
    by_unit: dict[int, list[int]] = {}
    pairs: dict[Pair, tuple[Standing, bool]] = {}
    for demand in demands:
        if not demand.binds_on(day):
            continue
        its_work, said_why = work.get(demand.id, {}), explained.get(demand.id, ())
        of_clause = [0] * (_LATE + 1)
        for unit in addressed.get(demand.id, ()):
            tasks, has_said = its_work.get(unit, NO_WORK), unit in said_why
            stands = standing(tasks, explained=has_said)
            late = is_late(demand, tasks, day, explained=has_said)
            pairs[demand.id, unit] = stands, late
            place = _PLACES[stands]
            of_unit = by_unit.get(unit)
            if of_unit is None:
                of_unit = by_unit[unit] = [0] * (_LATE + 1)
            of_unit[0] += 1
            of_unit[place] += 1
            of_unit[_LATE] += late
            of_clause[place] += 1
            of_clause[_LATE] += late
        of_clause[0] = sum(of_clause[1:_LATE])
        if of_clause[0]:
            by_clause[demand.id] = of_clause
    return Assessed(_frozen(by_clause), _frozen(by_unit), pairs)


def _frozen(counts: Mapping[int, list[int]]) -> dict[int, Counts]:
    return {key: Counts(*row) for key, row in counts.items()}


def by_group(pairs: Mapping[Pair, tuple[Standing, bool]], groups: Mapping[int, Collection[int]]) -> dict[Pair, Counts]:
    """The pairs of a clause and the units of a group counted together, by clause and the group's key. A unit may stand
    in several groups; a clause that binds nobody in a group is absent.
    """
    groups_of: dict[int, list[int]] = {}
    for group, units in groups.items():
        for unit in units:
            groups_of.setdefault(unit, []).append(group)
    found: dict[Pair, list[int]] = {}
    for (clause, unit), (stands, late) in pairs.items():
        for group in groups_of.get(unit, ()):
            counts = found.setdefault((clause, group), [0] * 6)
            counts[0] += 1
            counts[_PLACES[stands]] += 1
            counts[_LATE] += late
    return {key: Counts(*row) for key, row in found.items()}


def summed(by_unit: Mapping[int, Counts], units: Iterable[int]) -> Counts:
    """The counts of several units together; each unit is to be named once."""
    return sum((by_unit[unit] for unit in units if unit in by_unit), start=NO_COUNTS)


def living_heirs(unit: int, heirs: Mapping[int, Collection[int]], living: Collection[int]) -> tuple[int, ...]:
    """The units to which what a unit owed has passed: itself while it lives, else the heirs of its heirs.

    `heirs` maps a unit that is gone to those that took over from it: what a merge or a split made of it, or the
    superior of its last day where it was dissolved without a successor.
    """
    found: dict[int, None] = {}
    seen: set[int] = set()
    waiting = [unit]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here in living:
            found[here] = None
        else:
            waiting.extend(sorted(heirs.get(here, ()), reverse=True))
    return tuple(found)
