"""Around a draft: its versions and what changed between them, remarks at its places, and opinions of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.documents.models import Comment, Document, DocumentVersion, Opinion, OpinionRequest
from nennep.documents.papers import opinions_paper
from nennep.documents.pdf import render_pdf
from nennep.documents.queries import documents as queries
from nennep.documents.queries import drafts
from nennep.documents.queries.sight import is_own, own_units
from nennep.documents.queries.templates import docx_of
from nennep.documents.rules.states import Verdict
from nennep.documents.rules.text import Change, Text, differing, labels, shown
from nennep.documents.services import comments as comment_services
from nennep.documents.services import opinions as services
from nennep.documents.services.drafts import StaleDraft
from nennep.documents.services.opinions import BEFORE_SIGNING, Said
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.shut_in import TemplateFailedError
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.site.acting import ActingRequest
from nennep.site.document_drawing import drawn
from nennep.site.document_refusals import say_documents
from nennep.site.document_words import titled
from nennep.site.letterhead import document_head
from nennep.site.report_list import PAGE, Pages, asked_page
from nennep.site.web.documents import BAD, CLASH, PAPER_KINDS, document_page, paper_file, say_template_fails
from nennep.site.web.drafting import own_document


def _key(text: str) -> int:
    """A key as a form sends it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0  # noqa: PLR2004 -- fits a key


# --- versions -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """One block of two versions: what it is cited by, and what became of it."""

    label: str
    change: Change


@require_GET
def document_versions(request: ActingRequest, document_id: int) -> HttpResponse:
    """The versions of a document, and what changed between any two of them: `?from=1&to=3`, with `all=1` the whole."""
    by = request.actor
    document = queries.document(document_id, by=by)
    versions = list(drafts.versions(document_id, by=by))
    before, after = _two(request, versions)
    compared = _compared(before, after, whole=request.GET.get("all") == "1") if before and after else []
    context = {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "versions": versions,
        "before": before,
        "after": after,
        "compared": compared,
        "whole": request.GET.get("all") == "1",
    }
    return render(request, "documents/versions.html", context)


def _two(
    request: ActingRequest, versions: Sequence[DocumentVersion]
) -> tuple[DocumentVersion | None, DocumentVersion | None]:
    """The two versions that were asked for; else the newest and the one before it."""
    known = {version.number: version for version in versions}
    newest = versions[0] if versions else None
    after = known.get(_key(request.GET.get("to", ""))) or newest
    earlier = [one for one in versions if after is not None and one.number < after.number]
    before = known.get(_key(request.GET.get("from", ""))) or (earlier[0] if earlier else None)
    return before, after


def _compared(before: DocumentVersion, after: DocumentVersion, *, whole: bool) -> list[Compared]:
    changes = drafts.changes_between(before, after)
    cited = labels(Text.from_json(before.content_data)) | labels(Text.from_json(after.content_data))
    return [Compared(cited.get(one.block.id, ""), one) for one in (changes if whole else differing(changes))]


@require_GET
def document_version(request: ActingRequest, document_id: int, number: int) -> HttpResponse:
    """A version as it was handed on, drawn as a page."""
    by = request.actor
    document = queries.document(document_id, by=by)
    version = drafts.version(document_id, number, by=by)
    document.subject = version.subject
    context = {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "version": version,
        "drawn": drawn(document, Text.from_json(version.content_data), by.today),
    }
    return render(request, "documents/version.html", context)


# --- remarks --------------------------------------------------------------------------------------


@require_POST
def comment_document(request: ActingRequest, document_id: int) -> HttpResponse:
    """Remark on a draft, at one of its places or on the whole."""
    asked = request.POST
    try:
        comment_services.add_comment(document_id, asked.get("text", ""), by=request.actor, block=asked.get("block", ""))
    except DocumentsRefused as refused:
        return document_page(request, document_id, problem=say_documents(refused), status=CLASH)
    messages.success(request, _("Your remark stands beside the draft."))
    return redirect(f"{reverse('document', args=[document_id])}#remarks")


@require_POST
def settle_comment(request: ActingRequest, document_id: int) -> HttpResponse:
    """Say that a remark is dealt with."""
    found = drafts.comments(document_id, by=request.actor).filter(pk=_key(request.POST.get("comment", ""))).first()
    if found is None:
        return document_page(request, document_id, problem=_("That remark is not there."), status=BAD)
    _settle(request, found)
    return redirect(f"{reverse('document', args=[document_id])}#remarks")


