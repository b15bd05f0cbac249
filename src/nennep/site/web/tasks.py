"""One task: what it says, what it carries out and what carries it out, how far it has come; writing and telling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.documents.models import Document
from nennep.documents.rules import format_number
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.planning.models import Plan, Progress, Task
from nennep.planning.queries import board as beside
from nennep.planning.queries import coverage as clauses_followed
from nennep.planning.queries import evidence as evidence_queries
from nennep.planning.queries import plans as queries
from nennep.planning.queries import progress
from nennep.planning.queries.progress import RULE_TEXT
from nennep.planning.rules.evidence import Evidence, EvidenceKind, Pointer
from nennep.planning.rules.refusals import PlanningRefused, StaleTask
from nennep.planning.rules.states import OPEN_STATES, PlanState, Result, TaskState
from nennep.planning.rules.tasks import LONGEST
from nennep.planning.rules.versions import TaskWords
from nennep.planning.services import progress as telling
from nennep.planning.services import tasks as services
from nennep.reporting.rules.numbers import Ambiguous
from nennep.site.acting import ActingRequest
from nennep.site.calendar_grid import moving
from nennep.site.plan_board import bases_of, directive_name, document_name, due_of, name_of, number
from nennep.site.plan_changes import ToldField, differing, names_in
from nennep.site.plan_sayings import TASK_CHIPS, days_of, figure_said, plan_name, target_of
from nennep.site.planning_refusals import TASK_STATES, say_planning, say_stale
from nennep.site.planning_words import EVIDENCE, PROGRESS_FROM, RESULTS
from nennep.site.report_list import PAGE, Pages, asked_page
from nennep.site.sayings import in_language
from nennep.site.task_form import TypedTask, Unreadable
from nennep.site.web.plans import own

BAD, CLASH = 400, 409


# --- one task -------------------------------------------------------------------------------------


def seen(by: Actor, task_id: int) -> Task:
    """A task of a plan that the actor may see. Raises Task.DoesNotExist for any other."""
    task = queries.task(task_id)
    if not queries.may_see(by, task.plan):
        raise Task.DoesNotExist
    return task


@dataclass(frozen=True)
class ToldProgress:
    """What was said of a task once, with where its evidence can be looked at."""

    told: Progress
    results: tuple[str, ...]
    evidence: tuple[tuple[str, str, str], ...]  # kind, label, address or ""


@require_GET
def task_view(request: ActingRequest, task_id: int) -> HttpResponse:
    """The task; beside the board when the board asked for it."""
    return task_page(request, task_id)


def task_page(request: ActingRequest, task_id: int, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page of a task; acts on it show it again with what stood in their way and what was typed."""
    by = request.actor
    task = seen(by, task_id)
    is_drawer = request.headers.get("HX-Request") == "true"
    context = {
        "section": "plans",
        "task": task,
        "plan": task.plan,
        **_said(by, task),
        **_chain(by, task),
        **_below(request, task),
        **_may(by, task),
        "told": _told(task),
        "hand_overs": beside.hand_overs_of(task.pk),
        "rule": _(RULE_TEXT),
        "problem": problem,
        "typed": request.POST,
        "ticked": set(request.POST.getlist("evidence")),
        "tried": request.resolver_match.url_name if problem and request.resolver_match else "",
        "is_drawer": is_drawer,
    }
    if not is_drawer and (context["may_tell"] or context["may_keep"]):
        context["offered"] = [
            (f"{one.kind}:{one.key}", str(EVIDENCE[one.kind]), one.label) for one in evidence_queries.offered(task, by)
        ]
    return render(request, "plans/_task.html" if is_drawer else "plans/task.html", context, status=status)


def _said(by: Actor, task: Task) -> dict[str, Any]:
    """What the task says, under names."""
    ids = {task.lead_unit_id, task.plan.unit_id, *(unit.pk for unit in task.coordinating.all())}
    units = organisation.units_known_by(by.today, ids=ids)
    indicator = beside.indicators({task.indicator} if task.indicator else ()).get(task.indicator)
    drafts = {by.unit_id} if by.unit_id is not None else set()
    found = progress.rolled_up_tasks([task.pk], by.today, drafts_of=drafts)
    rolled, reached = found.tasks.get(task.pk), found.reached.get(task.pk)
    look, sign = TASK_CHIPS[TaskState(task.state)]
    return {
        "lead": name_of(task.lead_unit_id, units),
        "unit": units.get(task.plan.unit_id),
        "coordinating": [name_of(unit.pk, units) for unit in task.coordinating.all()],
        "days": days_of(task.starts_on, task.due_on),
        "due": due_of(task, by.today),
        "at": by.at,
        "state": str(TASK_STATES[TaskState(task.state)]),
        "look": look,
        "sign": sign,
        "target": target_of(task, indicator),
        "indicator": in_language(indicator.name, indicator.name_en or indicator.name) if indicator else "",
        "reached": reached,
        "reached_said": figure_said(reached.value, indicator) if reached and reached.value is not None else "",
        "percent": rolled.percent if rolled else task.progress,
        "rolled": rolled,
        "rolled_from": PROGRESS_FROM[rolled.source] if rolled else "",
        "results": [str(RESULTS[Result(one)]) for one in task.results],
        "plan_said": plan_name(task.plan),
    }


