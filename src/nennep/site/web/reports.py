"""Rounds and reports: who has reported, what was handed in, accepting and returning."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.reporting import queries, services
from nennep.reporting.models import Decision, Report, Version
from nennep.reporting.rules.checks import read_cells
from nennep.reporting.rules.content import LONGEST_STATEMENT, Content, difference, tidy
from nennep.reporting.rules.states import State, WrongMove
from nennep.reporting.services import Remark, ReportingRefused
from nennep.site.acting import ActingRequest
from nennep.site.filled import Filled, Filling, Note, fill, plain_values
from nennep.site.findings import say_refused, say_wrong_move
from nennep.site.from_files import from_files
from nennep.site.report_list import listed, sheet_of
from nennep.site.sayings import period_label, period_within
from nennep.site.web import rounds
from nennep.site.web.words_and_numbers import of_report

BAD, CLASH = 400, 409
#: From here on a deadline is amber.
SOON = timedelta(days=2)


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


# --- one report -----------------------------------------------------------------------------------


def heading(request: ActingRequest, report: Report) -> dict[str, Any]:
    """What every page about one report says at its head."""
    round_, by = report.round, request.actor
    calendar = round_.form.calendar.rule
    due = queries.on_duty(round_).get(report.unit_id)
    return {
        "report": report,
        "round": round_,
        "unit": organisation.unit(report.unit_id, by.today),
        "due": due,
        "at": by.at,
        "due_soon": due is not None and due - by.at < SOON,
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
        "findings": of_report(version) if version is not None and not shows_draft else [],
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
    returned = _return_shown(version, before)
    values = plain_values(content) if version else read_cells(content, rules).values
    return fill(
        Filling(
            form.layout,
            rules,
            content,
            values,
            history,
            returned=returned,
            answers_version=before.number if before and returned in list(before.decisions.all()) else 0,
            difference=difference(before.content, content) if before else None,
            extra_notes=_words(content),
            from_files=from_files(report.pk, content, until=version.received_at if version else None),
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
    *rounds.urlpatterns,
    path("reports/", reports, name="reports"),
    path("reports/sheet.<str:kind>", reports_sheet, name="reports-sheet"),
    path("reports/<int:report_id>/", report_view, name="report"),
    path("reports/<int:report_id>/versions/<int:number>/", report_version, name="report-version"),
    path("reports/<int:report_id>/accept/", accept_report, name="accept-report"),
    path("reports/<int:report_id>/return/", return_report, name="return-report"),
]
