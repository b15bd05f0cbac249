"""Writing a document: begin it, type its text, say what it is, for whom, and which of its clauses bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nennep.documents.models import Document, DocumentType
from nennep.documents.queries import dispatches
from nennep.documents.queries import documents as queries
from nennep.documents.rules.states import ISSUED_STATES, OPEN_STATES, Direction, State, Urgency
from nennep.documents.rules.text import (
    LONGEST_TEXT,
    Binding,
    BlockKind,
    Text,
    TooLong,
    compare,
    differing,
    labels,
    numbering_gaps,
    shown,
    typed,
)
from nennep.documents.services import dispatch as dispatch_services
from nennep.documents.services import drafts as services
from nennep.documents.services.authority import require_own
from nennep.documents.services.drafts import StaleDraft
from nennep.documents.services.refusals import DocumentsRefused
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.reporting.models import Indicator
from nennep.reporting.rules.numbers import Ambiguous, parse_number
from nennep.site.acting import ActingRequest
from nennep.site.document_drawing import drawn
from nennep.site.document_refusals import cited, say_documents
from nennep.site.document_words import group_name, letters_and_family, say_too_long, titled, type_in_words
from nennep.site.sayings import in_language, kind_of_unit
from nennep.site.web.documents import BAD, CLASH, document_page

UNREADY = 422
_MOST_DIRECTIVES = 100
_BINDABLE = {BlockKind.CLAUSE, BlockKind.POINT}
#: How exactly a figure of a clause is kept.
_DECIMALS = 6


def own_document(request: ActingRequest, document_id: int, permission: Permission) -> Document:
    """A document of the actor's own unit. Raises NotAuthorised, hidden from whoever may not know of it."""
    document = queries.document(document_id, by=request.actor)
    require_own(request.actor, permission, document.unit_id)
    return document


# --- beginning ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_document(request: ActingRequest) -> HttpResponse:
    """Choose a type and say in one line what the document is about; it begins with the outline of its type."""
    if request.method != "POST":
        return _new(request)
    by = request.actor
    try:
        document = services.create_document(
            _type(request.POST.get("type", "")),
            by.unit_id or 0,
            request.POST.get("subject", ""),
            by=by,
            answers=_answered(request),
        )
    except DocumentsRefused as refused:
        return _new(request, problem=say_documents(refused), status=CLASH)
    except _NoType:
        return _new(request, problem=_("Choose the type of the document."), status=BAD)
    messages.success(request, _("The document is begun: write below, it saves by itself."))
    return redirect("edit-document", document.pk)


class _NoType(Exception):
    """The form names no type that there is."""


def _type(text: str) -> DocumentType:
    found = DocumentType.objects.select_related("series").filter(pk=_key(text)).first()
    if found is None:
        raise _NoType
    return found


