"""Where open tasks of a dissolved unit go: to another unit or to their end, by a decision and never by themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.rules import Permission
from nennep.planning.models import HandOver, Plan, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.plan_text import plan_title
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanKind, PlanState, TaskState
from nennep.planning.rules.versions import PlanTexts, TaskWords
from nennep.planning.services import writing
from nennep.reporting.rules.periods import Kind, Period

#: The move by which a plan in force takes a task in; it leaves the plan's state as it is.
TAKE_IN = "take_in"
_LONGEST_NUMBER, _LONGEST_REASON = 60, 500


@dataclass(frozen=True)
class Decision:
    """The decision by which tasks go on elsewhere or end: its number, its day and why."""

    number: str
    decided_on: date
    reason: str


@transaction.atomic
def hand_over_tasks(
    task_ids: Collection[int], decision: Decision, *, to_unit: int | None, by: Actor, to_plan: int | None = None
) -> list[HandOver]:
    """Hand open tasks to a unit by a decision, or (`to_unit` None) close them by it. All of them, or none.

    Each handed-over task goes on as a task of the receiving unit: in `to_plan`, or in the plan that it stood in when
    that plan's unit lives above the receiver, or in the receiver's plan for the same period (the one of today when that
    is over), which is begun as a draft when there is none. A plan in force takes the tasks in by a version that names
    the decision; one that is being written holds them with the rest. Old and new task name each other.

    The actor must be able to approve plans over both units. Raises NotAuthorised, PlanningRefused (no_such_task,
    decision_needs_number, decision_needs_reason, decision_in_the_future, task_not_open, unit_not_alive, plan_ended,
    another_units_plan, and what `writing.Surroundings.check` refuses).
    """
    _check_decision(decision, by.today)
    ids = sorted(set(task_ids))
    tasks = _tasks_for_update(ids)
    if not tasks or len(tasks) != len(ids):
        raise PlanningRefused("no_such_task", task=0)
    for over in {task.plan.unit_id for task in tasks} | ({to_unit} if to_unit is not None else set()):
        organisation.require(by, Permission.PLANNING_APPROVE, over=over)
    rows = [_hand_over(task, decision, to_unit, to_plan, by) for task in tasks]
    for plan_id in sorted({row.to_task.plan_id for row in rows if row.to_task is not None}):
        _settle(queries.plan_for_update(plan_id), decision, by)
    return rows


def _tasks_for_update(ids: Collection[int]) -> list[Task]:
    """These tasks in the order of their plans, which nobody else writes until this act is done."""
    for plan_id in sorted(set(Task.objects.filter(pk__in=ids).values_list("plan_id", flat=True))):
        queries.plan_for_update(plan_id)
    locked = Task.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return list(queries.told(Task.objects.filter(pk__in=[task.pk for task in locked])).order_by("plan", "order", "pk"))


def _check_decision(decision: Decision, today: date) -> None:
    if not decision.number.strip() or len(decision.number) > _LONGEST_NUMBER:
        raise PlanningRefused("decision_needs_number")
    if not decision.reason.strip() or len(decision.reason) > _LONGEST_REASON:
        raise PlanningRefused("decision_needs_reason")
    if decision.decided_on > today:
        raise PlanningRefused("decision_in_the_future", today=today)


def _hand_over(task: Task, decision: Decision, to_unit: int | None, to_plan: int | None, by: Actor) -> HandOver:
    if task.state != TaskState.OPEN:
        raise PlanningRefused("task_not_open", state=task.state)
    received = None if to_unit is None else _receive(task, to_unit, to_plan, by)
    task.state = TaskState.HANDED_OVER if received else TaskState.CANCELLED
    task.edition += 1
    task.save(update_fields=["state", "edition"])
    is_dissolved = task.plan.unit.ends_on is not None and task.plan.unit.ends_on <= by.today
    row = HandOver.objects.create(
        task=task,
        to_task=received,
        from_unit_id=task.plan.unit_id if is_dissolved else task.lead_unit_id,
        to_unit_id=to_unit,
        decision_number=decision.number.strip(),
        decision_on=decision.decided_on,
        reason=decision.reason.strip(),
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
    details = {"to": to_unit, "task": received.pk if received else None, "decision": row.decision_number}
    act = "planning.hand-over" if received else "planning.close-by-decision"
    journal.record(act, task, by=by, over=task.plan.unit_id, reason=row.reason, details=details)
    return row


def _receive(task: Task, to_unit: int, to_plan: int | None, by: Actor) -> Task:
    """The task that goes on at the receiving unit, with what was said of its progress so far."""
    unit = Unit.objects.get(pk=to_unit)
    if unit.starts_on > by.today or (unit.ends_on is not None and unit.ends_on <= by.today):
        raise PlanningRefused("unit_not_alive", unit=to_unit, starts_on=unit.starts_on, ends_on=unit.ends_on)
    plan = queries.plan_for_update(_receiving_plan(task, unit, to_plan, by).pk)
    if plan.state == PlanState.ENDED:
        raise PlanningRefused("plan_ended", title=plan.title)
    words, figure = writing.Surroundings(plan, by).check(_words(task, plan, unit, by), task)
    return writing.new_task(plan, words, figure, progress=task.progress)


def _receiving_plan(task: Task, unit: Unit, to_plan: int | None, by: Actor) -> Plan:
    tree = organisation.today_tree(by)
    if to_plan is not None:
        named = Plan.objects.get(pk=to_plan)
        if unit.pk not in tree.subtree(named.unit_id):
            raise PlanningRefused("another_units_plan", title=named.title)
        organisation.require(by, Permission.PLANNING_APPROVE, over=named.unit_id)
        return named
    if task.plan.unit_id in tree.parents and unit.pk in tree.subtree(task.plan.unit_id):
        return task.plan
    period = queries.period_of(task.plan)
    if period.ends_on <= by.today:
        period = queries.calendar().containing(Kind(task.plan.period_kind), by.today)
    return _plan_of(unit, task.plan, period, by)


def _plan_of(unit: Unit, like: Plan, period: Period, by: Actor) -> Plan:
    """The unit's plan of the same kind and topic for a period; begun as a draft when there is none."""
    plan, is_new = Plan.objects.get_or_create(
        unit=unit,
        kind=like.kind,
        period_code=period.code,
        topic=like.topic,
        defaults={
            "period_kind": period.kind,
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
            "title": plan_title(PlanKind(like.kind), period, like.topic),
            "texts": PlanTexts().as_json(),
        },
    )
    if is_new:
        details = {"period": period.code, "kind": str(like.kind)}
        journal.record("planning.make", plan, by=by, over=unit.pk, details=details)
    return plan


