"""Plans and their tasks: what stands, what stood on a day, what changed, what is missing, what has lost its unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from nennep.documents.models import Clause, ClauseAddressee, Dispatch, Document
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment, Unit
from nennep.organisation.queries import on
from nennep.organisation.rules import Permission, Span, Tree
from nennep.planning.models import Holiday, Plan, PlanStep, PlanVersion, Task, TaskUnit
from nennep.planning.queries.standing import was_before
from nennep.planning.rules.calendar import CIVIL, LENGTH, OWN_CALENDAR
from nennep.planning.rules.details import Place
from nennep.planning.rules.states import PlanKind, PlanMove, PlanState, TaskState
from nennep.planning.rules.tasks import typed
from nennep.planning.rules.versions import (
    Difference,
    PlanContent,
    PlanTexts,
    TaskContent,
    TaskWords,
    compare,
)
from nennep.reporting.models import ReportingCalendar
from nennep.reporting.rules.periods import Calendar, Kind, Period

#: A task that still says what is to be done: neither struck out nor called off nor gone to another unit.
LIVE = Q(state__in=[TaskState.OPEN, TaskState.DONE])
#: A plan of which an approved version is in force, whether it is being amended or not.
IN_FORCE = Q(current_version__isnull=False) & ~Q(state=PlanState.ENDED)


def calendar() -> Calendar:
    """The periods of plans: the pack's own calendar `plan` where it has one, else civil ones."""
    own = ReportingCalendar.objects.filter(code=OWN_CALENDAR).first()
    return own.rule if own else CIVIL


def holidays(first: date, end: date) -> list[Span]:
    """The holidays that share a day with these days (half-open)."""
    rows = Holiday.objects.filter(starts_on__lt=end, ends_on__gt=first).order_by("starts_on")
    return [Span(starts_on, ends_on) for starts_on, ends_on in rows.values_list("starts_on", "ends_on")]


# --- one plan -------------------------------------------------------------------------------------


def plan(plan_id: int) -> Plan:
    """A plan with its unit, the plan it details and its version in force. Raises Plan.DoesNotExist."""
    return Plan.objects.select_related("unit", "details", "answers__type__series", "current_version").get(pk=plan_id)


def plan_for_update(plan_id: int) -> Plan:
    """A plan that no other act changes until this one is done. Raises Plan.DoesNotExist."""
    return Plan.objects.select_for_update(of=("self",)).select_related("unit", "current_version").get(pk=plan_id)


def place_of(plan: Plan) -> Place:
    return Place(plan.pk, plan.unit_id, Kind(plan.period_kind), plan.starts_on, plan.ends_on)


def period_of(plan: Plan) -> Period:
    return Period(plan.starts_on, plan.ends_on, Kind(plan.period_kind), plan.period_code)


def last_day(plan: Plan) -> date:
    return plan.ends_on - timedelta(days=1)


def line_of(plan: Plan) -> list[Plan]:
    """The plans that this one details, the longest or highest first, and itself: năm › quý › tháng."""
    line = [plan]
    while line[-1].details_id is not None and line[-1].details_id not in {one.pk for one in line}:
        line.append(Plan.objects.get(pk=line[-1].details_id))
    return line[::-1]


def steps_of(plan_id: int) -> QuerySet[PlanStep]:
    """The moves of a plan, oldest first."""
    return PlanStep.objects.filter(plan_id=plan_id).order_by("pk")


def submitted_by(plan_id: int) -> int | None:
    """Who handed the plan in last; None for the system, or when nobody did."""
    last = steps_of(plan_id).filter(move=PlanMove.SUBMIT).last()
    return last.person_id if last else None


def others_who_approve(plan: Plan, person_id: int, day: date) -> bool:
    """Whether anybody else holds, in the plan's unit or one above it, a post that approves plans on this day."""
    units = {plan.unit_id, *superiors(organisation.tree_on(day), plan.unit_id)}
    rows = (
        Appointment.objects.filter(on(day), post__unit_id__in=units, person__is_active=True)
        .exclude(person_id=person_id)
        .values_list("post__permissions", flat=True)
    )
    return any(Permission.PLANNING_APPROVE in permissions for permissions in rows)


