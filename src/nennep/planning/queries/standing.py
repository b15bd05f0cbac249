"""Which tasks count: those of plans that were approved, and of the drafts of those who look at their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.planning.models import HandOver
from nennep.planning.rules.coverage import living_heirs
from nennep.planning.rules.states import TaskState

#: A task that is to be carried out, or was.
LIVE = (TaskState.OPEN, TaskState.DONE)
#: A task through which what it carries out goes on to those that detail it.
PASSES_ON = (*LIVE, TaskState.HANDED_OVER)


def counts(drafts_of: Collection[int] = (), *, path: str = "") -> Q:
    """Tasks of plans that were approved at least once; of these units, tasks of drafts too.

    `path` leads from the row that is asked about to the task (`task__`); empty for the task itself.
    """
    approved = Q(**{f"{path}plan__current_version__isnull": False})
    return approved | Q(**{f"{path}plan__unit__in": drafts_of}) if drafts_of else approved


def stands(drafts_of: Collection[int] = ()) -> Q:
    """Tasks that count and are open or finished."""
    return Q(state__in=LIVE) & counts(drafts_of)


def rows(sql: str, values: Iterable[int | str | date]) -> list[tuple[Any, ...]]:
    """The rows of a recursive question that the ORM cannot put; plain SQL of both databases."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def places(values: Sequence[object]) -> str:
    """As many placeholders as there are values; a list that nothing is in where there is none."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def going_on_as(task_ids: Collection[int]) -> dict[int, int]:
    """Of these tasks, those that went to another unit by a decision, each with the task that it is now, however often
    it was handed on. One query a time that it was, and one more; none for no task.
    """
    found: dict[int, int] = {}
    waiting = {task: task for task in task_ids}
    while waiting:
        rows_ = HandOver.objects.filter(task__in=waiting.values(), to_task__isnull=False)
        became = dict(rows_.values_list("task_id", "to_task_id"))
        waiting = {task: became[here] for task, here in waiting.items() if here in became}
        found |= waiting
    return found


def was_before(task_ids: Collection[int]) -> dict[int, int]:
    """The tasks that were handed on and are now one of these, each with that. One query a time, and one more."""
    found: dict[int, int] = {}
    waiting = {task: task for task in task_ids}
    while waiting:
        rows_ = HandOver.objects.filter(to_task__in=waiting.keys())
        waiting = {before: waiting[heir] for before, heir in rows_.values_list("task_id", "to_task_id")}
        found |= waiting
    return found


def standing_as(units: Collection[int], day: date) -> Mapping[int, tuple[int, ...]]:
    """Each of these units with those that owe on a day what it owed: itself while it lives, else its heirs.

    What was merged or split passed to what it became; a unit that was dissolved without a successor, to the superior
    of its last day. Three queries at most, one where all live.
    """
    living = set(Unit.objects.filter(organisation.on(day)).values_list("id", flat=True))
    if living.issuperset(units):
        return {unit: (unit,) for unit in units}
    heirs: dict[int, set[int]] = {}
    for gone, superior in organisation.superiors_at_the_end(day):
        heirs.setdefault(gone, set()).add(superior)
    heirs |= organisation.heirs_between(date.min, day)
    return {unit: living_heirs(unit, heirs, living) for unit in units}
