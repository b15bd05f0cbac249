"""The steps of a document's way, each a button of its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from nennep.documents.models import Document
from nennep.documents.queries import documents as queries
from nennep.documents.rules.states import ROUTE, Move, WrongMove
from nennep.documents.services import route as services
from nennep.documents.services.authority import require_own
from nennep.documents.services.refusals import DocumentsRefused
from nennep.site.acting import ActingRequest
from nennep.site.document_refusals import cited, say_documents
from nennep.site.letterhead import document_head
from nennep.site.web.documents import BAD, CLASH, document_page

Act = Callable[[ActingRequest, Document], str]


class Unclear(Exception):
    """The form did not come from its page; the message says what it lacks."""


def _make(request: ActingRequest, document_id: int, move: Move, act: Act) -> HttpResponse:
    """Make a step and go back to the page, or show there why it is not possible, with what was typed."""
    document = queries.document(document_id, by=request.actor)
    require_own(request.actor, ROUTE[move].permission, document.unit_id)
    try:
        said = act(request, document)
    except Unclear as unclear:
        return document_page(request, document_id, problem=str(unclear), status=BAD)
    except (DocumentsRefused, WrongMove) as refused:
        return document_page(request, document_id, problem=say_documents(refused), status=CLASH)
    messages.success(request, said)
    return redirect("document", document_id)


@require_POST
def submit(request: ActingRequest, document_id: int) -> HttpResponse:
    """Hand what is written in to be agreed."""

    def act(request: ActingRequest, document: Document) -> str:
        version = services.submit(
            document.pk, revision=_number(request, "revision"), by=request.actor, note=request.POST.get("note", "")
        )
        return _("Version %(number)s is handed in.") % {"number": version.number}

    return _make(request, document_id, Move.SUBMIT, act)


@require_POST
def withdraw(request: ActingRequest, document_id: int) -> HttpResponse:
    """Take back what nobody has agreed to yet."""

    def act(request: ActingRequest, document: Document) -> str:
        services.withdraw(document.pk, by=request.actor)
        return _("You can write in it again.")

    return _make(request, document_id, Move.WITHDRAW, act)


@require_POST
def return_(request: ActingRequest, document_id: int) -> HttpResponse:
    """Send the version that was looked at back, with what is wrong."""

    def act(request: ActingRequest, document: Document) -> str:
        reason, version = request.POST.get("reason", ""), _number(request, "version")
        services.return_(document.pk, version_id=version, reason=reason, by=request.actor)
        return _("The document is returned; whoever writes it sees your reason.")

    return _make(request, document_id, Move.RETURN, act)


@require_POST
def agree(request: ActingRequest, document_id: int) -> HttpResponse:
    """Agree to the version that was looked at."""

    def act(request: ActingRequest, document: Document) -> str:
        note, version = request.POST.get("note", ""), _number(request, "version")
        services.agree(document.pk, version_id=version, by=request.actor, note=note)
        return _("Agreed: it is to be signed now.")

    return _make(request, document_id, Move.AGREE, act)


@require_POST
def sign(request: ActingRequest, document_id: int) -> HttpResponse:
    """Sign the version that was agreed to."""

    def act(request: ActingRequest, document: Document) -> str:
        services.sign(document.pk, version_id=_number(request, "version"), by=request.actor)
        return _("Signed: it is to be numbered and issued now.")

    return _make(request, document_id, Move.SIGN, act)


@require_POST
def issue(request: ActingRequest, document_id: int) -> HttpResponse:
    """Draw its number, send it to whom it is for, and freeze its clauses: all or nothing."""

    def act(request: ActingRequest, document: Document) -> str:
        head = document_head(document, request.actor.today)
        issued = services.issue(
            document.pk,
            unit_symbol=head.unit_symbol,
            office=head.office,
            by=request.actor,
            issued_on=_day(request, "issued_on"),
            starts_on=_day(request, "starts_on"),
            ends_on=_day(request, "ends_on"),
            entry_id=_kept(request),
        )
        said = ngettext(
            "Issued as %(number)s and sent to %(sent)s unit.",
            "Issued as %(number)s and sent to %(sent)s units.",
            issued.sent,
        ) % {"number": cited(issued.document), "sent": issued.sent}
        if issued.disorder is None:
            return said
        other = {"number": issued.disorder.number, "day": f"{issued.disorder.dated_on:%d/%m/%Y}"}
        warned = _("Number %(number)s beside it bears the day %(day)s: the order of days does not follow.")
        return f"{said} {warned % other}"

    return _make(request, document_id, Move.ISSUE, act)


@require_POST
def enter_into_force(request: ActingRequest, document_id: int) -> HttpResponse:
    """Bring into force what is issued, on its day."""

    def act(request: ActingRequest, document: Document) -> str:
        services.enter_into_force(document.pk, by=request.actor)
        return _("The document is in force.")

    return _make(request, document_id, Move.ENTER_INTO_FORCE, act)


@require_POST
def replace(request: ActingRequest, document_id: int) -> HttpResponse:
    """Say which document takes its place."""

    def act(request: ActingRequest, document: Document) -> str:
        newer, reason = _number(request, "by"), request.POST.get("reason", "")
        services.replace(document.pk, by_document_id=newer, reason=reason, by=request.actor)
        return _("The document is replaced; its clauses bind no longer.")

    return _make(request, document_id, Move.REPLACE, act)


@require_POST
def recall(request: ActingRequest, document_id: int) -> HttpResponse:
    """Take an issued document back wherever it went."""

    def act(request: ActingRequest, document: Document) -> str:
        services.recall(document.pk, reason=request.POST.get("reason", ""), by=request.actor)
        return _("The document is recalled: it counts nowhere, and every trace stays.")

    return _make(request, document_id, Move.RECALL, act)


@require_POST
def expire(request: ActingRequest, document_id: int) -> HttpResponse:
    """Say that it is in force no longer."""

    def act(request: ActingRequest, document: Document) -> str:
        services.expire(document.pk, by=request.actor, reason=request.POST.get("reason", ""))
        return _("The document is in force no longer.")

    return _make(request, document_id, Move.EXPIRE, act)


@require_POST
def drop(request: ActingRequest, document_id: int) -> HttpResponse:
    """Give a draft up; it stays to be read."""

    def act(request: ActingRequest, document: Document) -> str:
        services.drop(document.pk, reason=request.POST.get("reason", ""), by=request.actor)
        return _("The draft is given up; it stays to be read.")

    return _make(request, document_id, Move.DROP, act)


# --- reading the forms ----------------------------------------------------------------------------


def _number(request: ActingRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 18:  # noqa: PLR2004 -- fits a key
        raise Unclear(_("Look at the document before you decide; nothing was done."))
    return int(text)


def _day(request: ActingRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Unclear(_("“%(day)s” is no day. Nothing was done.") % {"day": text[:20]}) from None


def _kept(request: ActingRequest) -> int | None:
    return _number(request, "entry") if request.POST.get("entry") else None


urlpatterns = [
    path("documents/<int:document_id>/submit/", submit, name="submit-document"),
    path("documents/<int:document_id>/withdraw/", withdraw, name="withdraw-document"),
    path("documents/<int:document_id>/return/", return_, name="return-document"),
    path("documents/<int:document_id>/agree/", agree, name="agree-document"),
    path("documents/<int:document_id>/sign/", sign, name="sign-document"),
    path("documents/<int:document_id>/issue/", issue, name="issue-document"),
    path("documents/<int:document_id>/enter-into-force/", enter_into_force, name="enter-document-into-force"),
    path("documents/<int:document_id>/replace/", replace, name="replace-document"),
    path("documents/<int:document_id>/recall/", recall, name="recall-document"),
    path("documents/<int:document_id>/expire/", expire, name="expire-document"),
    path("documents/<int:document_id>/drop/", drop, name="drop-document"),
]
