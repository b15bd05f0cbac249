"""Plans: the list, a new one, and one plan on its board with its way to approval, its texts, changes and papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.documents.pdf import render_pdf
from nennep.documents.queries.templates import docx_of
from nennep.documents.services.refusals import DocumentsRefused
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.planning.models import Plan, PlanStep
from nennep.planning.papers import plan_paper
from nennep.planning.queries import board as beside
from nennep.planning.queries import plans as queries
from nennep.planning.queries.board import Tally
from nennep.planning.queries.plans import Changes
from nennep.planning.queries.progress import RULE_TEXT
from nennep.planning.rules.calendar import LENGTH, submit_before
from nennep.planning.rules.refusals import PlanningRefused, StalePlan
from nennep.planning.rules.states import OPEN_STATES, ROUTE, PlanKind, PlanMove, PlanState, TaskState, WrongMove
from nennep.planning.rules.versions import PlanTexts
from nennep.planning.services import following, recurrences
from nennep.planning.services import plans as services
from nennep.planning.services.documents import plan_document
from nennep.planning.services.following import Made
from nennep.reporting.rules.periods import Kind, NoSuchPeriod, Period
from nennep.site.acting import ActingRequest
from nennep.site.document_refusals import say_documents
from nennep.site.letterhead import letterhead
from nennep.site.looking import Looking, looking
from nennep.site.plan_board import COLUMNS, Board, directive_name, document_name, number, sheet_of
from nennep.site.plan_changes import told_changes
from nennep.site.plan_sayings import (
    DOUBTS,
    PLAN_CHIPS,
    PLAN_KINDS,
    STEPS,
    TEXT_PARTS,
    days_of,
    plan_name,
    why_not_taken,
)
from nennep.site.planning_refusals import PLAN_STATES, TASK_STATES, say_planning, say_stale
from nennep.site.report_list import PAGE, XLSX, Pages, asked_page
from nennep.site.sayings import KINDS_OF_PERIOD, period_label

BAD, CLASH = 400, 409
FILES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
#: Where what could not be taken along waits for the board that tells of it.
NOT_TAKEN = "not_taken"


# --- what every page about a plan needs -----------------------------------------------------------


def seen(by: Actor, plan_id: int) -> Plan:
    """A plan that the actor may see. Raises Plan.DoesNotExist for any other, so that nobody learns that it is there."""
    plan = queries.plan(plan_id)
    if not queries.may_see(by, plan):
        raise Plan.DoesNotExist
    return plan


def own(by: Actor, plan_id: int) -> Plan:
    """A plan of the actor's own unit, to be written. Raises Plan.DoesNotExist, NotAuthorised."""
    plan = queries.plan(plan_id)
    organisation.require(by, Permission.PLANNING_WRITE, over=plan.unit_id)
    if plan.unit_id != by.unit_id:
        raise NotAuthorised(Permission.PLANNING_WRITE, hidden=False)
    return plan


@dataclass(frozen=True)
class Chip:
    """A plan's state as a chip: its word, look and icon, and the day on which it came about."""

    said: str
    look: str
    icon: str
    since: date | None = None


def chip_of(plan: Plan, since: date | None = None) -> Chip:
    state = PlanState(plan.state)
    return Chip(str(PLAN_STATES[state]), *PLAN_CHIPS[state], since)


@dataclass(frozen=True)
class HandIn:
    """By when a plan is to be handed in, and how that stands: `late` while it was not, or was after the day."""

    before: date
    is_late: bool
    handed_in: date | None
    days: int


def hand_in_of(plan: Plan, today: date, first_submit: PlanStep | None) -> HandIn | None:
    """Nghị định 191/2026/NĐ-CP Điều 19-20, as `submit_before` says it; None where the rule sets no day."""
    before = submit_before(queries.period_of(plan))
    if before is None:
        return None
    handed_in = localdate(first_submit.at) if first_submit else None
    told = handed_in or today
    is_late = told >= before and (handed_in is not None or plan.current_version_id is None)
    return HandIn(before, is_late, handed_in, (told - before).days + 1)


# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListLine:
    plan: Plan
    unit: str
    period: str
    kind: str
    chip: Chip
    tally: Tally
    hand_in: HandIn | None


@require_GET
def plans(request: ActingRequest) -> HttpResponse:
    """The plans of the looked-at unit, of those under it, or of those above that name it; what waits stands above."""
    here, get = looking(request), request.GET
    whose = get.get("whose", "") if get.get("whose") in {"under", "above"} else ""
    kind = PlanKind(get["kind"]) if get.get("kind") in set(PlanKind) else None
    period_kind = Kind(get["span"]) if get.get("span") in set(LENGTH) else None
    state = PlanState(get["state"]) if get.get("state") in set(PlanState) else None
    year, topic = number(get.get("year", "")), get.get("topic", "").strip()
    found = queries.plans(
        here.by,
        units=_units(here, whose),
        period_kind=period_kind,
        kind=kind,
        states=[state] if state else (),
        meets=(date(year, 1, 1), date(year, 12, 31)) if _FIRST_YEAR <= year <= _LAST_YEAR else None,
    )
    if topic:
        found = found.filter(topic__icontains=topic) | found.filter(title__icontains=topic)
    pages = Pages.of(found.count(), asked_page(request))
    context = {
        "section": "plans",
        "here": here,
        "lines": _lines(here, list(found[pages.start : pages.start + PAGE])),
        "pages": pages,
        "whose": whose,
        "kinds": PLAN_KINDS.items(),
        "kind": kind or "",
        "spans": [(span, KINDS_OF_PERIOD[span]) for span in LENGTH if span is not Kind.NINE_MONTHS],
        "span": period_kind or "",
        "states": PLAN_STATES.items(),
        "state": state or "",
        "year": year or "",
        "years": range(here.by.today.year + 1, here.by.today.year - 5, -1),
        "topic": topic,
        "waiting": queries.waiting_for(here.by).count() if Permission.PLANNING_APPROVE in here.by.permissions else 0,
        "has_filter": bool(kind or period_kind or state or year or topic),
        "may_write": Permission.PLANNING_WRITE in here.by.permissions,
        "may_hand_over": Permission.PLANNING_APPROVE in here.by.permissions,
    }
    return render(request, "plans/list.html", context)


_FIRST_YEAR, _LAST_YEAR = 1975, 2200


def _units(here: Looking, whose: str) -> frozenset[int]:
    if whose == "under":
        return organisation.with_gone(here.tree.subtree(here.unit.id), here.by.today)
    if whose == "above":
        return queries.superiors(here.tree, here.unit.id)
    return frozenset({here.unit.id})


def _lines(here: Looking, found: list[Plan]) -> list[ListLine]:
    names = organisation.units_known_by(here.by.today, ids={plan.unit_id for plan in found})
    counted = beside.tallies([plan.pk for plan in found], here.by.today)
    submitted = beside.first_submits([plan.pk for plan in found])
    return [
        ListLine(
            plan,
            names[plan.unit_id].short_name if plan.unit_id in names else "",
            period_label(queries.period_of(plan)),
            str(PLAN_KINDS[PlanKind(plan.kind)]),
            chip_of(plan),
            counted.get(plan.pk, Tally()),
            hand_in_of(plan, here.by.today, submitted.get(plan.pk)),
        )
        for plan in found
    ]


