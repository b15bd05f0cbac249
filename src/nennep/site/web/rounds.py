"""Rounds: a form in a period for all its units; who has reported, who is reminded, when the books are closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission, Tree
from nennep.reporting import queries, sealing, services
from nennep.reporting.models import Round
from nennep.reporting.queries import Place, Tally
from nennep.reporting.rules.periods import Kind, NoSuchPeriod
from nennep.reporting.rules.states import Standing, State
from nennep.reporting.services import ReportingRefused
from nennep.site.acting import ActingRequest
from nennep.site.findings import say_refused
from nennep.site.looking import Looking, looking
from nennep.site.report_list import PAGE, Pages, asked_page, scope_of, urgency
from nennep.site.sayings import in_language, kind_of_unit, period_label, period_within

BAD, CLASH = 400, 409


def tally(places: Iterable[Place]) -> Tally:
    """How these units stand in their round. Everybody on duty counts, whether the report is due yet or not."""
    held = [place for place in places if place.standing is not Standing.NO_DUTY]
    came = [place for place in held if place.received_at is not None]
    missing = sum(1 for place in held if place.standing is Standing.MISSING)
    return Tally(len(held), len(came), sum(1 for place in came if place.days_late == 0), missing)


@dataclass(frozen=True)
class RoundLine:
    """One round in the list, as it stands for the looked-at unit."""

    round: Round
    tally: Tally


@require_GET
def rounds(request: ActingRequest) -> HttpResponse:
    """The rounds of the looked-at year by form: open or closed, how complete, when due and by which clause."""
    return _rounds_page(request)


def _rounds_page(request: ActingRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    here = looking(request)
    year = here.calendar.numbered(Kind.YEAR, here.period.year)
    form_code = request.GET.get("form", "")
    asked = queries.rounds(form_code=form_code, starts_from=year.starts_on, until=year.ends_on)
    found = list(asked.defer("form__layout_data"))
    scope = scope_of(here)
    tallies = queries.tallies(found, scope, at=request.actor.at)
    lines = [
        RoundLine(
            round_,
            tallies[round_.pk],
        )
        for round_ in found
    ]
    context = {
        "section": "reports",
        "year": here.period.year,
        "unit": here.unit,
        "lines": lines,
        "duties": _duties(found),
        "forms": list(queries.forms_on(request.actor.today)),
        "form_code": form_code,
        "openable": _openable(request.actor),
        "problem": problem,
    }
    return render(request, "reports/rounds.html", context, status=status)


def _duties(rounds_: Sequence[Round]) -> list[dict[str, Any]]:
    """What binds today for the forms of these rounds: which level, how many days after the period, by which clause."""
    names = {round_.form.code: in_language(round_.form.name, round_.form.name_en) for round_ in reversed(rounds_)}
    found = queries.duties(names)
    return [
        {
            "form": names[code],
            "kind": kind_of_unit(rule.unit_kind),
            "days": rule.due_days,
            "time": f"{rule.due_hour:02}:{rule.due_minute:02}",
            "clause": rule.clause,
        }
        for code in names
        for rule in found.get(code, [])
        if rule.ends_on is None
    ]


def _openable(by: Actor) -> list[dict[str, Any]]:
    """The next period of each form, for those who open periods for everybody."""
    if Permission.REPORTING_OPEN not in by.permissions:
        return []
    found = []
    tops: dict[str, int | None] = {}
    newest: dict[str, Round] = {}
    for round_ in queries.rounds().defer("form__layout_data"):
        newest.setdefault(round_.form.code, round_)
    for form in queries.forms_on(by.today):
        if form.line not in tops:
            tops[form.line] = queries.top_unit(form, by.today)
        top = tops[form.line]
        if top is None or not organisation.may(by, Permission.REPORTING_OPEN, over=top):
            continue
        calendar = form.calendar.rule
        last = newest.get(form.code)
        try:
            period = calendar.after(last.period) if last else calendar.containing(Kind(form.kind), by.today)
        except NoSuchPeriod:
            continue
        found.append({"form": form, "period": period})
    return found


@require_POST
def open_round(request: ActingRequest) -> HttpResponse:
    """Open a period of a form to every unit on duty."""
    form_id, period = request.POST.get("form", ""), request.POST.get("period", "")
    if not form_id.isdecimal():
        return _rounds_page(request, problem=_("Choose the form and the period to open."), status=BAD)
    try:
        round_ = services.open_round(int(form_id), period, by=request.actor)
    except ReportingRefused as refused:
        return _rounds_page(request, problem=say_refused(refused), status=CLASH)
    except NoSuchPeriod:
        return _rounds_page(request, problem=_("There is no such period."), status=BAD)
    messages.success(request, _("%(period)s is open.") % {"period": period_label(round_.period)})
    return redirect("round", round_id=round_.pk)


# --- one round ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitLine:
    """One unit in a round: how it stands, and how those under it do."""

    unit: NamedUnit
    place: Place
    depth: int
    version: int
    below: Tally
    reminded_at: datetime | None
    is_mine_to_review: bool

    @property
    def wants_reminder(self) -> bool:
        return self.is_mine_to_review and self.place.is_wanting


@require_GET
def round_view(request: ActingRequest, round_id: int) -> HttpResponse:
    """One round as it stands for the looked-at unit."""
    return round_page(request, round_id)


def round_page(
    request: ActingRequest, round_id: int, *, problem: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    """The page of a round; acts on it show it again with what stood in their way."""
    by, here = request.actor, looking(request)
    round_ = queries.round_(round_id)
    whole = request.GET.get("whole") == "1"
    stand = _stand(by, here, round_, whole=whole)
    pages = Pages.of(len(stand.shown), asked_page(request))
    lines = _unit_lines(by, round_, stand, stand.shown[pages.start : pages.start + PAGE])
    own = queries.report_of(round_, by.unit_id) if by.unit_id else None
    missing = [unit for unit in stand.shown if stand.places[unit].standing is Standing.MISSING]
    context = {
        "section": "reports",
        "round": round_,
        "period_said": period_within(round_.period),
        "unit": here.unit,
        "lines": lines,
        "pages": pages,
        "whole": whole,
        "tally": tally(stand.places.values()),
        "missing": [stand.names[unit] for unit in missing],
        "wanting": [line for line in lines if line.wants_reminder],
        "corrections": [
            (stand.names[version.report.unit_id], version)
            for version in queries.corrections_in(round_, stand.places.keys())
        ],
        "own": own,
        "own_due": queries.on_duty(round_).get(by.unit_id or 0),
        "may_write": Permission.REPORTING_WRITE in by.permissions,
        "at": by.at,
        "problem": problem,
        "reason": reason,
        **_closing(by, round_),
    }
    return render(request, "reports/round.html", context, status=status)


@dataclass(frozen=True)
class Stand:
    """How everything under a unit stands in a round, in the tree of the round's last day."""

    tree: Tree
    depths: Mapping[int, int]
    places: Mapping[int, Place]
    names: Mapping[int, NamedUnit]
    shown: Sequence[int]


