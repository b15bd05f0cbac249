"""What changed in a plan, in words: tasks added, changed field by field and struck out; lines of its texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nennep.organisation import queries as organisation
from nennep.planning.queries import board as beside
from nennep.planning.rules.versions import Change, Difference, TaskChange, TaskContent, TaskWords
from nennep.site.plan_sayings import CHANGES, TASK_FIELDS, TEXT_PARTS, days_of, said_value

Names = Mapping[str, Mapping[Any, str]]


@dataclass(frozen=True)
class ToldField:
    """One field of a task that is written otherwise."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ToldTask:
    """One task that came, went or is written otherwise."""

    change: Change
    said: str
    title: str
    lead: str
    days: str
    fields: tuple[ToldField, ...]


@dataclass(frozen=True)
class ToldText:
    """Lines of one part of the texts that are new, and lines that were struck out."""

    part: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A difference in words; `title` is the plan's own, before and after, when it changed."""

    title: ToldField | None
    tasks: tuple[ToldTask, ...]
    texts: tuple[ToldText, ...]

    def __bool__(self) -> bool:
        return bool(self.title or self.tasks or self.texts)

    @property
    def added(self) -> int:
        return sum(task.change is Change.ADDED for task in self.tasks)

    @property
    def changed(self) -> int:
        return sum(task.change is Change.CHANGED for task in self.tasks)

    @property
    def dropped(self) -> int:
        return sum(task.change is Change.DROPPED for task in self.tasks)


def told_changes(difference: Difference, day: date) -> Told:
    """The difference with units, clauses, people and tasks under their names. A few queries whatever its length."""
    contents = [one for task in difference.tasks for one in (task.before, task.after) if one is not None]
    names = names_in([content.words for content in contents], day)
    title = difference.title
    return Told(
        ToldField(str(TASK_FIELDS["title"]), title.before, title.after) if title else None,
        tuple(_told_task(task, names) for task in difference.tasks),
        tuple(ToldText(str(TEXT_PARTS[one.part]), one.added, one.removed) for one in difference.texts),
    )


def names_in(words: Iterable[TaskWords], day: date) -> Names:
    """By field, the names of everything that these words keep by id or code."""
    told = list(words)
    units = {unit for one in told for unit in (one.lead_unit, *one.coordinating)}
    known = {unit.id: unit.short_name for unit in organisation.units_known_by(day, ids=units).values()}
    clauses = beside.clauses({clause for one in told for clause in one.clauses})
    labels = {pk: clause.label for pk, clause in clauses.items()}
    indicators = beside.indicators({one.indicator for one in told if one.indicator})
    return {
        "lead_unit": known,
        "coordinating": known,
        "clauses": labels,
        "lead_person": beside.people({one.lead_person for one in told if one.lead_person is not None}),
        "details": beside.titles({one.details for one in told if one.details is not None}),
        "indicator": {code: indicator.name for code, indicator in indicators.items()},
    }


def differing(mine: TaskWords, theirs: TaskWords, names: Names) -> tuple[ToldField, ...]:
    """The fields in which two writings of one task differ: `before` is theirs, `after` mine."""
    return tuple(
        ToldField(
            str(TASK_FIELDS[name]),
            said_value(name, getattr(theirs, name), names),
            said_value(name, getattr(mine, name), names),
        )
        for name in TASK_FIELDS
        if name != "order" and getattr(mine, name) != getattr(theirs, name)
    )


def _told_task(task: TaskChange, names: Names) -> ToldTask:
    told: TaskContent | None = task.after or task.before
    words = told.words if told else None
    return ToldTask(
        task.change,
        str(CHANGES[task.change]),
        task.title,
        said_value("lead_unit", words.lead_unit, names) if words else "",
        days_of(words.starts_on, words.due_on) if words else "",
        tuple(
            ToldField(
                str(TASK_FIELDS[one.name]),
                said_value(one.name, one.before, names),
                said_value(one.name, one.after, names),
            )
            for one in task.fields
        ),
    )