def _settle(request: ActingRequest, comment: Comment) -> None:
    comment_services.settle_comment(comment.pk, by=request.actor)
    messages.success(request, _("The remark is settled; it stays to be read."))


# --- opinions: the asking unit --------------------------------------------------------------------


@require_GET
def document_opinions(request: ActingRequest, document_id: int) -> HttpResponse:
    """Every opinion on a draft with what was made of it; for those who write it, asking units and settling."""
    return _matrix(request, document_id)


def _matrix(request: ActingRequest, document_id: int, *, problem: str = "", status: int = 200) -> HttpResponse:
    by = request.actor
    document = queries.document(document_id, by=by)
    rows = drafts.opinion_matrix(document_id, by=by)
    pages = Pages.of(len(rows), asked_page(request))
    own = is_own(by, document.unit_id)
    writes = own and Permission.DOCUMENTS_DRAFT in by.permissions and document.state in BEFORE_SIGNING
    text = Text.from_json(document.draft) if own else Text()
    said = [row for row in rows if row.opinion is not None]
    asked_units = {row.request.unit_id for row in rows}
    silent = {row.request.unit_id for row in rows if not row.is_answered}
    context = {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "rows": rows[pages.start : pages.start + PAGE],
        "pages": pages,
        "asked_units": len(asked_units),
        "answered": len(asked_units - silent),
        "said": len(said),
        "accepted": sum(row.verdict is Verdict.ACCEPTED for row in said),
        "explained": sum(row.verdict is Verdict.EXPLAINED for row in said),
        "open": sum(row.is_open for row in rows),
        "may_settle": writes,
        "labels": labels(text).items(),
        "units": _to_ask(document, by.today) if writes else [],
        "today": by.today,
        "problem": problem,
        "typed": request.POST,
        "chosen": request.POST.getlist("unit"),
    }
    return render(request, "documents/opinions.html", context, status=status)


def _to_ask(document: Document, day: date) -> list[Any]:
    """The units nearest to one's own: those right above, beside and right below."""
    tree = organisation.tree_on(day)
    own = document.unit_id
    above = tree.superiors(own)
    wanted = [*above, *(unit for one in above for unit in tree.children.get(one, ())), *tree.children.get(own, ())]
    names = organisation.units_on(day, ids=wanted)
    return [names[unit] for unit in dict.fromkeys(wanted) if unit in names and unit != own]


@require_POST
def ask_opinions(request: ActingRequest, document_id: int) -> HttpResponse:
    """Send what is written to units for their opinion by a day."""
    own_document(request, document_id, Permission.DOCUMENTS_DRAFT)
    asked = request.POST
    units = [_key(text) for text in asked.getlist("unit") if _key(text)]
    try:
        due_on = date.fromisoformat(asked.get("due_on", ""))
    except ValueError:
        return _matrix(request, document_id, problem=_("Say by which day the units are to answer."), status=BAD)
    try:
        requests = services.ask_opinions(
            document_id,
            units,
            due_on,
            revision=_key(asked.get("revision", "")),
            by=request.actor,
            note=asked.get("note", ""),
        )
    except StaleDraft as stale:
        said = _("%(name)s has changed the draft since you opened it. Look at it, then ask again.")
        return _matrix(request, document_id, problem=said % {"name": stale.saved_by}, status=CLASH)
    except DocumentsRefused as refused:
        return _matrix(request, document_id, problem=say_documents(refused), status=CLASH)
    said = ngettext("%(count)s unit is asked.", "%(count)s units are asked.", len(requests))
    messages.success(request, said % {"count": len(requests)})
    return redirect("document-opinions", document_id)


@require_POST
def settle_opinion(request: ActingRequest, document_id: int) -> HttpResponse:
    """Take an opinion in, naming what was changed for it; or explain why the draft stays."""
    own_document(request, document_id, Permission.DOCUMENTS_DRAFT)
    asked, by = request.POST, request.actor
    key = _key(asked.get("opinion", ""))
    if not Opinion.objects.filter(pk=key, request__version__document_id=document_id).exists():
        return _matrix(request, document_id, problem=_("That opinion is not there."), status=BAD)
    explanation = asked.get("explanation", "")
    try:
        if asked.get("verdict") == Verdict.ACCEPTED:
            services.accept_opinion(key, asked.get("block", ""), by=by, explanation=explanation)
            messages.success(request, _("Taken in; the change stands beside the opinion."))
        else:
            services.explain_opinion(key, explanation, by=by)
            messages.success(request, _("Explained; the draft stays as it is."))
    except DocumentsRefused as refused:
        return _matrix(request, document_id, problem=say_documents(refused), status=CLASH)
    return redirect(f"{reverse('document-opinions', args=[document_id])}#opinion-{key}")


