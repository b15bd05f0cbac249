"""Clauses of a directive: frozen when it is issued, withdrawn with a reason, never rewritten."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from nennep.documents.models import Clause, ClauseAddressee, Document, DocumentVersion
from nennep.documents.queries.clauses import clause_for_update
from nennep.documents.rules.text import Block, Text, labels, shown
from nennep.documents.services.authority import require_own
from nennep.documents.services.finding import find_clauses_of, forget_clauses_of
from nennep.documents.services.refusals import DocumentsRefused
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission


def freeze_clauses(document: Document, version: DocumentVersion, day: date) -> list[Clause]:
    """Write down the clauses of a version as issued, with whom they address. Issuing calls it.

    Raises DocumentsRefused (`unknown_addressees`, `units_gone`) naming the clause and the units.
    """
    text = Text.from_json(version.content_data)
    binding = [block for block in text.blocks if block.binding is not None]
    named = {code for block in binding if block.binding for code in block.binding.addressees}
    ids = organisation.ids_by_code(named)
    _check_addressees(binding, ids, day)
    cited = labels(text)
    clauses = Clause.objects.bulk_create(
        _clause(document, block, cited[block.id], position) for position, block in enumerate(binding, start=1)
    )
    ClauseAddressee.objects.bulk_create(
        ClauseAddressee(clause=clause, unit_id=ids[code])
        for clause, block in zip(clauses, binding, strict=True)
        for code in (block.binding.addressees if block.binding else ())
    )
    return clauses


def _clause(document: Document, block: Block, label: str, position: int) -> Clause:
    binding = block.binding
    return Clause(
        document=document,
        block=block.id,
        label=label[:40],
        text=shown(block.words),
        position=position,
        due_on=binding.due_on if binding else None,
        indicator=binding.indicator if binding else "",
        figure=binding.figure if binding else None,
        for_all=not (binding and binding.addressees),
    )


def _check_addressees(binding: list[Block], ids: dict[str, int], day: date) -> None:
    alive = organisation.units_on(day, ids=list(ids.values()))
    for block in binding:
        codes = block.binding.addressees if block.binding else ()
        unknown = [code for code in codes if code not in ids]
        if unknown:
            raise DocumentsRefused("unknown_addressees", block=block.id, units=unknown)
        gone = [ids[code] for code in codes if ids[code] not in alive]
        if gone:
            names = organisation.units_known_by(day, ids=gone)
            raise DocumentsRefused("units_gone", block=block.id, units=[one.name for one in names.values()])


@transaction.atomic
def withdraw_clause(clause_id: int, reason: str, *, by: Actor) -> Clause:
    """Say that a clause binds no longer. What was planned for it stays and is shown to hang on a withdrawn clause.

    Raises NotAuthorised, DocumentsRefused (`needs_reason`, `already_withdrawn`).
    """
    clause = clause_for_update(clause_id, by=by)
    document = clause.document
    require_own(by, Permission.DOCUMENTS_ISSUE, document.unit_id)
    reason = reason.strip()[:500]
    if not reason:
        raise DocumentsRefused("needs_reason")
    if clause.withdrawn_on is not None:
        raise DocumentsRefused("already_withdrawn", on=clause.withdrawn_on)
    clause.withdrawn_on, clause.withdrawn_reason = by.today, reason
    clause.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    find_clauses_of(document)
    details = {"document": document.pk, "clause": clause.label}
    journal.record("documents.withdraw-clause", clause, by=by, over=document.unit_id, reason=reason, details=details)
    return clause


def withdraw_all(document: Document, reason: str, *, by: Actor) -> int:
    """Withdraw what is left of a directive that was recalled or replaced; answers with how many clauses that were."""
    standing = Clause.objects.filter(document=document, withdrawn_on__isnull=True)
    count = standing.update(withdrawn_on=by.today, withdrawn_reason=reason[:500])
    forget_clauses_of(document)
    return count
