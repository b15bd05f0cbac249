"""The acts on recurring duties: begin, change from a day on, end, and make their occurrences in a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Recurrence, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.recurring import Recurring
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanKind, PlanState, TaskState
from nennep.planning.rules.versions import TaskWords
from nennep.planning.services import writing

#: The move by which a calendar in force takes up a changed duty; it leaves the calendar's state as it is.
RECUR = "recur"
_LONGEST_TITLE, _LONGEST_PLACE, _LAST_MONTH_DAY, _LAST_WEEKDAY = 300, 200, 31, 6


@dataclass(frozen=True)
class DutyWords:
    """What a person writes of a recurring duty: what, who, where, at what time, and on which days.

    `weekdays` count from Monday as 0; a day of the month that a month does not have is its last.
    """

    title: str
    lead_unit: int
    weekdays: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    heading: str = ""
    place: str = ""
    lead_post: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    on_holidays: bool = False


@transaction.atomic
def begin_recurrence(words: DutyWords, *, starts_on: date, by: Actor, ends_on: date | None = None) -> Recurrence:
    """Lay down a recurring duty of the actor's own unit from a day on; `ends_on` is the first day without it.

    Occurrences come with `make_occurrences`. Raises NotAuthorised, PlanningRefused (task_needs_title, too_long,
    recurs_on_no_day, no_such_day, lead_out_of_reach, ends_before_it_begins).
    """
    unit_id = by.unit_id or 0
    writing.require_own(by, Permission.PLANNING_WRITE, unit_id)
    _check(words, unit_id, starts_on, ends_on)
    recurrence = _row(words, unit_id, starts_on, ends_on)
    recurrence.save()
    journal.record("planning.begin-recurrence", recurrence, by=by, over=unit_id)
    return recurrence


@transaction.atomic
def change_recurrence(recurrence_id: int, words: DutyWords, *, from_day: date, by: Actor, reason: str) -> Recurrence:
    """Let a duty go on otherwise from a day on: the old row ends there and another follows it.

    What lies before the day is not touched, nor what was begun or moved by hand. The open occurrences from that day on
    are made anew in the calendars that had them; one in force gets a version of its own that gives the reason.

    Raises NotAuthorised, PlanningRefused (as `begin_recurrence`; recurrence_over, change_in_the_past,
    move_needs_reason).
    """
    old = _for_update(recurrence_id, by, from_day, reason)
    _check(words, old.unit_id, from_day, old.ends_on)
    new = _row(words, old.unit_id, from_day, old.ends_on)
    new.follows = old
    new.save()
    _end(old, from_day)
    calendars = _clear(old, from_day)
    for plan in calendars:
        _make(plan, [new])
        _settle(plan, by=by, reason=reason)
    details = {"follows": old.pk, "from": from_day.isoformat(), "calendars": len(calendars)}
    journal.record("planning.change-recurrence", new, by=by, over=old.unit_id, reason=reason, details=details)
    return new


@transaction.atomic
def end_recurrence(recurrence_id: int, *, from_day: date, by: Actor, reason: str) -> Recurrence:
    """Let a duty end: it does not fall on `from_day` nor after it; its open occurrences from then on are struck out.

    Raises NotAuthorised, PlanningRefused (recurrence_over, change_in_the_past, move_needs_reason).
    """
    old = _for_update(recurrence_id, by, from_day, reason)
    _end(old, from_day)
    for plan in _clear(old, from_day):
        _settle(plan, by=by, reason=reason)
    journal.record("planning.end-recurrence", old, by=by, over=old.unit_id, reason=reason)
    return old


@transaction.atomic
def make_occurrences(plan_id: int, *, by: Actor) -> list[Task]:
    """Write what recurs in the plan's unit into its calendar, for the days of the calendar; returns what is new.

    Doing it again makes nothing twice, and brings back nothing that was struck out or moved.

    Raises NotAuthorised, PlanningRefused (plan_not_open, not_a_calendar).
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    writing.require_open(plan)
    if plan.kind != PlanKind.CALENDAR:
        raise PlanningRefused("not_a_calendar")
    made = _make(plan, Recurrence.objects.filter(unit=plan.unit_id).order_by("pk"))
    if made:
        writing.touch(plan)
        journal.record("planning.recur", plan, by=by, over=plan.unit_id, details={"tasks": len(made)})
    return made


def rule_of(recurrence: Recurrence) -> Recurring:
    """The days of a recurring duty as a rule."""
    return Recurring(
        recurrence.starts_on,
        recurrence.ends_on,
        frozenset(recurrence.weekdays),
        frozenset(recurrence.month_days),
        recurrence.on_holidays,
    )


