"""Rounds and reports: who has reported, what was handed in, accepting and returning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
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
from nennep.reporting.models import Decision, Report, Round, Version
from nennep.reporting.queries import Completeness, Place
from nennep.reporting.rules.checks import read_cells
from nennep.reporting.rules.content import LONGEST_STATEMENT, Content, difference, tidy
from nennep.reporting.rules.periods import Kind, NoSuchPeriod
from nennep.reporting.rules.states import Standing, State, WrongMove
from nennep.reporting.services import Remark, ReportingRefused
from nennep.site.acting import ActingRequest
from nennep.site.filled import Filled, Filling, Note, fill, plain_values
from nennep.site.findings import say_refused, say_wrong_move
from nennep.site.looking import Looking, looking
from nennep.site.report_list import listed, scope_of, sheet_of
from nennep.site.sayings import kind_of_unit, period_label, period_within

BAD, CLASH = 400, 409


# --- the list -------------------------------------------------------------------------------------


@require_GET
def reports(request: ActingRequest) -> HttpResponse:
    """The reports of the looked-at unit and all under it, due in the looked-at period; the missing are in the list."""
    return render(request, "reports/list.html", {"section": "reports", **listed(request)})


@require_GET
def reports_sheet(request: ActingRequest, kind: str) -> HttpResponse:
    """The same list, with the same filters and columns, as a workbook or as plain text."""
    name, content, data = sheet_of(request, kind)
    response = HttpResponse(data, content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- rounds ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """Of the units on duty: how many have reported, how many are missing, how many are not due yet."""

    on_duty: int
    received: int
    missing: int
    not_due: int


def coverage(places: Iterable[Place]) -> Coverage:
    """Everybody on duty counts here, whether the report is due yet or not."""
    held = [place for place in places if place.standing is not Standing.NO_DUTY]
    return Coverage(
        len(held),
        sum(1 for place in held if place.received_at is not None),
        sum(1 for place in held if place.standing is Standing.MISSING),
        sum(1 for place in held if place.standing is Standing.NOT_DUE),
    )


@dataclass(frozen=True)
class RoundLine:
    """One round in the list, as it stands for the looked-at unit."""

    round: Round
    completeness: Completeness
    coverage: Coverage
    days: Sequence[tuple[str, int, int, int]]


@require_GET
def rounds(request: ActingRequest) -> HttpResponse:
    """The rounds of the looked-at year by form: open or closed, how complete, when due and by which clause."""
    return _rounds_page(request)


def _rounds_page(request: ActingRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    here = looking(request)
    year = here.calendar.numbered(Kind.YEAR, here.period.year)
    form_code = request.GET.get("form", "")
    found = list(queries.rounds(form_code=form_code, starts_from=year.starts_on, until=year.ends_on))
    scope = scope_of(here)
    places = queries.places(found, scope, at=request.actor.at)
    by_round: dict[int, list[Place]] = {round_.pk: [] for round_ in found}
    for place in places.values():
        by_round[place.round_id].append(place)
    duties = queries.duties({round_.form.code for round_ in found})
    lines = [
        RoundLine(
            round_,
            queries.completeness(by_round[round_.pk]),
            coverage(by_round[round_.pk]),
            _due_days(duties.get(round_.form.code, [])),
        )
        for round_ in found
    ]
    context = {
        "section": "reports",
        "year": here.period.year,
        "unit": here.unit,
        "lines": lines,
        "clauses": _clauses(duties),
        "forms": list(queries.forms_on(request.actor.today)),
        "form_code": form_code,
        "openable": _openable(request.actor),
        "problem": problem,
    }
    return render(request, "reports/rounds.html", context, status=status)


def _due_days(rules: Sequence[Any]) -> list[tuple[str, int, int, int]]:
    return [
        (kind_of_unit(rule.unit_kind), rule.due_days, rule.due_hour, rule.due_minute)
        for rule in rules
        if rule.ends_on is None
    ]


def _clauses(duties: Any) -> list[str]:
    return list(dict.fromkeys(rule.clause for rules in duties.values() for rule in rules if rule.ends_on is None))


def _openable(by: Actor) -> list[dict[str, Any]]:
    """The next period of each form, for those who open periods for everybody."""
    if Permission.REPORTING_OPEN not in by.permissions:
        return []
    found = []
    newest: dict[str, Round] = {}
    for round_ in queries.rounds():
        newest.setdefault(round_.form.code, round_)
    for form in queries.forms_on(by.today):
        top = queries.top_unit(form, by.today)
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
    below: Coverage
    reminded_at: datetime | None
    is_mine_to_review: bool
    is_own: bool

    @property
    def wants_reminder(self) -> bool:
        return self.is_mine_to_review and not self.place.handed_in and self.place.standing is not Standing.NO_DUTY


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
    tree = queries.reporting_tree(round_.form, round_.period.last_day)
    lines, places = _unit_lines(by, here, round_, tree, whole=whole)
    own = queries.report_of(round_, by.unit_id) if by.unit_id else None
    context = {
        "section": "reports",
        "round": round_,
        "period_said": period_within(round_.period),
        "unit": here.unit,
        "lines": lines,
        "whole": whole,
        "completeness": queries.completeness(places),
        "coverage": coverage(places),
        "missing": [line for line in lines if line.place.standing is Standing.MISSING],
        "wanting": [line for line in lines if line.wants_reminder],
        "own": own,
        "own_due": queries.on_duty(round_).get(by.unit_id or 0),
        "may_write": Permission.REPORTING_WRITE in by.permissions,
        "at": by.at,
        "problem": problem,
        "reason": reason,
        **_closing(by, round_),
    }
    return render(request, "reports/round.html", context, status=status)


def _unit_lines(
    by: Actor, here: Looking, round_: Round, tree: Tree, *, whole: bool
) -> tuple[list[UnitLine], list[Place]]:
    """The units right under the looked-at one, or all under it, in the tree of the round's last day."""
    heads = [unit for unit in organisation.with_merged([here.unit.id], by.today) if unit in tree.parents]
    depths = {unit: depth for head in heads for unit, depth in _depths(tree, head).items() if unit in here.reach}
    places = queries.places([round_], depths, at=by.at)
    shown = [unit for unit, depth in depths.items() if whole or depth == 1 or (depth == 0 and len(depths) == 1)]
    names = organisation.units_known_by(by.today, ids=shown)
    reports_ = {report.unit_id: report for report in queries.reports(shown, round_ids=[round_.pk])}
    reminded = queries.last_reminders(round_.pk)
    lines = []
    for unit in shown:
        place = places[unit, round_.pk]
        if unit not in names or (place.standing is Standing.NO_DUTY and not tree.children.get(unit)):
            continue
        under = tree.subtree(unit) - {unit}
        report = reports_.get(unit)
        lines.append(
            UnitLine(
                names[unit],
                place,
                depths[unit],
                report.current_version.number if report and report.current_version else 0,
                coverage(places[one, round_.pk] for one in under if (one, round_.pk) in places),
                reminded.get(unit),
                queries.reviews(by, unit, round_.form),
                unit == by.unit_id,
            )
        )
    if not whole:
        lines.sort(key=lambda line: _URGENCY.index(line.place.standing))
    return lines, list(places.values())


