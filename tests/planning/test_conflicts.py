"""Conflicts found in plans: the tasks of units, their people, places, holidays and what they can do."""

from __future__ import annotations

from datetime import date, time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.planning.models import Capacity, Holiday, Recurrence, Task
from nennep.planning.queries.conflicts import Conflicts, conflicts
from nennep.planning.rules.conflicts import Clash
from tests.cast import CLAUSE, START
from tests.planning.conftest import World

FIRST, END = date(2026, 11, 16), date(2026, 11, 23)


def found(world: World, *codes: str, drafts_of: str = "", empty_of: str = "") -> Conflicts:
    units = {world.unit(code) for code in codes}
    drafts = {world.unit(drafts_of)} if drafts_of else set()
    return conflicts(units, FIRST, END, drafts_of=drafts, empty_of={world.unit(empty_of)} if empty_of else set())


def task(world: World, plan: str, title: str, lead: str, day: date, **rest: object) -> Task:
    number = Task.objects.count()
    return Task.objects.create(
        plan=world.plans[plan], key=f"c{number}", title=title, lead_unit_id=world.unit(lead), starts_on=day, due_on=day,
        **rest,
    )  # fmt: skip


def test_a_person_and_a_place_that_are_needed_twice_are_named_with_their_tasks(world: World) -> None:
    hours = {"starts_at": time(8), "ends_at": time(10), "place": "Hội trường A"}
    person = world.cast.people["hanh"]
    one = task(world, "SH month", "Giao ban", "SH", FIRST, lead_person=person, **hours)
    other = task(
        world, "SH month", "Tập huấn", "SH-1", FIRST, lead_person=person, **{**hours, "place": "hội trường a."}
    )

    told = found(world, "SH", "SH-1")

    assert [(item.clash, item.tasks) for item in told.found] == [
        (Clash.PERSON, (one.pk, other.pk)),
        (Clash.PLACE, (one.pk, other.pk)),
    ]
    assert told.people == {person.pk: "Đại úy Vi Thị Hạnh"}
    assert told.titles[other.pk] == "Tập huấn"
    assert told.places[told.found[1].place] in {"Hội trường A", "hội trường a."}
    assert told.of_task(one.pk) == list(told.found)


def test_a_task_and_the_one_that_details_it_are_one_work(world: World) -> None:
    hours = {"starts_at": time(8), "ends_at": time(10), "lead_person": world.cast.people["hanh"]}
    above = task(world, "SH month", "Giao ban", "SH", FIRST, **hours)
    task(world, "SH week", "Giao ban tuần", "SH", FIRST, details=above, **hours)

    assert found(world, "SH", drafts_of="SH").found == ()


def test_drafts_are_told_to_those_who_write_them_only(world: World) -> None:
    hours = {"starts_at": time(8), "ends_at": time(10)}
    for title in ("Giao ban", "Tập huấn"):
        task(world, "SH week", title, "SH", FIRST, **hours)

    assert found(world, "SH").found == ()
    assert [item.clash for item in found(world, "SH", drafts_of="SH").found] == [Clash.UNIT]


def test_more_than_a_unit_can_do_and_a_holiday_are_told_with_their_rule(world: World) -> None:
    Capacity.objects.create(unit_kind="post", tasks_a_day=2, clause=CLAUSE, starts_on=START)
    Holiday.objects.create(name="Ngày lễ", starts_on=FIRST, ends_on=date(2026, 11, 17), clause=CLAUSE)
    for number in range(3):
        task(world, "SH month", f"Việc {number}", "SH-1", FIRST)

    told = found(world, "SH-1")

    over = next(item for item in told.found if item.clash is Clash.OVERLOAD)
    assert (over.unit, over.most, len(over.tasks)) == (world.unit("SH-1"), 2, 3)
    holiday = next(item for item in told.found if item.clash is Clash.HOLIDAY)
    assert (holiday.holiday, len(holiday.tasks)) == ("Ngày lễ", 3)


def test_a_duty_that_is_done_on_holidays_too_is_no_conflict(world: World) -> None:
    Holiday.objects.create(name="Ngày lễ", starts_on=FIRST, ends_on=date(2026, 11, 17), clause=CLAUSE)
    unit = world.unit("SH")
    duty = Recurrence.objects.create(unit_id=unit, title="Trực", lead_unit_id=unit, on_holidays=True, starts_on=START)
    task(world, "SH month", "Trực", "SH", FIRST, recurrence=duty)

    assert found(world, "SH").found == ()


def test_a_unit_with_nothing_planned_is_told_and_one_that_takes_part_is_not(world: World) -> None:
    units = {world.unit(code) for code in ("SH-1", "SH-2", "SH-3")}

    told = conflicts(units, FIRST, END)

    # The month's round of talks names SH-1 and SH-3; nothing names SH-2.
    assert [(item.clash, item.unit) for item in told.found] == [(Clash.EMPTY_WEEK, world.unit("SH-2"))]


def test_the_same_queries_find_the_conflicts_of_any_number_of_tasks(world: World) -> None:
    units = set(world.cast.units.values())
    task(world, "SH month", "Việc", "SH", FIRST, lead_person=world.cast.people["hanh"], starts_at=time(8))
    task(world, "SH month", "Việc", "SH", FIRST, lead_person=world.cast.people["hanh"], starts_at=time(8))
    with CaptureQueriesContext(connection) as before:
        conflicts(units, FIRST, END)
    for number in range(60):
        task(world, "SH month", f"Việc {number}", "SH-2", FIRST, starts_at=time(8), place=f"Nhà {number % 5}")

    with CaptureQueriesContext(connection) as after:
        told = conflicts(units, FIRST, END)

    assert len(after) == len(before)
    assert len(told.found) < 30  # told by place and unit, not by pairs
