"""On which days an imported calendar entry repeats (RFC 5545, section 3.3.10), as far as offices use it.

Days are tried one after another between bounds, so that no rule, however it was made, keeps the machine busy: a rule
that matches no day simply gives none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS_OF_A_MONTH, _MONTHS, _WEEKS_OF_A_YEAR, _DAYS_OF_A_YEAR = 31, 12, 53, 366
#: An entry that began longer ago is refused: nobody plans by it, and its days would have to be counted.
LONGEST_AGO = timedelta(days=20 * 366)


class Every(StrEnum):
    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


class NotSupported(ValueError):
    """A part of a rule that is not read here; `part` names it as the file does."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class Repeat:
    """A rule. `weekdays` are pairs of a number (2: the second, -1: the last, 0: each) and a weekday (Monday is 0);
    `until` is the last day.
    """

    every: Every
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_starts_on: int = 0

    def days(self, first: date, end: date) -> Iterator[date]:
        """The days of an entry that begins on `first`, in order, before `end`."""
        return islice(self._matching(first, end), self.count)

    def _matching(self, first: date, end: date) -> Iterator[date]:
        last = min(end - _DAY, self.until or end)
        for bucket in self._buckets(first, last):
            chosen = [day for day in bucket if self._fits(day, first)]
            for day in _at_positions(chosen, self.positions):
                if first <= day <= last:
                    yield day

    def _buckets(self, first: date, last: date) -> Iterator[Sequence[date]]:
        """The days, week by week or month by month, in which the rule looks: every `interval`-th from the first."""
        start = self._bucket_of(first)
        number = 0
        while start <= last:
            following = self._after(start)
            if number % self.interval == 0:
                yield _span(start, following)
            number += 1
            start = following

    def _bucket_of(self, day: date) -> date:
        if self.every is Every.WEEK:
            return day - timedelta(days=(day.weekday() - self.week_starts_on) % 7)
        if self.every is Every.MONTH:
            return day.replace(day=1)
        return day.replace(month=1, day=1) if self.every is Every.YEAR else day

    def _after(self, start: date) -> date:
        if self.every is Every.MONTH:
            return _next_month(start)
        if self.every is Every.YEAR:
            return date(start.year + 1, 1, 1)
        return start + (timedelta(days=7) if self.every is Every.WEEK else _DAY)

    def _fits(self, day: date, first: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if not self.weekdays and not self.month_days:
            return self._fits_like_the_first(day, first)
        return self._fits_weekday(day) and self._fits_month_day(day)

    def _fits_like_the_first(self, day: date, first: date) -> bool:
        if self.every is Every.DAY:
            return True
        if self.every is Every.WEEK:
            return day.weekday() == first.weekday()
        same_month = self.every is Every.MONTH or bool(self.months) or day.month == first.month
        return same_month and day.day == first.day

    def _fits_weekday(self, day: date) -> bool:
        if not self.weekdays:
            return True
        return any(
            weekday == day.weekday() and (number == 0 or number in self._numbers(day))
            for number, weekday in self.weekdays
        )

    def _numbers(self, day: date) -> tuple[int, int]:
        """Which of its weekday this is, from the front and from the back: in its month, or of the year where the rule
        names no months.
        """
        by_year = self.every is Every.YEAR and not self.months
        start = day.replace(month=1, day=1) if by_year else day.replace(day=1)
        end = date(day.year + 1, 1, 1) if by_year else _next_month(start)
        return (day - start).days // 7 + 1, -((end - _DAY - day).days // 7 + 1)

    def _fits_month_day(self, day: date) -> bool:
        if not self.month_days:
            return True
        length = (_next_month(day.replace(day=1)) - _DAY).day
        return day.day in self.month_days or day.day - length - 1 in self.month_days


def _at_positions(days: Sequence[date], positions: Collection[int]) -> Sequence[date]:
    if not positions:
        return days
    places = {place - 1 if place > 0 else len(days) + place for place in positions}
    return [day for place, day in enumerate(days) if place in places]


def _span(start: date, end: date) -> Sequence[date]:
    return [start + timedelta(days=number) for number in range((end - start).days)]


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


# --- reading ----------------------------------------------------------------------------------------

_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})


def read_repeat(parts: Mapping[str, Sequence[str]], until: date | None) -> Repeat:
    """The rule that these parts say, by the names of the file (`FREQ`, `BYDAY`). Raises NotSupported, naming the part.

    `until` is the last day that UNTIL leaves, None without it.
    """
    for name in parts:
        if name not in _KNOWN:
            raise NotSupported(name)
    try:
        every = Every(parts["FREQ"][0].upper())
    except (KeyError, ValueError, IndexError) as error:
        raise NotSupported("FREQ") from error
    repeat = Repeat(
        every,
        _one(parts, "INTERVAL", 1_000) or 1,
        _one(parts, "COUNT", 10_000),
        until,
        tuple(_weekday(text) for text in parts.get("BYDAY", ())),
        _numbers(parts, "BYMONTHDAY", _DAYS_OF_A_MONTH, backwards=True),
        _numbers(parts, "BYMONTH", _MONTHS),
        _numbers(parts, "BYSETPOS", _DAYS_OF_A_YEAR, backwards=True),
        _weekday(parts["WKST"][0])[1] if parts.get("WKST") else 0,
    )
    _refuse_what_makes_no_sense(repeat)
    return repeat


def _refuse_what_makes_no_sense(repeat: Repeat) -> None:
    """RFC 5545 leaves these out, or gives them a meaning that nobody expects."""
    by_days = repeat.every in {Every.DAY, Every.WEEK}
    if repeat.positions and (by_days or not (repeat.weekdays or repeat.month_days)):
        raise NotSupported("BYSETPOS")
    if by_days and any(number for number, _ in repeat.weekdays):
        raise NotSupported("BYDAY")
    if repeat.every is Every.WEEK and repeat.month_days:
        raise NotSupported("BYMONTHDAY")


def _one(parts: Mapping[str, Sequence[str]], name: str, most: int) -> int | None:
    found = _numbers(parts, name, most)
    if len(found) > 1:
        raise NotSupported(name)
    return found[0] if found else None


def _numbers(parts: Mapping[str, Sequence[str]], name: str, most: int, *, backwards: bool = False) -> tuple[int, ...]:
    try:
        found = tuple(int(text) for text in parts.get(name, ()))
    except ValueError as error:
        raise NotSupported(name) from error
    if any(not 1 <= (abs(number) if backwards else number) <= most for number in found):
        raise NotSupported(name)
    return found


def _weekday(text: str) -> tuple[int, int]:
    number, name = text[:-2].strip(), text[-2:].upper()
    if name not in _WEEKDAYS:
        raise NotSupported("BYDAY")
    try:
        place = int(number) if number else 0
    except ValueError as error:
        raise NotSupported("BYDAY") from error
    if abs(place) > _WEEKS_OF_A_YEAR:
        raise NotSupported("BYDAY")
    return place, _WEEKDAYS.index(name)
