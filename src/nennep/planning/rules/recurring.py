"""On which days a recurring duty falls."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from nennep.organisation.rules import Span


@dataclass(frozen=True)
class Recurring:
    """A recurring duty: on these weekdays (Monday is 0) and on these days of the month, while it lasts.

    A day that a month does not have is its last: the 31st falls on 28 February. `ends_on` is the first day without it.
    """

    starts_on: date
    ends_on: date | None = None
    weekdays: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    on_holidays: bool = False

    def falls_on(self, day: date, holidays: Collection[Span] = ()) -> bool:
        """Whether the duty falls on this day."""
        if day < self.starts_on or (self.ends_on is not None and day >= self.ends_on):
            return False
        if not self.on_holidays and any(holiday.covers(day) for holiday in holidays):
            return False
        return day.weekday() in self.weekdays or _is_one_of(day, self.month_days)

    def days(self, first: date, end: date, holidays: Collection[Span] = ()) -> list[date]:
        """The days of the duty from `first` up to, without, `end`, in order."""
        count = max(0, (end - first).days)
        return [day for day in (first + timedelta(days=n) for n in range(count)) if self.falls_on(day, holidays)]


def _is_one_of(day: date, month_days: Collection[int]) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day in month_days or (day.day == last and any(wished > last for wished in month_days))
