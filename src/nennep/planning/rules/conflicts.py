"""What does not go together in plans: shown, never forbidden.

A task occupies its people and its place when it has hours, on each of its days, or when it takes a single day as a
whole. A longer task without hours is work that goes on beside others: it occupies nobody, and fills its weeks only
while it is short enough to be told from standing work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import chain

from nennep.organisation.rules import Span

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
_NEVER_ENDING = time.max
#: A task of at most so many days is done on its days; a longer one goes on beside others.
DAYS_OF_ITS_OWN = 7
#: A task of at most so many days fills every week, or every month, that it touches; a longer one only those in which
#: it begins or is due.
FILLS_WEEKS, FILLS_MONTHS = 31, 92


class Clash(StrEnum):
    """What is the matter."""

    PERSON = "person"  # one person leads two things at one time
    PLACE = "place"  # two things at one place at one time
    UNIT = "unit"  # one unit is in two things at one hour
    EMPTY_WEEK = "empty_week"
    EMPTY_MONTH = "empty_month"
    OVERLOAD = "overload"  # more tasks led on a day than a unit of its kind can
    HOLIDAY = "holiday"  # begins or is due on a holiday


@dataclass(frozen=True)
class Entry:
    """A task as the calendar sees it. `due_on` is its last day; `place` is already in plain words (`place_key`).

    `on_holidays` says that it is meant to be done on holidays too.
    """

    id: int
    lead: int
    starts_on: date
    due_on: date
    starts_at: time | None = None
    ends_at: time | None = None
    coordinating: tuple[int, ...] = ()
    person: int | None = None
    place: str = ""
    on_holidays: bool = False

    @property
    def units(self) -> tuple[int, ...]:
        return (self.lead, *self.coordinating)

    @property
    def length(self) -> int:
        """How many days it takes."""
        return (self.due_on - self.starts_on).days + 1

    @property
    def has_hours(self) -> bool:
        return self.starts_at is not None

    @property
    def occupies(self) -> bool:
        return self.has_hours or self.length == 1

    @property
    def hours(self) -> tuple[time, time]:
        """From when to when on each day; one without an end lasts no time, one without hours the whole day."""
        if self.starts_at is None:
            return _MIDNIGHT, _NEVER_ENDING
        return self.starts_at, self.ends_at or self.starts_at

    def days(self, first: date, end: date) -> Iterator[date]:
        """Its days within half-open bounds."""
        day = max(self.starts_on, first)
        while day <= self.due_on and day < end:
            yield day
            day += _DAY


@dataclass(frozen=True)
class Conflict:
    """One thing that does not go together, from a day to a last day, with its tasks in the order of their ids.

    `unit` is set for what concerns a unit, `person` and `place` for theirs; `holiday` is the name of the holiday, and
    `most` how many tasks a unit of the kind can lead on a day.
    """

    clash: Clash
    first: date
    last: date
    tasks: tuple[int, ...] = ()
    unit: int | None = None
    person: int | None = None
    place: str = ""
    holiday: str = ""
    most: int = 0


@dataclass(frozen=True)
class HolidaySpan:
    """A holiday with its half-open days."""

    name: str
    span: Span


def place_key(place: str) -> str:
    """A place so that two ways of writing it meet: blanks, case and the marks at its end do not tell places apart."""
    return " ".join(place.casefold().split()).strip(" .,;")


# --- at one time ------------------------------------------------------------------------------------


def at_one_time(entries: Iterable[Entry], first: date, end: date) -> list[Conflict]:
    """Every person, place and unit that is in two things at one time, within half-open days.

    Units meet by the hour only: on a whole day a unit does many things. Things that meet one after another (A with B,
    B with C) are one conflict; the same things on following days are one too. Sorting decides, never all pairs.
    """
    slots: dict[tuple[Clash, object], list[_Slot]] = {}
    for entry in entries:
        if not entry.occupies:
            continue
        keys: list[tuple[Clash, object]] = []
        if entry.person is not None:
            keys.append((Clash.PERSON, entry.person))
        if entry.place:
            keys.append((Clash.PLACE, entry.place))
        if entry.has_hours:
            keys.extend((Clash.UNIT, unit) for unit in dict.fromkeys(entry.units))
        start, stop = entry.hours
        for day in entry.days(first, end) if keys else ():
            for key in keys:
                slots.setdefault(key, []).append(_Slot(day, start, stop, entry.id))
    found = (_clashes(clash, key, meeting) for (clash, key), meeting in slots.items())
    return in_order(chain.from_iterable(found))


@dataclass(frozen=True, order=True)
class _Slot:
    day: date
    start: time
    stop: time
    task: int


def _clashes(clash: Clash, key: object, slots: list[_Slot]) -> Iterator[Conflict]:
    """The meetings of one person, place or unit; those of the same tasks on following days as one."""
    days: dict[tuple[int, ...], list[date]] = {}
    for day, tasks in _meetings(sorted(slots)):
        days.setdefault(tasks, []).append(day)
    for tasks, met in days.items():
        for first, last in _runs(met):
            yield Conflict(
                clash,
                first,
                last,
                tasks,
                unit=key if clash is Clash.UNIT and isinstance(key, int) else None,
                person=key if clash is Clash.PERSON and isinstance(key, int) else None,
                place=str(key) if clash is Clash.PLACE else "",
            )


def _meetings(slots: Sequence[_Slot]) -> Iterator[tuple[date, tuple[int, ...]]]:
    """Groups of slots, in order, that overlap or begin at one instant."""
    group: list[_Slot] = []
    until = _MIDNIGHT
    for slot in slots:
        meets = group and slot.day == group[0].day and (slot.start < until or slot.start == group[-1].start)
        if not meets:
            yield from _group(group)
            group, until = [], slot.stop
        group.append(slot)
        until = max(until, slot.stop)
    yield from _group(group)


def _group(slots: Sequence[_Slot]) -> Iterator[tuple[date, tuple[int, ...]]]:
    tasks = tuple(sorted({slot.task for slot in slots}))
    if len(tasks) > 1:
        yield slots[0].day, tasks


def _runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """The first and last day of each run of days that follow one another; the days come in order."""
    first = last = None
    for day in days:
        if first is None or last is None:
            first = day
        elif day - last > _DAY:
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


# --- too little, too much ---------------------------------------------------------------------------


def empty(entries: Iterable[Entry], units: Iterable[int], first: date, end: date) -> list[Conflict]:
    """The whole weeks (from Monday) and calendar months within half-open days in which a unit has nothing planned.

    A month that is empty is told as a month, and its weeks are not told again.
    """
    weeks, months = list(_weeks(first, end)), list(_months(first, end))
    filled: set[tuple[int, date, date]] = set()
    for entry in entries:
        for spans, longest in ((weeks, FILLS_WEEKS), (months, FILLS_MONTHS)):
            filled.update((unit, *span) for span in spans if _fills(entry, span, longest) for unit in entry.units)
    found: list[Conflict] = []
    for unit in dict.fromkeys(units):
        free = [span for span in months if (unit, *span) not in filled]
        found.extend(Conflict(Clash.EMPTY_MONTH, start, stop - _DAY, unit=unit) for start, stop in free)
        found.extend(
            Conflict(Clash.EMPTY_WEEK, start, stop - _DAY, unit=unit)
            for start, stop in weeks
            if (unit, start, stop) not in filled and not any(a <= start and stop <= b for a, b in free)
        )
    return in_order(found)


def _fills(entry: Entry, span: tuple[date, date], longest: int) -> bool:
    start, stop = span
    if entry.length <= longest:
        return entry.starts_on < stop and start <= entry.due_on
    return start <= entry.starts_on < stop or start <= entry.due_on < stop


def _weeks(first: date, end: date) -> Iterator[tuple[date, date]]:
    start = first + timedelta(days=-first.weekday() % 7)
    while start + timedelta(days=7) <= end:
        yield start, start + timedelta(days=7)
        start += timedelta(days=7)


def _months(first: date, end: date) -> Iterator[tuple[date, date]]:
    start = first if first.day == 1 else _next_month(first)
    while (stop := _next_month(start)) <= end:
        yield start, stop
        start = stop


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def overload(entries: Iterable[Entry], most: Mapping[int, int], first: date, end: date) -> list[Conflict]:
    """The days on which a unit leads more tasks than it can (`most`, by unit); following days of the same tasks as one.

    Only tasks done on days of their own count: of at most DAYS_OF_ITS_OWN days, or with hours.
    """
    led: dict[tuple[int, date], list[int]] = {}
    for entry in entries:
        if entry.lead in most and (entry.has_hours or entry.length <= DAYS_OF_ITS_OWN):
            for day in entry.days(first, end):
                led.setdefault((entry.lead, day), []).append(entry.id)
    days: dict[tuple[int, tuple[int, ...]], list[date]] = {}
    for (unit, day), tasks in sorted(led.items()):
        if len(tasks) > most[unit]:
            days.setdefault((unit, tuple(sorted(tasks))), []).append(day)
    return in_order(
        Conflict(Clash.OVERLOAD, start, stop, tasks, unit=unit, most=most[unit])
        for (unit, tasks), met in days.items()
        for start, stop in _runs(met)
    )


def on_holidays(entries: Iterable[Entry], holidays: Sequence[HolidaySpan], first: date, end: date) -> list[Conflict]:
    """The tasks that begin or are due on a holiday within half-open days, unless they are meant to; by holiday.

    Work of more than DAYS_OF_ITS_OWN days may begin on a holiday: only its last day is looked at.
    """
    tasks: dict[tuple[str, date], list[int]] = {}
    for entry in entries:
        if entry.on_holidays:
            continue
        dates = {entry.due_on} if entry.length > DAYS_OF_ITS_OWN else {entry.starts_on, entry.due_on}
        for day in dates:
            name = next((holiday.name for holiday in holidays if holiday.span.covers(day)), "")
            if name and first <= day < end:
                tasks.setdefault((name, day), []).append(entry.id)
    return in_order(
        Conflict(Clash.HOLIDAY, day, day, tuple(sorted(ids)), holiday=name) for (name, day), ids in tasks.items()
    )


_ORDER = {clash: place for place, clash in enumerate(Clash)}


def in_order(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """By day, then by what is the matter: the same list whatever the order in which the tasks came."""
    return sorted(
        conflicts,
        key=lambda one: (one.first, _ORDER[one.clash], one.unit or 0, one.person or 0, one.place, one.tasks, one.last),
    )