_URGENCY = [
    Standing.MISSING,
    Standing.RETURNED,
    Standing.NOT_DUE,
    Standing.LATE,
    Standing.ON_TIME,
    Standing.NO_DUTY,
]


def _depths(tree: Tree, head: int) -> dict[int, int]:
    depths = {head: 0}
    for unit in tree.walk(head):
        for child in tree.children.get(unit, ()):
            depths.setdefault(child, depths.get(unit, 0) + 1)
    return {unit: depths[unit] for unit in tree.walk(head)}


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


# --- one report -----------------------------------------------------------------------------------


def heading(request: ActingRequest, report: Report) -> dict[str, Any]:
    """What every page about one report says at its head."""
    round_, by = report.round, request.actor
    calendar = round_.form.calendar.rule
    return {
        "report": report,
        "round": round_,
        "unit": organisation.unit(report.unit_id, by.today),
        "due": queries.on_duty(round_).get(report.unit_id),
        "at": by.at,
        "is_own": report.unit_id == by.unit_id,
        "before_label": period_label(calendar.before(round_.period)),
        "year_before": calendar.year_before(round_.period).year,
        "period_said": period_within(round_.period),
        "versions": list(reversed(report.versions.all())),
    }


@require_GET
def report_view(request: ActingRequest, report_id: int) -> HttpResponse:
    """The newest version as its paper looks, with what was decided on it; for its own unit also the draft."""
    return report_page(request, report_id)


