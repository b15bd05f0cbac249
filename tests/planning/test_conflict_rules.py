"""What does not go together: at one time, too little, too much, on a holiday."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nennep.organisation.rules import Span
from nennep.planning.rules.conflicts import (
    Clash,
    Conflict,
    Entry,
    HolidaySpan,
    at_one_time,
    empty,
    on_holidays,
    overload,
    place_key,
)

MON = date(2026, 11, 16)
FIRST, END = date(2026, 11, 1), date(2026, 12, 1)


def day(number: int) -> date:
    return MON + timedelta(days=number)


def entry(task: int, starts: int = 0, due: int | None = None, hours: str = "", **rest: object) -> Entry:
    """A task of unit 1 by days from Monday 16 November; hours as `8-10`."""
    start, _, stop = hours.partition("-")
    made = {"lead": 1, "starts_at": time(int(start)) if start else None, "ends_at": time(int(stop)) if stop else None}
    return Entry(task, starts_on=day(starts), due_on=day(starts if due is None else due), **{**made, **rest})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "clashes"),
    [
        (entry(1, hours="8-10", person=5, lead=1), entry(2, hours="9-11", person=5, lead=2), [Clash.PERSON]),
        (entry(1, hours="8-10", person=5, lead=1), entry(2, hours="10-11", person=5, lead=2), []),  # one after another
        (entry(1, hours="8-10", person=5, lead=1), entry(2, hours="9-11", person=6, lead=2), []),
        (entry(1, hours="8-10", person=5, lead=1), entry(2, 1, hours="9-11", person=5, lead=2), []),  # another day
        (entry(1, person=5, lead=1), entry(2, hours="9-11", person=5, lead=2), [Clash.PERSON]),  # away all day
        (entry(1, 0, 9, person=5, lead=1), entry(2, hours="9-11", person=5, lead=2), []),  # work beside others
        (entry(1, hours="8-10", place="hội trường", lead=1), entry(2, place="hội trường", lead=2), [Clash.PLACE]),
        (entry(1, hours="8-10"), entry(2, hours="9-11"), [Clash.UNIT]),
        (entry(1, hours="8-10"), entry(2, hours="9-11", lead=3, coordinating=(1,)), [Clash.UNIT]),
        (entry(1), entry(2), []),  # a unit does many things on a day
        (entry(1, hours="8-", lead=1, person=5), entry(2, hours="8-", lead=2, person=5), [Clash.PERSON]),
        (entry(1, hours="8-", lead=1, person=5), entry(2, hours="9-10", lead=2, person=5), []),
    ],
)
def test_who_and_what_is_in_two_things_at_one_time(one: Entry, other: Entry, clashes: list[Clash]) -> None:
    found = at_one_time([one, other], FIRST, END)

    assert [conflict.clash for conflict in found] == clashes
    assert all(conflict.tasks == (1, 2) for conflict in found)


def test_the_same_two_things_on_following_days_are_one_conflict() -> None:
    entries = [entry(1, 0, 4, hours="8-10"), entry(2, 1, 2, hours="9-11"), entry(3, 4, hours="9-11")]

    found = at_one_time(entries, FIRST, END)

    assert [(one.tasks, one.first, one.last) for one in found] == [
        ((1, 2), day(1), day(2)),
        ((1, 3), day(4), day(4)),
    ]


def test_what_meets_one_after_another_is_one_conflict_of_all() -> None:
    entries = [entry(1, hours="8-10"), entry(2, hours="9-12"), entry(3, hours="11-13"), entry(4, hours="13-14")]

    found = at_one_time(entries, FIRST, END)

    assert [one.tasks for one in found] == [(1, 2, 3)]


ENTRIES = st.lists(
    st.builds(
        lambda starts, length, hour, lasts, person, place: (starts, length, hour, lasts, person, place),
        st.integers(0, 10),
        st.integers(0, 3),
        st.integers(0, 20),
        st.integers(0, 3),
        st.none() | st.integers(1, 3),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=14,
)


def made(rows: list[tuple[int, int, int, int, int | None, str]]) -> list[Entry]:
    return [
        entry(number, starts, starts + length, f"{hour}-{hour + lasts}" if lasts else "", person=person, place=place)
        for number, (starts, length, hour, lasts, person, place) in enumerate(rows)
    ]


@settings(deadline=None)
@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_of_the_tasks_changes_no_conflict(
    rows: list[tuple[int, int, int, int, int | None, str]], chance: random.Random
) -> None:
    entries = made(rows)
    shuffled = list(entries)
    chance.shuffle(shuffled)

    assert at_one_time(shuffled, FIRST, END) == at_one_time(entries, FIRST, END)


@settings(deadline=None)
@given(ENTRIES)
def test_sorting_finds_every_pair_that_comparing_all_pairs_finds(
    rows: list[tuple[int, int, int, int, int | None, str]],
) -> None:
    entries = made(rows)

    found = at_one_time(entries, FIRST, END)

    told = {(one.clash, pair) for one in found for pair in _pairs(one)}
    for a in entries:
        for b in entries:
            if a.id < b.id and a.person is not None and a.person == b.person and _overlap(a, b):
                assert (Clash.PERSON, (a.id, b.id)) in told


def _pairs(one: Conflict) -> list[tuple[int, int]]:
    return [(a, b) for a in one.tasks for b in one.tasks if a < b]


def _overlap(a: Entry, b: Entry) -> bool:
    days = set(a.days(FIRST, END)) & set(b.days(FIRST, END))
    (a_start, a_stop), (b_start, b_stop) = a.hours, b.hours
    return bool(days) and a.occupies and b.occupies and a_start < b_stop and b_start < a_stop


def test_a_week_and_a_month_without_anything_are_told_once() -> None:
    entries = [entry(1, 0, 2, lead=1)]

    found = empty(entries, [1, 2], FIRST, END)

    weeks = [one for one in found if one.unit == 1]
    assert [(one.clash, one.first, one.last) for one in weeks] == [
        (Clash.EMPTY_WEEK, date(2026, 11, 2), date(2026, 11, 8)),
        (Clash.EMPTY_WEEK, date(2026, 11, 9), date(2026, 11, 15)),
        (Clash.EMPTY_WEEK, date(2026, 11, 23), date(2026, 11, 29)),
    ]
    assert [(one.clash, one.first, one.last) for one in found if one.unit == 2] == [
        (Clash.EMPTY_MONTH, date(2026, 11, 1), date(2026, 11, 30))
    ]


def test_standing_work_fills_only_the_weeks_in_which_it_begins_or_is_due() -> None:
    whole_year = Entry(1, 1, date(2026, 11, 3), date(2027, 10, 31))
    shared = Entry(2, 9, date(2026, 11, 9), date(2026, 11, 20), coordinating=(1,))

    found = empty([whole_year, shared], [1], FIRST, END)

    assert [one.first for one in found] == [date(2026, 11, 23)]


def test_more_than_a_unit_can_lead_on_a_day_is_told_with_its_days() -> None:
    entries = [entry(1, 0, 2), entry(2, 0, 1), entry(3, 1), entry(4, 1, 30), entry(5, 1, lead=2)]

    found = overload(entries, {1: 2}, FIRST, END)

    assert [(one.tasks, one.first, one.last, one.most) for one in found] == [((1, 2, 3), day(1), day(1), 2)]


@pytest.mark.parametrize(
    ("one", "days"),
    [
        (entry(1, 0), [day(0)]),
        (entry(1, -1, 0), [day(0)]),
        (entry(1, -1, 1), []),  # it only goes over the holiday
        (entry(1, 0, 20), []),  # work of weeks may begin on one
        (entry(1, -20, 0), [day(0)]),  # but not be due on one
        (entry(1, 0, on_holidays=True), []),
    ],
)
def test_a_date_on_a_holiday_is_told(one: Entry, days: list[date]) -> None:
    holiday = HolidaySpan("Lễ", Span(day(0), day(1)))

    found = on_holidays([one], [holiday], FIRST, END)

    assert [(conflict.first, conflict.holiday) for conflict in found] == [(at, "Lễ") for at in days]


@pytest.mark.parametrize("written", ["Hội trường A", "  hội   TRƯỜNG a.", "hội trường a ;"])
def test_places_meet_whatever_their_case_blanks_and_marks(written: str) -> None:
    assert place_key(written) == "hội trường a"
