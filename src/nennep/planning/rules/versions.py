"""What a plan says, as it is frozen when it is approved; and what changed between two of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from enum import StrEnum
from typing import Any

from nennep.documents.rules.language import legible


@dataclass(frozen=True)
class PlanTexts:
    """The parts of a plan in words, each a list of lines (kế hoạch: mục đích, yêu cầu, mục tiêu, biện pháp, tổ chức
    thực hiện).
    """

    purpose: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        return {part.name: list(getattr(self, part.name)) for part in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PlanTexts:
        return cls(**{part.name: tuple(data.get(part.name, ())) for part in fields(cls)})

    def tidied(self) -> PlanTexts:
        """The same as any paper prints it (NFC, no control characters), without blank lines and blanks around them."""
        return PlanTexts(**{part.name: tuple(_lines(getattr(self, part.name))) for part in fields(self)})


def _lines(written: Iterable[str]) -> Iterator[str]:
    """Each line of what was written; a part that holds line ends is several lines."""
    for text in written:
        yield from (line.strip() for line in legible(text).split("\n") if line.strip())


@dataclass(frozen=True)
class TaskWords:
    """What a person writes of a task. Units, clauses, persons and tasks are named by id; `due_on` is the last day.

    `figure` is as it was typed until a service has read it, then plain digits with a dot.
    """

    title: str
    lead_unit: int
    starts_on: date
    due_on: date
    heading: str = ""
    emphasis: bool = False
    lead_post: str = ""
    lead_person: int | None = None
    coordinating: tuple[int, ...] = ()
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    clauses: tuple[int, ...] = ()
    details: int | None = None
    indicator: str = ""
    figure: str = ""
    target_words: str = ""
    measures_taken: str = ""

    def as_json(self) -> dict[str, Any]:
        return {part.name: _plain(getattr(self, part.name)) for part in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TaskWords:
        given = dict(data)
        for name in ("starts_on", "due_on"):
            given[name] = date.fromisoformat(given[name])
        for name in ("starts_at", "ends_at"):
            given[name] = time.fromisoformat(given[name]) if given.get(name) else None
        for name in ("coordinating", "clauses"):
            given[name] = tuple(given.get(name, ()))
        return cls(**given)


def _plain(value: object) -> object:
    if isinstance(value, date | time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class TaskContent:
    """One task of a plan: its lasting key, its place in the order, what is written of it and where it came from."""

    key: str
    order: int
    words: TaskWords
    carried_from: int | None = None
    recurrence: int | None = None
    uid: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "order": self.order,
            "words": self.words.as_json(),
            "carried_from": self.carried_from,
            "recurrence": self.recurrence,
            "uid": self.uid,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TaskContent:
        return cls(**{**data, "words": TaskWords.from_json(data["words"])})


@dataclass(frozen=True)
class PlanContent:
    """All that a plan says. Tasks stand in their order."""

    title: str
    texts: PlanTexts
    tasks: tuple[TaskContent, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "texts": self.texts.as_json(),
            "tasks": [task.as_json() for task in self.tasks],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PlanContent:
        return cls(
            data["title"],
            PlanTexts.from_json(data["texts"]),
            tuple(TaskContent.from_json(task) for task in data["tasks"]),
        )

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(task.key for task in self.tasks)


def content_digest(content: Mapping[str, Any], *, unit: str, kind: str, period: str, topic: str, number: int) -> str:
    """SHA-256 (hex) over what a version says and whose it is: one letter more or less and it differs."""
    said = [unit, kind, period, topic, number, content]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# --- what changed ---------------------------------------------------------------------------------


class Change(StrEnum):
    """What became of a task between two versions."""

    ADDED = "added"
    CHANGED = "changed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class FieldChange:
    """One thing that is written otherwise: `name` is the field of TaskWords, or `order`."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class TaskChange:
    """One task that is not as it was. An added one has no `before`, a dropped one no `after`."""

    key: str
    change: Change
    before: TaskContent | None = None
    after: TaskContent | None = None
    fields: tuple[FieldChange, ...] = ()

    @property
    def title(self) -> str:
        """Its title now; of a dropped task, the last one."""
        told = self.after or self.before
        return told.words.title if told else ""


@dataclass(frozen=True)
class TextChange:
    """Lines of one part that are new, and lines that were struck out."""

    part: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What changed in a plan: `tasks` in the order of the newer version, dropped ones behind."""

    title: FieldChange | None = None
    texts: tuple[TextChange, ...] = ()
    tasks: tuple[TaskChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.title or self.texts or self.tasks)

    def of(self, change: Change) -> list[TaskChange]:
        return [task for task in self.tasks if task.change is change]


def compare(before: PlanContent, after: PlanContent) -> Difference:
    """What changed from one content to another: tasks added, changed field by field, and dropped; lines of the texts.

    A task that only stands elsewhere because others came or went before it has not changed.
    """
    old = {task.key: task for task in before.tasks}
    changes = [_task_change(old.get(task.key), task) for task in after.tasks]
    changes += [
        TaskChange(task.key, Change.DROPPED, before=task) for task in before.tasks if task.key not in after.keys
    ]
    title = FieldChange("title", before.title, after.title) if before.title != after.title else None
    moved = _moved([task.key for task in before.tasks], [task.key for task in after.tasks])
    return Difference(
        title,
        tuple(_text_changes(before.texts, after.texts)),
        tuple(told for told in (_with_order(change, moved) for change in changes) if told is not None),
    )


def _task_change(before: TaskContent | None, after: TaskContent) -> TaskChange:
    if before is None:
        return TaskChange(after.key, Change.ADDED, after=after)
    differing = tuple(
        FieldChange(part.name, getattr(before.words, part.name), getattr(after.words, part.name))
        for part in fields(TaskWords)
        if getattr(before.words, part.name) != getattr(after.words, part.name)
    )
    return TaskChange(after.key, Change.CHANGED, before, after, differing)


def _with_order(change: TaskChange, moved: Collection[str]) -> TaskChange | None:
    if change.before is None or change.after is None:
        return change
    told = change.fields
    if change.key in moved:
        told = (*told, FieldChange("order", change.before.order, change.after.order))
    return TaskChange(change.key, change.change, change.before, change.after, told) if told else None


def _moved(before: list[str], after: list[str]) -> frozenset[str]:
    """Those in both lists that do not keep the order of the rest: all but the longest run that does."""
    places = {key: place for place, key in enumerate(before)}
    common = [key for key in after if key in places]
    best: list[list[str]] = []
    for key in common:
        earlier = [run for run in best if places[run[-1]] < places[key]]
        best.append([*_longest(earlier), key])
    return frozenset(common) - frozenset(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=len) if runs else []


def _text_changes(before: PlanTexts, after: PlanTexts) -> list[TextChange]:
    found = []
    for part in fields(PlanTexts):
        old, new = getattr(before, part.name), getattr(after, part.name)
        if old != new:
            added = tuple(line for line in new if line not in old)
            removed = tuple(line for line in old if line not in new)
            found.append(TextChange(part.name, added, removed))
    return found
