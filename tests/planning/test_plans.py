"""A plan's way: made, written, handed in, approved, issued, amended, given up, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from nennep.organisation.rules import NotAuthorised, Permission
from nennep.planning.models import Plan, PlanStep, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.refusals import PlanningRefused, StalePlan
from nennep.planning.rules.states import PlanKind, PlanState, TaskState, WrongMove
from nennep.planning.rules.versions import Change, PlanTexts, TaskWords
from nennep.planning.services import plans, tasks
from tests.cast import NOW, Cast
from tests.planning.conftest import World


def refused(why: str) -> pytest.RaisesExc[PlanningRefused]:
    return pytest.RaisesExc(PlanningRefused, check=lambda error: error.why == why)


def words(world: World, title: str = "Kiểm tra nền nếp sinh hoạt", lead: str = "SH", **other: object) -> TaskWords:
    given: dict[str, object] = {"starts_on": date(2026, 11, 17), "due_on": date(2026, 11, 20), **other}
    return TaskWords(title=title, lead_unit=world.unit(lead), **given)  # type: ignore[arg-type]


def drafted(world: World) -> Plan:
    """Sơn Hà's December, with one task."""
    by = world.cast.actor("hanh")
    plan = plans.make_plan(PlanKind.PLAN, "2026-12", by=by, details=world.plans["SH quarter"].pk)
    tasks.add_task(plan.pk, words(world, starts_on=date(2026, 12, 1), due_on=date(2026, 12, 4)), by=by)
    return Plan.objects.get(pk=plan.pk)


def approved(world: World) -> Plan:
    """The same, approved by headquarters."""
    plan = drafted(world)
    plans.submit_plan(plan.pk, revision=plan.revision, by=world.cast.actor("hanh"))
    plans.approve_plan(plan.pk, revision=plan.revision, by=world.cast.actor("kehoach"))
    return Plan.objects.get(pk=plan.pk)


# --- making ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind", "first", "end", "title"),
    [
        ("2027", PlanKind.PLAN, date(2027, 1, 1), date(2028, 1, 1), "Kế hoạch công tác năm 2027"),
        (
            "2026-H2",
            PlanKind.PROGRAMME,
            date(2026, 7, 1),
            date(2027, 1, 1),
            "Chương trình công tác 6 tháng cuối năm 2026",
        ),
        ("2026-Q4", PlanKind.PROGRAMME, date(2026, 10, 1), date(2027, 1, 1), "Chương trình công tác quý IV/2026"),
        ("2026-12", PlanKind.PLAN, date(2026, 12, 1), date(2027, 1, 1), "Kế hoạch công tác tháng 12/2026"),
        ("2026-W48", PlanKind.CALENDAR, date(2026, 11, 23), date(2026, 11, 30), "Lịch hoạt động tuần 48/2026"),
    ],
)
def test_a_plan_covers_the_days_of_its_civil_period(
    world: World, code: str, kind: PlanKind, first: date, end: date, title: str
) -> None:
    plan = plans.make_plan(kind, code, by=world.cast.actor("hanh"))

    assert (plan.starts_on, plan.ends_on, plan.title, plan.state) == (first, end, title, PlanState.DRAFT)


def test_one_plan_of_a_kind_period_and_topic(world: World) -> None:
    by = world.cast.actor("hanh")
    plans.make_plan(PlanKind.PLAN, "2026-11", by=by, topic="kiểm tra, giám sát")

    with refused("plan_there_already"):
        plans.make_plan(PlanKind.PLAN, "2026-11", by=by)


def test_a_plan_details_a_longer_or_higher_one_and_nothing_else(world: World) -> None:
    by = world.cast.actor("thanh")

    higher = plans.make_plan(PlanKind.CALENDAR, "2026-W47", by=by, details=world.plans["SH month"].pk)

    assert higher.details_id == world.plans["SH month"].pk
    with refused("details_nothing_longer_or_higher"):
        plans.make_plan(PlanKind.PROGRAMME, "2026-Q4", by=world.cast.actor("hanh"), details=world.plans["SH month"].pk)
    with refused("no_such_plan"):  # a draft of the province is nothing that a post may know
        plans.make_plan(PlanKind.CALENDAR, "2026-W48", by=by, details=world.plans["SH week"].pk)
    with refused("details_another_time"):
        plans.make_plan(PlanKind.PLAN, "2027", by=by, details=world.plans["HQ year"].pk)


def test_only_the_units_own_people_write_its_plan(world: World) -> None:
    month = world.plans["SH-1 month"]

    for username in ("hanh", "khach", "dontruong"):
        with pytest.raises(NotAuthorised):
            plans.save_texts(month.pk, PlanTexts(), revision=0, by=world.cast.actor(username))


# --- writing --------------------------------------------------------------------------------------


