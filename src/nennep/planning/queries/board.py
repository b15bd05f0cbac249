"""What the board of a plan and the form of a task ask beside the plan itself: counts, what details what, whom and what
a task may name.

No answer takes more queries when there are more rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from nennep.accounts.models import Person
from nennep.documents.models import Clause, Document, DocumentType
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment
from nennep.organisation.queries import on
from nennep.organisation.rules import Permission
from nennep.planning.models import HandOver, Plan, PlanStep, PlanVersion, Progress, Recurrence, Task
from nennep.planning.queries.plans import (
    LIVE,
    addressed,
    around,
    line_of,
    longer_or_higher,
    told,
    visible,
)
from nennep.planning.queries.standing import was_before
from nennep.planning.rules.states import PlanMove, PlanState, TaskState
from nennep.reporting.models import Indicator, Version


@dataclass(frozen=True)
class Tally:
    """How many tasks of a plan are to be done or are done, and how many of the open ones are past their last day."""

    tasks: int = 0
    done: int = 0
    overdue: int = 0


def tallies(plan_ids: Collection[int], day: date) -> dict[int, Tally]:
    """The tasks of each plan, counted; a plan without any is absent. One query."""
    late = Q(state=TaskState.OPEN, due_on__lt=day)
    rows = (
        Task.objects.filter(LIVE, plan__in=plan_ids)
        .order_by()
        .values_list("plan_id")
        .annotate(tasks=Count("pk"), done=Count("pk", filter=Q(state=TaskState.DONE)), overdue=Count("pk", filter=late))
    )
    return {plan: Tally(*numbers) for plan, *numbers in rows}


def first_submits(plan_ids: Collection[int]) -> dict[int, PlanStep]:
    """The step by which each plan was first handed in; one that never was is absent. One query."""
    steps = PlanStep.objects.filter(plan__in=plan_ids, move=PlanMove.SUBMIT).order_by("-pk")
    return {step.plan_id: step for step in steps}


def versions_of(plan_id: int) -> QuerySet[PlanVersion]:
    """The approved versions of a plan, the newest first."""
    return PlanVersion.objects.filter(plan_id=plan_id).order_by("-number")


def below_counts(plan: Plan, by: Actor) -> dict[int, int]:
    """How many tasks of other plans that the actor may see detail each task of this plan, also under what it was before
    it was handed over; without any it is absent.
    """
    received = HandOver.objects.filter(to_task__plan=plan).values_list("to_task_id", flat=True)
    before = was_before(list(received))
    rows = (
        _details_elsewhere(by)
        .filter(Q(details__plan=plan) | Q(details__in=before))
        .exclude(plan=plan)
        .order_by()
        .values_list("details_id")
        .annotate(below=Count("pk"))
    )
    found: Counter[int] = Counter()
    for task, below in rows:
        found[before.get(task, task)] += below
    return dict(found)


def tasks_below(task_id: int, by: Actor) -> QuerySet[Task]:
    """The tasks that detail this one, or what it was before it was handed over, in any plan that the actor may see, by
    the code of their lead.
    """
    found = _details_elsewhere(by).filter(details__in=[task_id, *was_before([task_id])])
    return told(found).order_by("lead_unit__code", "plan__starts_on", "order", "pk")


def _details_elsewhere(by: Actor) -> QuerySet[Task]:
    return Task.objects.filter(LIVE, plan__in=visible(by).values("pk"))


def chain_above(task: Task, by: Actor) -> list[Task]:
    """The tasks that this one details, the highest first, as far up as the actor may see. Two queries a step."""
    chain: list[Task] = []
    here = task.details_id
    while here is not None and here not in {one.pk for one in chain} | {task.pk}:
        one = told(Task.objects.filter(pk=here, plan__in=visible(by).values("pk"))).first()
        if one is None:
            break
        chain.append(one)
        here = one.details_id
    return chain[::-1]


def clauses(ids: Collection[int]) -> dict[int, Clause]:
    """Clauses with the document that holds them. One query."""
    return {one.pk: one for one in Clause.objects.filter(pk__in=ids).select_related("document__type__series")}


def people(ids: Collection[int]) -> dict[int, str]:
    """The names of persons. One query, none for nobody."""
    return {one.pk: str(one) for one in Person.objects.filter(pk__in=ids)} if ids else {}


def titles(ids: Collection[int]) -> dict[int, str]:
    """The titles of tasks. One query, none for nothing."""
    return dict(Task.objects.filter(pk__in=ids).values_list("pk", "title")) if ids else {}


def directive_of(plan: Plan) -> Document | None:
    """The directive that a plan carries out: its own, else that of the nearest plan that it details."""
    for one in reversed(line_of(plan)):
        if one.answers_id is not None:
            return Document.objects.select_related("type__series").get(pk=one.answers_id)
    return None


def clauses_to_cite(plan: Plan, document_ids: Collection[int], day: date) -> list[Clause]:
    """The clauses of these directives that bind the plan's unit, or one above or below it, and were not withdrawn."""
    standing = Clause.objects.filter(document__in=document_ids).exclude(withdrawn_on__lte=day)
    rows = list(standing.select_related("document__type__series").order_by("document", "position", "pk"))
    bound = addressed([one.pk for one in rows], around(organisation.tree_on(day), plan.unit_id))
    return [one for one in rows if one.pk in bound]


