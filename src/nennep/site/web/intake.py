"""Files in: dropped, read, looked at beside the form, and taken over figure by figure."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nennep.intake import originals, queries, services
from nennep.intake.models import Delivery, Proposal, Upload
from nennep.intake.rules.filled import NotTaken
from nennep.intake.rules.states import State
from nennep.intake.services import Choice, Incoming, IntakeRefused
from nennep.intake.workbook_services import KIND as WORKBOOK
from nennep.intake.workbook_services import OF_A_WORKBOOK
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round
from nennep.reporting.rules.content import Content, Unreadable
from nennep.reporting.services import ReportingRefused, StaleDraft
from nennep.site.acting import ActingRequest
from nennep.site.arrivals import KINDS, NOTES, say_intake, say_taken, say_why, size
from nennep.site.filled_workbook import say_not_taken
from nennep.site.findings import say_refused
from nennep.site.proposed import preview
from nennep.site.sayings import in_language, period_label

BAD, CLASH, TOO_LARGE = 400, 409, 413
#: Files of a unit that its list shows; older ones are found from the report they filled.
MOST_SHOWN = 100


@dataclass(frozen=True)
class ShownUpload:
    """One file in the list."""

    upload: Upload
    kind: str
    why: str
    goes_to: str

    @property
    def decided(self) -> int:
        """How many of the figures that were found for a cell are decided."""
        return int(self.upload.found - self.upload.waiting)  # type: ignore[attr-defined]


# --- the list ---------------------------------------------------------------------------------------


@require_GET
def intake(request: ActingRequest) -> HttpResponse:
    """Where files are dropped, and what came of those that were."""
    return _list(request)


def _list(request: ActingRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    by = request.actor
    unit_id = _own_unit(request)
    round_ = _round_asked(request)
    files = [_row(request, row) for row in queries.uploads(unit_id)[:MOST_SHOWN]]
    running = queries.unfinished(unit_id)
    context = {
        "section": "reports",
        "unit": organisation.unit(unit_id, by.today),
        "key": secrets.token_hex(12),
        "round": round_,
        "files": files,
        "running": running,
        "running_count": running.uploads.count() if running else 0,
        "problem": problem,
        "most_files": services.MOST_FILES,
        "largest": size(services.LARGEST_FILE),
        "largest_together": size(services.LARGEST_DELIVERY),
    }
    return render(request, "intake/list.html", context, status=status)


def _row(request: ActingRequest, upload: Upload) -> ShownUpload:
    goes_to = ""
    shown = upload.same_as if upload.state == State.REPEATED else upload
    if shown is not None and shown.state in {State.READ, State.CONFIRMED}:
        goes_to = _address(request, shown)
    return ShownUpload(upload, str(KINDS.get(upload.kind, "")), _why(request, upload), goes_to)


def _address(request: ActingRequest, upload: Upload) -> str:
    """Where a file is looked at: the form's own workbook on the page of its report."""
    if upload.kind != WORKBOOK or upload.state != State.READ or upload.round is None:
        return reverse("upload", args=[upload.pk])
    report = reporting.report_of(upload.round, request.actor.unit_id or 0)
    return reverse("workbook", args=[report.pk]) if report else reverse("upload", args=[upload.pk])


def _why(request: ActingRequest, upload: Upload) -> str:
    if upload.state != State.REFUSED:
        return ""
    if upload.why.startswith(OF_A_WORKBOOK):
        return say_not_taken(NotTaken(upload.why.removeprefix(OF_A_WORKBOOK), **upload.facts))
    units = organisation.units_known_by(request.actor.today, ids=upload.facts.get("units", []))
    return say_why(upload.why, upload.facts, units=", ".join(unit.name for unit in units.values()))


def _own_unit(request: ActingRequest) -> int:
    unit_id = request.actor.unit_id
    if unit_id is None:
        raise Http404("no unit")
    organisation.require(request.actor, Permission.REPORTING_WRITE, over=unit_id)
    return unit_id