# --- a new plan -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_plan(request: ActingRequest) -> HttpResponse:
    """Begin a plan: an empty one, the month's out of the quarter's, or the next period's out of this one's."""
    by = request.actor
    problem = ""
    if request.method == "POST":
        try:
            return _begun(request)
        except PlanningRefused as refused:
            problem = say_planning(refused, by.today)
        except NoSuchPeriod:
            problem = _("Choose a period: a year, half, quarter, month or week.")
        except Plan.DoesNotExist:
            problem = _("Choose the plan from which the new one is made.")
    asked = request.POST if request.method == "POST" else request.GET
    unit = organisation.unit(by.unit_id or 0, by.today)
    mine = list(beside.plans_in_writing(unit.id)[:_MOST_OFFERED])
    context = {
        "section": "plans",
        "unit": unit,
        "problem": problem,
        "asked": asked,
        "kinds": PLAN_KINDS.items(),
        "periods": _periods_to_plan(by.today),
        "details": [(plan, plan_name(plan), plan.unit_id == unit.id) for plan in _to_detail(by)],
        "directives": _directives(unit.id, by.today),
        "longer": [(plan, plan_name(plan)) for plan in mine if plan.period_kind != Kind.WEEK],
        "mine": [(plan, plan_name(plan)) for plan in mine],
    }
    return render(request, "plans/new.html", context, status=BAD if problem else 200)


_MOST_OFFERED = 60


def _begun(request: ActingRequest) -> HttpResponse:
    by, post = request.actor, request.POST
    way, title = post.get("way", ""), post.get("title", "")
    kind = PlanKind(post["kind"]) if post.get("kind") in set(PlanKind) else PlanKind.PLAN
    if way == "shorter":
        made = following.make_shorter(
            number(post.get("from", "")), post.get("period", ""), by=by, kind=kind, title=title
        )
        return _taken(request, made)
    if way == "next":
        return _taken(request, following.make_next(number(post.get("from", "")), by=by, title=title))
    plan = services.make_plan(
        kind,
        post.get("period", ""),
        by=by,
        topic=post.get("topic", ""),
        title=title,
        details=number(post.get("details", "")) or None,
        answers=number(post.get("answers", "")) or None,
    )
    messages.success(request, _("The plan is begun. Add its tasks."))
    return redirect("plan", plan.pk)


def _to_detail(by: Actor) -> list[Plan]:
    """Plans that a new one may detail: of the actor's unit, and those in force of the units above, not yet over."""
    above = queries.superiors(organisation.today_tree(by), by.unit_id or 0)
    found = queries.plans(by, units={*above, by.unit_id or 0}).filter(ends_on__gt=by.today - timedelta(days=31))
    return list(found.exclude(state=PlanState.ENDED)[:_MOST_OFFERED])


def _directives(unit_id: int, today: date) -> list[tuple[int, str]]:
    found = beside.directives_for(unit_id, today)
    return [(one.pk, f"{document_name(one)}: {one.subject}") for one in found]


