"""Plans and their tasks, how far they have come; tell the progress of a task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ninja import Router, Status

from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Progress, Task
from nennep.planning.queries import plans as queries
from nennep.planning.queries import progress as progress_queries
from nennep.planning.queries.board import tasks_below
from nennep.planning.queries.progress import RolledUp
from nennep.planning.queries.targets import Reached
from nennep.planning.rules.evidence import Pointer
from nennep.planning.rules.states import PlanKind, PlanState
from nennep.planning.rules.versions import PlanTexts
from nennep.planning.services import progress as services
from nennep.reporting.rules.numbers import plain
from nennep.reporting.rules.periods import Kind
from nennep.site.api.documents import figure, task_brief
from nennep.site.api.door import ApiRequest
from nennep.site.api.problems import PROBLEMS, Problem
from nennep.site.api.reports import brief
from nennep.site.api.shapes import (
    Code,
    Day,
    EvidenceOut,
    Id,
    Limit,
    Offset,
    Page,
    PeriodOut,
    PlanDetail,
    PlanOut,
    ProgressIn,
    ProgressOut,
    ReachedOut,
    TaskDetail,
    TaskOut,
)

router = Router(tags=["planning"])


@router.get("/plans", url_name="plans", operation_id="plans", response={200: Page[PlanOut], **PROBLEMS})
def plans(
    request: ApiRequest,
    unit: Id | None = None,
    kind: PlanKind | None = None,
    period: Code = "",
    period_kind: Kind | None = None,
    state: PlanState | None = None,
    on: Day | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Page[PlanOut]:
    """The plans that the caller sees, newest period first: of one unit, of a kind, for a period, over a day."""
    by = request.auth.by
    if unit is not None and unit not in organisation.reach(by, Permission.PLANNING_VIEW):
        raise Unit.DoesNotExist
    found = queries.plans(
        by,
        units=None if unit is None else [unit],
        period_code=period,
        period_kind=period_kind,
        kind=kind,
        states=() if state is None else (state,),
        meets=None if on is None else (on, on),
    )
    rows = list(found[offset : offset + limit])
    names = organisation.units_known_by(by.today, ids={row.unit_id for row in rows})
    return Page[PlanOut](total=found.count(), items=[PlanOut(**_plan(row, names)) for row in rows])


@router.get("/plans/{int:plan_id}", url_name="plan", operation_id="plan", response={200: PlanDetail, **PROBLEMS})
def plan(request: ApiRequest, plan_id: int) -> PlanDetail:
    """One plan with its tasks as they stand now, and how far they have come."""
    by = request.auth.by
    found = queries.plan(plan_id)
    _require_seen(by, found)
    tasks = list(queries.tasks_of(plan_id))
    rolled = progress_queries.rolled_up([plan_id], by.today, drafts_of=_own_units(by))
    names = _names(by, found.unit_id, tasks)
    return PlanDetail(
        **_plan(found, names),
        texts=PlanTexts.from_json(found.texts).as_json(),
        progress=rolled.plans.get(plan_id),
        tasks=[TaskOut(**_task(task, names, rolled)) for task in tasks],
    )


@router.get("/tasks/{int:task_id}", url_name="task", operation_id="task", response={200: TaskDetail, **PROBLEMS})
def task(request: ApiRequest, task_id: int) -> TaskDetail:
    """One task with what was told of it, and the tasks that detail it as far as the caller sees their plans."""
    return _whole(request.auth.by, _seen_task(request.auth.by, task_id))


@router.put(
    "/tasks/{int:task_id}/progress",
    url_name="tell-progress",
    operation_id="tell-progress",
    response={200: TaskDetail, 201: TaskDetail, 409: Problem, **PROBLEMS},
)
def tell_progress(request: ApiRequest, task_id: int, sent: ProgressIn) -> Status[TaskDetail]:
    """Say how far a task has come; `finished` declares it done today, and what can be said of it follows from the
    server's day and the figures reported.

    201 when it was kept; 200 when exactly this is what was told last, so that a call whose answer was lost can be made
    again.
    """
    by = request.auth.by
    found = queries.task(task_id)
    organisation.require(by, Permission.PLANNING_REPORT, over=found.lead_unit_id)
    last = progress_queries.told(task_id).first()
    if last is not None and _says_the_same(last, sent, by):
        return Status(200, _whole(by, found))
    evidence = [Pointer(one.kind, one.key) for one in sent.evidence]
    if sent.finished:
        services.finish_task(task_id, sent.text, evidence, by=by)
    else:
        services.tell_progress(task_id, sent.percent, sent.text, evidence, by=by)
    return Status(201, _whole(by, queries.task(task_id)))


def _says_the_same(last: Progress, sent: ProgressIn, by: Actor) -> bool:
    """Whether the newest word on a task is this one, by the same person."""
    percent = 100 if sent.finished else sent.percent
    told = [(row["kind"], row["key"]) for row in last.evidence]
    return (
        last.person_id == by.person_id
        and (last.percent, last.text, bool(last.results)) == (percent, sent.text.strip(), sent.finished)
        and told == [(str(one.kind), one.key) for one in sent.evidence]
    )


# --- what may be seen -----------------------------------------------------------------------------


def _require_seen(by: Actor, plan: Plan) -> None:
    if not queries.may_see(by, plan):
        raise Plan.DoesNotExist


def _seen_task(by: Actor, task_id: int) -> Task:
    found = queries.task(task_id)
    _require_seen(by, found.plan)
    return found


def _own_units(by: Actor) -> tuple[int, ...]:
    return () if by.unit_id is None else (by.unit_id,)


# --- how they are shown ---------------------------------------------------------------------------


def _names(by: Actor, unit_id: int, tasks: Iterable[Task]) -> Mapping[int, NamedUnit]:
    return organisation.units_known_by(by.today, ids={unit_id, *(task.lead_unit_id for task in tasks)})


def _plan(plan: Plan, names: Mapping[int, NamedUnit]) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "unit": brief(names[plan.unit_id]),
        "kind": plan.kind,
        "period": PeriodOut(
            code=plan.period_code, kind=plan.period_kind, starts_on=plan.starts_on, ends_on=plan.ends_on
        ),
        "topic": plan.topic,
        "title": plan.title,
        "state": plan.state,
        "version": plan.current_version.number if plan.current_version else None,
        "revision": plan.revision,
        "details": plan.details_id,
        "answers": plan.answers_id,
        "document": plan.document_id,
    }


def _task(task: Task, names: Mapping[int, NamedUnit], rolled: RolledUp) -> dict[str, Any]:
    come = rolled.tasks.get(task.pk)
    return {
        "id": task.pk,
        "plan": task.plan_id,
        "key": task.key,
        "heading": task.heading,
        "title": task.title,
        "emphasis": task.emphasis,
        "lead": brief(names[task.lead_unit_id]),
        "lead_post": task.lead_post,
        "coordinating": [unit.pk for unit in task.coordinating.all()],
        "starts_on": task.starts_on,
        "due_on": task.due_on,
        "starts_at": task.starts_at.isoformat("minutes") if task.starts_at else None,
        "ends_at": task.ends_at.isoformat("minutes") if task.ends_at else None,
        "place": task.place,
        "clauses": [clause.pk for clause in task.clauses.all()],
        "details": task.details_id,
        "target": _target(task, rolled.reached.get(task.pk)),
        "state": task.state,
        "progress": come.percent if come else task.progress,
        "progress_from": str(come.source) if come else "told",
        "done_on": task.done_on,
        "results": list(task.results),
        "edition": task.edition,
    }


def _target(task: Task, reached: Reached | None) -> ReachedOut | None:
    """A task's target, and what was reported towards it; of one that no form tells, nothing was."""
    if task.figure is None:
        return None
    return ReachedOut(
        indicator=task.indicator,
        figure=plain(task.figure),
        value=figure(reached.value) if reached else None,
        reported=reached.reported if reached else 0,
        expected=reached.expected if reached else 0,
        period=reached.period.code if reached else task.plan.period_code,
    )


def _whole(by: Actor, task: Task) -> TaskDetail:
    rolled = progress_queries.rolled_up_tasks([task.pk], by.today, drafts_of=_own_units(by))
    below = tasks_below(task.pk, by)
    return TaskDetail(
        **_task(task, _names(by, task.lead_unit_id, ()), rolled),
        told=[_told(row) for row in progress_queries.told(task.pk)],
        detailed_by=[task_brief(one) for one in below.order_by("due_on", "pk")],
    )


def _told(row: Progress) -> ProgressOut:
    return ProgressOut(
        id=row.pk,
        percent=row.percent,
        text=row.text,
        results=list(row.results),
        evidence=[EvidenceOut(**one) for one in row.evidence],
        at=row.at,
        person=row.person_name,
        post=row.post_title,
    )