def test_texts_written_over_anothers_are_refused_with_both(world: World) -> None:
    month = world.plans["SH-1 month"]
    by = world.cast.actor("thanh")
    plans.save_texts(month.pk, PlanTexts(purpose=(" Một. ", "")), revision=0, by=by)

    with pytest.raises(StalePlan) as caught:
        plans.save_texts(month.pk, PlanTexts(purpose=("Hai.",)), revision=0, by=by)

    assert (caught.value.theirs.purpose, caught.value.revision) == (("Một.",), 1)
    assert caught.value.mine == PlanTexts(purpose=("Hai.",))
    assert world.plan("SH-1 month").texts["purpose"] == ["Một."]


# --- the route ------------------------------------------------------------------------------------


def test_approval_freezes_what_was_handed_in(world: World) -> None:
    plan = approved(world)

    version = plan.current_version
    assert version is not None
    assert (plan.state, version.number, version.person_name) == (PlanState.APPROVED, 1, "Đại tá Nguyễn Thị Ánh")
    assert queries.content_of_version(version) == queries.content_of(plan)
    assert not queries.pending(plan)


def test_who_handed_a_plan_in_does_not_approve_it_while_another_may(world: World) -> None:
    plan = drafted(world)
    by = world.cast.actor("hanh")
    plans.submit_plan(plan.pk, revision=plan.revision, by=by)

    with refused("own_submission"):
        plans.approve_plan(plan.pk, revision=plan.revision, by=by)


def test_who_alone_may_approve_does(world: World) -> None:
    for username in ("tulenh", "kehoach"):
        post = world.cast.posts[username]
        post.permissions = [one for one in post.permissions if one != Permission.PLANNING_APPROVE]
        post.save()
    plan = drafted(world)
    by = world.cast.actor("hanh")
    plans.submit_plan(plan.pk, revision=plan.revision, by=by)

    version = plans.approve_plan(plan.pk, revision=plan.revision, by=by)

    assert version.number == 1


def test_what_was_changed_after_it_was_looked_at_is_not_approved(world: World) -> None:
    plan = drafted(world)
    plans.submit_plan(plan.pk, revision=plan.revision, by=world.cast.actor("hanh"))

    with pytest.raises(StalePlan):
        plans.approve_plan(plan.pk, revision=plan.revision - 1, by=world.cast.actor("kehoach"))


def test_an_empty_plan_is_not_handed_in(world: World) -> None:
    by = world.cast.actor("hanh")
    plan = plans.make_plan(PlanKind.PLAN, "2026-12", by=by)

    with refused("plan_without_tasks"):
        plans.submit_plan(plan.pk, revision=0, by=by)


def test_a_returned_plan_says_why_and_is_written_again(world: World) -> None:
    plan = drafted(world)
    plans.submit_plan(plan.pk, revision=plan.revision, by=world.cast.actor("hanh"))

    with refused("move_needs_reason"):
        plans.return_plan(plan.pk, by=world.cast.actor("kehoach"), reason="  ")
    plans.return_plan(plan.pk, by=world.cast.actor("kehoach"), reason="Thiếu chỉ tiêu.")

    assert Plan.objects.get(pk=plan.pk).state == PlanState.RETURNED
    last = PlanStep.objects.filter(plan=plan).last()
    assert last is not None
    assert (last.move, last.reason) == ("return", "Thiếu chỉ tiêu.")


def test_a_move_out_of_turn_is_refused(world: World) -> None:
    with pytest.raises(WrongMove):
        plans.issue_plan(world.plans["SH-1 month"].pk, by=world.cast.actor("thanh"))


# --- amending -------------------------------------------------------------------------------------


def test_an_amendment_is_a_new_version_with_its_reason_and_shows_every_change(world: World) -> None:
    by, month = world.cast.actor("hanh", NOW + timedelta(hours=1)), world.plans["SH month"]
    plans.amend_plan(month.pk, by=by, reason="Theo công điện về mưa lũ")
    films, law = world.task("month films"), world.task("month law")
    tasks.drop_task(films.pk, edition=1, by=by)
    changed = replace(queries.words_of(law), due_on=date(2026, 11, 25), figure="900")
    tasks.change_task(law.pk, changed, edition=1, by=by)
    added = tasks.add_task(month.pk, words(world, "Giúp dân khắc phục mưa lũ"), by=by)
    plan = world.plan("SH month")
    plans.submit_plan(plan.pk, revision=plan.revision, by=by)
    plans.approve_plan(plan.pk, revision=plan.revision, by=world.cast.actor("tulenh", NOW + timedelta(hours=2)))

    changes = queries.changes_since(world.plan("SH month"), NOW)

    assert [(one.number, one.reason) for one in changes.reasons] == [(2, "Theo công điện về mưa lũ")]
    told = {one.title: one for one in changes.difference.tasks}
    assert {title: one.change for title, one in told.items()} == {
        law.title: Change.CHANGED,
        added.title: Change.ADDED,
        films.title: Change.DROPPED,
    }
    assert [(one.name, one.before, one.after) for one in told[law.title].fields] == [
        ("due_on", date(2026, 11, 30), date(2026, 11, 25)),
        ("figure", "1000", "900"),
    ]
    assert world.task("month films").state == TaskState.DROPPED