@require_GET
def report_version(request: ActingRequest, report_id: int, number: int) -> HttpResponse:
    """A past version as it was."""
    return report_page(request, report_id, number=number)


def report_page(
    request: ActingRequest, report_id: int, *, number: int | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of a report; acts on it show it again with what stood in their way."""
    by = request.actor
    report = queries.report(report_id)
    organisation.require(by, Permission.REPORTING_VIEW, over=report.unit_id)
    context = heading(request, report)
    version = _chosen(report, number)
    newest = version is None or version.pk == report.current_version_id
    is_own = context["is_own"]
    shows_draft = is_own and number is None and (version is None or request.GET.get("draft") == "1")
    is_mine = (
        newest and not shows_draft and version is not None and queries.reviews(by, report.unit_id, report.round.form)
    )
    filled = _shown(report, None if shows_draft else version)
    context |= {
        "section": "reports",
        "version": None if shows_draft else version,
        "is_past": not newest,
        "shows_draft": shows_draft,
        "may_accept": is_mine and report.state == State.SUBMITTED,
        "may_return": is_mine and _may_be_returned(report),
        "may_write": is_own and Permission.REPORTING_WRITE in by.permissions,
        "may_submit": is_own and Permission.REPORTING_SUBMIT in by.permissions,
        "filled": filled,
        "changed_rows": [row for row in filled.rows if row.has_changed],
        "changed_statements": sum(
            len(part.taken_out) + sum(1 for one in part.statements if one.change) for part in filled.word_sections
        ),
        "compared": _before(report, version) if version and not shows_draft else None,
        "next_waiting": _next_waiting(by, report),
        "problem": problem,
        "typed_reason": request.POST.get("reason", ""),
        "typed_remarks": _typed_remarks(request, filled),
        "bench": report.draft_content.synthesis if is_own else None,
    }
    return render(request, "reports/report.html", context, status=status)


def _typed_remarks(request: ActingRequest, filled: Filled) -> list[tuple[str, str]]:
    """Remarks that were typed and could not be taken: nothing a person wrote disappears."""
    names = {row.place: f"{row.label} {row.name}" for row in filled.rows}
    names |= {one.place: one.text[:60] for part in filled.word_sections for one in part.statements}
    return [
        (names.get(name.removeprefix("remark."), ""), str(text))
        for name, text in request.POST.items()
        if name.startswith("remark.") and str(text).strip()
    ]


def _may_be_returned(report: Report) -> bool:
    closed_and_counts = report.round.is_closed and report.accepted_version_id == report.current_version_id
    return report.state in {State.SUBMITTED, State.ACCEPTED} and not closed_and_counts


def _chosen(report: Report, number: int | None) -> Version | None:
    if number is None:
        return _version(report, report.current_version_id)
    found = next((version for version in report.versions.all() if version.number == number), None)
    if found is None:
        raise Http404("no such version")
    return found


def _version(report: Report, version_id: int | None) -> Version | None:
    return next((version for version in report.versions.all() if version.pk == version_id), None)


def _before(report: Report, version: Version) -> Version | None:
    return next((other for other in report.versions.all() if other.number == version.number - 1), None)


def _shown(report: Report, version: Version | None) -> Filled:
    """The form filled with a version or the draft, its remarks, and what differs from the version before."""
    form = report.round.form
    rules = queries.rules_of(form)
    history = queries.history_of(report.round, report.unit_id)
    content = version.content if version else report.draft_content
    before = _before(report, version) if version else None
    values = plain_values(content) if version else read_cells(content, rules).values
    return fill(
        Filling(
            form.layout,
            rules,
            content,
            values,
            history,
            returned=_return_shown(version, before),
            difference=difference(before.content, content) if before else None,
            extra_notes=_words(content),
        )
    )


def _return_shown(version: Version | None, before: Version | None) -> Decision | None:
    """The return whose remarks are shown: of this version, or of the one before, which this one answers."""
    for one in (version, before):
        returns = [decision for decision in one.decisions.all() if not decision.accepted] if one else []
        if returns:
            return returns[-1]
    return None


def _words(content: Content) -> list[Note]:
    """What the unit itself says about a figure or a point."""
    return [Note(place, "word", _("The unit says"), word) for place, word in content.words.items()]


def _next_waiting(by: Actor, report: Report) -> Report | None:
    if Permission.REPORTING_REVIEW not in by.permissions:
        return None
    return queries.waiting_for(by).filter(round_id=report.round_id).exclude(pk=report.pk).first()


@require_POST
def accept_report(request: ActingRequest, report_id: int) -> HttpResponse:
    """Accept the version that was looked at."""
    return _decide(request, report_id, accept=True)


@require_POST
def return_report(request: ActingRequest, report_id: int) -> HttpResponse:
    """Send the version that was looked at back, with remarks at its cells and points."""
    return _decide(request, report_id, accept=False)


def _decide(request: ActingRequest, report_id: int, *, accept: bool) -> HttpResponse:
    version = request.POST.get("version", "")
    by = request.actor
    if not version.isdecimal():
        return report_page(request, report_id, problem=_("Look at the report before you decide."), status=BAD)
    try:
        if accept:
            services.accept_report(report_id, version_id=int(version), by=by)
            messages.success(request, _("The report is accepted and counts from now on."))
        else:
            reason, remarks = request.POST.get("reason", ""), _remarks(request, report_id)
            services.return_report(report_id, version_id=int(version), by=by, reason=reason, remarks=remarks)
            messages.success(request, _("The report is returned; its unit sees your remarks."))
    except ReportingRefused as refused:
        return report_page(request, report_id, problem=say_refused(refused), status=CLASH)
    except WrongMove as wrong:
        return report_page(request, report_id, problem=say_wrong_move(wrong), status=CLASH)
    return redirect("report", report_id=report_id)


def _remarks(request: ActingRequest, report_id: int) -> list[Remark]:
    """Remarks at places that the report has; anything else did not come from its page."""
    report = queries.report(report_id)
    said = report.current_version.content.statements if report.current_version else ()
    places = {f"cell:{code}" for code in report.round.form.layout.indicators} | {f"statement:{s.id}" for s in said}
    return [
        Remark(place, tidy(text)[:LONGEST_STATEMENT])
        for place in sorted(places)
        if (text := request.POST.get(f"remark.{place}", "").strip())
    ]


urlpatterns = [
    path("reports/", reports, name="reports"),
    path("reports/sheet.<str:kind>", reports_sheet, name="reports-sheet"),
    path("rounds/", rounds, name="rounds"),
    path("rounds/open/", open_round, name="open-round"),
    path("rounds/<int:round_id>/", round_view, name="round"),
    path("rounds/<int:round_id>/close/", close_round, name="close-round"),
    path("rounds/<int:round_id>/remind/", remind, name="remind"),
    path("reports/<int:report_id>/", report_view, name="report"),
    path("reports/<int:report_id>/versions/<int:number>/", report_version, name="report-version"),
    path("reports/<int:report_id>/accept/", accept_report, name="accept-report"),
    path("reports/<int:report_id>/return/", return_report, name="return-report"),
]
