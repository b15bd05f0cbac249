"""The acts that make one plan out of another: the month's from the quarter's, next year's from this year's."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Task
from nennep.planning.queries import plans as queries
from nennep.planning.queries.standing import going_on_as
from nennep.planning.rules.calendar import LENGTH
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanKind, TaskState
from nennep.planning.rules.versions import TaskWords
from nennep.planning.services import writing
from nennep.planning.services.plans import make_plan
from nennep.reporting.rules.periods import Kind


@dataclass(frozen=True)
class NotTaken:
    """A task that was not taken along, and the rule (a code of PlanningRefused) that stood in the way."""

    task: Task
    why: str


@dataclass(frozen=True)
class Made:
    """A plan with the tasks that it took from another, and those it could not take."""

    plan: Plan
    tasks: tuple[Task, ...]
    not_taken: tuple[NotTaken, ...] = ()


@transaction.atomic
def make_shorter(
    longer_id: int, period_code: str, *, by: Actor, kind: PlanKind = PlanKind.PLAN, title: str = ""
) -> Made:
    """Make a shorter plan out of a longer one of the actor's unit: next month's from the quarter's.

    Each open task whose days meet the period comes as a draft that details it, cut to the period; its figure stays
    with the longer task, since nobody can say how much of it falls here. If the unit has begun this plan already, only
    what is missing is added.

    Raises NotAuthorised, NoSuchPeriod, PlanningRefused (details_nothing_longer_or_higher, details_another_time,
    plan_not_open).
    """
    longer = queries.plan(longer_id)
    writing.require_own(by, Permission.PLANNING_WRITE, longer.unit_id)
    plan = _plan_for(longer, period_code, kind, title=title, by=by)
    return _take(plan, queries.tasks_of(longer.pk).filter(state=TaskState.OPEN), by=by)


def _plan_for(longer: Plan, period_code: str, kind: PlanKind, *, title: str, by: Actor) -> Plan:
    period = queries.calendar().parse(period_code)
    there = Plan.objects.filter(unit=longer.unit_id, kind=kind, period_code=period.code, topic=longer.topic).first()
    if there is None:
        there = make_plan(
            kind,
            period.code,
            by=by,
            unit_id=longer.unit_id,
            topic=longer.topic,
            title=title,
            details=longer.pk,
            answers=longer.answers_id if _binds_still(longer) else None,
        )
    if LENGTH[Kind(longer.period_kind)] <= LENGTH[Kind(there.period_kind)]:
        raise PlanningRefused("details_nothing_longer_or_higher", title=longer.title)
    plan = queries.plan_for_update(there.pk)
    writing.require_open(plan)
    return plan


def _binds_still(plan: Plan) -> bool:
    return plan.answers is not None and plan.answers.ends_on is None


@transaction.atomic
def take_tasks(plan_id: int, task_ids: Collection[int], *, by: Actor) -> Made:
    """Write into a plan a task that details each of these, of a longer or a higher plan: what closes the gaps.

    Where the higher task is led outside the unit, the unit leads its own part. Raises NotAuthorised, PlanningRefused.
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    writing.require_open(plan)
    wished = Task.objects.filter(pk__in=task_ids, plan__in=queries.visible(by).values("pk"))
    tasks = queries.told(wished).order_by("plan__starts_on", "plan", "order", "pk")
    return _take(plan, tasks, by=by)


def _take(plan: Plan, sources: Iterable[Task], *, by: Actor) -> Made:
    """Write drafts that detail the sources, but for those detailed in the plan already (also under what they were
    before they were handed over) and those of other days.
    """
    detailed = set(queries.tasks_of(plan.pk).filter(details__isnull=False).values_list("details_id", flat=True))
    detailed |= set(going_on_as(detailed).values())
    around = writing.Surroundings(plan, by)
    under = organisation.tree_on(by.today).subtree(plan.unit_id)
    last = queries.last_day(plan)
    made, left = [], []
    for source in sources:
        if source.pk in detailed or source.due_on < plan.starts_on or source.starts_on > last:
            continue
        words = _part_of(source, plan.starts_on, last)
        if source.lead_unit_id not in under:
            words = replace(words, lead_unit=plan.unit_id, lead_post="", lead_person=None, coordinating=())
        try:
            tidy, figure = around.check(words)
        except PlanningRefused as refused:
            left.append(NotTaken(source, refused.why))
        else:
            made.append(writing.new_task(plan, tidy, figure))
    if made:
        writing.touch(plan)
    details = {"tasks": len(made), "left": len(left)}
    journal.record("planning.take", plan, by=by, over=plan.unit_id, details=details)
    return Made(plan, tuple(made), tuple(left))


def _part_of(source: Task, first: date, last: date) -> TaskWords:
    """The part of a task that falls on these days. Its target stays where it was set."""
    return replace(
        queries.words_of(source),
        starts_on=max(source.starts_on, first),
        due_on=min(source.due_on, last),
        details=source.pk,
        indicator="",
        figure="",
        target_words="",
    )


@transaction.atomic
def make_next(plan_id: int, *, by: Actor, title: str = "") -> Made:
    """Make the plan of the next period out of this one's: next year's from this year's, with what is unfinished.

    Each open task comes as a draft that is carried from it, over the whole of the new period, with the target that it
    had. The old task stays as it is. What the unit's next plan has already taken over is not taken twice.

    Raises NotAuthorised, PlanningRefused (plan_not_open).
    """
    old = queries.plan(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, old.unit_id)
    period = queries.calendar().after(queries.period_of(old))
    there = Plan.objects.filter(unit=old.unit_id, kind=old.kind, period_code=period.code, topic=old.topic).first()
    if there is None:
        there = make_plan(PlanKind(old.kind), period.code, by=by, unit_id=old.unit_id, topic=old.topic, title=title)
    plan = queries.plan_for_update(there.pk)
    writing.require_open(plan)
    return _carry(old, plan, by=by)


def _carry(old: Plan, plan: Plan, *, by: Actor) -> Made:
    carried = set(Task.objects.filter(plan=plan).values_list("carried_from_id", flat=True))
    around = writing.Surroundings(plan, by)
    made, left = [], []
    for source in queries.tasks_of(old.pk).filter(state=TaskState.OPEN, recurrence__isnull=True):
        if source.pk in carried:
            continue
        words = replace(queries.words_of(source), starts_on=plan.starts_on, due_on=queries.last_day(plan), details=None)
        try:
            tidy, figure = around.check(words, source)
        except PlanningRefused as refused:
            left.append(NotTaken(source, refused.why))
        else:
            made.append(writing.new_task(plan, tidy, figure, carried_from=source))
    if made:
        writing.touch(plan)
    details = {"from": old.pk, "tasks": len(made), "left": len(left)}
    journal.record("planning.carry", plan, by=by, over=plan.unit_id, details=details)
    return Made(plan, tuple(made), tuple(left))