def _key(text: str) -> int:
    """A key as a form sends it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0  # noqa: PLR2004 -- fits a key


def _answered(request: ActingRequest) -> Document | None:
    key = _key(request.POST.get("answers", ""))
    return queries.document(key, by=request.actor) if key else None


def _new(request: ActingRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    by = request.actor
    kind = organisation.unit(by.unit_id or 0, by.today).kind
    groups: dict[str, list[tuple[int, str, str]]] = {}
    for one in queries.types_on(by.today, kind):
        groups.setdefault(group_name(one.group), []).append((one.pk, type_in_words(one), letters_and_family(one)))
    context = {
        "section": "documents",
        "unit": organisation.unit(by.unit_id or 0, by.today),
        "groups": groups.items(),
        "directives": [(one.pk, cited(one), one.subject) for one in _directives(by)],
        "longest": services.LONGEST_SUBJECT,
        "problem": problem,
        "typed": request.POST or request.GET,
    }
    return render(request, "documents/new.html", context, status=status)


def _directives(by: Actor) -> list[Document]:
    """The newest directives that were sent to the unit, which a new document may carry out."""
    wanted = queries.Wanted(states=[State.ISSUED, State.IN_FORCE], direction=Direction.IN)
    return list(queries.documents(by, wanted).filter(type__binds=True)[:_MOST_DIRECTIVES])


# --- the text -------------------------------------------------------------------------------------


@require_GET
def edit_document(request: ActingRequest, document_id: int) -> HttpResponse:
    """The text to type in, with its outline, what does not follow, and how it will print."""
    document = own_document(request, document_id, Permission.DOCUMENTS_DRAFT)
    if document.state not in OPEN_STATES:
        return redirect("document", document_id)
    return _editor(request, document, typed(Text.from_json(document.draft)))


@require_POST
def save_document(request: ActingRequest, document_id: int) -> HttpResponseBase:
    """Keep what is typed so far; a page with scripts gets back its outline and warnings, the others the page itself."""
    document = own_document(request, document_id, Permission.DOCUMENTS_DRAFT)
    words, revision = request.POST.get("typed", ""), _key(request.POST.get("revision", ""))
    try:
        saved = services.save_typed(document_id, words, revision=revision, by=request.actor)
    except StaleDraft as stale:
        if stale.mine is not None and stale.mine.as_json()["blocks"] == stale.theirs.as_json()["blocks"]:
            return _kept(request, queries.document(document_id, by=request.actor))
        return _both(request, document, words, stale)
    except TooLong as error:
        return _not_kept(request, document, words, say_too_long(error), UNREADY)
    except DocumentsRefused as refused:
        return _not_kept(request, document, words, say_documents(refused), CLASH)
    document.draft, document.draft_revision = saved.draft, saved.draft_revision
    document.draft_at, document.draft_by = saved.draft_at, saved.draft_by
    return _kept(request, document)


def _wants_json(request: ActingRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _kept(request: ActingRequest, document: Document) -> HttpResponseBase:
    if not _wants_json(request):
        messages.success(request, _("The draft is saved."))
        return redirect("edit-document", document.pk)
    context = _beside(request, document)
    return JsonResponse(
        {
            "revision": document.draft_revision,
            "beside": render_to_string("documents/parts/beside.html", context, request),
            "saved": render_to_string("documents/parts/saved.html", context, request),
            "preview": render_to_string("documents/parts/paper.html", context, request),
        }
    )


def _not_kept(request: ActingRequest, document: Document, words: str, problem: str, status: int) -> HttpResponseBase:
    """Nothing was saved: what was typed stays on the page."""
    if _wants_json(request):
        return JsonResponse({"problem": problem}, status=status)
    if document.state not in OPEN_STATES:
        return document_page(request, document.pk, problem=problem, status=status)
    return _editor(request, document, words, problem=problem, status=status)


def _both(request: ActingRequest, document: Document, words: str, stale: StaleDraft) -> HttpResponseBase:
    """Somebody saved in between: both are shown, with what differs, and nothing of either is lost."""
    changes = differing(compare(stale.theirs, stale.mine)) if stale.mine is not None else []
    cited_by = labels(stale.theirs) | (labels(stale.mine) if stale.mine is not None else {})
    context = {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "saved_by": stale.saved_by,
        "revision": stale.revision,
        "mine": words,
        "theirs": typed(stale.theirs),
        "changes": [(cited_by.get(change.block.id, ""), change) for change in changes],
    }
    if _wants_json(request):
        html = render_to_string("documents/parts/clash.html", context, request)
        return JsonResponse({"clash": html, "revision": stale.revision}, status=CLASH)
    return render(request, "documents/clash.html", context, status=CLASH)


def _editor(
    request: ActingRequest,
    document: Document,
    words: str,
    *,
    problem: str = "",
    status: int = 200,
    bindings: Mapping[str, str] | None = None,
) -> HttpResponse:
    text = Text.from_json(document.draft)
    context = {
        **_beside(request, document),
        "words": words,
        "longest": LONGEST_TEXT,
        "problem": problem,
        "may_submit": Permission.DOCUMENTS_DRAFT in request.actor.permissions,
    }
    if document.type.binds:
        context |= _binding(text, request.actor, bindings)
    return render(request, "documents/edit.html", context, status=status)


@dataclass(frozen=True)
class Warned:
    """A number that does not follow the one before it, and where it stands."""

    block: str
    label: str
    after: str
    found: str


def _beside(request: ActingRequest, document: Document) -> dict[str, Any]:
    """What stands beside the text and is drawn anew whenever it is saved."""
    text = Text.from_json(document.draft)
    cited_by = labels(text)
    deep = [block for block in text.blocks if block.kind in {BlockKind.HEADING, BlockKind.CLAUSE}]
    return {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "drawn": drawn(document, text, request.actor.today),
        "outline": [
            (block.id, block.kind is BlockKind.CLAUSE, cited_by[block.id], shown(block.text)[:80]) for block in deep
        ],
        "gaps": [Warned(gap.block, cited_by[gap.block], gap.after, gap.found) for gap in numbering_gaps(text)],
        "letters": sum(len(block.words) for block in text.blocks),
        "count": len(text.blocks),
    }


# --- what it is -----------------------------------------------------------------------------------


@require_POST
def set_fields(request: ActingRequest, document_id: int) -> HttpResponse:
    """Set the fields beside the paper: all of them, or none."""
    document = own_document(request, document_id, Permission.DOCUMENTS_DRAFT)
    asked = request.POST
    try:
        urgency = asked.get("urgency", "")
        fields = services.Fields(
            _key(asked.get("type", "")) or document.type_id,
            asked.get("subject", ""),
            Urgency(urgency) if urgency in set(Urgency) else Urgency.NORMAL,
            _key(asked.get("signer", "")) or None,
            _day(asked.get("starts_on", "")),
            _day(asked.get("ends_on", "")),
            document.replaces_id,
            document.answers_id,
        )
        services.set_fields(document_id, fields, revision=_key(asked.get("revision", "")), by=request.actor)
    except StaleDraft as stale:
        said = _(
            "%(name)s has changed the document since you opened it. Your fields stand below: look, and save again."
        )
        return _fields_again(request, document_id, said % {"name": stale.saved_by})
    except DocumentsRefused as refused:
        return _fields_again(request, document_id, say_documents(refused))
    except ValueError:
        return _fields_again(request, document_id, _("A day is written as on a calendar. Nothing was saved."), BAD)
    messages.success(request, _("The fields are saved."))
    return redirect("document", document_id)


def _fields_again(request: ActingRequest, document_id: int, problem: str, status: int = CLASH) -> HttpResponse:
    return document_page(request, document_id, problem=problem, status=status, fields=request.POST)


def _day(text: str) -> date | None:
    """Raises ValueError."""
    return date.fromisoformat(text.strip()) if text.strip() else None


# --- for whom -------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def name_recipients(request: ActingRequest, document_id: int) -> HttpResponse:
    """Say whom a draft is for: all units below, those of a kind, or one by one."""
    document = own_document(request, document_id, Permission.DOCUMENTS_DRAFT)
    if document.state not in OPEN_STATES:
        messages.error(request, _("Its text is closed; whoever issues it names the units now."))
        return redirect("document", document_id)
    return _recipients(request, document)


@require_http_methods(["GET", "POST"])
def distribute(request: ActingRequest, document_id: int) -> HttpResponse:
    """For whoever issues: mend the units of what is not issued yet, or send what is issued on to further ones."""
    document = own_document(request, document_id, Permission.DOCUMENTS_ISSUE)
    return _recipients(request, document)


class _NoSuchUnit(Exception):
    """Words that name no unit."""


def _recipients(request: ActingRequest, document: Document) -> HttpResponse:
    problem, status = "", 200
    if request.method == "POST":
        try:
            return _named(request, document)
        except DocumentsRefused as refused:
            problem, status = say_documents(refused), CLASH
        except _NoSuchUnit as unknown:
            said = _("No unit is called “%(words)s”. Choose one of the list; nothing was changed.")
            problem, status = said % {"words": str(unknown)[:80]}, BAD
    by = request.actor
    kinds: dict[str, int] = {}
    for unit in _near(document, by).values():
        kinds[unit.kind] = kinds.get(unit.kind, 0) + 1
    context = {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "spread": dispatches.spread(document.pk, by.today),
        "kinds": [(kind, kind_of_unit(kind), count) for kind, count in kinds.items()],
        "units": _near(document, by).values(),
        "is_sent": document.state in ISSUED_STATES,
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "documents/recipients.html", context, status=status)


def _named(request: ActingRequest, document: Document) -> HttpResponse:
    by, asked = request.actor, request.POST
    wanted = {} if document.state in ISSUED_STATES else _kept_units(document, asked, by)
    for kind in {unit.kind for unit in _near(document, by).values()} | {""}:
        as_ = asked.get(f"kind.{kind}" if kind else "all", "")
        if as_ in {_ACT, _KNOW}:
            wanted |= dict.fromkeys(dispatches.below(document.unit_id, by.today, kind=kind), as_ == _ACT)
    if asked.get("one", "").strip():
        wanted[_unit(asked["one"], _near(document, by))] = asked.get("one_as") != _KNOW
    to_act = [unit for unit, acts in wanted.items() if acts]
    to_know = [unit for unit, acts in wanted.items() if not acts]
    if document.state in ISSUED_STATES:
        sent = dispatch_services.distribute(document.pk, to_act, to_know, by=by)
        said = ngettext("Sent to %(count)s further unit.", "Sent to %(count)s further units.", sent)
        messages.success(request, said % {"count": sent})
        return redirect("document", document.pk)
    rows = dispatch_services.name_recipients(document.pk, to_act, to_know, by=by)
    said = ngettext("%(count)s unit is named.", "%(count)s units are named.", len(rows))
    messages.success(request, said % {"count": len(rows)})
    return redirect(request.path)


_ACT, _KNOW, _OFF = "act", "know", "off"


def _kept_units(document: Document, asked: Mapping[str, str], by: Actor) -> dict[int, bool]:
    """The units that were named before and still are."""
    kept = {}
    for one in dispatches.spread(document.pk, by.today).addressees:
        as_ = asked.get(f"to.{one.unit_id}", _ACT if one.to_act else _KNOW)
        if as_ != _OFF:
            kept[one.unit_id] = as_ != _KNOW
    return kept


def _near(document: Document, by: Actor) -> dict[int, NamedUnit]:
    """The units under a document's own, and those above it, in the order of the tree."""
    tree = organisation.tree_on(by.today)
    path_ = [unit for unit in tree.path(document.unit_id) if unit != document.unit_id]
    wanted = [*path_, *dispatches.below(document.unit_id, by.today)]
    names = organisation.units_on(by.today, ids=wanted)
    return {unit: names[unit] for unit in wanted if unit in names}


