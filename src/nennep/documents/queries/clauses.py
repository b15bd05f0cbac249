"""Clauses of directives."""

from __future__ import annotations

from django.db.models import QuerySet

from nennep.documents.models import Clause, Document
from nennep.documents.queries.sight import seen
from nennep.journal.rules import Actor
from nennep.organisation.rules import NotAuthorised, Permission


def clauses(document_id: int) -> QuerySet[Clause]:
    """The clauses of a directive in their order, with the units that are addressed by name; withdrawn ones too."""
    found = Clause.objects.filter(document_id=document_id).prefetch_related("addressees__unit")
    return found.order_by("position")


def clause(clause_id: int, *, by: Actor) -> Clause:
    """One clause with its document. Raises NotAuthorised(hidden=True) when its document is not seen."""
    found = Clause.objects.filter(pk=clause_id).select_related("document__type__series", "document__unit").first()
    if found is None or not Document.objects.filter(seen(by), pk=found.document_id).exists():
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return found


def clause_for_update(clause_id: int, *, by: Actor) -> Clause:
    """The same, locked until the transaction ends."""
    Clause.objects.select_for_update().filter(pk=clause_id).first()
    return clause(clause_id, by=by)
