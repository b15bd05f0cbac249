"""The tasks of a plan: what they may say, whom they may name, what they may cite and detail, and how they move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from nennep.organisation.models import Unit
from nennep.planning.models import Plan, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.refusals import DetailsItself, StaleTask
from nennep.planning.rules.states import PlanState, TaskState
from nennep.planning.services import plans, tasks
from nennep.reporting.rules.numbers import Ambiguous
from nennep.search.models import Entry
from tests.planning.conftest import World
from tests.planning.test_plans import refused, words

NOV_17, NOV_20 = date(2026, 11, 17), date(2026, 11, 20)


def add(world: World, plan: str = "SH-1 month", by: str = "thanh", lead: str = "SH-1", **other: Any) -> Task:
    return tasks.add_task(world.plans[plan].pk, words(world, lead=lead, **other), by=world.cast.actor(by))


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"title": "  "}, "task_needs_title"),
        ({"title": "x" * 501}, "too_long"),
        ({"starts_on": NOV_20, "due_on": NOV_17}, "ends_before_it_begins"),
        ({"starts_on": date(2026, 10, 31)}, "outside_the_period"),
        ({"due_on": date(2026, 12, 1)}, "outside_the_period"),
        ({"ends_at": time(9)}, "time_without_start"),
        ({"due_on": NOV_17, "starts_at": time(9), "ends_at": time(8)}, "ends_before_it_begins"),
        ({"figure": "3"}, "figure_needs_indicator"),
        ({"indicator": "law.listeners"}, "target_needs_figure"),
        ({"indicator": "law.unknown", "figure": "3"}, "no_such_indicator"),
        ({"indicator": "law.listeners", "figure": "0"}, "figure_not_positive"),
        ({"indicator": "law.listeners", "figure": "-5"}, "figure_not_positive"),
        ({"indicator": "law.listeners", "figure": "2,5"}, "figure_too_fine"),
        ({"indicator": "law.listeners", "figure": "nhiều"}, "figure_not_a_number"),
        ({"indicator": "law.listeners", "figure": "9" * 19}, "figure_not_a_number"),
    ],
)
def test_what_a_task_cannot_say(world: World, other: dict[str, Any], why: str) -> None:
    with refused(why):
        add(world, **other)


@pytest.mark.parametrize(
    ("indicator", "typed", "kept"),
    [("law.listeners", "1.151", "1151"), ("path.cleared_km", "12,5", "12.5"), ("law.listeners", " 48 ", "48")],
)
def test_a_target_is_read_exactly(world: World, indicator: str, typed: str, kept: str) -> None:
    task = add(world, indicator=indicator, figure=typed)

    assert queries.words_of(queries.task(task.pk)).figure == kept


def test_a_figure_that_reads_two_ways_is_asked(world: World) -> None:
    with pytest.raises(Ambiguous):
        add(world, indicator="path.cleared_km", figure="1.151")


# --- units ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead", "coordinating", "why"),
    [
        ("SH-1", ("SH-2", "SH"), ""),  # siblings and the superior may take part
        ("SH-2", (), "lead_out_of_reach"),
        ("SH", (), "lead_out_of_reach"),
        ("SH-1", ("DV-1",), "coordinating_out_of_reach"),
        ("XX", (), "lead_out_of_reach"),
    ],
)
def test_the_lead_stands_under_the_plans_unit_and_who_takes_part_beside_it(
    world: World, lead: str, coordinating: tuple[str, ...], why: str
) -> None:
    beside = tuple(world.unit(code) for code in coordinating)

    if why:
        with refused(why):
            add(world, lead=lead, coordinating=beside)
    else:
        task = add(world, lead=lead, coordinating=beside)
        assert set(queries.words_of(task).coordinating) == set(beside)


def test_a_unit_that_ends_within_the_task_does_not_lead_it(world: World) -> None:
    Unit.objects.filter(pk=world.unit("SH-3")).update(ends_on=NOV_20)
    plans.amend_plan(world.plans["SH month"].pk, by=world.cast.actor("hanh"), reason="Bổ sung")

    with refused("unit_not_alive"):
        add(world, "SH month", "hanh", "SH-3")
    add(world, "SH month", "hanh", "SH-3", due_on=date(2026, 11, 19))  # it lives until the 19th


def test_the_lead_person_serves_there(world: World) -> None:
    people = world.cast.people

    add(world, lead_person=people["thanh"].pk)

    with refused("person_not_there"):
        add(world, lead_person=people["pao"].pk)


# --- clauses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "by", "lead", "clause", "why"),
    [
        ("SH-1 month", "thanh", "SH-1", "1b", ""),
        ("SH week", "hanh", "SH", "3", ""),
        ("SH-1 month", "thanh", "SH-1", "3", ""),  # it binds the province that the post stands under
    ],
)
def test_a_task_cites_clauses_that_bind_its_unit_or_one_of_its_line(
    world: World, plan: str, by: str, lead: str, clause: str, why: str
) -> None:
    task = add(world, plan, by, lead, clauses=(world.clauses[clause].pk,))

    assert queries.words_of(task).clauses == (world.clauses[clause].pk,)
    assert not why


def test_a_clause_for_another_province_is_not_cited(world: World) -> None:
    by = world.cast.actor("dong")
    plan = plans.make_plan(world.plans["SH month"].kind, "2026-11", by=by)  # type: ignore[arg-type]

    with refused("clause_not_addressed"):
        tasks.add_task(plan.pk, words(world, lead="DV", clauses=(world.clauses["3"].pk,)), by=by)


def test_a_withdrawn_clause_is_not_cited_anew_but_does_not_lock_what_cites_it(world: World) -> None:
    clause = world.clauses["1b"]
    clause.withdrawn_on, clause.withdrawn_reason = date(2026, 11, 10), "Đã có chỉ thị mới"
    clause.save()
    post = world.task("post law")

    with refused("clause_withdrawn"):
        add(world, clauses=(clause.pk,))
    by = world.cast.actor("thanh")
    tasks.change_task(post.pk, replace(queries.words_of(post), place="Bản Huổi Lụ"), edition=1, by=by)

    assert [(one.task.pk, one.why) for one in queries.doubts(world.plan("SH-1 month"), by.today)] == [
        (post.pk, "clause_withdrawn")
    ]


# --- details --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "details", "why"),
    [
        ("SH week", "month study", ""),
        ("SH week", "quarter study", ""),
        ("SH week", "year study", ""),
        ("SH week", "week study", ""),  # a part of it
        ("SH week", "post law", "details_nothing_longer_or_higher"),
    ],
)
def test_a_task_details_one_of_a_longer_or_higher_plan(world: World, plan: str, details: str, why: str) -> None:
    wished = world.tasks[details].pk

    if why:
        with refused(why):
            add(world, plan, "hanh", "SH", details=wished)
    else:
        assert add(world, plan, "hanh", "SH", details=wished).details_id == wished


def test_a_task_that_details_itself_through_three_others_is_refused_and_the_chain_is_named(world: World) -> None:
    first = add(world, title="Một")
    second = add(world, title="Hai", details=first.pk)
    third = add(world, title="Ba", details=second.pk)
    fourth = add(world, title="Bốn", details=third.pk)
    by = world.cast.actor("thanh")

    with pytest.raises(DetailsItself) as caught:
        tasks.change_task(first.pk, replace(queries.words_of(first), details=fourth.pk), edition=1, by=by)

    assert caught.value.chain == ("Một", "Bốn", "Ba", "Hai", "Một")
    assert Task.objects.get(pk=first.pk).details_id is None


# --- changing -------------------------------------------------------------------------------------


def test_a_task_written_over_anothers_change_is_refused_with_both(world: World) -> None:
    by, post = world.cast.actor("thanh"), world.task("post law")
    theirs = replace(queries.words_of(post), place="Bản Nậm Kè")
    mine = replace(queries.words_of(post), place="Bản Huổi Lụ")
    tasks.change_task(post.pk, theirs, edition=1, by=by)

    with pytest.raises(StaleTask) as caught:
        tasks.change_task(post.pk, mine, edition=1, by=by)

    assert (caught.value.theirs, caught.value.mine, caught.value.edition) == (theirs, mine, 2)
    assert world.task("post law").place == "Bản Nậm Kè"


def test_tasks_are_put_in_order(world: World) -> None:
    first, second = add(world, title="Một"), add(world, title="Hai")
    by = world.cast.actor("thanh")

    tasks.move_task(second.pk, behind=None, by=by)
    tasks.move_task(world.tasks["post law"].pk, behind=first.pk, by=by)

    titles = [task.title for task in queries.tasks_of(world.plans["SH-1 month"].pk)]
    assert titles == ["Hai", "Một", "Tuyên truyền tại 3 bản giáp biên"]


def test_a_task_no_version_knows_is_gone_when_it_is_struck_out(world: World) -> None:
    task = add(world)

    tasks.drop_task(task.pk, edition=1, by=world.cast.actor("thanh"))

    assert not Task.objects.filter(pk=task.pk).exists()


def test_a_task_that_others_detail_is_dropped_not_deleted_and_can_come_back(world: World) -> None:
    by = world.cast.actor("thanh")
    task = add(world)
    add(world, title="Phần một", details=task.pk)
    tasks.drop_task(task.pk, edition=1, by=by)
    assert Task.objects.get(pk=task.pk).state == TaskState.DROPPED

    tasks.put_task_back(task.pk, by=by)

    assert Task.objects.get(pk=task.pk).state == TaskState.OPEN


def test_a_plan_in_force_is_not_written_in_before_it_is_amended(world: World) -> None:
    with refused("plan_not_open"):
        add(world, "SH month", "hanh", "SH")


# --- rescheduling ---------------------------------------------------------------------------------


def test_a_plan_in_force_is_not_rescheduled_before_it_is_amended(world: World) -> None:
    with refused("amend_first"):
        tasks.reschedule(world.tasks["month films"].pk, NOV_17, NOV_20, edition=1, by=world.cast.actor("hanh"))


def in_force(world: World) -> Plan:
    """Sơn Hà's week, approved."""
    week = world.plans["SH week"]
    plans.submit_plan(week.pk, revision=0, by=world.cast.actor("hanh"))
    plans.approve_plan(week.pk, revision=0, by=world.cast.actor("kehoach"))
    return week