def _stand(by: Actor, here: Looking, round_: Round, *, whole: bool) -> Stand:
    """The looked-at unit and all under it; shown are those right under it, the wanting first, or all in order."""
    tree = queries.reporting_tree(round_.form, round_.period.last_day)
    heads = [unit for unit in organisation.with_gone([here.unit.id], by.today) if unit in tree.parents]
    depths = {unit: depth for head in heads for unit, depth in _depths(tree, head).items() if unit in here.reach}
    places = {unit: place for (unit, _), place in queries.places([round_], depths, at=by.at).items()}
    names = organisation.units_known_by(by.today, ids=depths)
    shown = [
        unit
        for unit, depth in depths.items()
        if (whole or depth == 1 or len(depths) == 1) and unit in names and _is_concerned(places[unit], tree)
    ]
    if not whole:
        shown.sort(key=lambda unit: urgency(places[unit]))
    return Stand(tree, depths, places, names, shown)


def _is_concerned(place: Place, tree: Tree) -> bool:
    return place.standing is not Standing.NO_DUTY or bool(tree.children.get(place.unit_id))


def _depths(tree: Tree, head: int) -> dict[int, int]:
    depths = {head: 0}
    for unit in tree.walk(head):
        for child in tree.children.get(unit, ()):
            depths.setdefault(child, depths[unit] + 1)
    return {unit: depths[unit] for unit in tree.walk(head)}


