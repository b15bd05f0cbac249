"""Spans of days that figures are given for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from abacus._errors import PeriodError

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `starts_on` up to, but not including, `ends_on`, under a code of its own."""

    code: str
    kind: str
    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.starts_on >= self.ends_on:
            raise PeriodError(f"period {self.code} ends on {self.ends_on}, not after its start {self.starts_on}")

    @property
    def last_day(self) -> date:
        return self.ends_on - _A_DAY

    def holds(self, starts_on: date, ends_on: date) -> bool:
        """Whether the span lies wholly inside this period."""
        return self.starts_on <= starts_on and ends_on <= self.ends_on


def calendar_periods(kinds: Iterable[str], first_day: date, last_day: date) -> list[Period]:
    """The calendar periods of these kinds that share a day with `first_day` … `last_day`, both included.

    Kinds are week (from Monday, numbered as in ISO 8601), month, quarter, half and year; codes read 2024-W05, 2024-01,
    2024-Q1, 2024-H1 and 2024. The kinds come in the order asked for, each from first to last.

    Raises PeriodError for any other kind.
    """
    return [period for kind in dict.fromkeys(kinds) for period in _of_kind(kind, first_day, last_day)]


def _of_kind(kind: str, first_day: date, last_day: date) -> Iterator[Period]:
    if kind not in _CALENDAR:
        raise PeriodError(f"unknown kind of period {kind!r}: choose from {', '.join(_CALENDAR)}")
    around = _CALENDAR[kind]
    day = first_day
    while day <= last_day:
        period = around(day)
        yield period
        day = period.ends_on


def _week(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Period(f"{year}-W{week:02}", "week", monday, monday + timedelta(weeks=1))


def _months(kind: str, length: int, code: Callable[[int, int], str]) -> Callable[[date], Period]:
    def around(day: date) -> Period:
        place = (day.month - 1) // length
        following = (place + 1) * length
        return Period(
            code(day.year, place + 1),
            kind,
            date(day.year, place * length + 1, 1),
            date(day.year + following // 12, following % 12 + 1, 1),
        )

    return around


_CALENDAR: dict[str, Callable[[date], Period]] = {
    "week": _week,
    "month": _months("month", 1, "{}-{:02}".format),
    "quarter": _months("quarter", 3, "{}-Q{}".format),
    "half": _months("half", 6, "{}-H{}".format),
    "year": _months("year", 12, lambda year, _: str(year)),
}