@require_GET
def opinions_file(request: ActingRequest, document_id: int, paper: str) -> HttpResponse:
    """The table of opinions as a paper (bảng tổng hợp ý kiến), lying."""
    if paper not in PAPER_KINDS:
        raise Http404("no such file")
    by = request.actor
    document = queries.document(document_id, by=by)
    rows = drafts.opinion_matrix(document_id, by=by)
    made = opinions_paper(document, rows, document_head(document, by.today), day=by.today)
    try:
        data = render_pdf(made) if paper == "pdf" else docx_of(made)
    except TemplateFailedError:
        return _matrix(request, document_id, problem=say_template_fails(), status=CLASH)
    return paper_file(data, paper, document, "tong-hop-y-kien")


# --- opinions: the asked unit ---------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def answer_opinions(request: ActingRequest, document_id: int) -> HttpResponse:
    """For a unit that was asked: the version it was asked about, with room for an opinion at each place."""
    document = queries.document(document_id, by=request.actor)
    wanted = _asked(request, document)
    if wanted is None:
        return redirect("document-opinions", document_id)
    if request.method != "POST":
        return _answering(request, document, wanted)
    said = [
        Said(str(text), "" if block == _WHOLE else block)
        for name, text in request.POST.items()
        if name.startswith("say.") and (block := name.removeprefix("say.")) and str(text).strip()
    ]
    if not said and not request.POST.get("agrees"):
        problem = _("Write at least one opinion, or say that the unit agrees and has none.")
        return _answering(request, document, wanted, problem=problem, status=BAD)
    try:
        services.give_opinions(wanted.pk, said, by=request.actor)
    except DocumentsRefused as refused:
        return _answering(request, document, wanted, problem=say_documents(refused), status=CLASH)
    messages.success(request, _("Your unit has answered; whoever asked sees it at once."))
    return redirect("document-opinions", document_id)


#: Where an opinion on the whole of a draft is typed.
_WHOLE = "whole"


def _asked(request: ActingRequest, document: Document) -> OpinionRequest | None:
    """The newest request that the actor's unit has not answered."""
    mine = drafts.requests(document.pk, by=request.actor).filter(unit__in=own_units(request.actor))
    return mine.filter(answered_at__isnull=True).last()


def _answering(
    request: ActingRequest, document: Document, wanted: OpinionRequest, *, problem: str = "", status: int = 200
) -> HttpResponse:
    text = Text.from_json(wanted.version.content_data)
    document.subject = wanted.version.subject
    cited = labels(text)
    typed = request.POST
    blocks = [(one, cited[one.id], shown(one.words), typed.get(f"say.{one.id}", "")) for one in text.blocks]
    context = {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "wanted": wanted,
        "blocks": blocks,
        "on_the_whole": typed.get(f"say.{_WHOLE}", ""),
        "whole": _WHOLE,
        "unit": organisation.unit(document.unit_id, request.actor.today),
        "problem": problem,
    }
    return render(request, "documents/answer.html", context, status=status)


urlpatterns = [
    path("documents/<int:document_id>/versions/", document_versions, name="document-versions"),
    path("documents/<int:document_id>/versions/<int:number>/", document_version, name="document-version"),
    path("documents/<int:document_id>/remarks/", comment_document, name="comment-document"),
    path("documents/<int:document_id>/remarks/settle/", settle_comment, name="settle-comment"),
    path("documents/<int:document_id>/opinions/", document_opinions, name="document-opinions"),
    path("documents/<int:document_id>/opinions/ask/", ask_opinions, name="ask-opinions"),
    path("documents/<int:document_id>/opinions/settle/", settle_opinion, name="settle-opinion"),
    path("documents/<int:document_id>/opinions/answer/", answer_opinions, name="answer-opinions"),
    path("documents/<int:document_id>/opinions.<str:paper>", opinions_file, name="opinions-file"),
]