def superiors(tree: Tree, unit_id: int) -> frozenset[int]:
    """Every unit above this one on the day of the tree, on any line."""
    found: set[int] = set()
    waiting = [unit_id]
    while waiting:
        above = [unit for unit in tree.superiors(waiting.pop()) if unit not in found]
        found.update(above)
        waiting.extend(above)
    return frozenset(found)


# --- what may be seen -----------------------------------------------------------------------------


def visible(by: Actor) -> QuerySet[Plan]:
    """The plans that the actor may see: those of units in reach, and of any unit those that name one in reach and were
    ever issued. While these are amended the units see what is being written.
    """
    reach = organisation.reach(by, Permission.PLANNING_VIEW)
    named = Task.objects.filter(Q(lead_unit__in=reach) | Q(coordinating__in=reach), plan=OuterRef("pk"))
    issued = PlanStep.objects.filter(plan=OuterRef("pk"), move=PlanMove.ISSUE)
    return Plan.objects.filter(Q(unit__in=reach) | (Q(Exists(issued)) & Q(Exists(named))))


def may_see(by: Actor, plan: Plan) -> bool:
    return visible(by).filter(pk=plan.pk).exists()


def plans(
    by: Actor,
    *,
    units: Collection[int] | None = None,
    period_code: str = "",
    period_kind: Kind | None = None,
    kind: PlanKind | None = None,
    states: Collection[PlanState] = (),
    meets: tuple[date, date] | None = None,
) -> QuerySet[Plan]:
    """The plans that the actor may see and that match, the newest period first, the longest of those first.

    `meets` are two days: plans whose period shares a day with them (inclusive).
    """
    found = visible(by).select_related("unit", "current_version")
    if units is not None:
        found = found.filter(unit__in=units)
    if period_code:
        found = found.filter(period_code=period_code)
    if period_kind is not None:
        found = found.filter(period_kind=period_kind)
    if kind is not None:
        found = found.filter(kind=kind)
    if states:
        found = found.filter(state__in=states)
    if meets is not None:
        found = found.filter(starts_on__lte=meets[1], ends_on__gt=meets[0])
    return found.order_by("-starts_on", "-ends_on", "unit__code", "kind", "topic")


def waiting_for(by: Actor) -> QuerySet[Plan]:
    """The plans that wait for the actor's approval, the oldest submission first."""
    reach = organisation.reach(by, Permission.PLANNING_APPROVE)
    found = Plan.objects.filter(unit__in=reach, state=PlanState.SUBMITTED)
    return found.select_related("unit").order_by("starts_on", "pk")


# --- tasks ----------------------------------------------------------------------------------------


def task(task_id: int) -> Task:
    """A task with its plan and what stands beside it. Raises Task.DoesNotExist."""
    return told(Task.objects.filter(pk=task_id)).get()


def tasks_of(plan_id: int, *, dropped: bool = False) -> QuerySet[Task]:
    """The tasks of a plan in their order, each with its units and clauses. As many queries whatever their number."""
    found = Task.objects.filter(plan_id=plan_id)
    return told(found if dropped else found.exclude(state=TaskState.DROPPED)).order_by("order", "pk")


def tasks_between(by: Actor, first: date, last: date, *, units: Collection[int] | None = None) -> QuerySet[Task]:
    """The live tasks that the actor may see on any day from `first` to `last`, by day: the calendar.

    With `units`, those led by one of them, or in which one takes part.
    """
    meeting = visible(by).filter(starts_on__lte=last, ends_on__gt=first)  # a task lies within its plan
    found = Task.objects.filter(LIVE, starts_on__lte=last, due_on__gte=first, plan__in=meeting.values("pk"))
    if units is not None:
        part = TaskUnit.objects.filter(task=OuterRef("pk"), unit__in=units)
        found = found.filter(Q(lead_unit__in=units) | Q(Exists(part)))
    return told(found).order_by("starts_on", "starts_at", "order", "pk")