def _periods_to_plan(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods that are planned now, by kind: this year's and those of the next."""
    calendar = queries.calendar()
    found = []
    for kind in (Kind.YEAR, Kind.HALF, Kind.QUARTER, Kind.MONTH, Kind.WEEK):
        first = today - timedelta(days=7 if kind is Kind.WEEK else 31)
        last = today + timedelta(days=_AHEAD[kind])
        walked = calendar.walk(kind, first, last)
        found.append((str(KINDS_OF_PERIOD[kind]), [(one.code, _with_days(one)) for one in walked]))
    return found


_AHEAD: Mapping[Kind, int] = {Kind.YEAR: 400, Kind.HALF: 400, Kind.QUARTER: 400, Kind.MONTH: 400, Kind.WEEK: 60}


def _with_days(period: Period) -> str:
    return f"{period_label(period)} ({days_of(period.starts_on, period.last_day)})"


def _taken(request: ActingRequest, made: Made) -> HttpResponse:
    """To the plan that took tasks along; what it could not take waits there to be told."""
    count = len(made.tasks)
    messages.success(
        request,
        ngettext("%(count)s task was taken along.", "%(count)s tasks were taken along.", count) % {"count": count},
    )
    if made.not_taken:
        told = [[one.task.pk, one.task.title, why_not_taken(one.why)] for one in made.not_taken]
        request.session[NOT_TAKEN] = {"plan": made.plan.pk, "tasks": told}
    return redirect("plan", made.plan.pk)


# --- the board ------------------------------------------------------------------------------------


@require_GET
def plan_view(request: ActingRequest, plan_id: int) -> HttpResponse:
    """The board: the directive's clauses at the left, the tasks as a tree at the right."""
    return board_page(request, plan_id)


def board_page(request: ActingRequest, plan_id: int, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The board; acts on the plan show it again with what stood in their way."""
    by = request.actor
    plan = seen(by, plan_id)
    board = Board(request, plan)
    steps = list(queries.steps_of(plan.pk))
    context = {
        "section": "plans",
        "board": board,
        **heading(by, plan, steps),
        "asked": board.asked,
        "all_columns": COLUMNS,
        "chosen_columns": {column.key for column in board.asked.columns},
        "task_states": TASK_STATES.items(),
        "rule": _(RULE_TEXT),
        "gaps": queries.gaps(plan, by.today) if plan.state != PlanState.ENDED else None,
        "doubts": [(one.task, DOUBTS[one.why]) for one in queries.doubts(plan, by.today)],
        "not_taken": _told_once(request, plan),
        "steps": [(step, _step_said(step)) for step in reversed(steps)],
        "texts": _texts_said(plan),
        "has_texts": any(plan.texts.values()),
        "question": request.GET.urlencode(),
        "problem": problem,
        "typed_reason": request.POST.get("reason", ""),
        "tried": request.resolver_match.url_name if problem and request.resolver_match else "",
    }
    if context["may_write"]:
        dropped = queries.tasks_of(plan.pk, dropped=True).filter(state=TaskState.DROPPED)
        context["dropped"] = [(task.pk, task.title) for task in dropped]
    return render(request, "plans/board.html", context, status=status)


def heading(by: Actor, plan: Plan, steps: list[PlanStep]) -> dict[str, Any]:
    """What every page about one plan says at its head, and what the actor may do with it."""
    last = next((step for step in reversed(steps) if step.to_state == plan.state), None)
    first_submit = next((step for step in steps if step.move == PlanMove.SUBMIT), None)
    chain = queries.line_of(plan)[:-1]
    known = set(queries.visible(by).filter(pk__in=[one.pk for one in chain]).values_list("pk", flat=True))
    may = _moves(by, plan)
    directive = beside.directive_of(plan)
    return {
        "plan": plan,
        "unit": organisation.unit(plan.unit_id, by.today),
        "chip": chip_of(plan, localdate(last.at) if last else None),
        "chain": [(one, plan_name(one), one.pk in known) for one in chain],
        "name": plan_name(plan),
        "directive": directive_name(directive),
        "directive_id": directive.pk if directive else None,
        "period": queries.period_of(plan),
        "days": days_of(plan.starts_on, queries.last_day(plan)),
        "hand_in": hand_in_of(plan, by.today, first_submit),
        "may": may,
        "is_own": plan.unit_id == by.unit_id,
        "may_write": _may_write(by, plan) and PlanState(plan.state) in OPEN_STATES,
        "may_own": _may_write(by, plan),
        "today": by.today,
        "is_calendar": plan.kind == PlanKind.CALENDAR,
        "is_over": plan.ends_on <= by.today,
    }


def _may_write(by: Actor, plan: Plan) -> bool:
    return plan.unit_id == by.unit_id and Permission.PLANNING_WRITE in by.permissions


def _moves(by: Actor, plan: Plan) -> dict[str, bool]:
    """The moves that are open now to the actor, by their names."""
    found = {}
    for move, step in ROUTE.items():
        if step.permission is Permission.PLANNING_WRITE:
            allowed = _may_write(by, plan)
        else:
            allowed = organisation.may(by, step.permission, over=plan.unit_id)
        found[str(move)] = allowed and PlanState(plan.state) in step.from_
    return found


def _step_said(step: PlanStep) -> str:
    return str(STEPS.get(step.move, step.move))


def _told_once(request: ActingRequest, plan: Plan) -> list[list[Any]]:
    """What could not be taken along into this plan: told on the page that follows, and no longer."""
    waiting = request.session.get(NOT_TAKEN)
    if not waiting or waiting.get("plan") != plan.pk:
        return []
    told: list[list[Any]] = request.session.pop(NOT_TAKEN)["tasks"]
    return told


def _texts_said(plan: Plan) -> list[tuple[str, str, list[str]]]:
    now = PlanTexts.from_json(plan.texts).as_json()
    return [(part, str(said), now[part]) for part, said in TEXT_PARTS.items()]


@require_GET
def plan_sheet(request: ActingRequest, plan_id: int, kind: str) -> HttpResponse:
    """The tasks of the board, with its filters and columns, as a workbook or as plain text."""
    name, content, data = sheet_of(Board(request, seen(request.actor, plan_id)), kind)
    return _file(data, name, content)


def _file(data: bytes, name: str, content: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def plan_file(request: ActingRequest, plan_id: int, kind: str) -> HttpResponse:
    """The plan as a paper, in the layout of the state: DOCX or PDF; its tasks alone as a workbook."""
    if kind == XLSX:
        return plan_sheet(request, plan_id, kind)
    if kind not in FILES:
        raise Http404("no such kind of file")
    by = request.actor
    plan = seen(by, plan_id)
    head = letterhead(plan.unit_id, by.today, kind=beside.abbreviation_of(plan, by.today))
    paper = plan_paper(plan, head, dated_on=by.today)
    data = docx_of(paper) if kind == "docx" else render_pdf(paper)
    return _file(data, f"{plan.unit.code}-{plan.kind}-{plan.period_code}.{kind}", FILES[kind])


# --- its way --------------------------------------------------------------------------------------

Act = Callable[[], object]


def _acted(request: ActingRequest, plan_id: int, act: Act, said: str) -> HttpResponse:
    """Do it and go back to the board, or show the board with what stood in the way."""
    try:
        act()
    except (PlanningRefused, WrongMove) as refused:
        return board_page(request, plan_id, problem=say_planning(refused, request.actor.today), status=CLASH)
    except StalePlan as stale:
        return board_page(request, plan_id, problem=say_stale(stale), status=CLASH)
    except DocumentsRefused as refused:
        return board_page(request, plan_id, problem=say_documents(refused), status=CLASH)
    messages.success(request, said)
    return redirect("plan", plan_id)


def _revision(request: ActingRequest) -> int:
    asked = request.POST.get("revision", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < _LONGEST_REVISION else -1


_LONGEST_REVISION = 10


@require_POST
def submit_plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Hand the plan in for approval, as it was looked at."""
    own(request.actor, plan_id)
    revision = _revision(request)
    said = _("The plan is handed in and waits for approval.")
    return _acted(request, plan_id, lambda: services.submit_plan(plan_id, revision=revision, by=request.actor), said)


@require_POST
def approve_plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Approve the plan as it was looked at."""
    revision = _revision(request)
    said = _("The plan is approved; what it says now is frozen as a version and in force.")
    return _acted(request, plan_id, lambda: services.approve_plan(plan_id, revision=revision, by=request.actor), said)


@require_POST
def return_plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Send the plan back with a reason."""
    reason = request.POST.get("reason", "")
    said = _("The plan is returned; its unit sees your reason.")
    return _acted(request, plan_id, lambda: services.return_plan(plan_id, by=request.actor, reason=reason), said)


@require_POST
def issue_plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Send the approved plan out to the units that it names."""
    own(request.actor, plan_id)
    said = _("The plan is issued: the units that it names see it from now on.")
    return _acted(request, plan_id, lambda: services.issue_plan(plan_id, by=request.actor), said)


@require_POST
def amend_plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Open a plan in force to be changed, with a reason."""
    own(request.actor, plan_id)
    reason = request.POST.get("reason", "")
    said = _("You can change the plan; until the change is approved the version in force holds.")
    return _acted(request, plan_id, lambda: services.amend_plan(plan_id, by=request.actor, reason=reason), said)


@require_POST
def give_up_amendment(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Throw an amendment away."""
    own(request.actor, plan_id)
    reason = request.POST.get("reason", "")
    said = _("The amendment is given up: the plan says again what the version in force says.")
    return _acted(request, plan_id, lambda: services.give_up_amendment(plan_id, by=request.actor, reason=reason), said)


@require_POST
def end_plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Close a plan whose time is over."""
    return _acted(request, plan_id, lambda: services.end_plan(plan_id, by=request.actor), _("The plan has ended."))


@require_POST
def document_of_plan(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Draw up the plan's document, to be signed, numbered and sent as any other."""
    own(request.actor, plan_id)
    said = _("The plan's document is drawn up as a draft.")
    return _acted(request, plan_id, lambda: plan_document(plan_id, by=request.actor), said)


# --- tasks that come from elsewhere ---------------------------------------------------------------


@require_POST
def take_tasks(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Write into the plan what details the ticked tasks of a longer or a higher plan."""
    own(request.actor, plan_id)
    ticked = [number(one) for one in request.POST.getlist("task")]
    if not ticked:
        return board_page(request, plan_id, problem=_("Tick the tasks to take over."), status=BAD)
    try:
        made = following.take_tasks(plan_id, ticked, by=request.actor)
    except PlanningRefused as refused:
        return board_page(request, plan_id, problem=say_planning(refused, request.actor.today), status=CLASH)
    return _taken(request, made)


@require_POST
def make_occurrences(request: ActingRequest, plan_id: int) -> HttpResponse:
    """Write what recurs in the unit into its calendar."""
    own(request.actor, plan_id)
    try:
        made = recurrences.make_occurrences(plan_id, by=request.actor)
    except PlanningRefused as refused:
        return board_page(request, plan_id, problem=say_planning(refused, request.actor.today), status=CLASH)
    count = len(made)
    said = ngettext("%(count)s recurring task was written in.", "%(count)s recurring tasks were written in.", count)
    messages.success(request, said % {"count": count})
    return redirect("plan", plan_id)


# --- its texts ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def plan_texts(request: ActingRequest, plan_id: int) -> HttpResponse:
    """The parts of a plan in words, its title, and what it details and answers, to be written."""
    by = request.actor
    plan = own(by, plan_id)
    if request.method == "GET":
        return _texts_page(request, plan, PlanTexts.from_json(plan.texts), plan.title)
    mine = PlanTexts(**{part: tuple(request.POST.get(part, "").splitlines()) for part in TEXT_PARTS})
    title = request.POST.get("title", "")
    try:
        services.save_texts(plan_id, mine, revision=_revision(request), by=by, title=title)
        _link(request, plan)
    except StalePlan as stale:
        return _texts_page(request, queries.plan(plan_id), mine, title, problem=say_stale(stale), theirs=stale.theirs)
    except PlanningRefused as refused:
        fresh = queries.plan(plan_id)
        return _texts_page(request, fresh, mine, title, problem=say_planning(refused, by.today))
    messages.success(request, _("The texts of the plan are saved."))
    return redirect("plan", plan_id)


def _link(request: ActingRequest, plan: Plan) -> None:
    """Say anew what the plan details and answers, where that was changed."""
    if "details" not in request.POST:
        return
    details, answers = (number(request.POST.get(name, "")) or None for name in ("details", "answers"))
    if (details, answers) != (plan.details_id, plan.answers_id):
        services.link_plan(plan.pk, by=request.actor, details=details, answers=answers)


def _texts_page(
    request: ActingRequest,
    plan: Plan,
    mine: PlanTexts,
    title: str,
    *,
    problem: str = "",
    theirs: PlanTexts | None = None,
) -> HttpResponse:
    by = request.actor
    now = mine.as_json()
    other = theirs.as_json() if theirs else {}
    parts = [
        (part, said, "\n".join(now[part]), "\n".join(other[part]) if part in other and other[part] != now[part] else "")
        for part, said in TEXT_PARTS.items()
    ]
    details = list(queries.longer_or_higher(plan, by.today)[:_MOST_OFFERED])
    directives = _directives(plan.unit_id, by.today)
    context = {
        "section": "plans",
        **heading(by, plan, list(queries.steps_of(plan.pk))),
        "parts": parts,
        "title_typed": title,
        "problem": problem,
        "is_stale": theirs is not None,
        "details": details,
        "details_listed": plan.details_id in {one.pk for one in details},
        "directives": directives,
        "answers_listed": plan.answers_id in {pk for pk, _name in directives},
    }
    return render(request, "plans/texts.html", context, status=CLASH if problem else 200)


# --- what changed ---------------------------------------------------------------------------------


@require_GET
def plan_changes(request: ActingRequest, plan_id: int) -> HttpResponse:
    """What changed since a day, between two versions, or in the amendment that is being written; deletions too."""
    by = request.actor
    plan = seen(by, plan_id)
    versions = list(beside.versions_of(plan.pk))
    since, from_, to = (
        request.GET.get("since", ""),
        number(request.GET.get("from", "")),
        number(request.GET.get("to", "")),
    )
    shows_pending = request.GET.get("pending") == "1" and plan.state in OPEN_STATES and plan.unit_id == by.unit_id
    changes: Changes | None = None
    if shows_pending:
        difference = queries.pending(plan)
    elif from_ and to:
        changes = queries.between(plan_id, min(from_, to), max(from_, to))
        difference = changes.difference
    else:
        changes = queries.changes_since(plan, _end_of(since, plan))
        difference = changes.difference
    context = {
        "section": "plans",
        **heading(by, plan, list(queries.steps_of(plan.pk))),
        "versions": versions,
        "changes": changes,
        "told": told_changes(difference, by.today),
        "since": since,
        "from": from_,
        "to": to,
        "shows_pending": shows_pending,
        "may_see_pending": plan.state in OPEN_STATES and plan.unit_id == by.unit_id,
    }
    return render(request, "plans/changes.html", context)


def _end_of(asked: str, plan: Plan) -> datetime:
    """The end of a day that was asked for; by default the moment of the version before the one in force."""
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        return datetime.combine(date.fromisoformat(asked), time.max, tzinfo=zone)
    except ValueError:
        before = next((one for one in beside.versions_of(plan.pk) if one.pk != plan.current_version_id), None)
        return before.at if before else datetime.combine(plan.starts_on, time.min, tzinfo=zone) - timedelta(days=3660)


urlpatterns = [
    path("plans/", plans, name="plans"),
    path("plans/new/", new_plan, name="new-plan"),
    path("plans/<int:plan_id>/", plan_view, name="plan"),
    path("plans/<int:plan_id>/sheet.<str:kind>", plan_sheet, name="plan-sheet"),
    path("plans/<int:plan_id>/paper.<str:kind>", plan_file, name="plan-file"),
    path("plans/<int:plan_id>/texts/", plan_texts, name="plan-texts"),
    path("plans/<int:plan_id>/changes/", plan_changes, name="plan-changes"),
    path("plans/<int:plan_id>/submit/", submit_plan, name="submit-plan"),
    path("plans/<int:plan_id>/approve/", approve_plan, name="approve-plan"),
    path("plans/<int:plan_id>/return/", return_plan, name="return-plan"),
    path("plans/<int:plan_id>/issue/", issue_plan, name="issue-plan"),
    path("plans/<int:plan_id>/amend/", amend_plan, name="amend-plan"),
    path("plans/<int:plan_id>/give-up/", give_up_amendment, name="give-up-amendment"),
    path("plans/<int:plan_id>/end/", end_plan, name="end-plan"),
    path("plans/<int:plan_id>/document/", document_of_plan, name="document-of-plan"),
    path("plans/<int:plan_id>/take/", take_tasks, name="take-tasks"),
    path("plans/<int:plan_id>/recur/", make_occurrences, name="make-occurrences"),
]