def _words(task: Task, plan: Plan, unit: Unit, by: Actor) -> TaskWords:
    """What the receiving unit is to do: the same, on the days that its plan and its own life leave.

    A lead that lives under the receiver goes on leading; any other gives way to the receiver itself.
    """
    words = queries.words_of(task)
    tree = organisation.today_tree(by)
    first, last = max(plan.starts_on, unit.starts_on), queries.last_day(plan)
    starts_on, due_on = max(words.starts_on, first), min(words.due_on, last)
    if due_on < starts_on:
        starts_on, due_on = first, last
    leads_on = task.lead_unit_id in tree.subtree(unit.pk)
    beside = {one for above in tree.superiors(plan.unit_id) for one in (above, *tree.subtree(above))}
    near = beside | tree.subtree(plan.unit_id)
    return replace(
        words,
        starts_on=starts_on,
        due_on=due_on,
        lead_unit=task.lead_unit_id if leads_on else unit.pk,
        lead_post=words.lead_post if leads_on else "",
        lead_person=None,
        coordinating=tuple(one for one in words.coordinating if one in near),
    )


def _settle(plan: Plan, decision: Decision, by: Actor) -> None:
    """Let the plan's revision grow; one in force gets a version that names the decision."""
    writing.touch(plan)
    if plan.state in {PlanState.APPROVED, PlanState.ISSUED}:
        reason = f"{decision.number.strip()}: {decision.reason.strip()}"[:_LONGEST_REASON]
        writing.step(plan, TAKE_IN, PlanState(plan.state), by=by, reason=reason)
        writing.freeze(plan, by=by, reason=reason)