def told(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """These tasks with all that is told of them on one line: plan, lead, units, clauses, what they detail."""
    clauses = Prefetch("clauses", queryset=Clause.objects.select_related("document__type__series").order_by("position"))
    coordinating = Prefetch("coordinating", queryset=Unit.objects.order_by("code"))
    return (
        tasks.select_related("plan", "lead_unit", "lead_person", "details__plan")
        .defer("plan__texts", "details__plan__texts", "details__results", "details__measures_taken")
        .prefetch_related(clauses, coordinating)
    )


def words_of(task: Task) -> TaskWords:
    """What is written of a task now. Two queries, none when units and clauses were fetched with it."""
    return TaskWords(
        title=task.title,
        lead_unit=task.lead_unit_id,
        starts_on=task.starts_on,
        due_on=task.due_on,
        heading=task.heading,
        emphasis=task.emphasis,
        lead_post=task.lead_post,
        lead_person=task.lead_person_id,
        coordinating=tuple(sorted(unit.pk for unit in task.coordinating.all())),
        starts_at=task.starts_at,
        ends_at=task.ends_at,
        place=task.place,
        clauses=tuple(sorted(clause.pk for clause in task.clauses.all())),
        details=task.details_id,
        indicator=task.indicator,
        figure="" if task.figure is None else typed(task.figure),
        target_words=task.target_words,
        measures_taken=task.measures_taken,
    )


def content_of(plan: Plan) -> PlanContent:
    """What a plan says now: its texts and the tasks that are not struck out. Three queries."""
    tasks = (
        Task.objects.filter(plan=plan)
        .exclude(state=TaskState.DROPPED)
        .prefetch_related("coordinating", "clauses")
        .order_by("order", "pk")
    )
    return PlanContent(
        plan.title,
        PlanTexts.from_json(plan.texts),
        tuple(
            TaskContent(one.key, one.order, words_of(one), one.carried_from_id, one.recurrence_id, one.uid)
            for one in tasks
        ),
    )


# --- versions, and what changed -------------------------------------------------------------------


def version_on(plan_id: int, at: datetime) -> PlanVersion | None:
    """The version that was in force at an instant; None before the first."""
    return PlanVersion.objects.filter(plan_id=plan_id, at__lte=at).order_by("number").last()


def content_of_version(version: PlanVersion) -> PlanContent:
    return PlanContent.from_json(version.content_data)


@dataclass(frozen=True)
class Changes:
    """What changed in a plan since an instant: from which version to which, and why each was made.

    `since` is None when no version was in force then: all that stands was added. `until` is the version in force now.
    """

    since: PlanVersion | None
    until: PlanVersion | None
    difference: Difference
    reasons: tuple[PlanVersion, ...] = ()


_NOTHING = PlanContent("", PlanTexts(), ())


def changes_since(plan: Plan, at: datetime) -> Changes:
    """What changed in what is in force since an instant, deletions among it."""
    versions = list(PlanVersion.objects.filter(plan=plan).order_by("number"))
    since = next((version for version in reversed(versions) if version.at <= at), None)
    until = versions[-1] if versions else None
    before = content_of_version(since) if since else _NOTHING
    after = content_of_version(until) if until else _NOTHING
    newer = tuple(version for version in versions if since is None or version.number > since.number)
    return Changes(since, until, compare(before, after), newer)


def between(plan_id: int, older: int, newer: int) -> Changes:
    """What changed from one version of a plan to another, by their numbers. Raises PlanVersion.DoesNotExist."""
    since = PlanVersion.objects.get(plan_id=plan_id, number=older)
    until = PlanVersion.objects.get(plan_id=plan_id, number=newer)
    reasons = PlanVersion.objects.filter(plan_id=plan_id, number__gt=older, number__lte=newer).order_by("number")
    return Changes(since, until, compare(content_of_version(since), content_of_version(until)), tuple(reasons))


def pending(plan: Plan) -> Difference:
    """What an amendment that is being written changes against the version in force; of a first draft, everything."""
    before = content_of_version(plan.current_version) if plan.current_version else _NOTHING
    return compare(before, content_of(plan))


# --- details, and what is missing -----------------------------------------------------------------


def details_above(task_id: int) -> dict[int, int | None]:
    """What each task on the way up from this one details. One query a step; a circle ends it."""
    found: dict[int, int | None] = {}
    here: int | None = task_id
    while here is not None and here not in found:
        found[here] = Task.objects.values_list("details_id", flat=True).get(pk=here)
        here = found[here]
    return found


def longer_or_higher(plan: Plan, day: date) -> QuerySet[Plan]:
    """The plans that this one may detail, the nearest first: of the same unit and longer, or of a unit above."""
    above = superiors(organisation.tree_on(day), plan.unit_id)
    longer = [kind for kind, length in LENGTH.items() if length > LENGTH[Kind(plan.period_kind)]]
    found = Plan.objects.filter(starts_on__lt=plan.ends_on, ends_on__gt=plan.starts_on).exclude(pk=plan.pk)
    own = Q(unit=plan.unit_id, period_kind__in=longer)
    return found.filter(own | (IN_FORCE & Q(unit__in=above))).select_related("unit").order_by("-starts_on", "ends_on")


@dataclass(frozen=True)
class Gaps:
    """Tasks that should be carried on and are not: of plans above, in which the unit leads or takes part, and of the
    unit's own next longer plan, on days of this plan.
    """

    of_higher: list[Task] = field(default_factory=list)
    of_longer: list[Task] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.of_higher or self.of_longer)