def _round_asked(request: ActingRequest) -> Round | None:
    """The round from whose page somebody came."""
    asked = request.POST.get("round", "") or request.GET.get("round", "")
    return reporting.round_(int(asked)) if asked.isdecimal() else None


# --- receiving --------------------------------------------------------------------------------------


@require_POST
def receive_files(request: ActingRequest) -> HttpResponseBase:
    """Read what was dropped; a page with scripts follows the reading meanwhile, the others wait for it."""
    files = [Incoming(file.name or "", file.read()) for file in request.FILES.getlist("files")]
    if getattr(request, "sent_too_much", False):
        refused = IntakeRefused("delivery_too_large", most=services.LARGEST_DELIVERY)
        return _not_received(request, refused, TOO_LARGE)
    round_, key = _round_asked(request), request.POST.get("key", "")[:40]
    try:
        delivery = services.receive(files, by=request.actor, key=key, round_id=round_.pk if round_ else None)
    except IntakeRefused as refused:
        return _not_received(request, refused, BAD)
    goes_to = _after(request, delivery)
    return JsonResponse({"goes_to": goes_to}) if _wants_json(request) else redirect(goes_to)


def _after(request: ActingRequest, delivery: Delivery) -> str:
    """A single file that was read is looked at straight away; of several the list tells."""
    uploads = list(delivery.uploads.all())
    if len(uploads) == 1 and uploads[0].state == State.READ:
        return _address(request, uploads[0])
    return reverse("intake")


def _not_received(request: ActingRequest, refused: IntakeRefused, status: int) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problem": say_intake(refused)}, status=status)
    return _list(request, problem=say_intake(refused), status=status)