def _unit(words: str, near: Mapping[int, NamedUnit]) -> int:
    """The unit that is called so, by its code or a name. Raises _NoSuchUnit."""
    asked = words.strip().casefold()
    for unit in near.values():
        if asked in {unit.code.casefold(), unit.short_name.casefold(), unit.name.casefold()}:
            return unit.id
    raise _NoSuchUnit(words)


# --- which clauses bind ---------------------------------------------------------------------------


@dataclass(frozen=True)
class BindingRow:
    """One block that can bind, with its fields as they stand or as they were typed."""

    id: str
    label: str
    words: str
    binds: bool
    due_on: str
    indicator: str
    figure: str
    addressees: str


def _binding(text: Text, by: Actor, asked: Mapping[str, str] | None) -> dict[str, Any]:
    """The table of clauses: as they stand, or as they were typed where that could not be kept."""
    cited_by = labels(text)
    blocks = [one for one in text.blocks if one.can_bind and (one.kind in _BINDABLE or one.level or one.binding)]
    rows = []
    for block in blocks:
        binding = block.binding or Binding()
        stands = {
            "binds": "1" if block.binding is not None else "",
            "due": binding.due_on.isoformat() if binding.due_on else "",
            "indicator": binding.indicator,
            "figure": format(binding.figure.normalize(), "f") if binding.figure is not None else "",
            "to": ", ".join(binding.addressees),
        }
        said = stands if asked is None else {name: asked.get(f"{name}.{block.id}", "") for name in stands}
        rows.append(
            BindingRow(
                block.id,
                cited_by[block.id],
                shown(block.words)[:160],
                bool(said["binds"]),
                said["due"],
                said["indicator"],
                said["figure"],
                said["to"],
            )
        )
    indicators = Indicator.objects.filter(organisation.on(by.today)).order_by("code")
    return {
        "rows": rows,
        "indicators": [(one.code, in_language(one.name, one.name_en), one.unit_of_measure) for one in indicators],
    }


