"""Recurring duties of a unit: which there are, a new one, a change from a day on, and their end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.planning.models import Recurrence
from nennep.planning.queries import board as beside
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.services import recurrences as services
from nennep.planning.services.recurrences import DutyWords
from nennep.site.acting import ActingRequest
from nennep.site.plan_board import name_of, number
from nennep.site.plan_sayings import WEEKDAYS
from nennep.site.planning_refusals import say_planning
from nennep.site.report_list import PAGE, Pages, asked_page
from nennep.site.task_form import Unreadable, day_typed, time_typed

BAD, CLASH = 400, 409
_MONTH_DAYS = range(1, 32)


@dataclass(frozen=True)
class DutyLine:
    """A duty as the list shows it."""

    duty: Recurrence
    unit: str
    lead: str
    days: str
    is_own: bool


@require_GET
def recurrences(request: ActingRequest) -> HttpResponse:
    """The recurring duties of the units in reach: those that go on, those that ended, or all."""
    by = request.actor
    shown = request.GET.get("show", "")
    own_only = request.GET.get("whose", "own") != "all"
    found = beside.recurrences(by, ended={"ended": True, "all": None}.get(shown, False))
    if own_only:
        found = found.filter(unit=by.unit_id)
    pages = Pages.of(found.count(), asked_page(request))
    rows = list(found[pages.start : pages.start + PAGE])
    names = organisation.units_known_by(
        by.today, ids={unit for row in rows for unit in (row.unit_id, row.lead_unit_id)}
    )
    context = {
        "section": "plans",
        "lines": [
            DutyLine(
                row,
                name_of(row.unit_id, names),
                name_of(row.lead_unit_id, names),
                days_said(row),
                row.unit_id == by.unit_id,
            )
            for row in rows
        ],
        "pages": pages,
        "show": shown,
        "own_only": own_only,
        "may_write": Permission.PLANNING_WRITE in by.permissions,
        "today": by.today,
    }
    return render(request, "plans/recurrences.html", context)


def days_said(duty: Recurrence) -> str:
    """On which days it falls: `thứ Hai, thứ Sáu`, `ngày 1, 15 hằng tháng`."""
    said = [", ".join(str(WEEKDAYS[day]) for day in duty.weekdays)] if duty.weekdays else []
    if duty.month_days:
        said.append(_("day %(days)s of the month") % {"days": ", ".join(str(day) for day in duty.month_days)})
    return "; ".join(said)


@dataclass
class TypedDuty:
    """The form of a duty as it was typed."""

    title: str = ""
    heading: str = ""
    place: str = ""
    lead_unit: int = 0
    lead_post: str = ""
    starts_at: str = ""
    ends_at: str = ""
    weekdays: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    on_holidays: bool = False
    starts_on: str = ""
    ends_on: str = ""
    reason: str = ""

    @classmethod
    def of_duty(cls, duty: Recurrence, today: date) -> TypedDuty:
        return cls(
            duty.title,
            duty.heading,
            duty.place,
            duty.lead_unit_id,
            duty.lead_post,
            _clock(duty.starts_at),
            _clock(duty.ends_at),
            frozenset(duty.weekdays),
            frozenset(duty.month_days),
            duty.on_holidays,
            starts_on=today.isoformat(),
        )

    @classmethod
    def of_post(cls, post: QueryDict) -> TypedDuty:
        texts: Mapping[str, str] = {
            name: post.get(name, "")
            for name in (
                "title",
                "heading",
                "place",
                "lead_post",
                "starts_at",
                "ends_at",
                "starts_on",
                "ends_on",
                "reason",
            )
        }
        return cls(
            **texts,
            lead_unit=number(post.get("lead_unit", "")),
            weekdays=_days_ticked(post, "weekday"),
            month_days=_days_ticked(post, "month_day"),
            on_holidays=post.get("on_holidays") == "1",
        )

    def words(self) -> DutyWords:
        """Raises Unreadable."""
        if not self.lead_unit:
            raise Unreadable(_("Choose the unit that leads."))
        return DutyWords(
            title=self.title,
            lead_unit=self.lead_unit,
            weekdays=self.weekdays,
            month_days=self.month_days,
            heading=self.heading,
            place=self.place,
            lead_post=self.lead_post,
            starts_at=time_typed(self.starts_at),
            ends_at=time_typed(self.ends_at),
            on_holidays=self.on_holidays,
        )

    def first_day(self) -> date:
        return day_typed(self.starts_on, _("Say from which day on."))

    def end(self) -> date | None:
        return day_typed(self.ends_on, _("Say from which day on.")) if self.ends_on.strip() else None


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""


def _days_ticked(post: QueryDict, name: str) -> frozenset[int]:
    return frozenset(int(one) for one in post.getlist(name) if one.isascii() and one.isdigit() and len(one) <= _DIGITS)


_DIGITS = 2


@require_http_methods(["GET", "POST"])
def new_recurrence(request: ActingRequest) -> HttpResponse:
    """Lay down a recurring duty of one's own unit."""
    by = request.actor
    if request.method == "GET":
        return _form(request, TypedDuty(lead_unit=by.unit_id or 0, starts_on=by.today.isoformat()))
    typed = TypedDuty.of_post(request.POST)
    try:
        services.begin_recurrence(typed.words(), starts_on=typed.first_day(), ends_on=typed.end(), by=by)
    except (Unreadable, PlanningRefused) as refused:
        return _form(request, typed, problem=_why(refused, by))
    messages.success(request, _("The duty is laid down. Write it into a calendar from the calendar's own page."))
    return redirect("recurrences")