def _unit_lines(by: Actor, round_: Round, stand: Stand, units: Sequence[int]) -> list[UnitLine]:
    reports = {report.unit_id: report for report in queries.reports(units, round_ids=[round_.pk])}
    reminded = queries.last_reminders(round_.pk)
    lines = []
    for unit in units:
        under = stand.tree.subtree(unit) - {unit}
        report = reports.get(unit)
        lines.append(
            UnitLine(
                stand.names[unit],
                stand.places[unit],
                stand.depths[unit],
                report.current_version.number if report and report.current_version else 0,
                tally(stand.places[one] for one in under if one in stand.places),
                reminded.get(unit),
                queries.reviews(by, unit, round_.form),
            )
        )
    return lines


def _closing(by: Actor, round_: Round) -> dict[str, Any]:
    """What closing the books would touch, or what was sealed when they were closed."""
    if round_.is_closed:
        return {"seal": _seal(round_)}
    top = queries.top_unit(round_.form, by.today)
    if top is None or not organisation.may(by, Permission.REPORTING_CLOSE, over=top):
        return {}
    counted = {row.unit_id for row in queries.counted([round_.pk])}
    missing = queries.on_duty(round_).keys() - counted
    everybody = organisation.reach(by, Permission.REPORTING_CLOSE)
    waiting = queries.reports(everybody, round_ids=[round_.pk], states_=[State.SUBMITTED]).count()
    names = organisation.units_known_by(by.today, ids=missing)
    return {
        "may_close": True,
        "counted": len(counted),
        "waiting": waiting,
        "uncounted": sorted(unit.short_name for unit in names.values()),
        "is_over": by.today >= round_.ends_on,
    }


def _seal(round_: Round) -> dict[str, Any]:
    try:
        rows = sealing.read(round_).num_rows
    except sealing.SealBroken:
        return {"holds": False}
    return {"holds": True, "rows": rows}


@require_POST
def close_round(request: ActingRequest, round_id: int) -> HttpResponse:
    """Close the books: what counts now is sealed."""
    reason = request.POST.get("reason", "").strip()
    try:
        services.close_round(round_id, by=request.actor, reason=reason)
    except ReportingRefused as refused:
        return round_page(request, round_id, problem=say_refused(refused), reason=reason, status=CLASH)
    messages.success(request, _("The books are closed and sealed."))
    return redirect("round", round_id=round_id)


@require_POST
def remind(request: ActingRequest, round_id: int) -> HttpResponse:
    """Remind the ticked units of what is missing or returned."""
    ticked = [int(unit) for unit in request.POST.getlist("unit") if unit.isdecimal()]
    if not ticked:
        return round_page(request, round_id, problem=_("Tick the units to remind."), status=BAD)
    count = services.remind(round_id, ticked, by=request.actor, text=request.POST.get("text", "").strip())
    messages.success(
        request, ngettext("%(count)s unit reminded.", "%(count)s units reminded.", count) % {"count": count}
    )
    return redirect("round", round_id=round_id)


urlpatterns = [
    path("rounds/", rounds, name="rounds"),
    path("rounds/open/", open_round, name="open-round"),
    path("rounds/<int:round_id>/", round_view, name="round"),
    path("rounds/<int:round_id>/close/", close_round, name="close-round"),
    path("rounds/<int:round_id>/remind/", remind, name="remind"),
]