def gaps(plan: Plan, day: date) -> Gaps:
    """What of the higher and the longer plan nobody of this unit details, in the order of those plans.

    Higher are the plans in force of units above for the same period, and the one that this plan details. Longer is
    the shortest plan of the unit that covers more than this one. What details a task that was handed over details what
    that became.
    """
    above = superiors(organisation.tree_on(day), plan.unit_id)
    higher = Plan.objects.filter(IN_FORCE, Q(period_code=plan.period_code) | Q(pk=plan.details_id), unit__in=above)
    takes_part = TaskUnit.objects.filter(task=OuterRef("pk"), unit=plan.unit_id)
    open_ = Task.objects.filter(state=TaskState.OPEN, starts_on__lt=plan.ends_on, due_on__gte=plan.starts_on)
    of_unit = Task.objects.filter(LIVE, details=OuterRef("pk"), plan__unit=plan.unit_id)
    of_higher = open_.filter(Q(lead_unit=plan.unit_id) | Q(Exists(takes_part)), plan__in=higher.values("pk"))
    of_higher = of_higher.exclude(Exists(of_unit))
    longer = next_longer(plan)
    in_plan = Task.objects.filter(LIVE, details=OuterRef("pk"), plan=plan)
    of_longer = open_.filter(plan=longer).exclude(Exists(in_plan)) if longer else Task.objects.none()
    missing_above = list(told(of_higher).order_by("plan__starts_on", "plan", "order", "pk"))
    missing_beside = list(told(of_longer).order_by("order", "pk"))
    known = _detailed_before([*missing_above, *missing_beside], plan.unit_id)
    return Gaps(
        [task for task in missing_above if task.pk not in known],
        [task for task in missing_beside if plan.pk not in known.get(task.pk, ())],
    )


def _detailed_before(tasks: Iterable[Task], unit_id: int) -> dict[int, set[int]]:
    """Of these tasks, those that a unit detailed before they were handed over, each with the plans in which it did."""
    became = was_before([task.pk for task in tasks])
    found: dict[int, set[int]] = {}
    if became:
        parts = Task.objects.filter(LIVE, details__in=became, plan__unit=unit_id)
        for old, plan_id in parts.values_list("details_id", "plan_id"):
            found.setdefault(became[old or 0], set()).add(plan_id)
    return found


def next_longer(plan: Plan) -> Plan | None:
    """The shortest longer plan of the same unit and topic that shares days with this one; that which it details first.

    A calendar looks for a plan or programme as well as for a longer calendar.
    """
    longer = [kind for kind, length in LENGTH.items() if length > LENGTH[Kind(plan.period_kind)]]
    found = Plan.objects.filter(
        unit=plan.unit_id, period_kind__in=longer, starts_on__lt=plan.ends_on, ends_on__gt=plan.starts_on
    ).exclude(state=PlanState.ENDED)
    ranked = sorted(
        found,
        key=lambda one: (one.pk != plan.details_id, one.topic != plan.topic, LENGTH[Kind(one.period_kind)], one.pk),
    )
    return ranked[0] if ranked else None