@require_POST
def bind_clauses(request: ActingRequest, document_id: int) -> HttpResponse:
    """Say which clauses bind, by when, with which figure and whom; all of the table, or nothing."""
    document = own_document(request, document_id, Permission.DOCUMENTS_DRAFT)
    text = Text.from_json(document.draft)
    asked = request.POST
    try:
        bindings = {
            block.id: _read_binding(asked, block.id) if asked.get(f"binds.{block.id}") else None
            for block in text.blocks
            if f"due.{block.id}" in asked
        }
        revision = _key(asked.get("revision", ""))
        services.bind_clauses(document_id, bindings, revision=revision, by=request.actor)
    except StaleDraft as stale:
        problem = _("%(name)s has changed the text since you opened it. Your table stands below: look, and save again.")
        return _table_again(request, document, problem % {"name": stale.saved_by})
    except DocumentsRefused as refused:
        return _table_again(request, document, say_documents(refused))
    except (ValueError, Ambiguous):
        said = _("A day or a figure of the table cannot be read. Nothing was saved; your table stands below.")
        return _table_again(request, document, said, BAD)
    count = sum(binding is not None for binding in bindings.values())
    messages.success(request, ngettext("%(count)s clause binds.", "%(count)s clauses bind.", count) % {"count": count})
    return redirect("edit-document", document_id)