def test_a_calendar_in_force_is_rescheduled_within_its_days_as_a_version_that_says_why(world: World) -> None:
    week, study, by = in_force(world), world.tasks["week study"], world.cast.actor("hanh")

    with refused("reschedule_needs_reason"):
        tasks.reschedule(study.pk, NOV_17, NOV_20, edition=1, by=by)
    with refused("outside_the_period"):
        tasks.reschedule(study.pk, NOV_17, date(2026, 11, 23), edition=1, by=by, reason="Mưa")
    tasks.reschedule(study.pk, NOV_17, NOV_20, edition=1, by=by, reason="Mưa lũ")

    plan = queries.plan(week.pk)
    version = plan.current_version
    assert version is not None
    assert (plan.state, version.number, version.reason) == (PlanState.APPROVED, 2, "Mưa lũ")
    fields = [change.fields for change in queries.between(week.pk, 1, 2).difference.tasks]
    assert [(one.name, one.after) for one in fields[0]] == [("starts_on", NOV_17)]


def test_what_waits_for_approval_is_not_rescheduled(world: World) -> None:
    week = world.plans["SH week"]
    plans.submit_plan(week.pk, revision=0, by=world.cast.actor("hanh"))

    with refused("plan_not_open"):
        tasks.reschedule(
            world.tasks["week study"].pk, NOV_17, NOV_20, edition=1, by=world.cast.actor("hanh"), reason="Mưa"
        )


# --- finding --------------------------------------------------------------------------------------


def test_a_draft_is_found_only_in_its_unit_and_an_issued_plan_by_whom_it_names(world: World) -> None:
    task = add(world, title="Gặp mặt già làng")
    week = in_force(world)
    plans.issue_plan(week.pk, by=world.cast.actor("hanh"))

    draft = Entry.objects.get(kind="task", key=task.pk)
    issued = Entry.objects.get(kind="plan", key=week.pk)

    assert draft.seen_by == [-world.unit("SH-1")]
    assert issued.seen_by == [world.unit("SH")]
