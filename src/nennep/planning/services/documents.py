"""The act that makes an approved plan a document, to be signed, numbered and sent as any other."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from nennep.documents.models import Document, DocumentType
from nennep.documents.rules.states import ISSUED_STATES, OPEN_STATES, State
from nennep.documents.rules.text import Text, numbered, parse, typed
from nennep.documents.services import drafts
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.queries import on
from nennep.organisation.rules import Permission
from nennep.planning.models import Plan
from nennep.planning.papers import said_of
from nennep.planning.queries import plans as queries
from nennep.planning.rules.plan_text import text_blocks, without_kind
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import PlanKind, PlanState
from nennep.planning.services import writing


@transaction.atomic
def plan_document(plan_id: int, *, by: Actor, type_id: int | None = None) -> Document:
    """Draw up the document of an approved plan, as a draft of the plan's unit; the plan names it.

    Its type is that of the plan's kind (`plan`, `programme`, `calendar`), or `type_id`. Doing it again writes into the
    draft that is there; when that was issued and the plan has changed since, a new draft replaces it.

    Raises NotAuthorised, what `documents.services.drafts.create_document` raises, and PlanningRefused
    (plan_not_approved, no_document_type, document_on_its_way).
    """
    plan = queries.plan_for_update(plan_id)
    writing.require_own(by, Permission.PLANNING_WRITE, plan.unit_id)
    if plan.state not in {PlanState.APPROVED, PlanState.ISSUED}:
        raise PlanningRefused("plan_not_approved", state=plan.state)
    text = numbered(text_blocks(said_of(plan)))
    before = plan.document
    if before is not None and before.state in OPEN_STATES:
        document = drafts.save_draft(before.pk, _as_before(text, before), revision=before.draft_revision, by=by)
    elif before is not None and before.state not in {*ISSUED_STATES, State.DROPPED}:
        raise PlanningRefused("document_on_its_way", document=before.pk)
    else:
        document = _begin(plan, text, before, type_id, by)
    plan.document = document
    plan.save(update_fields=["document"])
    journal.record("planning.document", plan, by=by, over=plan.unit_id, details={"document": document.pk})
    return document


def _begin(plan: Plan, text: Text, before: Document | None, type_id: int | None, by: Actor) -> Document:
    subject = without_kind(plan.title, PlanKind(plan.kind))
    document = drafts.create_document(
        _type(plan, type_id, by), plan.unit_id, subject, by=by, answers=plan.answers, text=text
    )
    if before is None or before.state not in {State.ISSUED, State.IN_FORCE}:
        return document
    fields = replace(drafts.fields_of(document), replaces=before.pk)
    return drafts.set_fields(document.pk, fields, revision=document.draft_revision, by=by)


def _type(plan: Plan, type_id: int | None, by: Actor) -> DocumentType:
    types = DocumentType.objects.filter(on(by.today)).select_related("series")
    wished = types.filter(pk=type_id) if type_id is not None else types.filter(code=plan.kind)
    found = wished.first()
    if found is None:
        raise PlanningRefused("no_document_type", kind=plan.kind)
    return found


def _as_before(text: Text, document: Document) -> Text:
    """The new text in the place of the draft: a block that says the same keeps its name."""
    draft = Text.from_json(document.draft)
    return parse(typed(text), draft)
