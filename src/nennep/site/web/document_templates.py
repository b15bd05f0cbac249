"""The Word templates of the two families of papers: which hold, since when and by which rules; and replacing one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nennep.documents.placeholders import PLACEHOLDERS
from nennep.documents.queries import templates as queries
from nennep.documents.rules.layout import LAYOUTS, Family, layout_on
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.services.templates import LONGEST_NOTE, TemplateRefused, replace_template
from nennep.documents.word_templates import MOST_BYTES, template_for
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.site.acting import ActingRequest
from nennep.site.arrivals import size
from nennep.site.document_refusals import say_documents
from nennep.site.report_list import PAGE, Pages, asked_page
from nennep.site.word_templates import FAMILIES, PLACES, say_flaw, say_where

BAD = 400
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def document_templates(request: ActingRequest) -> HttpResponse:
    """What papers are written into: for each family the rules by date, and the templates that were uploaded."""
    return _page(request)


def _page(request: ActingRequest, *, problem: str = "", flaws: list[dict[str, str]] | None = None) -> HttpResponse:
    by = request.actor
    family = _family(request.GET.get("family", ""))
    found = queries.templates(family)
    pages = Pages.of(found.count(), asked_page(request))
    keeper = queries.keeper_of_templates(by.today)
    context: dict[str, Any] = {
        "section": "documents",
        "families": FAMILIES.items(),
        "family": family or "",
        "in_force": [_in_force(one, by.today) for one in FAMILIES if family in {None, one}],
        "layouts": [(FAMILIES[one.family], one) for one in LAYOUTS if family in {None, one.family}],
        "uploaded": [(FAMILIES[Family(one.family)], one) for one in found[pages.start : pages.start + PAGE]],
        "pages": pages,
        "may_replace": keeper is not None and organisation.may(by, Permission.DOCUMENTS_CONFIGURE, over=keeper),
        "places": [(str(one), PLACES[one.name]) for one in PLACEHOLDERS],
        "today": by.today,
        "largest": size(MOST_BYTES),
        "longest_note": LONGEST_NOTE,
        "problem": problem,
        "flaws": flaws or [],
        "asked": request.POST,
    }
    return render(request, "documents/templates.html", context, status=BAD if problem or flaws else 200)


def _in_force(family: Family, today: date) -> dict[str, Any]:
    return {
        "family": family,
        "name": FAMILIES[family],
        "layout": layout_on(today, family),
        "template": queries.template_in_force(family, today),
    }


def _family(asked: str) -> Family | None:
    return Family(asked) if asked in set(Family) else None


@require_GET
def template_file(request: ActingRequest) -> HttpResponse:
    """The Word file of a family in force on a day, to be looked at or edited: uploaded, or made from the rules.

    With `made` it is the one that is made from the rules of that day, whatever was uploaded.
    """
    family = _family(request.GET.get("family", "")) or Family.STATE
    day = _day(request.GET.get("on", "")) or request.actor.today
    try:
        made = "made" in request.GET
        data = template_for(layout_on(day, family)) if made else queries.template_file(family, day)
    except LookupError as error:
        raise Http404(str(error)) from error
    response = HttpResponse(data, content_type=_WORD)
    response["Content-Disposition"] = f'attachment; filename="mau-{family}-{day.isoformat()}.docx"'
    return response


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None


@require_POST
def replace_document_template(request: ActingRequest) -> HttpResponse:
    """Check a Word file and let it hold from a day on; or say what was found in it, and keep nothing."""
    file = request.FILES.get("file")
    family, starts_on = _family(request.POST.get("family", "")), _day(request.POST.get("starts_on", ""))
    if file is None or family is None or starts_on is None:
        return _page(request, problem=_("Choose a family, a day and a Word file."))
    try:
        replace_template(
            file.read(MOST_BYTES + 1),
            family=family,
            starts_on=starts_on,
            note=request.POST.get("note", ""),
            by=request.actor,
        )
    except TemplateRefused as refused:
        flaws = [{"what": say_flaw(one), "found": one.found, "where": say_where(one)} for one in refused.refusals]
        return _page(request, problem=_("This file cannot be a template. Nothing was kept."), flaws=flaws)
    except DocumentsRefused as refused:
        return _page(request, problem=say_documents(refused))
    messages.success(request, _("Papers are written into the new template from its day on."))
    return redirect("document-templates")


urlpatterns = [
    path("documents/templates/", document_templates, name="document-templates"),
    path("documents/templates/file/", template_file, name="document-template-file"),
    path("documents/templates/replace/", replace_document_template, name="replace-document-template"),
]
