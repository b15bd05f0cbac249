"""A report by workbook: fetched, filled in where there is no connection, dropped back, looked at, and confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from loom.files import Unreadable, Why
from loom.sandbox import cells_safely
from nennep.intake import workbook_services as workbooks
from nennep.intake.rules.filled import NotTaken, sure
from nennep.intake.workbooks import render as render_workbook
from nennep.organisation import queries as organisation
from nennep.reporting import queries
from nennep.reporting.models import Report
from nennep.reporting.rules.content import MOST_STATEMENTS
from nennep.reporting.rules.content import Unreadable as TooMuch
from nennep.reporting.services import ReportingRefused, StaleDraft
from nennep.site.acting import ActingRequest
from nennep.site.filled_workbook import say_not_taken, say_unopened, shown
from nennep.site.findings import say_refused
from nennep.site.form_workbook import plan_of
from nennep.site.web.entry import filled_draft, own_report
from nennep.site.web.reports import heading

BAD, CLASH, UNFIT = 400, 409, 422
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A form's workbook, filled to its last line, has a tenth of this.
MOST_BYTES = 8 * 1024 * 1024


@require_GET
def report_workbook(request: ActingRequest, report_id: int) -> HttpResponse:
    """The report's form as a workbook, filled with the draft as it stands, in the reader's language."""
    report = own_report(request, report_id)
    if report.draft_content.synthesis is not None:
        return redirect("report", report_id=report_id)
    filled = filled_draft(report, report.draft_content)
    unit = organisation.unit(report.unit_id, request.actor.today)
    plan = plan_of(report, filled, queries.rules_of(report.round.form), unit=unit, at=request.actor.at)
    response = HttpResponse(render_workbook(plan), content_type=CONTENT_TYPE)
    name = f"{unit.code}-{report.round.form.code}-{report.round.period_code}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def workbook(request: ActingRequest, report_id: int) -> HttpResponse:
    """What a workbook that was dropped would change; where none waits, the place to drop one."""
    return _page(request, own_report(request, report_id))


@require_POST
def drop_workbook(request: ActingRequest, report_id: int) -> HttpResponse:
    """Read a filled-in workbook and keep it until it is confirmed. The draft stays as it is."""
    report = own_report(request, report_id)
    try:
        name, content = _dropped(request)
        cells = cells_safely(name, content)
        workbooks.take_in(report_id, name=name, content=content, cells=cells, by=request.actor)
    except Unreadable as unopened:
        if unopened.why is Why.SECRET:
            workbooks.refuse_secret(report_id, by=request.actor)
        return _page(request, report, problem=say_unopened(unopened), status=UNFIT)
    except NotTaken as refused:
        return _page(request, report, problem=say_not_taken(refused), status=UNFIT)
    except ReportingRefused as refused:
        return _page(request, report, problem=say_refused(refused), status=CLASH)
    return redirect("workbook", report_id=report_id)


def _dropped(request: ActingRequest) -> tuple[str, bytes]:
    """The name and the bytes of the file. Raises NotTaken."""
    file = request.FILES.get("workbook")
    if getattr(request, "sent_too_much", False) or (file is not None and (file.size or 0) > MOST_BYTES):
        raise NotTaken("too_large")
    if file is None:
        raise NotTaken("no_file")
    return file.name or "workbook.xlsx", file.read()


@require_POST
def confirm_workbook(request: ActingRequest, report_id: int) -> HttpResponse:
    """Write what is ticked into the draft, or put the workbook aside."""
    report = own_report(request, report_id)
    upload, revision = request.POST.get("upload", ""), request.POST.get("revision", "")
    waiting = workbooks.waiting(report)
    if not revision.isdecimal() or waiting is None or upload != str(waiting.upload.pk):
        return _page(request, report, problem=_("Another workbook was dropped meanwhile. Look at it."), status=CLASH)
    try:
        messages.success(request, _decided(request, waiting, int(revision)))
    except NotTaken as refused:
        return _page(request, report, problem=say_not_taken(refused), status=UNFIT)
    except ReportingRefused as refused:
        return _page(request, report, problem=say_refused(refused), status=CLASH)
    except TooMuch:
        problem = _("The report would have more than %(most)s points. Take over fewer of them.")
        return _page(request, report, problem=problem % {"most": MOST_STATEMENTS}, status=UNFIT)
    except StaleDraft as stale:
        problem = _("%(name)s has changed the draft since this page was opened. Everything is compared anew below.")
        fresh = own_report(request, report_id)
        return _page(request, fresh, problem=problem % {"name": stale.saved_by}, status=CLASH)
    return redirect("edit-report", report_id=report_id)


def _decided(request: ActingRequest, waiting: workbooks.Waiting, revision: int) -> str:
    """Do what was asked with a workbook that waits, and say what was done."""
    act = request.POST.get("act")
    if act == "put-aside":
        workbooks.put_aside(waiting.upload.pk, by=request.actor)
        return _("The workbook is put aside; the draft is as it was.")
    picks = sure(waiting.judgement) if act == "all-sure" else _picks(request)
    _saved, count = workbooks.confirm(waiting.upload.pk, picks, revision=revision, by=request.actor)
    said = ngettext(
        "%(count)s place was taken over from the workbook. The draft is saved.",
        "%(count)s places were taken over from the workbook. The draft is saved.",
        count,
    )
    return said % {"count": count}


def _picks(request: ActingRequest) -> dict[str, str]:
    """The places that are ticked, and those where one of several readings was chosen."""
    ticked = dict.fromkeys(request.POST.getlist("take"), "")
    chosen = {
        name.removeprefix("choice."): str(value)
        for name, value in request.POST.items()
        if name.startswith("choice.") and value
    }
    return {**ticked, **chosen}


def _page(request: ActingRequest, report: Report, *, problem: str = "", status: int = 200) -> HttpResponse:
    waiting = workbooks.waiting(report)
    filled = filled_draft(report, report.draft_content)
    context: dict[str, Any] = {
        **heading(request, report),
        "section": "reports",
        "problem": problem,
        "waiting": waiting,
        "shown": shown(report, filled, waiting.judgement) if waiting else None,
        "is_stale": waiting is not None and waiting.began_from != report.draft_revision,
    }
    return render(request, "reports/workbook.html", context, status=status)


urlpatterns = [
    path("reports/<int:report_id>/workbook.xlsx", report_workbook, name="report-workbook"),
    path("reports/<int:report_id>/workbook/", workbook, name="workbook"),
    path("reports/<int:report_id>/workbook/drop/", drop_workbook, name="drop-workbook"),
    path("reports/<int:report_id>/workbook/confirm/", confirm_workbook, name="confirm-workbook"),
]