def _chain(by: Actor, task: Task) -> dict[str, Any]:
    cited = clauses_followed.clauses_of([task.pk]).get(task.pk, ())
    known = beside.clauses({one.clause_id for one in cited})
    above = beside.chain_above(task, by)
    return {
        "bases": bases_of(task, cited, known),
        "above": [(one, plan_name(one.plan)) for one in above],
        "above_hidden": task.details_id is not None and not above,
    }


def _below(request: ActingRequest, task: Task) -> dict[str, Any]:
    """What details the task, page by page, each as far as it has come by itself."""
    found = beside.tasks_below(task.pk, request.actor)
    pages = Pages.of(found.count(), asked_page(request))
    rows = list(found[pages.start : pages.start + PAGE])
    drafts = {request.actor.unit_id} if request.actor.unit_id is not None else set()
    rolled = progress.rolled_up_tasks([one.pk for one in rows], request.actor.today, drafts_of=drafts).tasks
    names = organisation.units_known_by(request.actor.today, ids={one.lead_unit_id for one in rows})
    return {
        "below": [
            (
                one,
                name_of(one.lead_unit_id, names),
                rolled[one.pk].percent if one.pk in rolled else one.progress,
                due_of(one, request.actor.today),
            )
            for one in rows
        ],
        "pages": pages,
    }


def _may(by: Actor, task: Task) -> dict[str, bool]:
    """What the actor may do with the task now."""
    plan = task.plan
    in_force, is_open = plan.current_version_id is not None, task.state == TaskState.OPEN
    is_done = task.state == TaskState.DONE
    reports = organisation.may(by, Permission.PLANNING_REPORT, over=task.lead_unit_id)
    writes = plan.unit_id == by.unit_id and Permission.PLANNING_WRITE in by.permissions
    is_written = PlanState(plan.state) in OPEN_STATES
    return {
        "may_tell": reports and in_force and is_open,
        "may_reopen": reports and in_force and is_done,
        "may_keep": organisation.may(by, Permission.PLANNING_APPROVE, over=task.lead_unit_id) and in_force and is_done,
        "may_write": writes and is_open and is_written,
        "may_reschedule": bool(moving(by, task, task.plan)),
        "may_put_back": writes and is_written and task.state == TaskState.DROPPED,
    }


def _told(task: Task) -> list[ToldProgress]:
    rows = list(progress.told(task.pk))
    shown = [[Evidence.from_json(one) for one in row.evidence] for row in rows]
    versions = {
        one.pointer.id for said in shown for one in said if one.kind in {EvidenceKind.VERSION, EvidenceKind.STATEMENT}
    }
    reports = beside.reports_of(versions)
    return [
        ToldProgress(
            row,
            tuple(str(RESULTS[Result(one)]) for one in row.results),
            tuple((str(EVIDENCE[one.kind]), one.label, _address(one, reports)) for one in said),
        )
        for row, said in zip(rows, shown, strict=True)
    ]


def _address(one: Evidence, reports: dict[int, tuple[int, int]]) -> str:
    """Where a piece of evidence can be looked at; whether the reader may, its own page says."""
    if one.kind is EvidenceKind.TASK:
        return reverse("task", args=[one.pointer.id])
    if one.kind is EvidenceKind.DOCUMENT:
        try:
            return reverse("document", args=[one.pointer.id])
        except NoReverseMatch:
            return ""
    known = reports.get(one.pointer.id)
    return reverse("report-version", args=known) if known else ""


# --- telling --------------------------------------------------------------------------------------


