"""Calendar files taken over into a calendar that is being written; taken again, they change and never double."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from nennep.journal.models import Entry
from nennep.organisation.rules import NotAuthorised
from nennep.planning.ical import NotACalendar, calendar_text
from nennep.planning.models import Task
from nennep.planning.queries.feeds import events_of
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanState, TaskState
from nennep.planning.services.feeds import make_feed
from nennep.planning.services.imports import TakenOver, import_calendar
from tests.cast import NOW
from tests.planning.conftest import World
from tests.planning.test_ical import entry, file


def take(world: World, data: bytes, username: str = "hanh", plan: str = "SH week") -> TakenOver:
    return import_calendar(world.plans[plan].pk, data, by=world.cast.actor(username))


def taken(world: World) -> dict[str, Task]:
    return {task.uid: task for task in Task.objects.filter(plan=world.plans["SH week"]).exclude(uid="")}


def test_entries_become_tasks_that_the_unit_leads(world: World) -> None:
    meeting = entry("m", "Giao ban", "DTSTART:20261117T073000", "DURATION:PT1H", "LOCATION:Phòng họp", "DESCRIPTION:Đủ")

    done = take(world, file(meeting, entry("d", "Trực", "DTSTART;VALUE=DATE:20261116", "RRULE:FREQ=DAILY;COUNT=3")))

    assert done == TakenOver(added=4, changed=0, unchanged=0, struck=0, refused=(), outside=0)
    task = taken(world)["m"]
    assert (task.title, task.lead_unit_id, task.starts_at, task.ends_at) == (
        "Giao ban",
        world.unit("SH"),
        time(7, 30),
        time(8, 30),
    )
    assert (task.place, task.measures_taken) == ("Phòng họp", "Đủ")
    assert Entry.objects.get(act="planning.import-calendar").details["added"] == 4


def test_the_same_file_again_changes_nothing_and_a_newer_one_changes_what_differs(world: World) -> None:
    take(world, file(entry("a", "Họp"), entry("b", "Trực")))
    Task.objects.filter(uid="a").update(lead_post="Trợ lý", heading="Việc")
    revision = world.plan("SH week").revision

    again = take(world, file(entry("a", "Họp"), entry("b", "Trực")))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert world.plan("SH week").revision == revision

    moved = take(world, file(entry("a", "Họp quý", "DTSTART;VALUE=DATE:20261118"), entry("b", "Trực")))

    task = taken(world)["a"]
    assert (moved.changed, moved.unchanged) == (1, 1)
    assert (task.title, task.starts_on, task.edition) == ("Họp quý", date(2026, 11, 18), 2)
    assert (task.lead_post, task.heading) == ("Trợ lý", "Việc")


def test_a_cancelled_entry_strikes_its_task_out_and_one_that_comes_back_is_there_again(world: World) -> None:
    take(world, file(entry("a")))

    done = take(world, file(entry("a", "Họp", "DTSTART;VALUE=DATE:20261116", "STATUS:CANCELLED")))
    assert (done.struck, taken(world)) == (1, {})

    assert take(world, file(entry("a"))).added == 1


def test_what_the_plan_cannot_hold_is_refused_by_line_and_the_rest_is_taken(world: World) -> None:
    longer = entry("l", "Đợt dài", "DTSTART;VALUE=DATE:20261116", "DTEND;VALUE=DATE:20261210")
    earlier = entry("e", "Tuần trước", "DTSTART;VALUE=DATE:20261109")

    done = take(world, file(entry("a"), longer, earlier))

    assert (done.added, done.outside) == (1, 1)
    assert [(one.line, one.why) for one in done.refused] == [(10, "leaves_the_period")]


def test_our_own_feed_taken_in_again_doubles_nothing(world: World) -> None:
    plan = world.plan("SH week")
    plan.current_version = world.plan("SH month").current_version
    plan.save()
    Task.objects.filter(pk=world.tasks["week study"].pk).update(
        starts_at=time(8), ends_at=time(10), measures_taken="Chia hai lớp."
    )
    alone = Task.objects.create(
        plan=plan, key="x1", title="Giao ban", lead_unit_id=world.unit("SH"),
        starts_on=date(2026, 11, 16), due_on=date(2026, 11, 16), measures_taken="Theo chương trình.",
    )  # fmt: skip
    feed, _ = make_feed("Tỉnh", unit_id=world.unit("SH"), by=world.cast.actor("hanh"))
    data = calendar_text(events_of(feed, NOW.date()), name="x", zone=ZoneInfo("Asia/Ho_Chi_Minh"), at=NOW)
    count = Task.objects.filter(plan=plan).count()

    done = take(world, data.replace(b"SUMMARY:Giao ban", "SUMMARY:Giao ban tuần".encode()))

    assert (done.added, done.changed) == (0, 1)
    assert Task.objects.filter(plan=plan).count() == count
    alone.refresh_from_db()
    assert (alone.title, alone.measures_taken) == ("Giao ban tuần", "Theo chương trình.")
    assert world.task("week study").starts_on == date(2026, 11, 16)


def test_finished_tasks_are_left_as_they_are(world: World) -> None:
    take(world, file(entry("a")))
    Task.objects.filter(uid="a").update(state=TaskState.DONE)

    done = take(world, file(entry("a", "Khác")))

    assert (done.unchanged, taken(world)["a"].title) == (1, "Họp")


def test_only_a_calendar_that_is_being_written_by_its_own_unit_takes_a_file(world: World) -> None:
    data = file(entry("a"))

    with pytest.raises(NotAuthorised):
        take(world, data, username="kehoach")
    with pytest.raises(PlanningRefused, match="not_a_calendar_plan"):
        take(world, data, username="thanh", plan="SH-1 month")
    plan = world.plan("SH week")
    plan.state = PlanState.SUBMITTED
    plan.save()
    with pytest.raises(PlanningRefused, match="plan_not_open"):
        take(world, data)
    assert taken(world) == {}


def test_a_file_that_is_none_changes_nothing(world: World) -> None:
    with pytest.raises(NotACalendar):
        take(world, b"%PDF-1.7")

    assert taken(world) == {}
