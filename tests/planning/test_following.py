"""One plan made out of another, what nobody carries on, and what is carried over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from nennep.organisation.models import Unit
from nennep.planning.models import Plan, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.states import PlanKind, TaskState
from nennep.planning.services import following, plans, tasks
from tests.planning.conftest import World
from tests.planning.test_plans import refused, words


def test_next_months_plan_comes_from_the_quarters(world: World) -> None:
    made = following.make_shorter(world.plans["SH quarter"].pk, "2026-12", by=world.cast.actor("hanh"))

    told = {task.title: (task.starts_on, task.due_on, task.details_id) for task in queries.tasks_of(made.plan.pk)}
    quarter = {name: world.tasks[f"quarter {name}"] for name in ("study", "law", "review")}
    assert told == {
        quarter["study"].title: (date(2026, 12, 1), date(2026, 12, 15), quarter["study"].pk),
        quarter["law"].title: (date(2026, 12, 1), date(2026, 12, 20), quarter["law"].pk),
        quarter["review"].title: (date(2026, 12, 1), date(2026, 12, 20), quarter["review"].pk),
    }
    law = queries.words_of(queries.tasks_of(made.plan.pk).get(details=quarter["law"].pk))
    assert (law.emphasis, law.clauses, law.figure) == (True, (world.clauses["1b"].pk,), "")  # nobody guesses its share
    assert (made.plan.details_id, made.plan.answers_id) == (world.plans["SH quarter"].pk, world.directive.pk)


def test_making_it_again_adds_only_what_is_missing(world: World) -> None:
    by = world.cast.actor("hanh")
    made = following.make_shorter(world.plans["SH quarter"].pk, "2026-12", by=by)
    tasks.drop_task(made.tasks[0].pk, edition=1, by=by)

    again = following.make_shorter(world.plans["SH quarter"].pk, "2026-12", by=by)

    assert again.plan == made.plan
    assert [task.title for task in again.tasks] == [made.tasks[0].title]


def test_a_shorter_plan_is_not_made_from_one_no_longer(world: World) -> None:
    with refused("details_nothing_longer_or_higher"):
        following.make_shorter(world.plans["SH month"].pk, "2026-Q4", by=world.cast.actor("hanh"))


def test_a_lead_that_lives_no_longer_is_named_and_not_replaced(world: World) -> None:
    Task.objects.filter(pk=world.tasks["quarter review"].pk).update(lead_unit=world.unit("SH-3"))
    Unit.objects.filter(pk=world.unit("SH-3")).update(ends_on=date(2026, 12, 10))

    made = following.make_shorter(world.plans["SH quarter"].pk, "2026-12", by=world.cast.actor("hanh"))

    assert {(left.task.pk, left.why) for left in made.not_taken} == {
        (world.tasks["quarter review"].pk, "unit_not_alive"),  # it leads there
        (world.tasks["quarter law"].pk, "unit_not_alive"),  # it takes part there
    }
    assert [task.title for task in made.tasks] == [world.tasks["quarter study"].title]


# --- next year ------------------------------------------------------------------------------------


def test_next_years_plan_takes_what_is_unfinished_with_its_target(world: World) -> None:
    Task.objects.filter(pk=world.tasks["year study"].pk).update(state=TaskState.DONE)
    by = world.cast.actor("kehoach")

    made = following.make_next(world.plans["HQ year"].pk, by=by)
    again = following.make_next(world.plans["HQ year"].pk, by=by)

    assert (made.plan.period_code, made.plan.starts_on) == ("2027", date(2027, 1, 1))
    carried = {task.carried_from_id: task for task in queries.tasks_of(made.plan.pk)}
    assert set(carried) == {world.tasks["year law"].pk, world.tasks["year cells"].pk}
    law = carried[world.tasks["year law"].pk]
    assert (law.figure, law.starts_on, law.due_on) == (Decimal(3000), date(2027, 1, 1), date(2027, 12, 31))
    assert again.tasks == ()


# --- gaps -----------------------------------------------------------------------------------------


def titles(found: list[Task]) -> list[str]:
    return [task.title for task in found]


def test_what_nobody_carries_on_shows(world: World) -> None:
    today = world.cast.actor("hanh").today
    month, post, quarter = (world.plan(name) for name in ("SH month", "SH-1 month", "SH quarter"))

    assert not queries.gaps(month, today)
    assert not queries.gaps(post, today)
    assert titles(queries.gaps(quarter, today).of_higher) == [world.tasks["year cells"].title]


def test_a_task_of_the_longer_plan_that_lies_in_the_shorter_one_is_a_gap_until_it_is_detailed(world: World) -> None:
    by, week = world.cast.actor("hanh"), world.plan("SH week")
    gaps = queries.gaps(week, by.today)
    assert titles(gaps.of_longer) == [world.tasks["month law"].title, world.tasks["month films"].title]

    following.take_tasks(week.pk, [task.pk for task in gaps.of_longer], by=by)

    assert not queries.gaps(week, by.today)
    law = queries.tasks_of(week.pk).get(details=world.tasks["month law"].pk)
    assert (law.starts_on, law.due_on) == (date(2026, 11, 16), date(2026, 11, 22))


def test_a_post_takes_its_part_of_the_provinces_task_and_leads_it(world: World) -> None:
    by = world.cast.actor("hu")
    plan = plans.make_plan(PlanKind.PLAN, "2026-11", by=by, details=world.plans["SH month"].pk)
    plans.issue_plan(world.plans["SH month"].pk, by=world.cast.actor("hanh"))
    gaps = queries.gaps(plan, by.today)

    made = following.take_tasks(plan.pk, [task.pk for task in gaps.of_higher], by=by)

    assert titles(gaps.of_higher) == [world.tasks["month law"].title, world.tasks["month films"].title]
    assert [(task.lead_unit_id, task.details_id) for task in made.tasks] == [
        (world.unit("SH-3"), world.tasks["month law"].pk),
        (world.unit("SH-3"), world.tasks["month films"].pk),
    ]


def test_what_may_not_be_seen_is_not_taken(world: World) -> None:
    by = world.cast.actor("vai")
    plan = plans.make_plan(PlanKind.PLAN, "2026-11", by=by)

    made = following.take_tasks(plan.pk, [world.tasks["month law"].pk], by=by)

    assert made.tasks == ()
    assert Plan.objects.get(pk=plan.pk).tasks.count() == 0


def test_a_plan_in_force_takes_nothing_before_it_is_amended(world: World) -> None:
    with refused("plan_not_open"):
        following.take_tasks(world.plans["SH month"].pk, [world.tasks["quarter law"].pk], by=world.cast.actor("hanh"))


def test_the_line_of_a_plan_leads_from_the_year_to_it(world: World) -> None:
    line = [plan.pk for plan in queries.line_of(world.plan("SH week"))]

    assert line == [world.plans[name].pk for name in ("HQ year", "SH quarter", "SH month", "SH week")]


def test_the_calendar_shows_what_a_unit_leads_or_takes_part_in(world: World) -> None:
    by = world.cast.actor("hanh")
    tasks.add_task(world.plans["SH week"].pk, words(world, "Trực"), by=by)

    found = queries.tasks_between(by, date(2026, 11, 19), date(2026, 11, 19), units=[world.unit("SH-3")])

    assert {task.pk for task in found} == {world.tasks[name].pk for name in ("month films", "month law", "quarter law")}
