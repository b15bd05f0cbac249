"""Which task may detail which: a shorter or lower plan details the longer or higher one, and nothing details itself.

Nghị định 191/2026/NĐ-CP Điều 19-20: the quarter details the year, the month the quarter, the week the month.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from nennep.planning.rules.calendar import LENGTH
from nennep.reporting.rules.periods import Kind


@dataclass(frozen=True)
class Place:
    """Where a plan stands: whose it is, and for which period (half-open days)."""

    plan: int
    unit: int
    kind: Kind
    starts_on: date
    ends_on: date

    def meets(self, other: Place) -> bool:
        """Whether both periods share a day."""
        return self.starts_on < other.ends_on and other.starts_on < self.ends_on


def why_not_detail(own: Place, other: Place, superiors: Collection[int]) -> str:
    """Why a task (or plan) at `own` may not detail one at `other`; empty when it may.

    `superiors` are the units above the own one. The other stands in the same plan (a part of it), in a longer plan of
    the same unit, or in a plan of a unit above, and both periods share a day.
    """
    if own.plan == other.plan:
        return ""
    is_longer = own.unit == other.unit and LENGTH[other.kind] > LENGTH[own.kind]
    if not is_longer and other.unit not in superiors:
        return "details_nothing_longer_or_higher"
    return "" if own.meets(other) else "details_another_time"


def circle(task: int, wished: int, details: Mapping[int, int | None]) -> tuple[int, ...]:
    """The way from a task back to itself if it detailed `wished`, both ends named; empty when there is none.

    `details` says what each task details now.
    """
    way = [task, wished]
    while way[-1] != task:
        above = details.get(way[-1])
        if above is None or above in way[1:]:
            return ()
        way.append(above)
    return tuple(way)