def _wants_json(request: ActingRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@require_GET
def delivery(request: ActingRequest, key: str) -> HttpResponse:
    """How far the reading of a delivery has come."""
    found = queries.delivery(key, _own_unit(request))
    read = found.uploads.count() if found else 0
    context = {"running": found, "running_count": read}
    return render(request, "intake/_progress.html", context)


# --- one file ---------------------------------------------------------------------------------------


@require_GET
def upload(request: ActingRequest, upload_id: int) -> HttpResponse:
    """A file's text beside the form it would fill."""
    return _page(request, upload_id)


def _page(request: ActingRequest, upload_id: int, *, problem: str = "", status: int = 200) -> HttpResponse:
    by = request.actor
    found = queries.upload(upload_id)
    organisation.require(by, Permission.REPORTING_WRITE, over=found.unit_id)
    if found.unit_id != by.unit_id:
        raise NotAuthorised(Permission.REPORTING_WRITE, hidden=False)
    if found.state not in {State.READ, State.CONFIRMED}:
        raise Http404("nothing of this file was kept")
    context: dict[str, Any] = {
        "section": "reports",
        "upload": found,
        "kind": KINDS.get(found.kind, ""),
        "unknown_unit": _unknown_unit(found),
        "notes": [str(NOTES[note]) for note in found.notes if note in NOTES],
        "is_open": found.kind != WORKBOOK,
        "may_drop": found.state == State.READ,
        "rounds": queries.rounds_for(found.unit_id) if found.state == State.READ else [],
        "may_change_round": found.state == State.READ and not any(one.decided for one in found.proposals.all()),
        "problem": problem,
        "preview": None,
    }
    if found.round is not None and not found.conversion:
        context |= _beside_the_form(found, found.round)
    return render(request, "intake/upload.html", context, status=status)


def _unknown_unit(found: Upload) -> str:
    """The name by which a text calls its unit, where the organisation knows none of that name."""
    if services.UNKNOWN_UNIT not in found.notes or "unit" not in found.said:
        return ""
    start, end = found.said["unit"]
    return found.text[start:end]


def _beside_the_form(found: Upload, round_: Round) -> dict[str, Any]:
    report = reporting.report_of(round_, found.unit_id)
    draft = report.draft_content if report else Content()
    sure = services.sure_choices(found, draft)
    rules = reporting.rules_of(round_.form)
    return {
        "report": report,
        "preview": preview(found, round_.form.layout, rules, draft, len(sure)),
        "seen": json.dumps(dict(draft.cells), ensure_ascii=False),
        "form_name": in_language(round_.form.name, round_.form.name_en),
        "period": period_label(round_.period),
    }


@require_POST
def decide_upload(request: ActingRequest, upload_id: int) -> HttpResponse:
    """Take over, correct or drop what a file proposes."""
    found = queries.upload(upload_id)
    act, _colon, which = request.POST.get("press", "").partition(":")
    try:
        choices, points = _chosen(request, found, act, which)
        taken = services.decide(upload_id, choices, points=points, by=request.actor)
    except IntakeRefused as refused:
        return _page(request, upload_id, problem=say_intake(refused), status=CLASH)
    except ReportingRefused as refused:
        return _page(request, upload_id, problem=say_refused(refused), status=CLASH)
    except (Unreadable, StaleDraft):
        problem = _("The draft has changed meanwhile. Nothing was taken over; look at it as it stands now.")
        return _page(request, upload_id, problem=problem, status=CLASH)
    messages.success(request, say_taken(taken.cells, taken.points, taken.dropped, taken.learnt))
    anchor = f"#p-{which}" if act in {"confirm", "drop"} and which.isdecimal() else ""
    return redirect(f"{reverse('upload', args=[upload_id])}{anchor}")


def _chosen(request: ActingRequest, found: Upload, act: str, which: str) -> tuple[list[Choice], list[tuple[int, str]]]:
    """What a pressed button means: one figure, all that are sure, the points that are ticked, or all points."""
    if act == "sure":
        report = reporting.report_of(found.round, found.unit_id) if found.round else None
        return services.sure_choices(found, report.draft_content if report else Content()), []
    if act in {"points", "all-points"}:
        ticked = {point.pk for point in found.points.all()} if act == "all-points" else _ids(request, "point")
        return [], [(pk, request.POST.get(f"kind.{pk}", "")) for pk in sorted(ticked)]
    proposal = next((one for one in found.proposals.all() if str(one.pk) == which), None)
    if proposal is None or act not in {"confirm", "drop"}:
        return [], []
    return [_choice(request, proposal, act)], []


def _ids(request: ActingRequest, name: str) -> set[int]:
    return {int(value) for value in request.POST.getlist(name) if value.isdecimal()}


def _choice(request: ActingRequest, proposal: Proposal, act: str) -> Choice:
    if act == "drop":
        return Choice(proposal.pk, drop=True)
    cell = request.POST.get(f"cell.{proposal.pk}", "") or (proposal.indicator.code if proposal.indicator else "")
    return Choice(
        proposal.pk,
        value=request.POST.get(f"value.{proposal.pk}", "").strip(),
        indicator=cell,
        seen=_seen(request).get(cell, ""),
    )


def _seen(request: ActingRequest) -> dict[str, str]:
    """What stood in the cells of the draft when the page was made."""
    try:
        seen = json.loads(request.POST.get("seen", "{}"))
    except ValueError:
        return {}
    return {str(code): str(text) for code, text in seen.items()} if isinstance(seen, dict) else {}


@require_POST
def change_upload(request: ActingRequest, upload_id: int) -> HttpResponse:
    """Say what a file is for, agree to the conversion of its letters, or put it aside."""
    act, by = request.POST.get("act", ""), request.actor
    try:
        if act == "round":
            asked = request.POST.get("round", "")
            if not asked.isdecimal():
                return _page(request, upload_id, problem=_("Choose the report that this file is for."), status=BAD)
            services.set_round(upload_id, int(asked), by=by)
        elif act == "agree":
            services.agree_to_conversion(upload_id, by=by)
        elif act == "drop":
            dropped = services.drop(upload_id, by=by)
            messages.success(request, _("The file %(name)s was put aside.") % {"name": dropped.name})
            return redirect("intake")
        else:
            return _page(request, upload_id, status=BAD)
    except IntakeRefused as refused:
        return _page(request, upload_id, problem=say_intake(refused), status=CLASH)
    return redirect("upload", upload_id=upload_id)


# --- the way back -----------------------------------------------------------------------------------


@require_GET
def upload_source(request: ActingRequest, upload_id: int) -> HttpResponse:
    """The kept text with the place that a figure came from."""
    found = _source(request, upload_id)
    start, end = _span(request, len(found.text))
    context = {
        "section": "reports",
        "upload": found,
        "unit": organisation.unit(found.unit_id, request.actor.today),
        "kind": KINDS.get(found.kind, ""),
        "before": found.text[:start],
        "marked": found.text[start:end],
        "after": found.text[end:],
        "place": request.GET.get("place", "")[:60],
    }
    return render(request, "intake/source.html", context)


def _span(request: ActingRequest, length: int) -> tuple[int, int]:
    start, _sign, end = request.GET.get("at", "").partition("-")
    if not (start.isdecimal() and end.isdecimal()) or len(start) + len(end) > len(str(length)) * 2:
        return 0, 0
    return min(int(start), length), min(int(end), length)


@require_GET
def upload_original(request: ActingRequest, upload_id: int) -> HttpResponse:
    """The file as it came, never shown by the browser itself."""
    found = _source(request, upload_id)
    try:
        content = originals.fetch(found.digest)
    except originals.OriginalLost as lost:
        raise Http404("the original is gone") from lost
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(found.name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _source(request: ActingRequest, upload_id: int) -> Upload:
    """A kept file: for its own unit always, for those above once figures of it were handed in."""
    by = request.actor
    found = queries.upload(upload_id)
    organisation.require(by, Permission.REPORTING_VIEW, over=found.unit_id)
    is_kept = found.state in {State.READ, State.CONFIRMED}
    if not is_kept or (found.unit_id != by.unit_id and not queries.may_be_seen_above(found)):
        raise Http404("no such file")
    return found


def _quoted(name: str) -> str:
    return quote(name.rpartition("/")[2] or "file")


# --- what was learnt --------------------------------------------------------------------------------


@require_GET
def learnt_words(request: ActingRequest) -> HttpResponse:
    """The wordings that this unit's people taught."""
    return _words(request)


def _words(request: ActingRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    unit_id = _own_unit(request)
    words = queries.words_taught(unit_id)
    context = {
        "section": "reports",
        "unit": organisation.unit(unit_id, request.actor.today),
        "words": [word for word in words if word.revoked_at is None],
        "revoked": [word for word in words if word.revoked_at is not None],
        "problem": problem,
    }
    return render(request, "intake/words.html", context, status=status)


@require_POST
def revoke_word(request: ActingRequest, synonym_id: int) -> HttpResponse:
    """Take a wording back, with a reason."""
    try:
        services.revoke_wording(synonym_id, by=request.actor, reason=request.POST.get("reason", ""))
    except IntakeRefused as refused:
        return _words(request, problem=say_intake(refused), status=CLASH)
    messages.success(request, _("The wording is taken back; files that come from now on are read without it."))
    return redirect("learnt-words")


urlpatterns = [
    path("intake/", intake, name="intake"),
    path("intake/receive/", receive_files, name="receive-files"),
    path("intake/deliveries/<str:key>/", delivery, name="delivery"),
    path("intake/words/", learnt_words, name="learnt-words"),
    path("intake/words/<int:synonym_id>/revoke/", revoke_word, name="revoke-word"),
    path("intake/<int:upload_id>/", upload, name="upload"),
    path("intake/<int:upload_id>/decide/", decide_upload, name="decide-upload"),
    path("intake/<int:upload_id>/change/", change_upload, name="change-upload"),
    path("intake/<int:upload_id>/source/", upload_source, name="upload-source"),
    path("intake/<int:upload_id>/original/", upload_original, name="upload-original"),
]
