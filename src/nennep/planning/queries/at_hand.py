"""The tasks that are at hand for one post: overdue, or due soon."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from nennep.documents.queries.sight import own_units
from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Task
from nennep.planning.queries.plans import IN_FORCE
from nennep.planning.rules.states import TaskState


def tasks_at_hand(by: Actor, until: date) -> QuerySet[Task]:
    """The open tasks of plans in force, due by a day, that the actor's unit leads and this post is to do.

    A task that names a person or a post is for that one; any other for every post that writes plans or tells of their
    progress.
    """
    mine = Q(lead_person=by.person_id)
    if {Permission.PLANNING_WRITE, Permission.PLANNING_REPORT} & by.permissions:
        mine |= Q(lead_person__isnull=True, lead_post="")
    if by.post_title:
        mine |= Q(lead_person__isnull=True, lead_post__iexact=by.post_title)
    plans = Plan.objects.filter(IN_FORCE).values("pk")
    found = Task.objects.filter(mine, lead_unit__in=own_units(by), state=TaskState.OPEN, due_on__lte=until)
    return found.filter(plan__in=plans).select_related("plan").defer("plan__texts").order_by("due_on", "pk")
