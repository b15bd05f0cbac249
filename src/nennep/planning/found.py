"""What the index of everything knows of planning: plans with their texts, and tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from nennep.planning.models import Plan, PlanStep, Task
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
    yield from _puts(plan, plan.tasks.prefetch_related("task_units"), is_out=was_issued(plan))


def puts_of_all() -> Iterator[Put]:
    """Every plan with its tasks: what the index is built anew from."""
    issued = set(PlanStep.objects.filter(move=PlanMove.ISSUE).values_list("plan_id", flat=True))
    for plan in Plan.objects.order_by("pk").prefetch_related("tasks__task_units").iterator(_CHUNK):
        yield from _puts(plan, plan.tasks.all(), is_out=plan.pk in issued)


def _puts(plan: Plan, tasks: Iterable[Task], *, is_out: bool) -> Iterator[Put]:
    tasks = [task for task in tasks if task.state != TaskState.DROPPED]
    units = {task.pk: [row.unit_id for row in task.task_units.all()] for task in tasks}
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
