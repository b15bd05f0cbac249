"""Tasks that have lost their unit: where they go on, or that they end, by a decision and never by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan, Task
from nennep.planning.queries import board as beside
from nennep.planning.queries import plans as queries
from nennep.planning.queries.plans import Orphan
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.services.hand_over import Decision, hand_over_tasks
from nennep.reporting.rules.numbers import Ambiguous
from nennep.site.acting import ActingRequest
from nennep.site.plan_board import name_of, number
from nennep.site.plan_sayings import plan_name
from nennep.site.planning_refusals import say_planning
from nennep.site.report_list import PAGE, Pages, asked_page
from nennep.site.task_form import Unreadable, day_typed

BAD, CLASH = 400, 409
_TO_NOBODY = "none"


@dataclass(frozen=True)
class GoneUnit:
    """A unit that is gone with its open tasks, and who may take them over."""

    unit: str
    unit_id: int
    since: date
    heirs: tuple[NamedUnit, ...]
    tasks: tuple[tuple[Task, str], ...]


@dataclass
class TypedDecision:
    """What was typed of a decision, and the tasks and the receiver that were chosen."""

    tasks: tuple[int, ...] = ()
    receiver: str = ""
    plan: int = 0
    number: str = ""
    decided_on: str = ""
    reason: str = ""

    @classmethod
    def of_post(cls, post: QueryDict) -> TypedDecision:
        return cls(
            tuple(one for one in map(number, post.getlist("task")) if one),
            post.get("to", ""),
            number(post.get("plan", "")),
            post.get("number", ""),
            post.get("decided_on", ""),
            post.get("reason", ""),
        )

    @property
    def to_unit(self) -> int | None:
        return None if self.receiver == _TO_NOBODY else number(self.receiver)

    def decision(self) -> Decision:
        """Raises Unreadable while something is missing that the form asks for."""
        if not self.tasks:
            raise Unreadable(_("Tick the tasks that the decision is about."))
        if not self.receiver:
            raise Unreadable(_("Choose the unit that goes on with them, or that they end."))
        return Decision(self.number, day_typed(self.decided_on, _("Give the day of the decision.")), self.reason)


@require_http_methods(["GET", "POST"])
def hand_over(request: ActingRequest) -> HttpResponse:
    """Choose tasks, receiver and decision; look at what that touches, counted; then do it."""
    by = request.actor
    typed = TypedDecision.of_post(request.POST)
    if request.method == "GET" or request.POST.get("act") == "back":
        return _page(request, typed)
    try:
        decision = typed.decision()
        if request.POST.get("act") != "do":
            return _confirm(request, typed)
        rows = hand_over_tasks(typed.tasks, decision, to_unit=typed.to_unit, by=by, to_plan=typed.plan or None)
    except PlanningRefused as refused:
        return _page(request, typed, problem=say_planning(refused, by.today))
    except Unreadable as missing:
        return _page(request, typed, problem=str(missing))
    except Ambiguous:
        return _page(request, typed, problem=_("A target can be read in several ways: mend the task first."))
    count = len(rows)
    if typed.to_unit is None:
        said = ngettext(
            "%(count)s task is closed by the decision.", "%(count)s tasks are closed by the decision.", count
        )
    else:
        said = ngettext("%(count)s task was handed over.", "%(count)s tasks were handed over.", count)
    messages.success(request, said % {"count": count})
    return redirect("hand-over")


def _orphans(request: ActingRequest) -> list[Orphan]:
    by = request.actor
    return queries.orphaned_tasks(organisation.reach(by, Permission.PLANNING_APPROVE), by.today)


def _page(request: ActingRequest, typed: TypedDecision, *, problem: str = "") -> HttpResponse:
    by = request.actor
    orphans = _orphans(request)
    pages = Pages.of(len(orphans), asked_page(request))
    alive = organisation.units_on(by.today, ids=organisation.reach(by, Permission.PLANNING_APPROVE))
    context = {
        "section": "plans",
        "gone": _by_unit(orphans[pages.start : pages.start + PAGE], by.today),
        "pages": pages,
        "alive": sorted(alive.values(), key=lambda unit: unit.code),
        "typed": typed,
        "nobody": _TO_NOBODY,
        "today": by.today,
        "problem": problem,
    }
    return render(request, "plans/hand_over.html", context, status=CLASH if problem else 200)


def _by_unit(orphans: list[Orphan], today: date) -> list[GoneUnit]:
    ids = {unit for one in orphans for unit in (one.gone, one.task.lead_unit_id, *one.heirs)}
    names = organisation.units_known_by(today, ids=ids)
    found: dict[int, list[Orphan]] = {}
    for one in orphans:
        found.setdefault(one.gone, []).append(one)
    return [
        GoneUnit(
            name_of(unit, names),
            unit,
            rows[0].since,
            tuple(names[heir] for heir in rows[0].heirs if heir in names),
            tuple((row.task, plan_name(row.task.plan)) for row in rows),
        )
        for unit, rows in found.items()
    ]


def _confirm(request: ActingRequest, typed: TypedDecision) -> HttpResponse:
    """What the decision touches: tasks, plans, what was told of them, what details them."""
    by = request.actor
    chosen = [one for one in _orphans(request) if one.task.pk in set(typed.tasks)]
    if len(chosen) != len(set(typed.tasks)):
        return _page(request, typed, problem=_("One of these tasks no longer waits for a decision: look again."))
    to_unit = typed.to_unit
    receiver = organisation.unit(to_unit, by.today) if to_unit is not None else None
    context: dict[str, Any] = {
        "section": "plans",
        "typed": typed,
        "tasks": [(one.task, plan_name(one.task.plan)) for one in chosen],
        "plans": len({one.task.plan_id for one in chosen}),
        "counted": beside.leaning_on([one.task.pk for one in chosen]),
        "receiver": receiver,
        "into": _plans_of(to_unit) if to_unit is not None else [],
    }
    return render(request, "plans/hand_over_confirm.html", context)


def _plans_of(unit_id: int) -> list[tuple[Plan, str]]:
    return [(plan, plan_name(plan)) for plan in beside.plans_in_writing(unit_id)[:_MOST_PLANS]]


_MOST_PLANS = 30

urlpatterns = [path("hand-over/", hand_over, name="hand-over")]
