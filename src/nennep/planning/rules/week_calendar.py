"""The official weekly calendar (lịch hoạt động tuần): its days by parts, and its table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from nennep.documents.rules.paper import Align, Column, Row, Table

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_NOON, _EVENING = time(12), time(18)


class PartOfDay(StrEnum):
    """A part of the day as the calendar prints it."""

    WHOLE = "Cả ngày"
    MORNING = "Sáng"
    AFTERNOON = "Chiều"
    EVENING = "Tối"


@dataclass(frozen=True)
class Entry:
    """One task on the calendar: `due_on` is its last day; without a time it takes whole days."""

    title: str
    starts_on: date
    due_on: date
    lead: str = ""
    takes_part: str = ""
    place: str = ""
    starts_at: time | None = None
    ends_at: time | None = None

    @property
    def part(self) -> PartOfDay:
        """The part of the day in which it begins."""
        if self.starts_at is None:
            return PartOfDay.WHOLE
        if self.starts_at < _NOON:
            return PartOfDay.MORNING
        return PartOfDay.AFTERNOON if self.starts_at < _EVENING else PartOfDay.EVENING

    @property
    def hours(self) -> str:
        """`7.30`, `7.30 – 11.00`; empty without a time."""
        times = [f"{at.hour}.{at.minute:02d}" for at in (self.starts_at, self.ends_at) if at is not None]
        return " – ".join(times)


@dataclass(frozen=True)
class Line:
    """What happens in one part of one day, in order of time; nothing is planned when it is empty."""

    day: date
    part: PartOfDay
    entries: tuple[Entry, ...]


def lines(entries: Collection[Entry], first: date, end: date) -> list[Line]:
    """Every day from `first` up to, without, `end`, by parts.

    Morning and afternoon always stand there, whole days and the evening when something is planned in them. A task of
    several days stands on each.
    """
    found = []
    for day in (first + timedelta(days=n) for n in range((end - first).days)):
        today = [entry for entry in entries if entry.starts_on <= day <= entry.due_on]
        for part in PartOfDay:
            here = tuple(sorted((entry for entry in today if entry.part is part), key=_by_time))
            if here or part in {PartOfDay.MORNING, PartOfDay.AFTERNOON}:
                found.append(Line(day, part, here))
    return found


def _by_time(entry: Entry) -> tuple[time, str]:
    return entry.starts_at or time.min, entry.title


def table(week: Sequence[Line]) -> Table:
    """The calendar as a table of a paper: a row for each task, the day named once."""
    columns = (
        Column("Thứ, ngày", 1.5),
        Column("Buổi", 1.0, Align.CENTRE),
        Column("Nội dung", 4.2),
        Column("Chủ trì", 1.8),
        Column("Thành phần", 2.0),
        Column("Địa điểm", 1.6),
    )
    rows = []
    named: date | None = None
    for line in week:
        cells = [_cells(entry) for entry in line.entries] or [("", "", "", "")]
        for place, told in enumerate(cells):
            day = f"{WEEKDAYS[line.day.weekday()]}, {line.day:%d/%m}" if line.day != named else ""
            named = line.day
            rows.append(Row((day, str(line.part) if place == 0 else "", *told)))
    return Table(columns, tuple(rows))


def _cells(entry: Entry) -> tuple[str, str, str, str]:
    title = f"{entry.hours}: {entry.title}" if entry.hours else entry.title
    return title, entry.lead, entry.takes_part, entry.place
