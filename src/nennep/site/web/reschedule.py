"""Other days for a task: what dragging its bar sends, and the form that does the same without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.planning.models import Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules.refusals import PlanningRefused, StaleTask
from nennep.planning.rules.versions import TaskWords
from nennep.planning.services import tasks as services
from nennep.planning.services.writing import require_own
from nennep.site.acting import ActingRequest
from nennep.site.calendar_grid import Moving, moving, said_days
from nennep.site.planning_refusals import say_planning, say_stale
from nennep.site.web.calendar import day_asked

BAD, CLASH, UNFIT = 400, 409, 422


@dataclass(frozen=True)
class Typed:
    """What the form holds: as it stands in the task, or as it was typed."""

    starts_on: str
    due_on: str
    edition: int
    reason: str = ""


@require_http_methods(["GET", "POST"])
def reschedule_task(request: ActingRequest, task_id: int) -> HttpResponse:
    """Ask for a task's other days, and give them to it; back to where one came from."""
    task = queries.task(task_id)
    require_own(request.actor, Permission.PLANNING_WRITE, task.plan.unit_id)
    if request.method == "POST":
        return _moved(request, task)
    return _page(request, task, Typed(f"{task.starts_on}", f"{task.due_on}", task.edition))


def _moved(request: ActingRequest, task: Task) -> HttpResponse:
    by, post = request.actor, request.POST
    edition, reason = post.get("edition", ""), post.get("reason", "")
    starts_on, due_on = (day_asked(post.get(name, "")) for name in ("starts_on", "due_on"))
    is_edition = edition.isascii() and edition.isdigit() and len(edition) < _LONGEST_EDITION
    typed = Typed(
        post.get("starts_on", ""), post.get("due_on", ""), int(edition) if is_edition else task.edition, reason
    )
    if starts_on is None or due_on is None or not is_edition:
        return _page(request, task, typed, problem=_("Choose the first and the last day."), status=BAD)
    if (starts_on, due_on) == (task.starts_on, task.due_on) and typed.edition == task.edition:
        return redirect(_back(request, task))
    try:
        moved = services.reschedule(task.pk, starts_on, due_on, edition=typed.edition, by=by, reason=reason)
    except StaleTask as stale:
        fresh = Typed(typed.starts_on, typed.due_on, stale.edition, reason)
        said = say_stale(stale)
        return _page(request, queries.task(task.pk), fresh, problem=said, theirs=stale.theirs, status=CLASH)
    except PlanningRefused as refused:
        return _page(request, task, typed, problem=say_planning(refused, by.today), status=UNFIT)
    days = said_days(moved.starts_on, moved.due_on)
    messages.success(request, _("“%(title)s” is now on %(days)s.") % {"title": moved.title, "days": days})
    return redirect(_back(request, task))


_LONGEST_EDITION = 9


def _back(request: ActingRequest, task: Task) -> str:
    """Where one came from, when that is a page of this site; else the calendar of the plan."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else reverse("plan-calendar", args=[task.plan_id])


def _page(
    request: ActingRequest,
    task: Task,
    typed: Typed,
    *,
    problem: str = "",
    theirs: TaskWords | None = None,
    status: int = 200,
) -> HttpResponse:
    by = request.actor
    may = moving(by, task, task.plan)
    context: dict[str, Any] = {
        "section": "plans",
        "task": task,
        "plan": task.plan,
        "unit": organisation.unit(task.plan.unit_id, by.today),
        "first": task.plan.starts_on,
        "last": queries.last_day(task.plan),
        "days": said_days(task.starts_on, task.due_on),
        "typed": typed,
        "problem": problem,
        "theirs": said_days(theirs.starts_on, theirs.due_on) if theirs else "",
        "asks_why": may is Moving.WITH_REASON,
        "may_move": bool(may),
        "back": _back(request, task),
    }
    return render(request, "calendar/reschedule.html", context, status=status)


urlpatterns = [path("tasks/<int:task_id>/reschedule/", reschedule_task, name="reschedule-task")]