def _check(words: DutyWords, unit_id: int, starts_on: date, ends_on: date | None) -> None:
    if not words.title.strip():
        raise PlanningRefused("task_needs_title")
    for part, longest in (("title", _LONGEST_TITLE), ("heading", _LONGEST_PLACE), ("place", _LONGEST_PLACE)):
        if len(getattr(words, part)) > longest:
            raise PlanningRefused("too_long", part=part, longest=longest)
    writing.refuse_secrets(words.title, words.heading, words.place, words.lead_post)
    if not words.weekdays and not words.month_days:
        raise PlanningRefused("recurs_on_no_day")
    if not all(0 <= day <= _LAST_WEEKDAY for day in words.weekdays):
        raise PlanningRefused("no_such_day")
    if not all(1 <= day <= _LAST_MONTH_DAY for day in words.month_days):
        raise PlanningRefused("no_such_day")
    if ends_on is not None and ends_on < starts_on:
        raise PlanningRefused("ends_before_it_begins", starts_on=starts_on, due_on=ends_on)
    if words.ends_at is not None and (words.starts_at is None or words.ends_at <= words.starts_at):
        raise PlanningRefused("ends_before_it_begins", starts_on=starts_on, due_on=starts_on)
    if words.lead_unit not in organisation.tree_on(starts_on).subtree(unit_id):
        raise PlanningRefused("lead_out_of_reach", unit=words.lead_unit)


def _row(words: DutyWords, unit_id: int, starts_on: date, ends_on: date | None) -> Recurrence:
    return Recurrence(
        unit_id=unit_id,
        title=" ".join(words.title.split()),
        heading=words.heading.strip(),
        place=words.place.strip(),
        lead_unit_id=words.lead_unit,
        lead_post=words.lead_post.strip()[:_LONGEST_PLACE],
        starts_at=words.starts_at,
        ends_at=words.ends_at,
        weekdays=sorted(words.weekdays),
        month_days=sorted(words.month_days),
        on_holidays=words.on_holidays,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _for_update(recurrence_id: int, by: Actor, from_day: date, reason: str) -> Recurrence:
    """A duty that still goes on, to be changed from a day that is not past."""
    old = Recurrence.objects.select_for_update().get(pk=recurrence_id)
    writing.require_own(by, Permission.PLANNING_WRITE, old.unit_id)
    if not reason.strip():
        raise PlanningRefused("move_needs_reason", move="recur")
    if from_day < by.today:
        raise PlanningRefused("change_in_the_past", today=by.today)
    if old.ends_on is not None and old.ends_on <= from_day:
        raise PlanningRefused("recurrence_over", ends_on=old.ends_on)
    return old


def _end(recurrence: Recurrence, from_day: date) -> None:
    """The duty ends on the day; one that has not begun by then never falls on any."""
    recurrence.ends_on = max(from_day, recurrence.starts_on)
    recurrence.save(update_fields=["ends_on"])


def _clear(old: Recurrence, from_day: date) -> list[Plan]:
    """Strike out the open, not yet begun occurrences from a day on; returns the calendars that had them, locked.

    Plans that have ended keep theirs. What was moved to another day by hand is the unit's own and stays.
    """
    waiting = Task.objects.filter(recurrence=old, state=TaskState.OPEN, starts_on__gte=from_day, progress=0)
    plan_ids = sorted(set(waiting.exclude(plan__state=PlanState.ENDED).values_list("plan_id", flat=True)))
    calendars = [queries.plan_for_update(plan_id) for plan_id in plan_ids]
    for plan in calendars:
        for task in waiting.select_for_update(of=("self",)).filter(plan=plan):
            if task.key == _key(old, task.starts_on) and not task.told.exists():
                writing.strike(task)
    return calendars


def _make(plan: Plan, recurrences: Iterable[Recurrence]) -> list[Task]:
    """Write the occurrences that the plan does not have yet; days on which the lead does not live are left out."""
    there = set(Task.objects.filter(plan=plan).values_list("key", flat=True))
    free = queries.holidays(plan.starts_on, plan.ends_on)
    made = []
    for recurrence in recurrences:
        elsewhere = set(Task.objects.filter(recurrence=recurrence).values_list("starts_on", flat=True))
        lead = Unit.objects.get(pk=recurrence.lead_unit_id)
        for day in rule_of(recurrence).days(plan.starts_on, plan.ends_on, free):
            lives = lead.starts_on <= day and (lead.ends_on is None or day < lead.ends_on)
            if lives and day not in elsewhere and _key(recurrence, day) not in there:
                words = _words(recurrence, day)
                made.append(writing.new_task(plan, words, None, key=_key(recurrence, day), recurrence=recurrence))
    return made


def _key(recurrence: Recurrence, day: date) -> str:
    """The lasting key of an occurrence: by it one that was moved or struck out is known, and not made again."""
    return f"r{recurrence.pk}-{day:%Y%m%d}"


def _words(recurrence: Recurrence, day: date) -> TaskWords:
    return TaskWords(
        title=recurrence.title,
        lead_unit=recurrence.lead_unit_id,
        starts_on=day,
        due_on=day,
        heading=recurrence.heading,
        lead_post=recurrence.lead_post,
        starts_at=recurrence.starts_at,
        ends_at=recurrence.ends_at,
        place=recurrence.place,
    )


def _settle(plan: Plan, *, by: Actor, reason: str) -> None:
    """Let a calendar's revision grow; one in force gets a version that says why."""
    writing.touch(plan)
    if plan.state in {PlanState.APPROVED, PlanState.ISSUED} and queries.pending(plan):
        writing.step(plan, RECUR, PlanState(plan.state), by=by, reason=reason.strip())
        writing.freeze(plan, by=by, reason=reason.strip())
