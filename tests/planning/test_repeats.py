"""On which days an imported entry repeats, beside an engine that many calendars use."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from nennep.planning.rules.repeats import Every, NotSupported, Repeat, read_repeat

MON = date(2026, 11, 16)
END = date(2027, 11, 16)


def read(text: str, until: date | None = None) -> Repeat:
    """`FREQ=WEEKLY;BYDAY=MO,WE` as a calendar says it."""
    parts = (part.partition("=") for part in text.split(";"))
    return read_repeat({name: value.split(",") for name, _, value in parts}, until)


@pytest.mark.parametrize(
    ("rule", "until", "days"),
    [
        ("FREQ=DAILY;COUNT=3", None, ["16/11", "17/11", "18/11"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE", date(2026, 11, 25), ["16/11", "18/11", "23/11", "25/11"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", None, ["16/11", "30/11"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", None, ["30/11", "31/12"]),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=2", None, ["07/12", "04/01"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", None, ["30/11", "31/12"]),
        ("FREQ=YEARLY", date(2027, 11, 15), ["16/11"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2", None, []),  # no such day, and no end to wait for
        ("FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2", None, []),
    ],
)
def test_a_rule_is_spelt_out_in_days(rule: str, until: date | None, days: list[str]) -> None:
    assert [f"{day:%d/%m}" for day in read(rule, until).days(MON, END)] == days


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("FREQ=SECONDLY", "FREQ"),
        ("FREQ=HOURLY;COUNT=3", "FREQ"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
        ("FREQ=YEARLY;BYYEARDAY=1", "BYYEARDAY"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
        ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;INTERVAL=99999999", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1,2", "INTERVAL"),
        ("FREQ=MONTHLY;BYMONTH=13", "BYMONTH"),
        ("COUNT=3", "FREQ"),
    ],
)
def test_what_is_not_read_is_named(rule: str, part: str) -> None:
    with pytest.raises(NotSupported) as refused:
        read(rule)

    assert refused.value.part == part


WEEKDAYS = st.integers(0, 6)
PLAIN = st.lists(st.tuples(st.just(0), WEEKDAYS), max_size=3, unique=True)
NUMBERED = st.lists(st.tuples(st.sampled_from([-2, -1, 1, 2, 3]), WEEKDAYS), max_size=3, unique=True)
MONTHS = st.lists(st.integers(1, 12), max_size=3, unique=True)
MONTH_DAYS = st.lists(st.integers(1, 31) | st.integers(-31, -1), max_size=3, unique=True)


@st.composite
def repeats(draw: st.DrawFn) -> Repeat:
    every = draw(st.sampled_from(list(Every)))
    by_days = every in {Every.DAY, Every.WEEK}
    weekdays = draw(PLAIN if by_days else st.one_of(PLAIN, NUMBERED))
    month_days = draw(MONTH_DAYS) if every is not Every.WEEK else []
    positions = draw(st.lists(st.sampled_from([-2, -1, 1, 2]), max_size=2, unique=True))
    return Repeat(
        every,
        draw(st.integers(1, 4)),
        draw(st.none() | st.integers(1, 30)),
        draw(st.none() | st.dates(MON, END + timedelta(days=90))),
        tuple(weekdays),
        tuple(month_days),
        tuple(draw(MONTHS)),
        tuple(positions) if not by_days and (weekdays or month_days) else (),
        draw(WEEKDAYS),
    )


@settings(deadline=None)
@given(repeats(), st.dates(date(2022, 1, 1), date(2026, 12, 31)))
def test_the_days_are_those_that_a_known_engine_finds(repeat: Repeat, first: date) -> None:
    names = [rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU]
    start = datetime(first.year, first.month, first.day)  # noqa: DTZ001 -- its peer counts in days without a zone
    last = min(repeat.until or END, END - timedelta(days=1))
    theirs = rrule.rrule(
        {Every.DAY: rrule.DAILY, Every.WEEK: rrule.WEEKLY, Every.MONTH: rrule.MONTHLY, Every.YEAR: rrule.YEARLY}[
            repeat.every
        ],
        dtstart=start,
        interval=repeat.interval,
        # The peer would look for a day that never comes until the year 9999.
        until=datetime(last.year, last.month, last.day),  # noqa: DTZ001
        byweekday=[names[weekday](number) if number else names[weekday] for number, weekday in repeat.weekdays] or None,
        bymonthday=list(repeat.month_days) or None,
        bymonth=list(repeat.months) or None,
        bysetpos=list(repeat.positions) or None,
        wkst=repeat.week_starts_on,
    )

    found = list(repeat.days(first, END))

    if _ever_matches(repeat, first):
        assert found == [moment.date() for moment in theirs][: repeat.count]
    else:
        assert found == []


def _ever_matches(repeat: Repeat, first: date) -> bool:
    """Whether any day of thirty years fits: else the peer is not asked."""
    unbounded = Repeat(repeat.every, repeat.interval, None, None, repeat.weekdays, repeat.month_days, repeat.months,
                       repeat.positions, repeat.week_starts_on)  # fmt: skip
    return next(unbounded.days(first, first + timedelta(days=366 * 30)), None) is not None
