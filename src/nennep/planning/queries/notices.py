"""What is owed on a day, whom to tell, and what a post was told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from nennep.accounts.models import Person
from nennep.documents.models import Dispatch
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment, Post
from nennep.organisation.rules import Permission
from nennep.planning.models import Notice, Plan, Task
from nennep.planning.queries.plans import period_of
from nennep.planning.queries.standing import standing_as
from nennep.planning.rules.calendar import submit_before
from nennep.planning.rules.climbing import (
    ACKNOWLEDGED_WITHIN,
    REMINDERS,
    REMINDERS_OF_A_PLAN,
    Due,
    Subject,
    Whom,
    furthest_reminder,
)
from nennep.planning.rules.states import PlanState, TaskState
from nennep.reporting.rules.periods import Kind

# --- what is owed ---------------------------------------------------------------------------------


def owed(day: date) -> list[Due]:
    """Everything that may have to be told of on a day: open tasks of plans in force, documents that nobody
    acknowledged, plans that are not handed in. Three queries.
    """
    return [*_tasks(day), *_dispatches(), *_plans(day)]


def _tasks(day: date) -> Iterable[Due]:
    until = day + timedelta(days=furthest_reminder())
    rows = Task.objects.filter(state=TaskState.OPEN, due_on__lte=until, plan__current_version__isnull=False).exclude(
        plan__state=PlanState.ENDED
    )
    columns = ("id", "lead_unit_id", "title", "due_on", "plan__period_kind", "lead_post", "lead_person_id")
    for task, unit, title, due_on, kind, post, person in rows.order_by("due_on", "id").values_list(*columns):
        yield Due(Subject.TASK, task, unit, title, due_on, REMINDERS[Kind(kind)], post, person)


def _dispatches() -> Iterable[Due]:
    rows = Dispatch.objects.filter(sent_at__isnull=False, acknowledged_at__isnull=True, voided_at__isnull=True)
    here = ZoneInfo(settings.TIME_ZONE)
    columns = ("id", "unit_id", "document__number", "document__symbol", "document__subject", "sent_at")
    for dispatch, unit, number, symbol, subject, sent_at in rows.order_by("sent_at", "id").values_list(*columns):
        due_on = sent_at.astimezone(here).date() + ACKNOWLEDGED_WITHIN
        title = f"{number}/{symbol} {subject}" if number else subject
        yield Due(Subject.DISPATCH, dispatch, unit, title, due_on, ())


def _plans(day: date) -> Iterable[Due]:
    """A plan is handed in before the day that its kind sets; a calendar before its first day."""
    waiting = Plan.objects.filter(
        state__in=[PlanState.DRAFT, PlanState.RETURNED], current_version__isnull=True, ends_on__gt=day
    )
    for plan in waiting.defer("texts").order_by("starts_on", "id"):
        before = submit_before(period_of(plan)) or plan.starts_on
        yield Due(Subject.PLAN, plan.pk, plan.unit_id, plan.title, before - timedelta(days=1), REMINDERS_OF_A_PLAN)


# --- whom to tell ---------------------------------------------------------------------------------

#: Who is to act on what is owed.
_ACTS: Mapping[Subject, frozenset[Permission]] = {
    Subject.TASK: frozenset({Permission.PLANNING_REPORT, Permission.PLANNING_WRITE}),
    Subject.PLAN: frozenset({Permission.PLANNING_WRITE}),
    Subject.DISPATCH: frozenset({Permission.DOCUMENTS_RECEIVE}),
}


class Ladder:
    """The posts of a day, by the steps on which something climbs. Some six queries, whatever is owed."""

    def __init__(self, owed_: Collection[Due], day: date) -> None:
        self._standing = standing_as({due.unit for due in owed_}, day)
        self._tree = organisation.tree_on(day)
        held = Appointment.objects.filter(organisation.on(day), person__is_active=True).order_by("acting", "pk")
        self._holders: dict[int, list[int]] = {}
        for held_post, person in held.values_list("post_id", "person_id"):
            self._holders.setdefault(held_post, []).append(person)
        self._posts: dict[int, list[Post]] = {}
        for post in Post.objects.order_by("rank_order", "pk"):
            self._posts.setdefault(post.unit_id, []).append(post)

    def posts(self, due: Due, whom: Whom) -> list[int]:
        """The posts on a step; of a unit that is gone, of its heirs. None where the unit has no such post."""
        units = self._standing[due.unit]
        if whom in {Whom.SUPERIOR_PLANNER, Whom.SUPERIOR_COMMANDER}:
            units = tuple(above for unit in units for above in self._tree.superiors(unit)[:1])
        return list(dict.fromkeys(post.pk for unit in units for post in self._on_step(due, unit, whom)))

    def _on_step(self, due: Due, unit: int, whom: Whom) -> list[Post]:
        if whom is Whom.LEAD:
            return self._leading(due, unit)
        if whom is Whom.SUPERIOR_PLANNER:
            return self._carrying(unit, frozenset({Permission.PLANNING_WRITE}))
        approving = self._carrying(unit, frozenset({Permission.PLANNING_APPROVE}))
        # A commander approves and does not write; where all write, the highest.
        return sorted(approving, key=lambda post: Permission.PLANNING_WRITE in post.permissions)[:1]

    def _leading(self, due: Due, unit: int) -> list[Post]:
        """The post that the task names, or that its person holds; else all that are to act."""
        posts = self._posts.get(unit, [])
        if due.person is not None:
            own = [post for post in posts if due.person in self._holders.get(post.pk, ())]
            if own:
                return own
        named = [post for post in posts if due.post and post.title.casefold() == due.post.casefold()]
        return named or self._carrying(unit, _ACTS[due.subject])

    def _carrying(self, unit: int, permissions: frozenset[Permission]) -> list[Post]:
        """Posts with one of the permissions: those that somebody holds, else those that wait for somebody."""
        posts = [post for post in self._posts.get(unit, []) if not permissions.isdisjoint(post.permissions)]
        return [post for post in posts if post.pk in self._holders] or posts


# --- what was told --------------------------------------------------------------------------------


def for_posts(post_ids: Collection[int], *, unread: bool = False) -> QuerySet[Notice]:
    """What these posts were told, what is not read first, then the nearest last day."""
    found = Notice.objects.filter(post__in=post_ids).select_related("post", "climbed_from__unit")
    if unread:
        found = found.filter(read_at__isnull=True)
    return found.order_by("read_at", "due_on", "-at", "pk")


def unread_count(post_ids: Collection[int]) -> int:
    return Notice.objects.filter(post__in=post_ids, read_at__isnull=True).count()


@dataclass(frozen=True)
class Letter:
    """What one person is to be mailed on a day: everything new that their posts were told."""

    person: Person
    notices: tuple[Notice, ...]


def letters(day: date) -> list[Letter]:
    """One letter for each person with an address whose posts were told something that is neither read nor mailed.

    Whoever was mailed on the day already gets the rest on the next. Two queries.
    """
    begins = datetime.combine(day, datetime.min.time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    waiting = Q(read_at__isnull=True, mailed_at__isnull=True)
    today = Q(mailed_at__gte=begins, mailed_at__lt=begins + timedelta(days=1))
    by_post: dict[int, list[Notice]] = {}
    mailed: set[int] = set()
    for notice in Notice.objects.filter(waiting | today).select_related("post__unit").order_by("due_on", "pk"):
        if notice.mailed_at is not None:
            mailed.add(notice.post_id)
        else:
            by_post.setdefault(notice.post_id, []).append(notice)
    held = Appointment.objects.filter(organisation.on(day), post__in={*by_post, *mailed}, person__is_active=True)
    by_person: dict[int, tuple[Person, list[Notice]]] = {}
    served: set[int] = set()
    for appointment in held.exclude(person__email="").select_related("person").order_by("person_id", "post_id"):
        if appointment.post_id in mailed:
            served.add(appointment.person_id)
        _, notices = by_person.setdefault(appointment.person_id, (appointment.person, []))
        notices.extend(by_post.get(appointment.post_id, ()))
    return [
        Letter(person, tuple(dict.fromkeys(notices)))
        for person_id, (person, notices) in by_person.items()
        if notices and person_id not in served
    ]
