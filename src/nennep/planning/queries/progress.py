"""How far tasks, headings and plans have come; what was told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from nennep.planning.models import Progress, Task
from nennep.planning.queries import targets
from nennep.planning.queries.standing import LIVE, PASSES_ON, places, rows
from nennep.planning.queries.targets import Reached
from nennep.planning.rules import progress as rules
from nennep.planning.rules.progress import Node, Rolled
from nennep.planning.rules.states import TaskState

#: The rule by which everything here is rolled up, as the page says it.
RULE_TEXT = gettext_noop(
    "A task with tasks below it stands at the mean of theirs, each counting the same. "
    "A task with a target stands at what was reported divided by the figure to reach, 100% at most. "
    "Any other task stands at what was last told of it. A heading, and the plan, stand at the mean of their tasks. "
    "Tasks that were struck out, called off or handed over are left out."
)


@dataclass(frozen=True)
class RolledUp:
    """How far the tasks of some plans have come, with all that details them.

    `tasks` and `reached` are by task (those below too); `headings` by plan and heading; `plans` by plan. A heading or
    plan without a task that counts is absent.
    """

    tasks: Mapping[int, Rolled]
    reached: Mapping[int, Reached]
    headings: Mapping[tuple[int, str], int]
    plans: Mapping[int, int]


def rolled_up(plan_ids: Collection[int], day: date, *, drafts_of: Collection[int] = ()) -> RolledUp:
    """Roll up everything in these plans by RULE_TEXT. The same few queries whatever the plans, tasks and levels.

    Tasks of lower plans count once those were approved, those of these plans always; `drafts_of` are units whose
    drafts count as well.
    """
    found = _load(_below("task.plan_id", plan_ids, drafts_of))
    reached = targets.reached((task for task in found if task.state in LIVE), day)
    rolled = rules.roll_up(_nodes(found, reached))
    return RolledUp(rolled, reached, *_means(found, rolled, set(plan_ids)))


def rolled_up_tasks(task_ids: Collection[int], day: date, *, drafts_of: Collection[int] = ()) -> RolledUp:
    """The same for single tasks and all that details them; no heading and no plan is rolled up."""
    found = _load(_below("task.id", task_ids, drafts_of))
    reached = targets.reached((task for task in found if task.state in LIVE), day)
    return RolledUp(rules.roll_up(_nodes(found, reached)), reached, {}, {})


def _load(ids: Collection[int]) -> list[Task]:
    tasks = Task.objects.filter(pk__in=ids).select_related("plan")
    return list(
        tasks.only(
            "plan__period_kind",
            "plan__period_code",
            "plan__ends_on",
            "details_id",
            "lead_unit_id",
            "heading",
            "state",
            "progress",
            "indicator",
            "figure",
        )
    )


def _below(column: str, keys: Collection[int], drafts_of: Collection[int]) -> list[int]:
    """The tasks that this column finds, and those that detail them, step by step. One query."""
    asked, drafts = list(keys), list(drafts_of)
    if not asked:
        return []
    found = rows(
        f"""
        WITH RECURSIVE down (task_id) AS (
            SELECT task.id FROM planning_task task WHERE {column} IN ({places(asked)})
            UNION
            SELECT below.id
            FROM down
            JOIN planning_task below ON below.details_id = down.task_id
            JOIN planning_plan plan ON plan.id = below.plan_id
            WHERE below.state IN ({places(PASSES_ON)})
              AND (plan.current_version_id IS NOT NULL OR plan.unit_id IN ({places(drafts)}))
        )
        SELECT task_id FROM down
        """,
        [*asked, *PASSES_ON, *drafts],
    )
    return [task_id for (task_id,) in found]


def _nodes(tasks: Iterable[Task], reached: Mapping[int, Reached]) -> list[Node]:
    values = targets.values(reached)
    return [
        Node(task.pk, task.details_id, TaskState(task.state), task.progress, task.figure, values.get(task.pk))
        for task in tasks
    ]


def _means(
    tasks: Iterable[Task], rolled: Mapping[int, Rolled], plan_ids: Collection[int]
) -> tuple[dict[tuple[int, str], int], dict[int, int]]:
    """A heading stands at the mean of its top tasks: those that detail no other task of the same plan."""
    own = [task for task in tasks if task.plan_id in plan_ids and task.state in LIVE]
    plan_of = {task.pk: task.plan_id for task in own}
    headings: dict[tuple[int, str], list[Fraction]] = {}
    plans: dict[int, list[Fraction]] = {}
    for task in own:
        if task.details_id is not None and plan_of.get(task.details_id) == task.plan_id:
            continue
        value = rolled[task.pk].value
        headings.setdefault((task.plan_id, task.heading), []).append(value)
        plans.setdefault(task.plan_id, []).append(value)
    return (
        {key: rules.rounded(rules.mean(values) or Fraction(0)) for key, values in headings.items()},
        {key: rules.rounded(rules.mean(values) or Fraction(0)) for key, values in plans.items()},
    )


def told(task_id: int) -> QuerySet[Progress]:
    """What was said of a task's progress, with its evidence, newest first."""
    return Progress.objects.filter(task_id=task_id).order_by("-at", "-pk")
