"""When somebody is reminded, and to whom it climbs when nothing happens. The tables are the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from nennep.reporting.rules.periods import Kind


class NoticeKind(StrEnum):
    DUE_30 = "due_30"
    DUE_7 = "due_7"
    DUE_1 = "due_1"
    OVERDUE = "overdue"


class Subject(StrEnum):
    """What a notice is about; with its id it makes `about`: `task:12`."""

    TASK = "task"
    PLAN = "plan"
    DISPATCH = "dispatch"


class Whom(StrEnum):
    """A step of the ladder, from the unit that owes upwards."""

    LEAD = "lead"  # whoever is to act in the unit
    COMMANDER = "commander"  # who approves in the unit
    SUPERIOR_PLANNER = "superior_planner"  # who plans in the unit above
    SUPERIOR_COMMANDER = "superior_commander"  # who approves in the unit above


@dataclass(frozen=True)
class Rung:
    """From how many days past the last day on a thing is told to whom."""

    days: int
    whom: Whom


#: The ladder for what is overdue. A post is told once.
LADDER = (
    Rung(1, Whom.LEAD),
    Rung(3, Whom.COMMANDER),
    Rung(7, Whom.SUPERIOR_PLANNER),
    Rung(14, Whom.SUPERIOR_COMMANDER),
)
_KINDS = {30: NoticeKind.DUE_30, 7: NoticeKind.DUE_7, 1: NoticeKind.DUE_1}
EVERY_DAY_OF_REMINDING = (30, 7, 1)
#: How many days ahead tasks of a plan are told of: of a week's calendar nobody needs to hear a month before.
REMINDERS: Mapping[Kind, tuple[int, ...]] = {
    Kind.WEEK: (1,),
    Kind.MONTH: (7, 1),
    Kind.QUARTER: EVERY_DAY_OF_REMINDING,
    Kind.HALF: EVERY_DAY_OF_REMINDING,
    Kind.NINE_MONTHS: EVERY_DAY_OF_REMINDING,
    Kind.YEAR: EVERY_DAY_OF_REMINDING,
}
#: Ahead of the day by which a plan is handed in.
REMINDERS_OF_A_PLAN = (7, 1)
#: A document that was sent is acknowledged by the end of the second day after.
ACKNOWLEDGED_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Due:
    """Something that a unit owes by a last day. `post` and `person` narrow who is to act, where the task names them."""

    subject: Subject
    id: int
    unit: int
    title: str
    due_on: date
    reminders: tuple[int, ...]
    post: str = ""
    person: int | None = None

    @property
    def about(self) -> str:
        return f"{self.subject}:{self.id}"


def kind_on(due: Due, day: date) -> NoticeKind | None:
    """What is to be told of it on a day: the nearest reminder that has been reached, overdue past its last day, or
    nothing yet. A day on which nobody was told is made good on the next.
    """
    left = (due.due_on - day).days
    if left < 0:
        return NoticeKind.OVERDUE
    reached = [days for days in due.reminders if left <= days]
    return _KINDS[min(reached)] if reached else None


def told_on(due: Due, day: date) -> tuple[Whom, ...]:
    """Who is told on a day, upwards: before the last day is past, only whoever is to act."""
    overdue = (day - due.due_on).days
    return tuple(rung.whom for rung in LADDER if rung.days <= overdue) or (Whom.LEAD,)


def furthest_reminder() -> int:
    return max(_KINDS)
