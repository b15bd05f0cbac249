"""The acts on the tasks of a plan: add, change, move, strike out, put back, reschedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.refusals import PlanningRefused, StaleTask
from nennep.planning.rules.states import OPEN_STATES, PlanKind, PlanState, TaskState
from nennep.planning.rules.versions import TaskWords
from nennep.planning.services import writing

#: The move by which a calendar in force is rescheduled; it leaves the calendar's state as it is.
RESCHEDULE = "reschedule"
_LONGEST_REASON = 500


@transaction.atomic
def add_task(plan_id: int, words: TaskWords, *, by: Actor) -> Task:
    """Put a task behind the others of a plan that may be written in.

    Raises NotAuthorised, Ambiguous, DetailsItself, and PlanningRefused: plan_not_open, and whatever
    `writing.Surroundings.check` refuses of words, days, units, clauses, details and target.
    """
    plan = _open_plan(plan_id, by)
    tidy, figure = writing.Surroundings(plan, by).check(words)
    task = writing.new_task(plan, tidy, figure)
    writing.touch(plan)
    _record("planning.add-task", task, plan, by=by)
    return task


@transaction.atomic
def change_task(task_id: int, words: TaskWords, *, edition: int, by: Actor) -> Task:
    """Write a task anew. `edition` is the one the writer began from.

    Raises as `add_task`, StaleTask when somebody wrote in between, and PlanningRefused for a task that is no longer
    open.
    """
    plan = _open_plan(_plan_of(task_id), by)
    task = _open_task(task_id)
    if task.edition != edition:
        raise StaleTask(queries.words_of(task), words, task.edition)
    tidy, figure = writing.Surroundings(plan, by).check(words, task)
    task.edition += 1
    writing.write(task, tidy, figure)
    writing.touch(plan)
    _record("planning.change-task", task, plan, by=by)
    return task


@transaction.atomic
def move_task(task_id: int, *, behind: int | None, by: Actor) -> None:
    """Put a task right behind another of the same plan, or first (`behind` None). Raises NotAuthorised,
    PlanningRefused.
    """
    plan = _open_plan(_plan_of(task_id), by)
    tasks = {task.pk: task for task in Task.objects.filter(plan=plan).order_by("order", "pk")}
    if behind is not None and (behind not in tasks or behind == task_id):
        raise PlanningRefused("no_such_task", task=behind)
    order = [pk for pk in tasks if pk != task_id]
    order.insert(0 if behind is None else order.index(behind) + 1, task_id)
    changed = []
    for place, pk in enumerate(order, start=1):
        if tasks[pk].order != place:
            tasks[pk].order = place
            changed.append(tasks[pk])
    Task.objects.bulk_update(changed, ["order"])
    writing.touch(plan)
    _record("planning.move-task", tasks[task_id], plan, by=by)


@transaction.atomic
def drop_task(task_id: int, *, edition: int, by: Actor) -> None:
    """Strike a task out. What an approved version holds stays as a dropped task, and shows in what changed.

    Raises NotAuthorised, StaleTask, PlanningRefused.
    """
    plan = _open_plan(_plan_of(task_id), by)
    task = _open_task(task_id)
    if task.edition != edition:
        raise StaleTask(queries.words_of(task), None, task.edition)
    _record("planning.drop-task", task, plan, by=by)
    writing.strike(task)
    writing.touch(plan)


@transaction.atomic
def put_task_back(task_id: int, *, by: Actor) -> Task:
    """Take a struck-out task into its plan again, as it was, when it still can stand there.

    Raises NotAuthorised, PlanningRefused.
    """
    plan = _open_plan(_plan_of(task_id), by)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    if task.state != TaskState.DROPPED:
        raise PlanningRefused("task_not_dropped")
    writing.Surroundings(plan, by).check(queries.words_of(task), task)
    task.state = TaskState.OPEN
    task.edition += 1
    task.save(update_fields=["state", "edition"])
    writing.touch(plan)
    _record("planning.put-back-task", task, plan, by=by)
    return task


@transaction.atomic
def reschedule(task_id: int, starts_on: date, due_on: date, *, edition: int, by: Actor, reason: str = "") -> Task:
    """Give a task other days: what dragging it does. `due_on` is its last day.

    In a plan that may be written in this is a change as any other. A calendar in force may be rescheduled by its unit
    within its own period: that is a version of its own, which says why. Any other plan in force is amended first.

    Raises NotAuthorised, StaleTask, PlanningRefused (amend_first, reschedule_needs_reason, outside_the_period,
    ends_before_it_begins, task_not_open, and the others of `add_task`).
    """
    plan = queries.plan_for_update(_plan_of(task_id))
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    task = _open_task(task_id)
    words = replace(queries.words_of(task), starts_on=starts_on, due_on=due_on)
    if task.edition != edition:
        raise StaleTask(queries.words_of(task), words, task.edition)
    reason = reason.strip()[:_LONGEST_REASON]
    state = PlanState(plan.state)
    if state not in OPEN_STATES:
        _require_calendar_in_force(plan, reason)
    tidy, figure = writing.Surroundings(plan, by).check(words, task)
    task.edition += 1
    writing.write(task, tidy, figure)
    writing.touch(plan)
    if state not in OPEN_STATES:
        writing.step(plan, RESCHEDULE, state, by=by, reason=reason)
        writing.freeze(plan, by=by, reason=reason)
    _record("planning.reschedule", task, plan, by=by, reason=reason)
    return task


def _require_calendar_in_force(plan: Plan, reason: str) -> None:
    if plan.state not in {PlanState.APPROVED, PlanState.ISSUED}:
        raise PlanningRefused("plan_not_open", state=plan.state)
    if plan.kind != PlanKind.CALENDAR:
        raise PlanningRefused("amend_first")
    if not reason:
        raise PlanningRefused("reschedule_needs_reason")


def _plan_of(task_id: int) -> int:
    """The plan of a task. Raises Task.DoesNotExist."""
    return Task.objects.values_list("plan_id", flat=True).get(pk=task_id)


def _open_plan(plan_id: int, by: Actor) -> Plan:
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    writing.require_open(plan)
    return plan


def _open_task(task_id: int) -> Task:
    """A task that is still open, to be written; its plan is locked already."""
    task = Task.objects.select_for_update(of=("self",)).select_related("plan").get(pk=task_id)
    if task.state != TaskState.OPEN:
        raise PlanningRefused("task_not_open", state=task.state)
    return task


def _record(act: str, task: Task, plan: Plan, *, by: Actor, reason: str = "") -> None:
    details = {"plan": plan.pk, "key": task.key, "edition": task.edition}
    journal.record(act, task, by=by, over=plan.unit_id, reason=reason, details=details)
