"""Periods by a calendar whose cut-offs are data.

The state's calendar (Nghị định 09/2019/NĐ-CP Điều 12; Thông tư 58/2020/TT-BQP): a month runs from the 15th of the
month before it to its own 14th, and so do quarters, halves and years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


@dataclass(frozen=True)
class Cutoff:
    """Where the periods of one kind begin, and the clause that says so.

    A period of `months` months begins on `start_day` of its first month, shifted by `start_month_offset`. A week
    begins on `first_weekday` (Monday is 0).
    """

    kind: Kind
    months: int = 0
    start_day: int = 1
    start_month_offset: int = 0
    first_weekday: int = 0
    clause: str = ""


@dataclass(frozen=True, order=True)
class Period:
    """Half-open days with a name of their own: `2026-11`, `2026-Q4`, `2026-H2`, `2026-9M`, `2026`, `2026-W47`."""

    starts_on: date
    ends_on: date
    kind: Kind
    code: str

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)

    @property
    def year(self) -> int:
        return int(self.code[:4])

    @property
    def number(self) -> int:
        """Which month, quarter, half or week of its year; 1 for a year and for nine months."""
        found = re.search(r"-[QHW]?(\d+)$", self.code)
        return int(found.group(1)) if found else 1


class NoSuchPeriod(ValueError):
    """A code or a day for which the calendar has no period."""


#: A year far from ours is a slip of the hand or a tampered address: its neighbours would fall out of the calendar.
_CODE = re.compile(
    r"(?P<year>(?:19|20|21)\d\d)"
    r"(?:-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<nine>9M)|W(?P<week>\d{2})))?",
    re.ASCII,
)
_SUFFIX = {
    Kind.MONTH: "-{:02d}",
    Kind.QUARTER: "-Q{}",
    Kind.HALF: "-H{}",
    Kind.NINE_MONTHS: "-9M",
    Kind.YEAR: "",
}
_COUNT = {Kind.MONTH: 12, Kind.QUARTER: 4, Kind.HALF: 2, Kind.NINE_MONTHS: 1, Kind.YEAR: 1}


def _shifted(year: int, month: int, day: int) -> date:
    """The day in a month that may lie before January or after December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, day)


@dataclass(frozen=True)
class Calendar:
    """The periods of one reporting regime."""

    code: str
    cutoffs: Mapping[Kind, Cutoff]

    def _cutoff(self, kind: Kind) -> Cutoff:
        if kind not in self.cutoffs:
            raise NoSuchPeriod(f"the calendar {self.code} has no periods of kind {kind}")
        return self.cutoffs[kind]

    def numbered(self, kind: Kind, year: int, number: int = 1) -> Period:
        """The n-th period of a kind in a year. Raises NoSuchPeriod."""
        if kind is Kind.WEEK:
            return self._numbered_week(year, number)
        if not 1 <= number <= _COUNT[kind]:
            raise NoSuchPeriod(f"a year has no {kind} {number}")
        rule = self._cutoff(kind)
        first = (number - 1) * rule.months + 1 + rule.start_month_offset
        return Period(
            _shifted(year, first, rule.start_day),
            _shifted(year, first + rule.months, rule.start_day),
            kind,
            f"{year}{_SUFFIX[kind].format(number)}",
        )

    def _numbered_week(self, year: int, number: int) -> Period:
        try:
            return self._week_ending_in(date.fromisocalendar(year, number, 1))
        except (ValueError, OverflowError) as error:
            raise NoSuchPeriod(f"{year} has no week {number}") from error

    def _week_ending_in(self, monday: date) -> Period:
        """The week whose last day lies in the ISO week of this Monday: it takes that week's number."""
        last = monday + timedelta(days=(self._cutoff(Kind.WEEK).first_weekday - 1) % 7)
        year, week, _ = last.isocalendar()
        return Period(last - timedelta(days=6), last + timedelta(days=1), Kind.WEEK, f"{year}-W{week:02d}")

    def containing(self, kind: Kind, day: date) -> Period:
        """The period of this kind in which the day lies. Raises NoSuchPeriod (the 15/9 lies in no nine months)."""
        if kind is Kind.WEEK:
            ends = [self._week_ending_in(day + timedelta(days=n) - timedelta(days=day.weekday())) for n in (0, 7)]
            return next(week for week in ends if week.starts_on <= day < week.ends_on)
        for year in (day.year, day.year + 1, day.year - 1):
            for number in range(1, _COUNT[kind] + 1):
                period = self.numbered(kind, year, number)
                if period.starts_on <= day < period.ends_on:
                    return period
        raise NoSuchPeriod(f"{day:%d/%m/%Y} lies in no {kind} of the calendar {self.code}")

    def parse(self, code: str) -> Period:
        """The period of this code. Raises NoSuchPeriod."""
        found = _CODE.fullmatch(code)
        if not found:
            raise NoSuchPeriod(f"not a period: {code!r}")
        year = int(found["year"])
        try:
            if found["week"]:
                return self.numbered(Kind.WEEK, year, int(found["week"]))
            for kind, group in ((Kind.MONTH, "month"), (Kind.QUARTER, "quarter"), (Kind.HALF, "half")):
                if found[group]:
                    return self.numbered(kind, year, int(found[group]))
            return self.numbered(Kind.NINE_MONTHS if found["nine"] else Kind.YEAR, year)
        except ValueError as error:
            raise NoSuchPeriod(f"not a period: {code!r}") from error

    def before(self, period: Period) -> Period:
        """The period just before this one; for nine months, those of the year before."""
        if period.kind is Kind.NINE_MONTHS:
            return self.numbered(period.kind, period.year - 1)
        return self.containing(period.kind, period.starts_on - timedelta(days=1))

    def after(self, period: Period) -> Period:
        if period.kind is Kind.NINE_MONTHS:
            return self.numbered(period.kind, period.year + 1)
        return self.containing(period.kind, period.ends_on)

    def year_before(self, period: Period) -> Period:
        """The same period of the year before. A week 53 answers with that year's last week."""
        if period.kind is not Kind.WEEK:
            return self.numbered(period.kind, period.year - 1, period.number)
        last = date(period.year - 1, 12, 28).isocalendar().week
        return self.numbered(Kind.WEEK, period.year - 1, min(period.number, last))

    def of_year(self, kind: Kind, year: int) -> list[Period]:
        """Every period of this kind that bears the year's number."""
        count = date(year, 12, 28).isocalendar().week if kind is Kind.WEEK else _COUNT[kind]
        return [self.numbered(kind, year, number) for number in range(1, count + 1)]

    def walk(self, kind: Kind, first: date, last: date) -> Iterator[Period]:
        """The periods of a kind from the one in which `first` lies to the one in which `last` lies."""
        period = self.containing(kind, first)
        while period.starts_on <= last:
            yield period
            period = self.after(period)
