"""How far tasks, headings and plans have come; what was told of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from nennep.planning.models import Progress, Task
from nennep.planning.queries import targets
from nennep.planning.queries.standing import LIVE, PASSES_ON, going_on_as, places, rows
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
    nodes, reached = _with_all_below("task.plan_id", plan_ids, day, drafts_of)
    rolled = rules.roll_up(nodes)
    return RolledUp(rolled, reached, *_means(plan_ids, rolled, {node.id: node.details for node in nodes}))


def rolled_up_tasks(task_ids: Collection[int], day: date, *, drafts_of: Collection[int] = ()) -> RolledUp:
    """The same for single tasks and all that details them; no heading and no plan is rolled up."""
    nodes, reached = _with_all_below("task.id", task_ids, day, drafts_of)
    return RolledUp(rules.roll_up(nodes), reached, {}, {})


def _with_all_below(
    column: str, keys: Collection[int], day: date, drafts_of: Collection[int]
) -> tuple[list[Node], dict[int, Reached]]:
    """The tasks that this column finds, and those that detail them, step by step; what was reported of their targets.

    What detailed a task that was handed over counts under the task that it became, where that is among them; the words
    below still name the old one. One query for the tasks, one for those with a target, two where any was handed over,
    and what the engine asks.
    """
    asked, drafts = list(keys), list(drafts_of)
    if not asked:
        return [], {}
    found = rows(
        f"""
        WITH RECURSIVE asked (task_id) AS (
            SELECT task.id FROM planning_task task WHERE {column} IN ({places(asked)})
            UNION
            SELECT handed.task_id FROM asked JOIN planning_handover handed ON handed.to_task_id = asked.task_id
        ), down (task_id) AS (
            SELECT task_id FROM asked
            UNION
            SELECT below.id
            FROM down
            JOIN planning_task below ON below.details_id = down.task_id
            JOIN planning_plan plan ON plan.id = below.plan_id
            WHERE below.state IN ({places(PASSES_ON)})
              AND (plan.current_version_id IS NOT NULL OR plan.unit_id IN ({places(drafts)}))
        )
        SELECT task.id, task.details_id, task.state, task.progress, task.indicator <> ''
        FROM down
        JOIN planning_task task ON task.id = down.task_id
        """,
        [*asked, *PASSES_ON, *drafts],
    )
    aimed = [row[0] for row in found if row[4] and row[2] in LIVE]
    tasks = Task.objects.filter(pk__in=aimed).select_related("plan").defer("measures_taken", "plan__texts")
    reached = targets.reached(tasks, day)
    ids = {row[0] for row in found}
    became = going_on_as([row[0] for row in found if row[2] == TaskState.HANDED_OVER])
    went_on = {task: heir for task, heir in became.items() if heir in ids}
    return [
        _node(task, went_on.get(details, details), state, told, reached.get(task))
        for task, details, state, told, _is_aimed in found
    ], reached


def _node(task: int, details: int | None, state: str, told: int, reached: Reached | None) -> Node:
    if reached is None:
        return Node(task, details, _STATES[state], told)
    return Node(task, details, _STATES[state], told, reached.figure, reached.value)


_STATES = {state.value: state for state in TaskState}


def _means(
    plan_ids: Collection[int], rolled: Mapping[int, Rolled], details: Mapping[int, int | None]
) -> tuple[dict[tuple[int, str], int], dict[int, int]]:
    """A heading stands at the mean of its top tasks: those that detail no other task of the same plan. One query."""
    rows_ = Task.objects.filter(plan__in=plan_ids, state__in=LIVE).order_by()
    own = list(rows_.values_list("pk", "plan_id", "heading"))
    plan_of: dict[int | None, int] = {task: plan for task, plan, _heading in own}
    headings: dict[tuple[int, str], list[Fraction]] = {}
    plans: dict[int, list[Fraction]] = {}
    for task, plan, heading in own:
        if plan_of.get(details[task]) == plan:
            continue
        headings.setdefault((plan, heading), []).append(rolled[task].value)
        plans.setdefault(plan, []).append(rolled[task].value)
    return (
        {key: rules.rounded(rules.mean(values) or Fraction(0)) for key, values in headings.items()},
        {key: rules.rounded(rules.mean(values) or Fraction(0)) for key, values in plans.items()},
    )


def told(task_id: int) -> QuerySet[Progress]:
    """What was said of a task's progress, with its evidence, newest first."""
    return Progress.objects.filter(task_id=task_id).order_by("-at", "-pk")
