"""Tasks on the days of a calendar: which stand in a week, in which order, and how each looks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Task
from nennep.planning.rules.conflicts import DAYS_OF_ITS_OWN, FILLS_WEEKS
from nennep.planning.rules.states import OPEN_STATES, PlanKind, PlanState, TaskState

DAY = timedelta(days=1)
WEEK = 7
#: From so many days before its last day an open task is amber.
SOON = timedelta(days=3)
#: A calendar in force is rescheduled directly; any other plan in force is amended first.
_IN_FORCE = frozenset({PlanState.APPROVED, PlanState.ISSUED})

_WEEKDAYS = (
    pgettext_lazy("day of the week within a date", "Monday"),
    pgettext_lazy("day of the week within a date", "Tuesday"),
    pgettext_lazy("day of the week within a date", "Wednesday"),
    pgettext_lazy("day of the week within a date", "Thursday"),
    pgettext_lazy("day of the week within a date", "Friday"),
    pgettext_lazy("day of the week within a date", "Saturday"),
    pgettext_lazy("day of the week within a date", "Sunday"),
)


def weekday_name(day: date) -> str:
    """`Thứ Tư`, as the head of a column."""
    said = str(_WEEKDAYS[day.weekday()])
    return f"{said[:1].upper()}{said[1:]}"


def monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def week_number(day: date) -> int:
    """The number of the week in its year, as plans and reports count them (ISO 8601)."""
    return day.isocalendar().week


# --- one task -------------------------------------------------------------------------------------


class Look(StrEnum):
    """How a task stands out: each has its own icon or ground, never colour alone."""

    DONE = "done"
    OVERDUE = "overdue"
    EMPHASIS = "emphasis"
    SOON = "soon"
    LONG = "long"
    PLAIN = "plain"


def look_of(task: Task, today: date) -> Look:
    if task.state == TaskState.DONE:
        return Look.DONE
    if task.due_on < today:
        return Look.OVERDUE
    if task.emphasis:
        return Look.EMPHASIS
    if task.due_on - today <= SOON and task.starts_on <= today:
        return Look.SOON
    return Look.LONG if task.due_on > task.starts_on else Look.PLAIN


class Moving(StrEnum):
    """Whether the actor may give a task other days."""

    NO = ""
    FREELY = "freely"
    WITH_REASON = "with_reason"


def moving(by: Actor, task: Task, plan: Plan) -> Moving:
    """As the service decides: only the plan's unit moves its open tasks; a calendar in force asks why."""
    is_own = plan.unit_id == by.unit_id and Permission.PLANNING_WRITE in by.permissions
    if not is_own or task.state != TaskState.OPEN:
        return Moving.NO
    if plan.state in OPEN_STATES:
        return Moving.FREELY
    return Moving.WITH_REASON if plan.kind == PlanKind.CALENDAR and plan.state in _IN_FORCE else Moving.NO


@dataclass(frozen=True)
class Entry:
    """One task as a calendar shows it; `lead` is empty where all are of one unit, `clashes` are sentences."""

    task: Task
    look: Look
    moving: Moving
    lead: str = ""
    takes_part: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()

    @property
    def hours(self) -> str:
        """`7:30`, `7:30 – 11:00`; empty without a time."""
        times = [at for at in (self.task.starts_at, self.task.ends_at) if at is not None]
        return " – ".join(f"{at.hour}:{at.minute:02d}" for at in times)

    @property
    def begins_at(self) -> str:
        at = self.task.starts_at
        return f"{at.hour}:{at.minute:02d}" if at else ""

    @property
    def length(self) -> int:
        """How many days it takes."""
        return (self.task.due_on - self.task.starts_on).days + 1

    @property
    def is_lasting(self) -> bool:
        """Whether it goes on for longer than a month: it fills no day but its last."""
        return self.length > FILLS_WEEKS

    @property
    def days(self) -> str:
        return said_days(self.task.starts_on, self.task.due_on)

    @property
    def spoken(self) -> str:
        """What a screen reader says of the bar, and what the pointer shows over it."""
        parts = [self.task.title, self.days, self.hours, self.lead, self.task.place]
        if self.look is Look.OVERDUE:
            parts.append(_("overdue"))
        if self.look is Look.DONE:
            parts.append(_("done"))
        if self.task.emphasis:
            parts.append(_("emphasis"))
        return ". ".join(part for part in (*parts, *(said.rstrip(".") for said in self.clashes)) if part)

    def order(self) -> tuple[bool, date, time, int, int, int]:
        """What is done on days of its own before what goes on for longer; by the first day, by the hour."""
        task = self.task
        goes_on = self.length > DAYS_OF_ITS_OWN and task.starts_at is None
        return goes_on, task.starts_on, task.starts_at or time.max, -self.length, task.order, task.pk