def directives_for(unit_id: int, day: date) -> list[Document]:
    """The directives in force that bind a unit: issued by, or sent for action to, it or a unit around it."""
    units = around(organisation.tree_on(day), unit_id)
    sent = Q(dispatches__unit__in=units, dispatches__to_act=True, dispatches__sent_at__isnull=False)
    living = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    found = Document.objects.filter(
        living, Q(unit__in=units) | (sent & Q(dispatches__voided_at__isnull=True)), type__binds=True
    )
    issued = found.filter(issued_on__isnull=False).select_related("type__series")
    return list(issued.order_by("-issued_on", "-pk").distinct())


def abbreviation_of(plan: Plan, day: date) -> str:
    """What opens the symbol of the plan's paper: KH, CTr; empty when the pack has no type of document for its kind."""
    found = DocumentType.objects.filter(on(day), code=plan.kind).values_list("abbreviation", flat=True).first()
    return found or ""


def tasks_to_detail(plan: Plan, day: date) -> list[Task]:
    """The open tasks that a task of this plan may detail: of the plan itself, and of longer and higher plans."""
    above = longer_or_higher(plan, day).values("pk")
    found = Task.objects.filter(Q(plan__in=above) | Q(plan=plan), state=TaskState.OPEN)
    meeting = found.filter(starts_on__lt=plan.ends_on, due_on__gte=plan.starts_on)
    return list(meeting.select_related("plan").order_by("-plan__ends_on", "plan__starts_on", "plan", "order", "pk"))


def people_of(units: Collection[int], day: date) -> list[Appointment]:
    """Who holds a post in these units on a day, by unit and post; a person with two posts stands twice."""
    rows = Appointment.objects.filter(on(day), post__unit__in=units, person__is_active=True)
    return list(rows.select_related("person", "post__unit").order_by("post__unit__code", "post__code", "pk"))


def indicators_in_force(starts_on: date, ends_on: date) -> list[Indicator]:
    """The indicators of which a target can be set for these half-open days, by code."""
    in_force = Q(starts_on__lt=ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))
    return list(Indicator.objects.filter(in_force).order_by("code"))


def indicators(codes: Collection[str]) -> Mapping[str, Indicator]:
    """These indicators as they stand last. One query."""
    return {one.code: one for one in Indicator.objects.filter(code__in=codes).order_by("starts_on")}


def hand_overs_of(task_id: int) -> list[HandOver]:
    """The decisions by which a task came from another, or went on to one. One query."""
    rows = HandOver.objects.filter(Q(task=task_id) | Q(to_task=task_id)).select_related("task", "to_task")
    return list(rows.order_by("pk"))


def reports_of(version_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """The report of each version, and which of its versions it is. One query, none for nothing."""
    rows = Version.objects.filter(pk__in=version_ids).values_list("pk", "report_id", "number") if version_ids else ()
    return {pk: (report, number) for pk, report, number in rows}


def recurrences(by: Actor, *, ended: bool | None = None) -> QuerySet[Recurrence]:
    """The recurring duties of units that the actor may see: going on, ended, or (None) all, by unit and title."""
    found = Recurrence.objects.filter(unit__in=organisation.reach(by, Permission.PLANNING_VIEW))
    over = Q(ends_on__lte=by.today)
    if ended is not None:
        found = found.filter(over) if ended else found.exclude(over)
    return found.select_related("unit", "lead_unit").order_by("unit__code", "title", "starts_on", "pk")


def recurrence(recurrence_id: int) -> Recurrence:
    """A recurring duty. Raises Recurrence.DoesNotExist."""
    return Recurrence.objects.select_related("unit", "lead_unit").get(pk=recurrence_id)


def open_occurrences(recurrence_id: int, day: date) -> int:
    """How many occurrences of a duty stand open in calendars from a day on. One query."""
    return Task.objects.filter(recurrence=recurrence_id, state=TaskState.OPEN, starts_on__gte=day).count()


@dataclass(frozen=True)
class Leaning:
    """What leans on tasks: those that detail them, what was told of them, and those that an approved plan holds."""

    below: int
    told: int
    in_force: int


def leaning_on(task_ids: Collection[int]) -> Leaning:
    """Three queries."""
    tasks = Task.objects.filter(pk__in=task_ids)
    return Leaning(
        Task.objects.filter(LIVE, details__in=task_ids).exclude(pk__in=task_ids).count(),
        Progress.objects.filter(task__in=task_ids).count(),
        tasks.filter(plan__current_version__isnull=False).count(),
    )


def plans_in_writing(unit_id: int) -> QuerySet[Plan]:
    """The plans of a unit that have not ended, in force or being written: into which a task can go on."""
    return Plan.objects.filter(unit=unit_id).exclude(state=PlanState.ENDED).order_by("-starts_on", "-ends_on")
