"""What is told of a task while it is carried out, and when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.models import Progress, Task
from nennep.planning.queries import evidence as evidence_queries
from nennep.planning.queries import targets
from nennep.planning.rules import progress as rules
from nennep.planning.rules.evidence import MOST, Evidence, Pointer
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import Result, TaskState
from nennep.planning.services import notices

LONGEST_TEXT = 2_000
_WHOLE = 100


@transaction.atomic
def tell_progress(task_id: int, percent: int, text: str, evidence: Sequence[Pointer] = (), *, by: Actor) -> Progress:
    """Say how far an open task has come, 0 to 100, with what shows it. The lead unit tells, or its superior.

    Raises Task.DoesNotExist, NotAuthorised, PlanningRefused (plan_not_in_force, task_not_open, percent_out_of_bounds,
    too_long, too_much_evidence, no_such_evidence).
    """
    task = _open_task(task_id, by)
    if not 0 <= percent <= _WHOLE:
        raise PlanningRefused("percent_out_of_bounds", percent=percent)
    shown = _shown(evidence, by)
    task.progress = percent
    task.save(update_fields=["progress"])
    return _tell("planning.tell-progress", task, _checked(text), shown, by=by)


@transaction.atomic
def finish_task(task_id: int, text: str = "", evidence: Sequence[Pointer] = (), *, by: Actor) -> Progress:
    """Declare a task done today. What can be said of it follows from the server's day and the figures reported: done
    on time, exceeded. Its reminders are settled.

    Raises as `tell_progress`.
    """
    task = _open_task(task_id, by)
    shown = _shown(evidence, by)
    found = targets.reached([task], by.today).get(task.pk)
    results = rules.results(by.today, task.due_on, figure=task.figure, reached=found.value if found else None)
    task.state, task.progress, task.done_on = TaskState.DONE, _WHOLE, by.today
    task.results = [str(result) for result in results]
    task.save(update_fields=["state", "progress", "done_on", "results"])
    notices.settle([f"task:{task.pk}"], by=by)
    return _tell("planning.finish-task", task, _checked(text), shown, results=results, by=by)


@transaction.atomic
def say_quality_kept(task_id: int, text: str, evidence: Sequence[Pointer], *, by: Actor) -> Progress:
    """Say of a finished task that its quality was kept: by whoever approves over its lead unit, and not by the person
    who declared it done. It names what shows it. Saying it again adds to what is told, not to the results.

    Raises Task.DoesNotExist, NotAuthorised, PlanningRefused (task_not_done, own_work, quality_needs_evidence,
    too_long, too_much_evidence, no_such_evidence).
    """
    task = _task(task_id, Permission.PLANNING_APPROVE, by)
    if task.state != TaskState.DONE:
        raise PlanningRefused("task_not_done", state=task.state)
    finished = Progress.objects.filter(task=task).exclude(results=[]).order_by("-at", "-pk").first()
    if finished is not None and finished.person_id == by.person_id and by.person_id is not None:
        raise PlanningRefused("own_work")
    if not evidence:
        raise PlanningRefused("quality_needs_evidence")
    shown = _shown(evidence, by)
    results = [Result(result) for result in task.results]
    if Result.QUALITY_KEPT not in results:
        results.append(Result.QUALITY_KEPT)
        task.results = [str(result) for result in results]
        task.save(update_fields=["results"])
    return _tell("planning.keep-quality", task, _checked(text), shown, results=results, by=by)


@transaction.atomic
def reopen_task(task_id: int, reason: str, *, by: Actor) -> Progress:
    """Go on with a finished task, at what was last told of it before it was finished.

    Raises Task.DoesNotExist, NotAuthorised, PlanningRefused (task_not_done, reopen_needs_reason, too_long).
    """
    task = _task(task_id, Permission.PLANNING_REPORT, by)
    if task.state != TaskState.DONE:
        raise PlanningRefused("task_not_done", state=task.state)
    said = _checked(reason)
    if not said:
        raise PlanningRefused("reopen_needs_reason")
    before = Progress.objects.filter(task=task, results=[]).order_by("-at", "-pk").first()
    task.state, task.done_on, task.results = TaskState.OPEN, None, []
    task.progress = before.percent if before else 0
    task.save(update_fields=["state", "done_on", "results", "progress"])
    return _tell("planning.reopen-task", task, said, [], by=by)


# --- what the acts share --------------------------------------------------------------------------


def _task(task_id: int, permission: Permission, by: Actor) -> Task:
    """A task of a plan that was approved, locked; the permission reaches its lead unit."""
    task = Task.objects.select_for_update(of=("self",)).select_related("plan").get(pk=task_id)
    organisation.require(by, permission, over=task.lead_unit_id)
    if task.plan.current_version_id is None:
        raise PlanningRefused("plan_not_in_force", state=task.plan.state)
    return task


def _open_task(task_id: int, by: Actor) -> Task:
    task = _task(task_id, Permission.PLANNING_REPORT, by)
    if task.state != TaskState.OPEN:
        raise PlanningRefused("task_not_open", state=task.state)
    return task


def _checked(text: str) -> str:
    said = text.strip()
    if len(said) > LONGEST_TEXT:
        raise PlanningRefused("too_long", part="text", longest=LONGEST_TEXT)
    return said


def _shown(pointers: Sequence[Pointer], by: Actor) -> list[Evidence]:
    """What the pointers lead to, each once, in their order."""
    asked = list(dict.fromkeys(pointers))
    if len(asked) > MOST:
        raise PlanningRefused("too_much_evidence", most=MOST)
    found = evidence_queries.found(asked, by)
    for pointer in asked:
        if pointer not in found:
            raise PlanningRefused("no_such_evidence", kind=str(pointer.kind), key=pointer.key)
    return [found[pointer] for pointer in asked]


def _tell(
    act: str,
    task: Task,
    text: str,
    shown: Sequence[Evidence],
    *,
    by: Actor,
    results: Sequence[Result] = (),
) -> Progress:
    told = Progress.objects.create(
        task=task,
        percent=task.progress,
        text=text,
        results=[str(result) for result in results],
        evidence=[one.as_json() for one in shown],
        at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )
    reason = text if act == "planning.reopen-task" else ""
    details = {"task": task.pk, "percent": task.progress, "results": told.results, "evidence": len(shown)}
    journal.record(act, told, by=by, over=task.lead_unit_id, reason=reason, details=details)
    return told
