"""What does not go together in the plans of some units between two days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from nennep.accounts.models import Person
from nennep.organisation.models import Unit
from nennep.organisation.queries import on
from nennep.organisation.rules import Span
from nennep.planning.models import Capacity, Holiday, Task, TaskUnit
from nennep.planning.queries.standing import LIVE, counts
from nennep.planning.rules import conflicts as rules
from nennep.planning.rules.conflicts import Conflict, Entry, HolidaySpan, place_key


@dataclass(frozen=True)
class Conflicts:
    """What does not go together, by day; the titles of the tasks and the names of the people that it names."""

    found: tuple[Conflict, ...]
    titles: Mapping[int, str]
    people: Mapping[int, str]
    places: Mapping[str, str]

    def of_task(self, task_id: int) -> list[Conflict]:
        return [one for one in self.found if task_id in one.tasks]


def conflicts(
    units: Collection[int],
    first: date,
    end: date,
    *,
    drafts_of: Collection[int] = (),
    empty_of: Collection[int] | None = None,
) -> Conflicts:
    """Every conflict among the tasks that these units lead or take part in, on days from `first` until before `end`.

    `drafts_of` are units whose drafts count as well. `empty_of` are the units whose empty weeks and months are told
    (None: all of `units`; those that do not live then are left out). A task and the one that details it are one work:
    only the most detailed meet others. Six queries, whatever the tasks.
    """
    tasks = _tasks(units, first, end, drafts_of)
    detailed = {task.details_id for task in tasks}
    entries = [_entry(task) for task in tasks if task.pk not in detailed]
    wanted = set(units)
    alive = dict(Unit.objects.filter(on(first), pk__in=units).values_list("id", "kind"))
    idle = alive.keys() & set(units if empty_of is None else empty_of)
    holidays = [
        HolidaySpan(name, Span(starts_on, ends_on))
        for name, starts_on, ends_on in Holiday.objects.filter(starts_on__lt=end, ends_on__gt=first)
        .order_by("starts_on")
        .values_list("name", "starts_on", "ends_on")
    ]
    most = dict(Capacity.objects.filter(on(first)).values_list("unit_kind", "tasks_a_day"))
    found = [
        *(one for one in rules.at_one_time(entries, first, end) if one.unit is None or one.unit in wanted),
        *rules.empty((_entry(task) for task in tasks), sorted(idle), first, end),
        *rules.overload(entries, {unit: most[kind] for unit, kind in alive.items() if kind in most}, first, end),
        *rules.on_holidays(entries, holidays, first, end),
    ]
    named = {person for one in found if (person := one.person) is not None}
    return Conflicts(
        tuple(rules.in_order(found)),
        {task.pk: task.title for task in tasks},
        {person.pk: str(person) for person in Person.objects.filter(pk__in=named)} if named else {},
        {place_key(task.place): task.place for task in tasks if task.place},
    )


def _tasks(units: Collection[int], first: date, end: date, drafts_of: Collection[int]) -> list[Task]:
    """The open and finished tasks of the units on these days."""
    part = TaskUnit.objects.filter(task=OuterRef("pk"), unit__in=units)
    on_days = Task.objects.filter(counts(drafts_of), state__in=LIVE, starts_on__lt=end, due_on__gte=first)
    rows = (
        on_days.filter(Q(lead_unit__in=units) | Q(Exists(part)))
        .select_related("recurrence")
        .prefetch_related("task_units")
        .only(
            "title",
            "lead_unit_id",
            "lead_person_id",
            "place",
            "starts_on",
            "due_on",
            "starts_at",
            "ends_at",
            "details_id",
            "recurrence__on_holidays",
        )
        .order_by("pk")
    )
    return list(rows)


def _entry(task: Task) -> Entry:
    return Entry(
        task.pk,
        task.lead_unit_id,
        task.starts_on,
        task.due_on,
        task.starts_at,
        task.ends_at,
        tuple(sorted(row.unit_id for row in task.task_units.all())),
        task.lead_person_id,
        place_key(task.place),
        on_holidays=task.recurrence is not None and task.recurrence.on_holidays,
    )