def test_an_amendment_needs_a_reason_and_a_change(world: World) -> None:
    by, month = world.cast.actor("hanh"), world.plans["SH month"]
    with refused("move_needs_reason"):
        plans.amend_plan(month.pk, by=by, reason="")
    plans.amend_plan(month.pk, by=by, reason="Xem lại")

    with refused("nothing_changed"):
        plans.submit_plan(month.pk, revision=0, by=by)


def test_a_returned_amendment_stays_an_amendment(world: World) -> None:
    by, month = world.cast.actor("hanh"), world.plans["SH month"]
    plans.amend_plan(month.pk, by=by, reason="Bổ sung")
    tasks.add_task(month.pk, words(world), by=by)
    plans.submit_plan(month.pk, revision=world.plan("SH month").revision, by=by)

    plans.return_plan(month.pk, by=world.cast.actor("kehoach"), reason="Chưa cần.")

    assert world.plan("SH month").state == PlanState.AMENDING


def test_giving_up_brings_back_what_is_in_force(world: World) -> None:
    by, quarter = world.cast.actor("hanh"), world.plans["SH quarter"]
    before = queries.content_of(quarter)
    plans.amend_plan(quarter.pk, by=by, reason="Bổ sung")
    added = tasks.add_task(quarter.pk, words(world), by=by)
    tasks.drop_task(world.tasks["quarter review"].pk, edition=1, by=by)
    law = world.task("quarter law")
    tasks.change_task(law.pk, replace(queries.words_of(law), title="Khác", coordinating=()), edition=1, by=by)
    tasks.move_task(law.pk, behind=None, by=by)
    plans.save_texts(quarter.pk, PlanTexts(), revision=world.plan("SH quarter").revision, by=by)

    plans.give_up_amendment(quarter.pk, by=by, reason="Không cần nữa")

    assert queries.content_of(world.plan("SH quarter")) == before
    assert world.plan("SH quarter").state == PlanState.ISSUED  # it had been issued before it was amended
    assert not Task.objects.filter(pk=added.pk).exists()


# --- who sees -------------------------------------------------------------------------------------


def test_a_draft_is_seen_from_above_and_an_issued_plan_by_the_units_it_names(world: World) -> None:
    def seen(username: str) -> set[str]:
        pks = set(queries.visible(world.cast.actor(username)).values_list("pk", flat=True))
        return {name for name, plan in world.plans.items() if plan.pk in pks}

    assert seen("kehoach") == set(world.plans)
    assert seen("hanh") == set(world.plans)
    assert seen("dong") == {"HQ year"}  # it leads and takes part there
    assert seen("thanh") == {"SH-1 month", "SH quarter"}  # the month of SH is approved, not issued
    assert seen("khach") == set()


def test_the_directive_must_reach_the_unit(cast: Cast, world: World) -> None:
    by = cast.actor("khach")

    with refused("directive_not_addressed"):
        plans.make_plan(PlanKind.PLAN, "2026-12", by=by, answers=world.directive.pk)


def test_an_issued_plan_stays_in_sight_while_an_amendment_waits_for_approval(world: World) -> None:
    by, quarter = world.cast.actor("hanh"), world.plans["SH quarter"]
    plans.amend_plan(quarter.pk, by=by, reason="Bổ sung")
    tasks.add_task(quarter.pk, words(world), by=by)
    plans.submit_plan(quarter.pk, revision=world.plan("SH quarter").revision, by=by)

    assert queries.may_see(world.cast.actor("thanh"), quarter)
    assert not queries.may_see(world.cast.actor("vai"), quarter)


def test_a_plan_with_more_tasks_asks_no_more_of_the_database(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    by, post = world.cast.actor("thanh"), world.plans["SH-1 month"]
    for number in range(8):
        tasks.add_task(
            post.pk,
            words(
                world, f"Việc {number}", "SH-1", clauses=(world.clauses["1a"].pk,), coordinating=(world.unit("SH-2"),)
            ),
            by=by,
        )

    with django_assert_max_num_queries(3):
        told = [
            (task.plan.title, task.lead_unit.code, list(task.clauses.all()), queries.words_of(task))
            for task in queries.tasks_of(post.pk)
        ]
    with django_assert_max_num_queries(3):
        queries.content_of(post)
    with django_assert_max_num_queries(7):
        queries.gaps(post, by.today)
    with django_assert_max_num_queries(7):  # three of them ask what the actor may reach
        list(queries.tasks_between(by, date(2026, 11, 1), date(2026, 11, 30)))

    assert len(told) == 9
