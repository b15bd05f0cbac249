"""Writing one's own report: the form as its paper looks, autosaved, checked, handed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.reporting import queries, services
from nennep.reporting.models import Report
from nennep.reporting.rules.checks import check, read_cells
from nennep.reporting.rules.content import Content, Statement, Unreadable
from nennep.reporting.rules.states import State, WrongMove
from nennep.reporting.services import NotReady, ReportingRefused, StaleDraft
from nennep.site.acting import ActingRequest
from nennep.site.filled import ERROR, Filled, Filling, Note, anchor, fill
from nennep.site.findings import say_refused, say_too_long, say_unreadable, say_wrong_move
from nennep.site.from_files import from_files
from nennep.site.sayings import STATEMENTS, period_label
from nennep.site.typed import Clash, Typed, clashes, read_choice, read_typed, same
from nennep.site.web.reports import heading, report_page
from nennep.site.web.rounds import round_page

BAD, CLASH, UNREADY = 400, 409, 422


# --- the pages ------------------------------------------------------------------------------------


@require_POST
def start_report(request: ActingRequest, round_id: int) -> HttpResponse:
    """Begin one's own unit's report, or go on with it."""
    try:
        report = services.start_report(round_id, by=request.actor)
    except ReportingRefused as refused:
        return round_page(request, round_id, problem=say_refused(refused), status=CLASH)
    return redirect("edit-report", report_id=report.pk)


@require_GET
def edit_report(request: ActingRequest, report_id: int) -> HttpResponse:
    """The form to fill in."""
    report = own_report(request, report_id)
    if report.draft_content.synthesis is not None:
        return redirect("report", report_id=report_id)
    return _page(request, report, report.draft_content)


@require_POST
def save_draft(request: ActingRequest, report_id: int) -> HttpResponseBase:
    """Keep what is typed so far; a page with scripts gets back what the checks say, the others the page itself."""
    report = own_report(request, report_id)
    try:
        typed = _read(request, report)
        saved = _save(request, report, typed)
    except Unreadable:
        return _unreadable(request, report)
    except ReportingRefused as refused:
        return _refused(request, report, refused)
    except StaleDraft as stale:
        return _clash(request, report, typed, stale)
    if _wants_json(request):
        return JsonResponse(_live(request, saved, typed))
    if typed.too_long:
        return _page(request, saved, typed.shown, too_long=typed.too_long, status=UNREADY)
    messages.success(request, _("The draft is saved."))
    return redirect(_place_after(request, report_id))


@require_POST
def submit_report(request: ActingRequest, report_id: int) -> HttpResponse:
    """Save what the page holds, then hand it to the superior; what is not ready leads to what remains."""
    report = queries.report(report_id)
    organisation.require(request.actor, Permission.REPORTING_SUBMIT, over=report.unit_id)
    _require_own(request, report, Permission.REPORTING_SUBMIT)
    if report.draft_content.synthesis is not None:
        return redirect("report", report_id=report_id)
    if "with-statements" not in request.POST:
        return _hand_in(request, report, report.draft_content, request.POST.get("revision", ""))
    try:
        typed = _read(request, report)
        saved = _save(request, report, typed)
    except Unreadable:
        return _unreadable(request, report)
    except StaleDraft as stale:
        return _clash(request, report, typed, stale)
    if typed.too_long:
        return _page(request, saved, typed.shown, too_long=typed.too_long, status=UNREADY)
    return _hand_in(request, saved, saved.draft_content, str(saved.draft_revision))


def _hand_in(request: ActingRequest, report: Report, content: Content, revision: str) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    may_write = Permission.REPORTING_WRITE in request.actor.permissions
    try:
        if not revision.isdecimal():
            return _unreadable(request, report)
        version = services.submit_report(report.pk, revision=int(revision), by=request.actor, reason=reason)
    except NotReady:
        problem = _("Not handed in yet: see what remains. Everything is saved.")
    except StaleDraft as stale:
        problem = _("%(name)s has changed the draft since you opened it. Look at it again before you hand it in.") % {
            "name": stale.saved_by
        }
    except ReportingRefused as refused:
        problem = say_refused(refused)
    except WrongMove as wrong:
        problem = say_wrong_move(wrong)
    else:
        told = {"number": version.number, "time": f"{timezone.localtime(version.received_at):%d/%m %H:%M}"}
        messages.success(request, _("Version %(number)s is handed in, received %(time)s by the server.") % told)
        return redirect("report", report_id=report.pk)
    if not may_write:
        return report_page(request, report.pk, problem=problem, status=UNREADY)
    fresh = queries.report(report.pk)
    return _page(request, fresh, content, problem=problem, reason=reason, asked_to_submit=True, status=UNREADY)


# --- reading and keeping --------------------------------------------------------------------------


def own_report(request: ActingRequest, report_id: int) -> Report:
    """The report, if it is the acting unit's own to write. Raises NotAuthorised, hidden from whoever may not know."""
    report = queries.report(report_id)
    organisation.require(request.actor, Permission.REPORTING_WRITE, over=report.unit_id)
    _require_own(request, report, Permission.REPORTING_WRITE)
    return report