@require_http_methods(["GET", "POST"])
def recurrence(request: ActingRequest, recurrence_id: int) -> HttpResponse:
    """Let a duty go on otherwise from a day on."""
    by = request.actor
    duty = own_duty(by, recurrence_id)
    if request.method == "GET":
        return _form(request, TypedDuty.of_duty(duty, by.today), duty=duty)
    typed = TypedDuty.of_post(request.POST)
    try:
        services.change_recurrence(recurrence_id, typed.words(), from_day=typed.first_day(), by=by, reason=typed.reason)
    except (Unreadable, PlanningRefused) as refused:
        return _form(request, typed, duty=duty, problem=_why(refused, by))
    messages.success(request, _("The duty goes on otherwise from that day; what is past stays."))
    return redirect("recurrences")


@require_POST
def end_recurrence(request: ActingRequest, recurrence_id: int) -> HttpResponse:
    """Let a duty end."""
    by = request.actor
    duty = own_duty(by, recurrence_id)
    typed = TypedDuty.of_duty(duty, by.today)
    typed.ends_on, typed.reason = request.POST.get("ends_on", ""), request.POST.get("reason", "")
    try:
        day = day_typed(typed.ends_on, _("Say from which day on."))
        services.end_recurrence(recurrence_id, from_day=day, by=by, reason=typed.reason)
    except (Unreadable, PlanningRefused) as refused:
        return _form(request, typed, duty=duty, problem=_why(refused, by))
    messages.success(request, _("The duty ends; its open occurrences from that day on are struck out."))
    return redirect("recurrences")


def own_duty(by: Actor, recurrence_id: int) -> Recurrence:
    """A duty of the actor's own unit. Raises Recurrence.DoesNotExist, NotAuthorised."""
    duty = beside.recurrence(recurrence_id)
    organisation.require(by, Permission.PLANNING_WRITE, over=duty.unit_id)
    if duty.unit_id != by.unit_id:
        raise NotAuthorised(Permission.PLANNING_WRITE, hidden=False)
    return duty


def _why(refused: Unreadable | PlanningRefused, by: Actor) -> str:
    return say_planning(refused, by.today) if isinstance(refused, PlanningRefused) else str(refused)


def _form(
    request: ActingRequest, typed: TypedDuty, *, duty: Recurrence | None = None, problem: str = ""
) -> HttpResponse:
    by = request.actor
    under = list(organisation.today_tree(by).walk(by.unit_id or 0))
    names = organisation.units_known_by(by.today, ids={*under, typed.lead_unit})
    context: dict[str, Any] = {
        "section": "plans",
        "duty": duty,
        "typed": typed,
        "problem": problem,
        "leads": [names[one] for one in dict.fromkeys([*under, typed.lead_unit]) if one in names],
        "weekdays": list(enumerate(WEEKDAYS)),
        "month_days": list(_MONTH_DAYS),
        "today": by.today,
        "waiting": beside.open_occurrences(duty.pk, by.today) if duty else 0,
    }
    return render(request, "plans/recurrence.html", context, status=CLASH if problem else 200)


urlpatterns = [
    path("recurrences/", recurrences, name="recurrences"),
    path("recurrences/new/", new_recurrence, name="new-recurrence"),
    path("recurrences/<int:recurrence_id>/", recurrence, name="recurrence"),
    path("recurrences/<int:recurrence_id>/end/", end_recurrence, name="end-recurrence"),
]