@dataclass(frozen=True)
class Doubt:
    """A task that stands on something that has gone: `why` is clause_withdrawn, unit_gone or details_gone."""

    task: Task
    why: str


def doubts(plan: Plan, day: date) -> list[Doubt]:
    """The open tasks of a plan whose clause was withdrawn, whose lead is gone on a day, or whose higher task is."""
    found = []
    for one in tasks_of(plan.pk).filter(state=TaskState.OPEN):
        if any(clause.withdrawn_on is not None and clause.withdrawn_on <= day for clause in one.clauses.all()):
            found.append(Doubt(one, "clause_withdrawn"))
        if one.lead_unit.ends_on is not None and one.lead_unit.ends_on <= day:
            found.append(Doubt(one, "unit_gone"))
        if one.details is not None and one.details.state in {TaskState.DROPPED, TaskState.CANCELLED}:
            found.append(Doubt(one, "details_gone"))
    return found


# --- directives -----------------------------------------------------------------------------------


def around(tree: Tree, unit_id: int) -> frozenset[int]:
    """A unit, those above and those below it, and whatever was merged into them: where a demand on one is one on it."""
    chain = superiors(tree, unit_id) | tree.subtree(unit_id) | {unit_id}
    return organisation.with_gone(chain, tree.day)


def addressed(clause_ids: Iterable[int], units: Collection[int]) -> frozenset[int]:
    """Of these clauses, those that bind one of the units: named by the clause, or sent the directive for action."""
    clauses = Clause.objects.filter(pk__in=list(clause_ids))
    named = ClauseAddressee.objects.filter(clause=OuterRef("pk"), unit__in=units)
    sent = _sent_to(units).filter(document=OuterRef("document"))
    by_name = Q(for_all=False) & Q(Exists(named))
    return frozenset(clauses.filter(by_name | (Q(for_all=True) & Q(Exists(sent)))).values_list("pk", flat=True))


def directive_reaches(document: Document, units: Collection[int]) -> bool:
    """Whether a directive was issued by, or sent for action to, one of these units."""
    return document.unit_id in units or _sent_to(units).filter(document=document).exists()


def _sent_to(units: Collection[int]) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(unit__in=units, to_act=True, sent_at__isnull=False, voided_at__isnull=True)


# --- tasks without a unit -------------------------------------------------------------------------


@dataclass(frozen=True)
class Orphan:
    """An open task whose plan's unit, or whose lead, is gone; `gone` since `since`, `heirs` may take it over.

    `heirs` are the living units that the successions made of the gone one: a proposal, never more.
    """

    task: Task
    gone: int
    since: date
    heirs: tuple[int, ...]


def orphaned_tasks(reach: Collection[int], day: date) -> list[Orphan]:
    """Every open task in reach whose plan's unit or lead is gone on a day, by unit and due day.

    Plans that have ended are left out; drafts that were never approved are not.
    """
    gone = dict(Unit.objects.filter(ends_on__lte=day).values_list("pk", "ends_on"))
    rows = told(
        Task.objects.filter(Q(plan__unit__in=gone) | Q(lead_unit__in=gone), state=TaskState.OPEN, plan__unit__in=reach)
    ).exclude(plan__state=PlanState.ENDED)
    found = []
    known: dict[int, tuple[int, ...]] = {}
    for one in rows.order_by("plan__unit__code", "due_on", "order", "pk"):
        unit = one.plan.unit_id if one.plan.unit_id in gone else one.lead_unit_id
        since = gone[unit]
        if since is not None:
            known.setdefault(unit, living_heirs(unit, since, day))
            found.append(Orphan(one, unit, since, known[unit]))
    return found


def living_heirs(unit_id: int, since: date, day: date) -> tuple[int, ...]:
    """The units living on a day that successions made of one that ended: A into B, B into C gives C."""
    heirs = organisation.heirs_between(since - timedelta(days=1), day)
    alive = set(Unit.objects.filter(on(day)).values_list("pk", flat=True))
    found: dict[int, None] = {}
    waiting, seen = [unit_id], {unit_id}
    while waiting:
        for heir in sorted(heirs.get(waiting.pop(), ())):
            if heir in seen:
                continue
            seen.add(heir)
            waiting.append(heir)
            if heir in alive:
                found[heir] = None
    return tuple(found)
