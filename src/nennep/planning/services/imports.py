"""Calendar files taken over into a calendar that is being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission
from nennep.planning.ical import Imported, Refused, read_ics
from nennep.planning.models import Plan, Task
from nennep.planning.queries import feeds
from nennep.planning.queries import plans as queries
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanKind, TaskState
from nennep.planning.rules.versions import TaskWords
from nennep.planning.services import writing


@dataclass(frozen=True)
class TakenOver:
    """What became of a file: tasks added, changed, found as they were and struck out; entries refused by line, and how
    many lie outside the plan's period.
    """

    added: int
    changed: int
    unchanged: int
    struck: int
    refused: tuple[Refused, ...]
    outside: int


@transaction.atomic
def import_calendar(plan_id: int, data: bytes, *, by: Actor) -> TakenOver:
    """Take the entries of an .ics file over into a calendar that is being written, as tasks that its unit leads.

    An entry that was taken over before (by its UID) changes its task: title, days, hours, place and words; what the
    file does not know (lead, clauses, what it details) stays. A cancelled entry strikes its task out. Entries that
    cannot be taken are refused one by one, with their line; the others are taken.

    Raises Plan.DoesNotExist, NotAuthorised, ical.NotACalendar, PlanningRefused (plan_not_open, not_a_calendar_plan).
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    writing.require_open(plan)
    if plan.kind != PlanKind.CALENDAR:
        raise PlanningRefused("not_a_calendar_plan")
    read = read_ics(data, plan.starts_on, plan.ends_on, ZoneInfo(settings.TIME_ZONE))
    taking = _Taking(plan, read.entries, by)
    for entry in read.entries:
        taking.take(entry)
    done = TakenOver(
        taking.added,
        taking.changed,
        taking.unchanged,
        taking.struck,
        tuple(sorted((*read.refused, *taking.refused), key=lambda one: one.line)),
        read.outside,
    )
    if done.added or done.changed or done.struck:
        writing.touch(plan)
        details = {"added": done.added, "changed": done.changed, "struck": done.struck, "refused": len(done.refused)}
        journal.record("planning.import-calendar", plan, by=by, over=plan.unit_id, details=details)
    return done


class _Taking:
    """The entries of one file on their way into one plan."""

    def __init__(self, plan: Plan, entries: Sequence[Imported], by: Actor) -> None:
        self._plan = plan
        self._around = writing.Surroundings(plan, by)
        by_id = {task.pk: task for task in queries.told(Task.objects.filter(plan=plan))}
        own = feeds.own_task_ids({feeds.whole_uid(entry.uid) for entry in entries})
        #: What our own feeds told: of it the file says nothing new but days, hours, title and place.
        self._own = {uid: by_id[task] for uid, task in own.items() if task in by_id}
        self._of_ours = own.keys()
        self._known = self._own | {task.uid: task for task in by_id.values() if task.uid}
        self.added = self.changed = self.unchanged = self.struck = 0
        self.refused: list[Refused] = []

    def take(self, entry: Imported) -> None:
        task = self._known.get(entry.uid)
        # A task of another plan, or one day of a task: our own feed only repeats it.
        is_repeated = task is None and feeds.whole_uid(entry.uid) in self._of_ours
        if is_repeated or (task is not None and task.state not in {TaskState.OPEN, TaskState.DROPPED}):
            self.unchanged += 1
        elif entry.is_cancelled:
            self._strike(task)
        else:
            self._write(entry, task)

    def _strike(self, task: Task | None) -> None:
        if task is None or task.state == TaskState.DROPPED:
            self.unchanged += 1
            return
        writing.strike(task)
        self.struck += 1

    def _write(self, entry: Imported, task: Task | None) -> None:
        words = self._words(entry, task)
        if task is not None and task.state == TaskState.OPEN and words == queries.words_of(task):
            self.unchanged += 1
            return
        try:
            tidy, figure = self._around.check(words, task)
        except PlanningRefused as error:
            self.refused.append(Refused(entry.line, error.why, entry.title))
            return
        if task is None:
            writing.new_task(self._plan, tidy, figure, uid=entry.uid)
            self.added += 1
            return
        task.state = TaskState.OPEN
        task.edition += 1
        writing.write(task, tidy, figure)
        self.changed += 1

    def _words(self, entry: Imported, task: Task | None) -> TaskWords:
        before = queries.words_of(task) if task else TaskWords("", self._plan.unit_id, entry.starts_on, entry.due_on)
        keeps = task is not None and (entry.uid in self._own or not entry.description)
        return replace(
            before,
            title=" ".join(entry.title.split()),
            starts_on=entry.starts_on,
            due_on=entry.due_on,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            place=entry.place,
            measures_taken=before.measures_taken if keeps else entry.description,
        )