def said_days(first: date, last: date) -> str:
    """`18/11`, `16/11 – 20/11`; both days within."""
    return f"{first:%d/%m}" if first == last else f"{first:%d/%m} – {last:%d/%m}"


def most_detailed(tasks: Sequence[Task]) -> list[Task]:
    """These tasks without those that another of them details: one piece of work stands on the calendar once."""
    detailed = {task.details_id for task in tasks}
    return [task for task in tasks if task.pk not in detailed]


# --- days and weeks -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """One day of a calendar. `place` is its column, 1 to 7; `hidden` how many tasks its week has no room for."""

    day: date
    place: int
    name: str
    count: int = 0
    hidden: int = 0
    holiday: str = ""
    is_today: bool = False
    is_chosen: bool = False
    is_outside: bool = False
    clashes: int = 0

    @property
    def iso(self) -> str:
        """The day as an address takes it."""
        return self.day.isoformat()

    @property
    def is_weekend(self) -> bool:
        return self.day.weekday() >= 5  # noqa: PLR2004 -- Saturday and Sunday


@dataclass(frozen=True)
class Bar:
    """A task within one week: from its column on, over so many days. Where it goes on its end is open.

    Of a task that lasts for months only the last day is shown: the `is_deadline`.
    """

    entry: Entry
    place: int
    length: int
    begins: bool
    ends: bool
    is_deadline: bool = False


@dataclass(frozen=True)
class Week:
    days: tuple[Day, ...]
    bars: tuple[Bar, ...]

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def number(self) -> int:
        return week_number(self.first)

    @property
    def hidden(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.hidden)


@dataclass(frozen=True)
class Marks:
    """What is marked on days beside the tasks."""

    today: date
    chosen: date
    holidays: Mapping[date, str]
    clashes: Mapping[date, int]
    month: int = 0  # days of other months are paler; 0: none is


def weeks_of(entries: Iterable[Entry], first: date, last: date, marks: Marks, *, most: int) -> list[Week]:
    """The weeks from a Monday to a Sunday with their bars, at most `most` above each other on a day."""
    rows = sorted(entries, key=Entry.order)
    return [_week(rows, first + n * DAY, marks, most) for n in range(0, (last - first).days + 1, WEEK)]


def _week(rows: Sequence[Entry], monday: date, marks: Marks, most: int) -> Week:
    sunday = monday + 6 * DAY
    here = [entry for entry in rows if _first_shown(entry) <= sunday and entry.task.due_on >= monday]
    counts, hidden = [0] * WEEK, [0] * WEEK
    lanes: list[list[bool]] = []
    bars = []
    for entry in here:
        starts = _first_shown(entry)
        first = max(0, (starts - monday).days)
        last = min(WEEK - 1, (entry.task.due_on - monday).days)
        for place in range(first, last + 1):
            counts[place] += 1
        if _found_room(lanes, first, last, most):
            begins, ends = starts >= monday, entry.task.due_on <= sunday
            bars.append(Bar(entry, first + 1, last - first + 1, begins, ends, entry.is_lasting))
        else:
            for place in range(first, last + 1):
                hidden[place] += 1
    days = tuple(_day(monday + n * DAY, n, counts[n], hidden[n], marks) for n in range(WEEK))
    return Week(days, tuple(bars))


def _first_shown(entry: Entry) -> date:
    return entry.task.due_on if entry.is_lasting else entry.task.starts_on


def _found_room(lanes: list[list[bool]], first: int, last: int, most: int) -> bool:
    """Take the first lane that is free from one column to another; another is begun while there may be more."""
    for lane in lanes:
        if not any(lane[first : last + 1]):
            break
    else:
        if len(lanes) >= most:
            return False
        lane = [False] * WEEK
        lanes.append(lane)
    lane[first : last + 1] = [True] * (last + 1 - first)
    return True


def _day(day: date, place: int, count: int, hidden: int, marks: Marks) -> Day:
    return Day(
        day,
        place + 1,
        weekday_name(day),
        count,
        hidden,
        marks.holidays.get(day, ""),
        is_today=day == marks.today,
        is_chosen=day == marks.chosen,
        is_outside=bool(marks.month) and day.month != marks.month,
        clashes=marks.clashes.get(day, 0),
    )


def on_day(entries: Iterable[Entry], day: date) -> list[Entry]:
    """What is done on one day: by the hour first, then what has no hour, the shorter first."""
    here = [entry for entry in entries if _first_shown(entry) <= day <= entry.task.due_on]
    return sorted(here, key=_by_hour)


def _by_hour(entry: Entry) -> tuple[time, int, date, int]:
    task = entry.task
    return task.starts_at or time.max, entry.length, task.due_on, task.pk


def units_named(tasks: Iterable[Task]) -> Collection[int]:
    """Every unit that these tasks name."""
    return {unit for task in tasks for unit in (task.lead_unit_id, *(one.pk for one in task.coordinating.all()))}
