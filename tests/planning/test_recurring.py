"""Recurring duties: on which days they fall, and what a change of the template touches."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.organisation.rules import Span
from nennep.planning.models import Holiday, Plan, Recurrence, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.recurring import Recurring
from nennep.planning.rules.states import PlanKind, TaskState
from nennep.planning.rules.versions import Change
from nennep.planning.services import plans, recurrences, tasks
from nennep.planning.services.recurrences import DutyWords
from tests.planning.conftest import World
from tests.planning.test_plans import refused

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
YEARS = st.dates(date(2023, 12, 1), date(2028, 3, 31))


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Recurring(date(2026, 1, 1), weekdays=frozenset({0})), [(2, 2), (2, 9), (2, 16), (2, 23)]),
        (Recurring(date(2026, 1, 1), month_days=frozenset({31})), [(2, 28)]),
        (Recurring(date(2026, 1, 1), month_days=frozenset({28, 30, 31})), [(2, 28)]),
        (Recurring(date(2026, 1, 1), month_days=frozenset({1, 15})), [(2, 1), (2, 15)]),
        (Recurring(date(2026, 2, 10), date(2026, 2, 23), weekdays=frozenset({0})), [(2, 16)]),
        (Recurring(date(2026, 1, 1)), []),
    ],
)
def test_a_duty_falls_on_its_days(rule: Recurring, days: list[tuple[int, int]]) -> None:
    assert rule.days(date(2026, 2, 1), date(2026, 3, 1)) == [date(2026, month, day) for month, day in days]


@pytest.mark.parametrize(("on_holidays", "days"), [(False, [date(2026, 2, 9), date(2026, 2, 23)]), (True, None)])
def test_holidays_are_left_out_unless_the_duty_goes_on(on_holidays: bool, days: list[date] | None) -> None:
    rule = Recurring(date(2026, 2, 3), weekdays=frozenset({0}), on_holidays=on_holidays)
    tet = [Span(date(2026, 2, 14), date(2026, 2, 23))]

    found = rule.days(date(2026, 2, 3), date(2026, 3, 1), tet)

    assert found == (days or [date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23)])


RULES = st.builds(
    Recurring,
    starts_on=YEARS,
    ends_on=st.none() | YEARS,
    weekdays=st.frozensets(st.integers(0, 6)),
    month_days=st.frozensets(st.integers(1, 31)),
)


@given(RULES, YEARS, st.integers(0, 400), st.integers(0, 400))
def test_the_days_of_two_stretches_are_those_of_the_whole(rule: Recurring, first: date, one: int, two: int) -> None:
    middle, end = first + timedelta(days=one), first + timedelta(days=one + two)

    assert rule.days(first, middle) + rule.days(middle, end) == rule.days(first, end)


@given(st.integers(1, 31), st.integers(2024, 2030), st.integers(1, 12))
def test_a_day_of_the_month_falls_once_in_each_month(day: int, year: int, month: int) -> None:
    rule = Recurring(date(2020, 1, 1), month_days=frozenset({day}))
    last = calendar.monthrange(year, month)[1]

    found = rule.days(date(year, month, 1), date(year, month, last) + timedelta(days=1))

    assert found == [date(year, month, min(day, last))]


@given(RULES, YEARS)
def test_a_duty_never_falls_outside_its_time(rule: Recurring, first: date) -> None:
    for day in rule.days(first, first + timedelta(days=60)):
        assert rule.starts_on <= day
        assert rule.ends_on is None or day < rule.ends_on


# --- the acts -------------------------------------------------------------------------------------


def briefing(world: World, **other: object) -> DutyWords:
    words = DutyWords(
        "Giao ban", world.unit("SH"), weekdays=frozenset({0, 4}), starts_at=time(7, 30), ends_at=time(8, 30)
    )
    return replace(words, **other)  # type: ignore[arg-type]


def begun(world: World, **other: object) -> Recurrence:
    return recurrences.begin_recurrence(
        briefing(world, **other), starts_on=date(2026, 11, 1), by=world.cast.actor("hanh")
    )


def week(world: World, code: str = "2026-W48") -> Plan:
    plan = plans.make_plan(PlanKind.CALENDAR, code, by=world.cast.actor("hanh"))
    recurrences.make_occurrences(plan.pk, by=world.cast.actor("hanh"))
    return plan


def days(plan: Plan) -> dict[date, str]:
    return {task.starts_on: task.title for task in queries.tasks_of(plan.pk)}


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"title": " "}, "task_needs_title"),
        ({"weekdays": frozenset()}, "recurs_on_no_day"),
        ({"weekdays": frozenset({7})}, "no_such_day"),
        ({"month_days": frozenset({32})}, "no_such_day"),
        ({"ends_at": time(7)}, "ends_before_it_begins"),
        ({"starts_at": None}, "ends_before_it_begins"),
        ({"title": "x" * 301}, "too_long"),
    ],
)
def test_what_a_duty_cannot_say(world: World, other: dict[str, object], why: str) -> None:
    with refused(why):
        begun(world, **other)


def test_occurrences_come_once_however_often_they_are_made(world: World) -> None:
    begun(world)
    plan = week(world)

    again = recurrences.make_occurrences(plan.pk, by=world.cast.actor("hanh"))

    assert again == []
    assert days(plan) == {MONDAY: "Giao ban", FRIDAY: "Giao ban"}


def test_a_holiday_of_the_pack_has_no_occurrence(world: World) -> None:
    Holiday.objects.create(
        name="Ngày nghỉ", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=1), clause="BLLĐ Điều 112"
    )
    begun(world)

    assert list(days(week(world))) == [FRIDAY]


def test_what_was_moved_or_struck_out_does_not_come_back(world: World) -> None:
    begun(world)
    plan, by = week(world), world.cast.actor("hanh")
    monday, friday = queries.tasks_of(plan.pk)
    tasks.reschedule(monday.pk, date(2026, 11, 24), date(2026, 11, 24), edition=1, by=by)
    plans.submit_plan(plan.pk, revision=2, by=by)
    plans.approve_plan(plan.pk, revision=2, by=world.cast.actor("kehoach"))
    plans.amend_plan(plan.pk, by=by, reason="Thứ Sáu nghỉ")
    tasks.drop_task(friday.pk, edition=1, by=by)

    recurrences.make_occurrences(plan.pk, by=by)

    assert days(plan) == {date(2026, 11, 24): "Giao ban"}


def test_an_occurrence_is_not_moved_onto_another(world: World) -> None:
    begun(world)
    monday, _friday = queries.tasks_of(week(world).pk)

    with refused("recurs_that_day"):
        tasks.reschedule(monday.pk, FRIDAY, FRIDAY, edition=1, by=world.cast.actor("hanh"))


def test_occurrences_that_changed_places_go_back_to_theirs(world: World) -> None:
    begun(world)
    plan, by = week(world), world.cast.actor("hanh")
    plans.submit_plan(plan.pk, revision=1, by=by)
    plans.approve_plan(plan.pk, revision=1, by=world.cast.actor("kehoach"))
    before = queries.content_of(plan)
    plans.amend_plan(plan.pk, by=by, reason="Đổi ngày")
    monday, friday = queries.tasks_of(plan.pk)
    tasks.reschedule(monday.pk, date(2026, 11, 24), date(2026, 11, 24), edition=1, by=by)
    tasks.reschedule(friday.pk, MONDAY, MONDAY, edition=1, by=by)

    plans.give_up_amendment(plan.pk, by=by, reason="Thôi đổi")

    assert queries.content_of(plan) == before
    assert Task.objects.filter(plan=plan, recurrence__isnull=False).count() == 2


def test_a_changed_duty_touches_only_the_future(world: World) -> None:
    old = begun(world)
    by = world.cast.actor("hanh")
    past, coming = week(world, "2026-W46"), week(world)

    new = recurrences.change_recurrence(
        old.pk, briefing(world, title="Hội ý", weekdays=frozenset({1})), from_day=MONDAY, by=by, reason="QĐ 12"
    )

    assert days(past) == {date(2026, 11, 9): "Giao ban", date(2026, 11, 13): "Giao ban"}
    assert days(coming) == {date(2026, 11, 24): "Hội ý"}
    old.refresh_from_db()
    assert (old.ends_on, new.follows_id, new.starts_on) == (MONDAY, old.pk, MONDAY)


def test_a_calendar_in_force_takes_a_changed_duty_up_as_a_version_that_says_why(world: World) -> None:
    old = begun(world)
    by, plan = world.cast.actor("hanh"), week(world)
    plans.submit_plan(plan.pk, revision=1, by=by)
    plans.approve_plan(plan.pk, revision=1, by=world.cast.actor("kehoach"))

    recurrences.change_recurrence(
        old.pk, briefing(world, weekdays=frozenset({0})), from_day=FRIDAY, by=by, reason="Bỏ giao ban thứ Sáu"
    )

    changes = queries.between(plan.pk, 1, 2)
    assert [version.reason for version in changes.reasons] == ["Bỏ giao ban thứ Sáu"]
    assert [(one.change, one.before.words.starts_on) for one in changes.difference.tasks if one.before] == [
        (Change.DROPPED, FRIDAY)
    ]
    assert Task.objects.get(plan=plan, starts_on=FRIDAY).state == TaskState.DROPPED


def test_what_was_begun_stays_when_the_duty_changes(world: World) -> None:
    old = begun(world)
    plan, by = week(world), world.cast.actor("hanh")
    Task.objects.filter(plan=plan, starts_on=MONDAY).update(progress=50)

    recurrences.end_recurrence(old.pk, from_day=MONDAY, by=by, reason="Thôi giao ban")

    assert list(days(plan)) == [MONDAY]


def test_a_duty_is_not_changed_in_the_past_nor_without_a_reason(world: World) -> None:
    old, by = begun(world), world.cast.actor("hanh")

    with refused("change_in_the_past"):
        recurrences.change_recurrence(old.pk, briefing(world), from_day=date(2026, 11, 15), by=by, reason="x")
    with refused("move_needs_reason"):
        recurrences.end_recurrence(old.pk, from_day=MONDAY, by=by, reason=" ")
    recurrences.end_recurrence(old.pk, from_day=MONDAY, by=by, reason="Thôi")
    with refused("recurrence_over"):
        recurrences.end_recurrence(old.pk, from_day=FRIDAY, by=by, reason="Thôi")


def test_duties_recur_in_calendars_alone(world: World) -> None:
    with refused("not_a_calendar"):
        recurrences.make_occurrences(world.plans["SH-1 month"].pk, by=world.cast.actor("thanh"))
