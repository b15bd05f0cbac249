"""Calendar addresses, and the tasks that each of them tells."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment
from nennep.organisation.rules import Permission
from nennep.planning.ical import Event
from nennep.planning.models import Feed, Task, TaskUnit
from nennep.planning.queries.standing import counts
from nennep.planning.rules.feeds import digest_of, is_same
from nennep.planning.rules.states import TaskState

#: A feed tells of the last three months and the next year.
BEFORE, AHEAD = timedelta(days=92), timedelta(days=400)
MOST_EVENTS = 2_000
#: What is no more is told as cancelled, so that it leaves the calendars that took it over.
_CANCELLED = frozenset({TaskState.CANCELLED, TaskState.DROPPED, TaskState.HANDED_OVER})


def feeds_of(person_id: int) -> QuerySet[Feed]:
    """A person's calendar addresses, the newest first; revoked ones too."""
    return Feed.objects.filter(person_id=person_id).select_related("unit").order_by("-made_at", "-pk")


def feed_by_secret(secret: str, day: date) -> Feed | None:
    """The feed of this secret, if it still works: not revoked, its person active and in a post that may see its plans.

    Whoever leaves their posts loses their feeds with them, without anybody having to think of it.
    """
    found = Feed.objects.select_related("person").filter(digest=digest_of(secret), revoked_at__isnull=True).first()
    if found is None or not is_same(found.digest, secret) or not found.person.is_active:
        return None
    return found if may_read(found.person_id, found.unit_id, day) else None


def may_read(person_id: int, unit_id: int | None, day: date) -> bool:
    """Whether a person holds a post that carries planning.view today, over the unit where one is named."""
    posts = [
        appointment.post
        for appointment in organisation.appointments_of(person_id, day)
        if Permission.PLANNING_VIEW in appointment.post.permissions
    ]
    if unit_id is None or not posts:
        return bool(posts)
    tree = organisation.tree_on(day)
    return any(unit_id in organisation.with_gone(tree.subtree(post.unit_id), day) for post in posts)


def events_of(feed: Feed, day: date) -> list[Event]:
    """The tasks of a feed around a day, by day. Drafts that were never approved are not told. Four queries at most.

    A person's: those they lead, and those of a post they hold. A unit's: those of its plans, and those it leads or
    takes part in.
    """
    tasks = _of_person(feed.person_id, day) if feed.unit_id is None else _of_unit(feed.unit_id)
    around = tasks.filter(counts(), starts_on__lt=day + AHEAD, due_on__gte=day - BEFORE)
    rows = around.select_related("plan__unit", "lead_unit").order_by("starts_on", "starts_at", "pk")[:MOST_EVENTS]
    names = organisation.units_known_by(day, ids={task.lead_unit_id for task in rows})
    return [
        _event(task, names[task.lead_unit_id].short_name if task.lead_unit_id in names else task.lead_unit.code)
        for task in rows
    ]


def _of_person(person_id: int, day: date) -> QuerySet[Task]:
    held = Appointment.objects.filter(organisation.on(day), person=person_id)
    of_post = held.filter(post__unit=OuterRef("lead_unit"), post__title__iexact=OuterRef("lead_post"))
    return Task.objects.filter(Q(lead_person=person_id) | (~Q(lead_post="") & Q(lead_person=None) & Exists(of_post)))


def _of_unit(unit_id: int) -> QuerySet[Task]:
    part = TaskUnit.objects.filter(task=OuterRef("pk"), unit=unit_id)
    return Task.objects.filter(Q(plan__unit=unit_id) | Q(lead_unit=unit_id) | Q(Exists(part)))


def uid_of(task_id: int, unit_code: str) -> str:
    """The name of a task in calendars: it stays whatever becomes of the task."""
    return f"task-{task_id}-{unit_code}@nennep"


def whole_uid(uid: str) -> str:
    """The name of an entry without the day that one of its repetitions bears."""
    return uid.partition("@nennep ")[0] + "@nennep" if "@nennep " in uid else uid


def own_task_ids(uids: Collection[str]) -> dict[str, int]:
    """Of these names of calendar entries, those that our own feeds gave, with the task."""
    found = {}
    for uid in uids:
        head, _, rest = uid.partition("-")
        number = rest.partition("-")[0]
        if head == "task" and uid.endswith("@nennep") and number.isascii() and number.isdigit():
            found[uid] = int(number[:18])
    rows = Task.objects.filter(pk__in=found.values()).values_list("pk", F("plan__unit__code"))
    known = {uid_of(task, code): task for task, code in rows}
    return {uid: task for uid, task in found.items() if known.get(uid) == task}


def _event(task: Task, lead: str) -> Event:
    lines = [lead, task.lead_post, task.target_words, task.measures_taken, task.plan.title]
    return Event(
        uid=uid_of(task.pk, task.plan.unit.code),
        title=task.title,
        starts_on=task.starts_on,
        due_on=task.due_on,
        starts_at=task.starts_at,
        ends_at=task.ends_at,
        place=task.place,
        description="\n".join(line for line in lines if line),
        edition=task.edition,
        is_cancelled=task.state in _CANCELLED,
    )
