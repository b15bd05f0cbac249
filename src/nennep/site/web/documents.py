"""Documents: the list, and the page of one with its paper, its way and whom it went to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nennep.documents.models import Dispatch, Document
from nennep.documents.papers import paper_of
from nennep.documents.pdf import render_pdf
from nennep.documents.queries import dispatches
from nennep.documents.queries import documents as queries
from nennep.documents.queries.templates import docx_of
from nennep.documents.services import dispatch as services
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.shut_in import TemplateFailedError
from nennep.site.acting import ActingRequest
from nennep.site.document_list import listed, sheet_of
from nennep.site.document_page import context_of, shown_to
from nennep.site.document_refusals import cited, say_documents
from nennep.site.document_words import titled
from nennep.site.letterhead import document_head
from nennep.site.report_list import PAGE, Pages, asked_page

BAD, CLASH = 400, 409
PAPER_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


# --- the list -------------------------------------------------------------------------------------


@require_GET
def documents(request: ActingRequest) -> HttpResponse:
    """The documents of one's sight: own drafts, what is issued under one's unit, and what was sent to it."""
    return render(request, "documents/list.html", {"section": "documents", **listed(request)})


@require_GET
def documents_sheet(request: ActingRequest, kind: str) -> HttpResponse:
    """The same list, with the same filters and order, as a workbook or as plain text."""
    name, content, data = sheet_of(request, kind)
    response = HttpResponse(data, content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- one document ---------------------------------------------------------------------------------


@require_GET
def document(request: ActingRequest, document_id: int) -> HttpResponse:
    """The paper as it will print, beside what it is, its way, and what may be done with it now."""
    return document_page(request, document_id)


def document_page(
    request: ActingRequest, document_id: int, *, problem: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a document; acts on it show it again with what stood in their way."""
    found = queries.document(document_id, by=request.actor)
    context = {**context_of(request, found), "problem": problem, "typed": request.POST, **more}
    return render(request, "documents/document.html", context, status=status)


@require_GET
def document_file(request: ActingRequest, document_id: int, paper: str) -> HttpResponse:
    """The document as DOCX, in the Word template of its family and day, or as PDF."""
    if paper not in PAPER_KINDS:
        raise Http404("no such file")
    by = request.actor
    found = queries.document(document_id, by=by)
    text = shown_to(found, by).text
    made = paper_of(found, text, document_head(found, by.today), day=by.today)
    if paper == "pdf":
        return paper_file(render_pdf(made), paper, found)
    try:
        return paper_file(docx_of(made), paper, found)
    except TemplateFailedError:
        return document_page(request, document_id, problem=say_template_fails(), status=CLASH)


def say_template_fails() -> str:
    """Why there is no DOCX now, and what to do."""
    return _(
        "The Word template in force fails with this document. Ask who keeps the templates; the PDF does not need it."
    )


def paper_file(data: bytes, kind: str, of: Document, name: str = "van-kien") -> HttpResponse:
    """A paper as a file to be kept."""
    response = HttpResponse(data, content_type=PAPER_KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}-{of.pk}.{kind}"'
    return response


# --- whom it went to ------------------------------------------------------------------------------


@require_GET
def distribution(request: ActingRequest, document_id: int) -> HttpResponse:
    """Every addressee of a document, with what became of it there; `?open=1` leaves those who have not acknowledged."""
    by = request.actor
    found = queries.document(document_id, by=by)
    spread = dispatches.spread(found.pk, by.today)
    only_open = request.GET.get("open") == "1"
    rows = [one for one in spread.addressees if not only_open or one.acknowledged_at is None]
    pages = Pages.of(len(rows), asked_page(request))
    context = {
        "section": "documents",
        "document": found,
        "title": titled(found),
        "cited": cited(found),
        "spread": spread,
        "rows": rows[pages.start : pages.start + PAGE],
        "pages": pages,
        "only_open": only_open,
    }
    return render(request, "documents/distribution.html", context)


@require_POST
def receive(request: ActingRequest, dispatch_id: int) -> HttpResponse:
    """Take in what was sent to the unit: it gets its number in the register of what comes in."""
    try:
        incoming = services.receive(dispatch_id, by=request.actor)
    except DocumentsRefused as refused:
        return _not_received(request, dispatch_id, refused)
    entry = incoming.register_entries.first()
    number = entry.number if entry is not None else ""
    messages.success(
        request, _("Received, as number %(number)s in the register of what comes in.") % {"number": number}
    )
    return redirect("document", _document_of(dispatch_id))


@require_POST
def acknowledge(request: ActingRequest, dispatch_id: int) -> HttpResponse:
    """Say that the unit has read it and goes by it."""
    try:
        services.acknowledge(dispatch_id, by=request.actor)
    except DocumentsRefused as refused:
        return _not_received(request, dispatch_id, refused)
    messages.success(request, _("Acknowledged: whoever issued it sees this at once."))
    return redirect("document", _document_of(dispatch_id))


def _not_received(request: ActingRequest, dispatch_id: int, refused: DocumentsRefused) -> HttpResponse:
    return document_page(request, _document_of(dispatch_id), problem=say_documents(refused), status=CLASH)


def _document_of(dispatch_id: int) -> int:
    return Dispatch.objects.values_list("document_id", flat=True).get(pk=dispatch_id)


urlpatterns = [
    path("documents/", documents, name="documents"),
    path("documents/sheet.<str:kind>", documents_sheet, name="documents-sheet"),
    path("documents/<int:document_id>/", document, name="document"),
    path("documents/<int:document_id>/paper.<str:paper>", document_file, name="document-file"),
    path("documents/<int:document_id>/distribution/", distribution, name="document-distribution"),
    path("dispatches/<int:dispatch_id>/receive/", receive, name="receive-document"),
    path("dispatches/<int:dispatch_id>/acknowledge/", acknowledge, name="acknowledge-document"),
]