def _table_again(request: ActingRequest, document: Document, problem: str, status: int = CLASH) -> HttpResponse:
    if document.state not in OPEN_STATES:
        return document_page(request, document.pk, problem=problem, status=status)
    words = typed(Text.from_json(document.draft))
    return _editor(request, document, words, problem=problem, status=status, bindings=request.POST)


def _read_binding(asked: Mapping[str, str], block: str) -> Binding:
    """Raises ValueError for a day or a figure that is none."""
    codes = (code.strip() for code in asked.get(f"to.{block}", "").replace(";", ",").split(","))
    return Binding(
        _day(asked.get(f"due.{block}", "")),
        asked.get(f"indicator.{block}", "").strip(),
        _figure(asked.get(f"figure.{block}", "")),
        tuple(dict.fromkeys(code for code in codes if code)),
    )


def _figure(text: str) -> Decimal | None:
    return parse_number(text, decimals=_DECIMALS) if text.strip() else None


urlpatterns = [
    path("documents/new/", new_document, name="new-document"),
    path("documents/<int:document_id>/edit/", edit_document, name="edit-document"),
    path("documents/<int:document_id>/save/", save_document, name="save-document"),
    path("documents/<int:document_id>/fields/", set_fields, name="set-document-fields"),
    path("documents/<int:document_id>/recipients/", name_recipients, name="name-recipients"),
    path("documents/<int:document_id>/distribute/", distribute, name="distribute-document"),
    path("documents/<int:document_id>/clauses/", bind_clauses, name="bind-clauses"),
]
