"""What comes in: documents sent by units of the system, to be received; papers from outside, registered by hand; who
deals with each, and what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.documents.models import Incoming
from nennep.documents.queries import dispatches
from nennep.documents.queries import incoming as queries
from nennep.documents.queries.sight import is_own
from nennep.documents.services import incoming as services
from nennep.documents.services.dispatch import receive
from nennep.documents.services.incoming import Arrival
from nennep.documents.services.refusals import DocumentsRefused, DuplicateIncoming
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.site.acting import ActingRequest
from nennep.site.document_refusals import cited, say_documents
from nennep.site.report_list import PAGE, Pages, asked_page

BAD = 400
#: How papers are narrowed: those nobody has brought to an end, those past their last day, those with an outcome.
STANDINGS: Mapping[str, Any] = {
    "open": later("in hand"),
    "overdue": later("overdue"),
    "handled": later("dealt with"),
}


# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paper:
    """One paper that came in: its number in the register, what it is cited by, and how pressing it is."""

    incoming: Incoming
    number: int | None
    name: str
    is_overdue: bool

    @classmethod
    def of(cls, one: Incoming, day: date) -> Paper:
        entries = list(one.register_entries.all())
        overdue = one.handled_at is None and one.due_on is not None and one.due_on < day
        return cls(one, entries[0].number if entries else None, name_of(one), overdue)


def name_of(one: Incoming) -> str:
    """How a paper is cited: `07/CV-X`."""
    return f"{one.number}/{one.symbol}".rstrip("/")


@require_GET
def incoming_papers(request: ActingRequest) -> HttpResponse:
    """What was sent and is to be received; below it the papers that came in, newest first."""
    return _list(request)


def _list(request: ActingRequest, *, problem: str = "") -> HttpResponse:
    by = request.actor
    standing = request.GET.get("standing", "") if request.GET.get("standing") in STANDINGS else ""
    year = _year(request.GET.get("year", ""))
    found = _narrowed(queries.incoming_papers(by, year=year), standing, by.today)
    pages = Pages.of(found.count(), asked_page(request))
    sent = dispatches.dispatches_to(by, received=False)
    waiting = sent.count()
    shown = list(sent[:PAGE])
    names = organisation.units_known_by(by.today, ids={one.document.unit_id for one in shown})
    context = {
        "section": "documents",
        "sent": [(one, names[one.document.unit_id].short_name, cited(one.document)) for one in shown],
        "waiting": waiting,
        "papers": [Paper.of(one, by.today) for one in found[pages.start : pages.start + PAGE]],
        "pages": pages,
        "standings": STANDINGS.items(),
        "standing": standing,
        "year": year or "",
        "years": range(by.today.year, by.today.year - 6, -1),
        "may_receive": Permission.DOCUMENTS_RECEIVE in by.permissions,
        "now": by.at,
        "problem": problem,
    }
    return render(request, "incoming/list.html", context, status=BAD if problem else 200)


def _narrowed(found: QuerySet[Incoming], standing: str, day: date) -> QuerySet[Incoming]:
    if standing == "handled":
        return found.filter(handled_at__isnull=False)
    if standing:
        found = found.filter(handled_at__isnull=True)
    return found.filter(due_on__lt=day).order_by("due_on", "pk") if standing == "overdue" else found


_DIGITS_OF_A_YEAR = 4


def _year(asked: str) -> int | None:
    return (
        int(asked) if asked.isascii() and asked.isdigit() and len(asked) == _DIGITS_OF_A_YEAR and asked > "0" else None
    )


@require_POST
def receive_dispatches(request: ActingRequest) -> HttpResponse:
    """Take in what was sent: one by its button, or all that are ticked. What was recalled meanwhile is told."""
    asked = request.POST.getlist("one") or request.POST.getlist("dispatch")
    ids = [int(one) for one in asked if one.isascii() and one.isdigit()][:PAGE]
    if not ids:
        return _list(request, problem=_("Tick what is to be received."))
    taken, refused = 0, []
    for dispatch_id in ids:
        try:
            receive(dispatch_id, by=request.actor)
            taken += 1
        except DocumentsRefused as why:
            refused.append(say_documents(why))
    if taken:
        said = ngettext(
            "%(count)s document is received and stands in the register.",
            "%(count)s documents are received and stand in the register.",
            taken,
        )
        messages.success(request, said % {"count": taken})
    if refused:
        return _list(request, problem=" ".join(dict.fromkeys(refused)))
    return redirect("incoming")


# --- a paper from outside -------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_incoming(request: ActingRequest) -> HttpResponse:
    """Register a paper from outside; one that seems to have come in before is shown beside the earlier ones."""
    if request.method == "GET":
        return _form(request)
    arrival = _arrival(request.POST)
    if arrival is None:
        return _form(request, problem=_("Give the day that the paper bears and the day on which it arrived."))
    try:
        made = services.register_incoming(arrival, by=request.actor, even_so=request.POST.get("even_so") == "1")
    except DuplicateIncoming as doubled:
        return _form(request, problem=say_documents(doubled), earlier=doubled.earlier)
    except DocumentsRefused as refused:
        return _form(request, problem=say_documents(refused))
    number = made.register_entries.values_list("number", flat=True).first()
    messages.success(request, _("The paper stands in the register under number %(number)s.") % {"number": number})
    return redirect("incoming-paper", made.pk)


def _form(request: ActingRequest, *, problem: str = "", earlier: tuple[Incoming, ...] = ()) -> HttpResponse:
    asked = request.POST or {"arrived_on": request.actor.today.isoformat()}
    context = {
        "section": "documents",
        "asked": asked,
        "problem": problem,
        "earlier": [(one, name_of(one)) for one in earlier],
        "today": request.actor.today,
    }
    return render(request, "incoming/new.html", context, status=BAD if problem else 200)


_WORDS = ("issuer", "number", "symbol", "type_name", "subject", "handler", "kept_at")


def _arrival(post: Mapping[str, str]) -> Arrival | None:
    """What the form says; None when a day is missing."""
    dated_on, arrived_on = _day(post.get("dated_on", "")), _day(post.get("arrived_on", ""))
    if dated_on is None or arrived_on is None:
        return None
    words = {name: post.get(name, "") for name in _WORDS}
    return Arrival(
        dated_on=dated_on,
        arrived_on=arrived_on,
        due_on=_day(post.get("due_on", "")),
        secret=post.get("secret") == "1",
        **words,
    )


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None


# --- one paper ------------------------------------------------------------------------------------


@require_GET
def incoming_paper(request: ActingRequest, incoming_id: int) -> HttpResponse:
    """One paper that came in: what it is, who deals with it, what came of it."""
    return _paper(request, incoming_id)


def _paper(request: ActingRequest, incoming_id: int, *, problem: str = "") -> HttpResponse:
    by = request.actor
    found = queries.incoming(incoming_id, by=by)
    entries = found.register_entries.select_related("register").order_by("pk")
    context = {
        "section": "documents",
        "paper": found,
        "name": name_of(found),
        "entry": entries.first(),
        "unit": organisation.unit(found.unit_id, by.today),
        "earlier": found.duplicate_of,
        "earlier_name": name_of(found.duplicate_of) if found.duplicate_of else "",
        "is_overdue": found.handled_at is None and found.due_on is not None and found.due_on < by.today,
        "may_handle": found.handled_at is None and _may_receive(by, found),
        "may_acknowledge": _may_receive(by, found),
        "now": by.at,
        "problem": problem,
        "asked": request.POST,
    }
    return render(request, "incoming/paper.html", context, status=BAD if problem else 200)


def _may_receive(by: Actor, paper: Incoming) -> bool:
    return Permission.DOCUMENTS_RECEIVE in by.permissions and is_own(by, paper.unit_id)


@require_POST
def hand_on_incoming(request: ActingRequest, incoming_id: int) -> HttpResponse:
    """Say who deals with a paper, and by when."""
    handler, due_on = request.POST.get("handler", ""), _day(request.POST.get("due_on", ""))
    try:
        services.hand_on(incoming_id, handler, by=request.actor, due_on=due_on)
    except DocumentsRefused as refused:
        return _paper(request, incoming_id, problem=say_documents(refused))
    messages.success(request, _("%(handler)s deals with it now.") % {"handler": handler.strip()})
    return redirect("incoming-paper", incoming_id)


@require_POST
def close_incoming(request: ActingRequest, incoming_id: int) -> HttpResponse:
    """Bring a paper to an end, with what came of it."""
    try:
        services.close_incoming(incoming_id, request.POST.get("outcome", ""), by=request.actor)
    except DocumentsRefused as refused:
        return _paper(request, incoming_id, problem=say_documents(refused))
    messages.success(request, _("It is dealt with."))
    return redirect("incoming-paper", incoming_id)


urlpatterns = [
    path("incoming/", incoming_papers, name="incoming"),
    path("incoming/receive/", receive_dispatches, name="receive-dispatches"),
    path("incoming/new/", new_incoming, name="new-incoming"),
    path("incoming/<int:incoming_id>/", incoming_paper, name="incoming-paper"),
    path("incoming/<int:incoming_id>/hand-on/", hand_on_incoming, name="hand-on-incoming"),
    path("incoming/<int:incoming_id>/close/", close_incoming, name="close-incoming"),
]
