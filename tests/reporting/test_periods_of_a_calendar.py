"""The periods of the state's calendar and of others: the cut-off is data.

Nghị định 09/2019/NĐ-CP Điều 12 (and Thông tư 58/2020/TT-BQP): a month runs from the 15th of the month before it to its
own 14th, a quarter, a half and a year likewise.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.reporting.rules.periods import Calendar, Cutoff, Kind, NoSuchPeriod, Period

MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.NINE_MONTHS: 9, Kind.YEAR: 12}
THURSDAY, MONDAY = 3, 0


def calendar_of(start_day: int = 15, offset: int = -1, first_weekday: int = THURSDAY) -> Calendar:
    cutoffs = {
        kind: Cutoff(kind, months=count, start_day=start_day, start_month_offset=offset)
        for kind, count in MONTHS.items()
    }
    return Calendar("c", {**cutoffs, Kind.WEEK: Cutoff(Kind.WEEK, first_weekday=first_weekday)})


STATE = calendar_of()
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))
#: Nine months do not tile the year: the 15/9 to the 14/12 lie in none of them.
TILING = st.sampled_from([kind for kind in Kind if kind is not Kind.NINE_MONTHS])
CALENDARS = st.builds(calendar_of, st.integers(1, 28), st.integers(-11, 11), st.integers(min_value=0, max_value=6))


@pytest.mark.parametrize(
    ("code", "first", "last", "clause"),
    [
        ("2026-11", date(2026, 10, 15), date(2026, 11, 14), "Điều 12: tháng"),
        ("2026-01", date(2025, 12, 15), date(2026, 1, 14), "Điều 12: tháng, qua năm"),
        ("2024-02", date(2024, 1, 15), date(2024, 2, 14), "Điều 12: tháng"),
        ("2024-03", date(2024, 2, 15), date(2024, 3, 14), "Điều 12: tháng có ngày nhuận"),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14), "Điều 12: quý"),
        ("2026-Q4", date(2026, 9, 15), date(2026, 12, 14), "Điều 12: quý"),
        ("2026-H1", date(2025, 12, 15), date(2026, 6, 14), "Điều 12: 6 tháng đầu năm, 15/12 - 14/6"),
        ("2026-H2", date(2026, 6, 15), date(2026, 12, 14), "Điều 12: 6 tháng cuối năm, 15/6 - 14/12"),
        ("2026-9M", date(2025, 12, 15), date(2026, 9, 14), "9 tháng, 15/12 - 14/9"),
        ("2026", date(2025, 12, 15), date(2026, 12, 14), "Điều 12: năm, 15/12 - 14/12"),
        ("2024", date(2023, 12, 15), date(2024, 12, 14), "Điều 12: năm nhuận"),
    ],
)
def test_a_period_of_the_state_runs_between_the_days_of_the_decree(
    code: str, first: date, last: date, clause: str
) -> None:
    period = STATE.parse(code)

    assert (period.starts_on, period.last_day) == (first, last), clause
    assert period.code == code


@pytest.mark.parametrize(
    ("day", "kind", "code"),
    [
        (date(2026, 12, 14), Kind.MONTH, "2026-12"),
        (date(2026, 12, 15), Kind.MONTH, "2027-01"),
        (date(2026, 12, 14), Kind.YEAR, "2026"),
        (date(2026, 12, 15), Kind.YEAR, "2027"),
        (date(2026, 12, 15), Kind.QUARTER, "2027-Q1"),
        (date(2026, 12, 31), Kind.HALF, "2027-H1"),
        (date(2026, 6, 14), Kind.HALF, "2026-H1"),
        (date(2026, 6, 15), Kind.HALF, "2026-H2"),
        (date(2024, 2, 29), Kind.MONTH, "2024-03"),
        (date(2026, 9, 14), Kind.NINE_MONTHS, "2026-9M"),
        (date(2026, 12, 15), Kind.NINE_MONTHS, "2027-9M"),
    ],
)
def test_a_day_lies_in_the_period_of_the_decree(day: date, kind: Kind, code: str) -> None:
    assert STATE.containing(kind, day).code == code


@pytest.mark.parametrize("day", [date(2026, 9, 15), date(2026, 12, 14)])
def test_the_last_months_of_a_year_lie_in_no_nine_months(day: date) -> None:
    with pytest.raises(NoSuchPeriod):
        STATE.containing(Kind.NINE_MONTHS, day)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        # A week takes the number of the ISO week in which its last day, the Wednesday, lies.
        ("2026-W47", date(2026, 11, 12), date(2026, 11, 18)),
        ("2026-W01", date(2025, 12, 25), date(2025, 12, 31)),
        ("2025-W52", date(2025, 12, 18), date(2025, 12, 24)),
        ("2026-W53", date(2026, 12, 24), date(2026, 12, 30)),  # 2026 has 53 ISO weeks
        ("2027-W01", date(2026, 12, 31), date(2027, 1, 6)),
    ],
)
def test_weeks_from_thursday_to_wednesday_keep_their_number_over_year_ends(code: str, first: date, last: date) -> None:
    week = STATE.parse(code)

    assert (week.starts_on, week.last_day) == (first, last)
    assert {STATE.containing(Kind.WEEK, first + timedelta(days=n)).code for n in range(7)} == {code}
    assert (first.weekday(), last.weekday()) == (3, 2)


def test_weeks_from_monday_to_sunday_are_the_iso_weeks() -> None:
    week = calendar_of(first_weekday=MONDAY).parse("2026-W01")

    assert (week.starts_on, week.last_day) == (date(2025, 12, 29), date(2026, 1, 4))


@pytest.mark.parametrize(
    ("code", "before", "after", "year_before"),
    [
        ("2026-11", "2026-10", "2026-12", "2025-11"),
        ("2026-01", "2025-12", "2026-02", "2025-01"),
        ("2026-Q1", "2025-Q4", "2026-Q2", "2025-Q1"),
        ("2026-H1", "2025-H2", "2026-H2", "2025-H1"),
        ("2026-9M", "2025-9M", "2027-9M", "2025-9M"),
        ("2026", "2025", "2027", "2025"),
        ("2026-W01", "2025-W52", "2026-W02", "2025-W01"),
        ("2026-W53", "2026-W52", "2027-W01", "2025-W52"),  # the year before has no week 53: its last one answers
        ("2027-W01", "2026-W53", "2027-W02", "2026-W01"),
    ],
)
def test_a_period_knows_its_neighbours_and_the_same_one_a_year_before(
    code: str, before: str, after: str, year_before: str
) -> None:
    period = STATE.parse(code)

    assert STATE.before(period).code == before
    assert STATE.after(period).code == after
    assert STATE.year_before(period).code == year_before


@pytest.mark.parametrize(
    ("kind", "count"), [("month", 12), ("quarter", 4), ("half", 2), ("nine_months", 1), ("year", 1)]
)
def test_a_year_has_all_its_periods_once(kind: str, count: int) -> None:
    periods = STATE.of_year(Kind(kind), 2026)

    assert len(periods) == count
    assert [period.number for period in periods] == list(range(1, count + 1))
    assert {period.year for period in periods} == {2026}


@pytest.mark.parametrize(("year", "count"), [(2025, 52), (2026, 53), (2027, 52)])
def test_a_year_has_as_many_weeks_as_iso_counts(year: int, count: int) -> None:
    weeks = STATE.of_year(Kind.WEEK, year)

    assert [week.code for week in weeks] == [f"{year}-W{number:02d}" for number in range(1, count + 1)]


def test_walking_goes_from_the_period_of_the_first_day_to_that_of_the_last() -> None:
    codes = [period.code for period in STATE.walk(Kind.MONTH, date(2025, 11, 20), date(2026, 1, 15))]

    assert codes == ["2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    "code",
    [
        *("", "26-11", "2026-13", "2026-00", "2026-1", "2026-Q0", "2026-Q5", "2026-H3", "2026-10M", "2026-W00"),
        *(
            "2026-W54",
            "2025-W53",
            "0000",
            "0000-01",
            "2026-11\n",
            " 2026-11",
            "２０２６-11",
            "2026-١١",
            "9999",
            "9999-W99",
        ),
        *("tháng 11", "2026-11-01", "../2026"),
    ],
)
def test_a_code_of_no_period_is_told_so(code: str) -> None:
    with pytest.raises(NoSuchPeriod):
        calendar_of(start_day=1, offset=0).parse(code)


def test_a_number_that_a_year_does_not_have_is_told_so() -> None:
    for kind, number in ((Kind.WEEK, 0), (Kind.WEEK, 54), (Kind.MONTH, 13), (Kind.QUARTER, 0), (Kind.YEAR, 2)):
        with pytest.raises(NoSuchPeriod):
            STATE.numbered(kind, 2026, number)


def test_the_last_week_that_python_can_tell_does_not_break_the_calendar() -> None:
    with pytest.raises(NoSuchPeriod):
        calendar_of(first_weekday=MONDAY).parse("9999-W52")


def test_a_calendar_without_periods_of_a_kind_says_so() -> None:
    with pytest.raises(NoSuchPeriod):
        Calendar("only months", {Kind.MONTH: Cutoff(Kind.MONTH, months=1)}).containing(Kind.WEEK, date(2026, 1, 1))


@given(CALENDARS, TILING, DAYS)
def test_periods_of_a_kind_tile_time_without_gap_or_overlap(calendar: Calendar, kind: Kind, day: date) -> None:
    period = calendar.containing(kind, day)
    following = calendar.after(period)

    assert period.starts_on <= day < period.ends_on
    assert following.starts_on == period.ends_on
    assert calendar.before(following) == period


@given(CALENDARS, TILING, DAYS)
def test_every_period_comes_back_from_its_code(calendar: Calendar, kind: Kind, day: date) -> None:
    period = calendar.containing(kind, day)

    assert calendar.parse(period.code) == period
    assert calendar.numbered(kind, period.year, period.number) == period


@given(CALENDARS, st.integers(1951, 2099))
def test_longer_periods_are_made_of_whole_shorter_ones(calendar: Calendar, year: int) -> None:
    def days(kind: Kind, *numbers: int) -> tuple[date, date]:
        parts: list[Period] = [calendar.numbered(kind, year, number) for number in numbers]
        return parts[0].starts_on, parts[-1].ends_on

    whole = days(Kind.YEAR, 1)

    assert days(Kind.MONTH, 1, 12) == days(Kind.QUARTER, 1, 4) == days(Kind.HALF, 1, 2) == whole
    assert days(Kind.MONTH, 4, 6) == days(Kind.QUARTER, 2)
    assert days(Kind.MONTH, 1, 9) == days(Kind.NINE_MONTHS, 1)


@given(CALENDARS, TILING, DAYS)
def test_the_same_period_a_year_before_lies_about_a_year_before(calendar: Calendar, kind: Kind, day: date) -> None:
    period = calendar.containing(kind, day)

    elder = calendar.year_before(period)

    assert elder.kind is period.kind
    assert elder.year == period.year - 1
    assert 355 <= (period.starts_on - elder.starts_on).days <= 375