def _require_own(request: ActingRequest, report: Report, permission: Permission) -> None:
    if request.actor.unit_id != report.unit_id:
        raise NotAuthorised(permission, hidden=False)


def _read(request: ActingRequest, report: Report) -> Typed:
    draft = report.draft_content
    if "resolve" in request.POST:
        chosen = read_choice(request.POST, draft)
        revision = request.POST.get("revision", "")
        if not revision.isdecimal():
            raise Unreadable("no revision")
        return Typed(chosen, chosen, int(revision))
    rules = queries.rules_of(report.round.form)
    computed = {code for code, rule in rules.items() if rule.is_computed}
    return read_typed(request.POST, draft, report.round.form.layout, computed)


def _save(request: ActingRequest, report: Report, typed: Typed) -> Report:
    """Save, unless exactly this is saved already: what a broken line sent twice is no clash."""
    try:
        saved = services.save_draft(report.pk, typed.content, revision=typed.revision, by=request.actor)
    except StaleDraft as stale:
        if not same(typed.content, stale.theirs):
            raise
        saved = report
    # What a page shows of the report beside its draft was fetched with it.
    report.draft, report.draft_revision = saved.draft, saved.draft_revision
    report.draft_at, report.draft_by = saved.draft_at, saved.draft_by
    return report