def _acted(request: ActingRequest, task_id: int, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it and go back to the task, or show the task with what stood in the way."""
    try:
        act()
    except PlanningRefused as refused:
        return task_page(request, task_id, problem=say_planning(refused, request.actor.today), status=CLASH)
    except StaleTask as stale:
        return task_page(request, task_id, problem=say_stale(stale), status=CLASH)
    messages.success(request, said)
    return redirect("task", task_id)


def _pointers(request: ActingRequest) -> list[Pointer]:
    """The ticked evidence; anything that is none did not come from the page."""
    found = (ticked.partition(":") for ticked in request.POST.getlist("evidence"))
    return [Pointer(EvidenceKind(kind), key) for kind, _colon, key in found if kind in set(EvidenceKind)]


@require_POST
def tell_progress(request: ActingRequest, task_id: int) -> HttpResponse:
    """Say how far the task has come; or that it is done, where that button was pressed."""
    text, shown = request.POST.get("text", ""), _pointers(request)
    percent = request.POST.get("percent", "").strip().removesuffix("%").strip()
    told = int(percent) if percent.isascii() and percent.isdigit() and len(percent) <= _LONGEST_PERCENT else -1
    return _acted(
        request,
        task_id,
        lambda: telling.tell_progress(task_id, told, text, shown, by=request.actor),
        _("What you told is kept with the task."),
    )


_LONGEST_PERCENT = 3


@require_POST
def finish_task(request: ActingRequest, task_id: int) -> HttpResponse:
    """Declare the task done."""
    text, shown = request.POST.get("text", ""), _pointers(request)
    said = _("The task is done.")
    return _acted(request, task_id, lambda: telling.finish_task(task_id, text, shown, by=request.actor), said)


@require_POST
def keep_quality(request: ActingRequest, task_id: int) -> HttpResponse:
    """Say that the quality of a finished task was kept."""
    text, shown = request.POST.get("text", ""), _pointers(request)
    said = _("It is kept with the task that its quality was kept.")
    return _acted(request, task_id, lambda: telling.say_quality_kept(task_id, text, shown, by=request.actor), said)


@require_POST
def reopen_task(request: ActingRequest, task_id: int) -> HttpResponse:
    """Go on with a finished task, with a reason."""
    reason = request.POST.get("reason", "")
    said = _("The task is open again.")
    return _acted(request, task_id, lambda: telling.reopen_task(task_id, reason, by=request.actor), said)


# --- writing --------------------------------------------------------------------------------------


def own_task(by: Actor, task_id: int) -> Task:
    """A task of a plan of the actor's own unit, to be written. Raises Task.DoesNotExist, NotAuthorised."""
    task = queries.task(task_id)
    organisation.require(by, Permission.PLANNING_WRITE, over=task.plan.unit_id)
    if task.plan.unit_id != by.unit_id:
        raise NotAuthorised(Permission.PLANNING_WRITE, hidden=False)
    return task


@require_http_methods(["GET", "POST"])
def new_task(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Add a task to a plan; out of a clause where the address names one."""
    plan = own(request.actor, plan_id)
    if request.method == "GET":
        return _form(request, plan, _beginning(request, plan))
    typed = TypedTask.of_post(request.POST)
    try:
        task = services.add_task(plan_id, typed.read(), by=request.actor)
    except (Unreadable, PlanningRefused, Ambiguous) as refused:
        return _form(request, plan, typed, problem=_why(request, refused), status=BAD)
    messages.success(request, _("The task is added."))
    if request.POST.get("then") == "another":
        return redirect("new-task", plan_id)
    return redirect(f"{reverse('plan', args=[plan_id])}#task-{task.pk}")


def _beginning(request: ActingRequest, plan: Plan) -> TypedTask:
    """An empty form, led by the plan's unit over its whole period; what a clause says is written in already."""
    typed = TypedTask(
        lead_unit=plan.unit_id, starts_on=plan.starts_on.isoformat(), due_on=queries.last_day(plan).isoformat()
    )
    clause = beside.clauses({number(request.GET.get("clause", ""))}).get(number(request.GET.get("clause", "")))
    if clause is None:
        return typed
    typed.clauses = (clause.pk,)
    typed.title = clause.text.rstrip(".")[: LONGEST["title"]]
    if clause.due_on is not None and plan.starts_on <= clause.due_on < plan.ends_on:
        typed.due_on = clause.due_on.isoformat()
    if clause.indicator and clause.figure is not None:
        typed.indicator, typed.figure = clause.indicator, f"{clause.figure.normalize():f}"
    return typed


@require_http_methods(["GET", "POST"])
def edit_task(request: ActingRequest, task_id: int) -> HttpResponse:
    """Write a task anew; where somebody else wrote in between, both are shown."""
    by = request.actor
    task = own_task(by, task_id)
    plan = own(by, task.plan_id)
    if request.method == "GET":
        return _form(request, plan, TypedTask.of_words(queries.words_of(task)), task=task)
    typed = TypedTask.of_post(request.POST)
    edition = number(request.POST.get("edition", ""))
    try:
        services.change_task(task_id, typed.read(), edition=edition, by=by)
    except StaleTask as stale:
        told = _both(stale, by)
        fresh = queries.task(task_id)
        return _form(request, plan, typed, task=fresh, problem=say_stale(stale), differing=told, status=CLASH)
    except (Unreadable, PlanningRefused, Ambiguous) as refused:
        why = _why(request, refused)
        return _form(request, plan, typed, task=task, edition=edition, problem=why, status=BAD)
    messages.success(request, _("The task is changed."))
    return redirect(f"{reverse('plan', args=[task.plan_id])}#task-{task.pk}")


def _both(stale: StaleTask, by: Actor) -> tuple[ToldField, ...]:
    mine: TaskWords = stale.mine or stale.theirs
    return differing(mine, stale.theirs, names_in([mine, stale.theirs], by.today))


def _why(request: ActingRequest, refused: Unreadable | PlanningRefused | Ambiguous) -> str:
    if isinstance(refused, PlanningRefused):
        return say_planning(refused, request.actor.today)
    if isinstance(refused, Ambiguous):
        readings = " / ".join(format_number(one, "vi") for one in refused.choices)
        return _("“%(text)s” can be read in several ways (%(readings)s): write it so that it reads in one.") % {
            "text": refused.text,
            "readings": readings,
        }
    return str(refused)


def _form(
    request: ActingRequest,
    plan: Plan,
    typed: TypedTask,
    *,
    task: Task | None = None,
    edition: int = 0,
    problem: str = "",
    differing: Sequence[ToldField] = (),
    status: int = 200,
) -> HttpResponse:
    by = request.actor
    tree = organisation.today_tree(by)
    under = list(tree.walk(plan.unit_id)) if plan.unit_id in tree.parents else [plan.unit_id]
    near = _beside(plan.unit_id, under, by)
    names = organisation.units_known_by(by.today, ids={*under, *near, *typed.coordinating, typed.lead_unit})
    day = min(max(by.today, plan.starts_on), queries.last_day(plan))
    directive = beside.directive_of(plan)
    context = {
        "section": "plans",
        "plan": plan,
        "unit": organisation.unit(plan.unit_id, by.today),
        "name": plan_name(plan),
        "directive": directive_name(directive),
        "days": days_of(plan.starts_on, queries.last_day(plan)),
        "last": queries.last_day(plan),
        "task": task,
        "edition": edition or (task.edition if task else 0),
        "typed": typed,
        "problem": problem,
        "differing": differing,
        "is_written": PlanState(plan.state) in OPEN_STATES,
        "leads": [names[one] for one in dict.fromkeys([*under, typed.lead_unit]) if one in names],
        "near": [names[one] for one in dict.fromkeys([*typed.coordinating, *near]) if one in names],
        "people": beside.people_of({plan.unit_id, typed.lead_unit}, day),
        "clauses": _clauses(plan, directive, typed, by),
        "details": _details(plan, task, by),
        "indicators": [
            (one.code, in_language(one.name, one.name_en or one.name), one.unit_of_measure)
            for one in beside.indicators_in_force(plan.starts_on, plan.ends_on)
        ],
        "headings": sorted({one.heading for one in queries.tasks_of(plan.pk) if one.heading}),
        "longest": LONGEST,
    }
    return render(request, "plans/task_form.html", context, status=status)


#: So many units may be ticked one by one; of a larger unit only those right below and beside it are offered.
_MANY_UNITS = 80


def _beside(unit_id: int, under: list[int], by: Actor) -> list[int]:
    """The units that may take part: those below, those beside and above."""
    tree = organisation.today_tree(by)
    above = tree.superiors(unit_id)
    siblings = [one for superior in above for one in (superior, *tree.children.get(superior, ()))]
    below = under if len(under) <= _MANY_UNITS else list(tree.children.get(unit_id, ()))
    return [one for one in [*below, *siblings] if one != unit_id]


def _clauses(plan: Plan, directive: Document | None, typed: TypedTask, by: Actor) -> list[tuple[int, str, str, str]]:
    """The clauses that may be cited, and those that are: id, label, text, and the directive where it is another.

    Offered are those of the plan's directive and of every directive of which a clause is cited already.
    """
    cited = beside.clauses(typed.clauses)
    own_directive = directive.pk if directive else 0
    documents = {own_directive, *(one.document_id for one in cited.values())}
    offered = cited | {one.pk: one for one in beside.clauses_to_cite(plan, documents, by.today)}
    rows = sorted(offered.values(), key=lambda one: (one.document_id != own_directive, one.document_id, one.position))
    return [
        (one.pk, one.label, one.text, "" if one.document_id == own_directive else document_name(one.document))
        for one in rows
    ]


def _details(plan: Plan, task: Task | None, by: Actor) -> list[tuple[str, list[tuple[int, str]]]]:
    """The tasks that this one may detail, by plan."""
    found: dict[str, list[tuple[int, str]]] = {}
    rows = beside.tasks_to_detail(plan, by.today)
    if task is not None and task.details is not None and task.details_id not in {one.pk for one in rows}:
        rows = [task.details, *rows]
    for one in rows:
        if task is None or one.pk != task.pk:
            found.setdefault(one.plan.title, []).append((one.pk, one.title))
    return list(found.items())


@require_http_methods(["GET", "POST"])
def drop_task(request: ActingRequest, task_id: int) -> HttpResponse:
    """Strike a task out, after what that touches was counted and shown."""
    task = own_task(request.actor, task_id)
    if request.method == "POST":
        edition = number(request.POST.get("edition", ""))
        try:
            services.drop_task(task_id, edition=edition, by=request.actor)
        except PlanningRefused as refused:
            return _dropping(request, task, problem=say_planning(refused, request.actor.today))
        except StaleTask as stale:
            return _dropping(request, queries.task(task_id), problem=say_stale(stale))
        messages.success(request, _("The task is struck out."))
        return redirect("plan", task.plan_id)
    return _dropping(request, task)


def _dropping(request: ActingRequest, task: Task, *, problem: str = "") -> HttpResponse:
    context = {
        "section": "plans",
        "task": task,
        "plan": task.plan,
        "plan_said": plan_name(task.plan),
        "below": beside.tasks_below(task.pk, request.actor).count(),
        "told": progress.told(task.pk).count(),
        "is_in_force": task.plan.current_version_id is not None,
        "problem": problem,
    }
    return render(request, "plans/drop_task.html", context, status=CLASH if problem else 200)


@require_POST
def put_task_back(request: ActingRequest, task_id: int) -> HttpResponse:
    """Take a struck-out task into its plan again."""
    own_task(request.actor, task_id)
    said = _("The task stands in its plan again.")
    return _acted(request, task_id, lambda: services.put_task_back(task_id, by=request.actor), said)


@require_POST
def move_task(request: ActingRequest, task_id: int) -> HttpResponse:
    """Put a task before or behind the one beside it on the board."""
    task = own_task(request.actor, task_id)
    to = _behind(task, up=request.POST.get("to") == "up")
    if to is not _STAYS:
        try:
            services.move_task(task_id, behind=to, by=request.actor)
        except PlanningRefused as refused:
            return task_page(request, task_id, problem=say_planning(refused, request.actor.today), status=CLASH)
    return redirect(f"{reverse('plan', args=[task.plan_id])}#task-{task_id}")


#: There is nothing beside the task on that side.
_STAYS = -1


def _behind(task: Task, *, up: bool) -> int | None:
    """Behind which task of the plan it goes when it changes places with its neighbour; None: to the front."""
    rows = list(queries.tasks_of(task.plan_id, dropped=True))
    ids = {one.pk for one in rows}

    def place_of(one: Task) -> tuple[int | None, str]:
        parent = one.details_id if one.details_id in ids else None
        return parent, one.heading if parent is None else ""

    beside_it = [one.pk for one in rows if place_of(one) == place_of(task) and one.state != TaskState.DROPPED]
    place = beside_it.index(task.pk) + (-1 if up else 1) if task.pk in beside_it else _STAYS
    if not 0 <= place < len(beside_it):
        return _STAYS
    if not up:
        return beside_it[place]
    order = [one.pk for one in rows]
    before = order.index(beside_it[place]) - 1
    return order[before] if before >= 0 else None


urlpatterns = [
    path("plans/<int:plan_id>/tasks/new/", new_task, name="new-task"),
    path("tasks/<int:task_id>/", task_view, name="task"),
    path("tasks/<int:task_id>/edit/", edit_task, name="edit-task"),
    path("tasks/<int:task_id>/drop/", drop_task, name="drop-task"),
    path("tasks/<int:task_id>/put-back/", put_task_back, name="put-task-back"),
    path("tasks/<int:task_id>/move/", move_task, name="move-task"),
    path("tasks/<int:task_id>/progress/", tell_progress, name="tell-progress"),
    path("tasks/<int:task_id>/finish/", finish_task, name="finish-task"),
    path("tasks/<int:task_id>/quality/", keep_quality, name="keep-quality"),
    path("tasks/<int:task_id>/reopen/", reopen_task, name="reopen-task"),
]
