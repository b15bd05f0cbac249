"""What the index of everything knows of planning: plans with their texts, and tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db.models import QuerySet

from nennep.planning.models import Plan, PlanStep, Task, TaskUnit
from nennep.planning.rules.states import PlanMove, TaskState
from nennep.planning.rules.versions import PlanTexts
from nennep.search.rules import Kind, Put

_CHUNK = 500


def task_put(task: Task, plan: Plan, coordinating: Collection[int], *, is_out: bool) -> Put:
    """A task as the index shows it. Of a plan that is out it is found by the units that it names, too."""
    words = (task.heading, task.place, task.lead_post, task.target_words, task.measures_taken)
    return Put(
        Kind.TASK,
        task.pk,
        plan.unit_id,
        task.title,
        "\n".join(part for part in words if part),
        task.starts_on,
        audience=(task.lead_unit_id, *coordinating) if is_out else (),
        within_unit=plan.current_version_id is None,
    )


def puts_of(plan: Plan) -> Iterator[Put]:
    """A plan and its tasks, without those struck out. Three queries."""
    taking_part = _taking_part(TaskUnit.objects.filter(task__plan=plan))
    yield from _puts(plan, plan.tasks.all(), taking_part, is_out=was_issued(plan))


def puts_of_all() -> Iterator[Put]:
    """Every plan with its tasks: what the index is built anew from."""
    issued = set(PlanStep.objects.filter(move=PlanMove.ISSUE).values_list("plan_id", flat=True))
    taking_part = _taking_part(TaskUnit.objects.all())
    for plan in Plan.objects.order_by("pk").prefetch_related("tasks").iterator(_CHUNK):
        yield from _puts(plan, plan.tasks.all(), taking_part, is_out=plan.pk in issued)


def _taking_part(rows: QuerySet[TaskUnit]) -> Mapping[int, Sequence[int]]:
    """The units that take part in each task led by another."""
    found: dict[int, list[int]] = {}
    for task_id, unit_id in rows.values_list("task_id", "unit_id"):
        found.setdefault(task_id, []).append(unit_id)
    return found


def _puts(
    plan: Plan, tasks: Iterable[Task], taking_part: Mapping[int, Sequence[int]], *, is_out: bool
) -> Iterator[Put]:
    tasks = [task for task in tasks if task.state != TaskState.DROPPED]
    units = {task.pk: taking_part.get(task.pk, ()) for task in tasks}
    named = {unit for task in tasks for unit in (task.lead_unit_id, *units[task.pk])}
    lines = [line for part in PlanTexts.from_json(plan.texts).as_json().values() for line in part]
    yield Put(
        Kind.PLAN,
        plan.pk,
        plan.unit_id,
        plan.title,
        "\n".join(lines),
        plan.starts_on,
        audience=tuple(sorted(named)) if is_out else (),
        within_unit=plan.current_version_id is None,
    )
    for task in tasks:
        yield task_put(task, plan, units[task.pk], is_out=is_out)


def was_issued(plan: Plan) -> bool:
    """Whether the plan was ever sent out: the units that it names may see it from then on."""
    return plan.steps.filter(move=PlanMove.ISSUE).exists()