def _wants_json(request: ActingRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _place_after(request: ActingRequest, report_id: int) -> str:
    page = reverse("edit-report", args=[report_id])
    press = request.POST.get("press", "")
    if press.startswith("take:"):
        return f"{page}#{anchor('cell:' + press.removeprefix('take:').partition('=')[0])}"
    return f"{page}#words" if press else page


# --- what the page shows --------------------------------------------------------------------------


def filled_draft(report: Report, content: Content, extra_notes: Sequence[Note] = ()) -> Filled:
    """The form filled with a draft: its past, what the checks say, and the remarks that it answers."""
    form = report.round.form
    rules = queries.rules_of(form)
    history = queries.history_of(report.round, report.unit_id)
    returned = _standing_return(report)
    return fill(
        Filling(
            form.layout,
            rules,
            content,
            read_cells(content, rules).values,
            history,
            check(content, form.layout, rules, history),
            returned=returned,
            returned_content=report.current_version.content if returned and report.current_version else None,
            extra_notes=extra_notes,
            from_files=from_files(report.pk, content),
        )
    )


def _standing_return(report: Report) -> Any:
    """The return that the draft answers, while the report is returned."""
    if State(report.state) is not State.RETURNED:
        return None
    return queries.last_return(report.pk)


def _too_long_notes(too_long: dict[str, int]) -> list[Note]:
    notes = []
    for place, length in too_long.items():
        said = say_too_long(length)
        notes.append(Note(place, ERROR, said.what, said.text))
    return notes


def _page(
    request: ActingRequest,
    report: Report,
    content: Content,
    *,
    problem: str = "",
    too_long: Any = None,
    reason: str = "",
    asked_to_submit: bool = False,
    status: int = 200,
) -> HttpResponse:
    notes = _too_long_notes(dict(too_long or {}))
    if notes:
        problem = f"{notes[0].what}. {notes[0].text}"
    context = _context(request, report, filled_draft(report, content, notes))
    context |= {"problem": problem, "reason": reason, "asked_to_submit": asked_to_submit, "content": content}
    return render(request, "reports/entry.html", context, status=status)


def _context(request: ActingRequest, report: Report, filled: Filled) -> dict[str, Any]:
    round_ = report.round
    next_number = 1 + (report.current_version.number if report.current_version else 0)
    return {
        **heading(request, report),
        "section": "reports",
        "filled": filled,
        "next_number": next_number,
        "booking": queries.next_open_round(round_.form.code, round_) if round_.is_closed else None,
        "booking_label": _booking_label(report),
        "editable": True,
        "may_submit": Permission.REPORTING_SUBMIT in request.actor.permissions,
        "saved_at": report.draft_at,
    }


def _booking_label(report: Report) -> str:
    round_ = report.round
    if not round_.is_closed:
        return ""
    booking = queries.next_open_round(round_.form.code, round_)
    return period_label(booking.period) if booking else ""


def _live(request: ActingRequest, report: Report, typed: Typed) -> dict[str, Any]:
    """What a page with scripts redraws after saving: looks and notes at their places, and what remains."""
    filled = filled_draft(report, report.draft_content, _too_long_notes(dict(typed.too_long)))
    context = _context(request, report, filled)
    places: dict[str, Any] = {}
    for row in filled.rows:
        places[row.place] = _place(request, row.place, row.look, row.margin)
    for section in filled.word_sections:
        places[f"section:{section.letter}"] = _place(request, f"section:{section.letter}", "", section.notes)
        for statement in section.statements:
            places[statement.place] = _place(request, statement.place, statement.look, statement.notes)
    for note in _too_long_notes(dict(typed.too_long)):
        places.setdefault(note.place, _place(request, note.place, note.look, (note,)))
    computed = [row for row in filled.rows if row.is_computed]
    return {
        "revision": report.draft_revision,
        "places": places,
        "computed": {row.code: render_to_string("reports/parts/computed.html", {"row": row}) for row in computed},
        "remaining": render_to_string("reports/parts/remaining.html", context, request),
        "saved": render_to_string("reports/parts/saved.html", context, request),
        "chips": render_to_string("reports/parts/entry_chips.html", context, request),
    }


def _place(request: ActingRequest, place: str, look: str, notes: Sequence[Note]) -> dict[str, str]:
    context = {"notes": notes, "place": place, "editable": True}
    return {"look": look, "notes": render_to_string("reports/parts/notes.html", context, request) if notes else ""}


# --- what went wrong ------------------------------------------------------------------------------


def _unreadable(request: ActingRequest, report: Report) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problem": say_unreadable()}, status=BAD)
    return _page(request, report, report.draft_content, problem=say_unreadable(), status=BAD)


def _refused(request: ActingRequest, report: Report, refused: ReportingRefused) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problem": say_refused(refused)}, status=CLASH)
    return _page(request, report, report.draft_content, problem=say_refused(refused), status=CLASH)


@dataclass(frozen=True)
class Both:
    """One place in two drafts, as the page shows it."""

    clash: Clash
    label: str
    name: str
    mine_kind: str = ""
    theirs_kind: str = ""
    sort: int = field(default=0, compare=False)


def _clash(request: ActingRequest, report: Report, typed: Typed, stale: StaleDraft) -> HttpResponse:
    """Somebody saved in between: both are shown, and nothing of either is lost."""
    filled = filled_draft(report, stale.theirs)
    names = {row.place: (row.label, row.name) for row in filled.rows}
    both = [_both(clash, names) for clash in clashes(typed.shown, stale.theirs)]
    fresh = queries.report(report.pk)
    context = {
        **heading(request, fresh),
        "section": "reports",
        "both": both,
        "saved_by": stale.saved_by,
        "saved_at": fresh.draft_at,
        "revision": stale.revision,
        "mine": json.dumps(_mine(typed).as_json(), ensure_ascii=False),
    }
    if _wants_json(request):
        html = render_to_string("reports/parts/clash.html", context, request)
        return JsonResponse({"clash": html, "revision": stale.revision}, status=CLASH)
    return render(request, "reports/clash.html", context, status=CLASH)


def _mine(typed: Typed) -> Content:
    """My side without what may never come back from a page."""
    plain = tuple(Statement(s.id, s.section, s.kind, s.text) for s in typed.content.statements)
    return replace(typed.content, statements=plain, figures={}, synthesis=None)


def _both(clash: Clash, names: dict[str, tuple[str, str]]) -> Both:
    kind, _sign, key = clash.place.partition(":")
    place = key if kind == "word" else clash.place
    label, name = names.get(place, ("", ""))
    if kind == "word":
        name = _("Word: %(name)s") % {"name": name}
    if kind == "statement":
        name = _("Point in words")
    return Both(
        clash,
        label,
        name,
        str(STATEMENTS[clash.mine_kind]) if clash.mine_kind else "",
        str(STATEMENTS[clash.theirs_kind]) if clash.theirs_kind else "",
    )


urlpatterns = [
    path("rounds/<int:round_id>/write/", start_report, name="start-report"),
    path("reports/<int:report_id>/edit/", edit_report, name="edit-report"),
    path("reports/<int:report_id>/draft/", save_draft, name="save-draft"),
    path("reports/<int:report_id>/submit/", submit_report, name="submit-report"),
]
