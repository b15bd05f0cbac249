"""Whom a document goes to: named, sent, received into the register of each, acknowledged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Min, Q

from nennep.documents.models import Clause, Dispatch, Document, Incoming, RegisterEntry
from nennep.documents.queries import dispatches as queries
from nennep.documents.queries.documents import document_for_update
from nennep.documents.queries.incoming import same_paper
from nennep.documents.rules.states import ISSUED_STATES, OPEN_STATES, NumberState, State
from nennep.documents.services.authority import require_own
from nennep.documents.services.finding import find_clauses_of, find_document
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.services.registers import draw_incoming_number
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.rules import Permission

_CAN_BE_SENT = frozenset({State.ISSUED, State.IN_FORCE})


@transaction.atomic
def name_recipients(
    document_id: int, to_act: Collection[int], to_know: Collection[int] = (), *, by: Actor
) -> list[Dispatch]:
    """Say whom a document is for, before it is issued: units that are to act on it, and units that are to know of it.

    What was named before and is not named now is taken off. `queries.dispatches.below` gives all units below, or
    those of a kind. Raises NotAuthorised; DocumentsRefused (`already_issued`, `addresses_itself`, `no_such_units`,
    `units_gone` with their names).
    """
    document = document_for_update(document_id, by=by)
    is_open = document.state in OPEN_STATES
    require_own(by, Permission.DOCUMENTS_DRAFT if is_open else Permission.DOCUMENTS_ISSUE, document.unit_id)
    if document.state in ISSUED_STATES or document.state == State.DROPPED:
        raise DocumentsRefused("already_issued")
    wanted = dict.fromkeys(to_know, False) | dict.fromkeys(to_act, True)
    _check(document, wanted, by.today)
    Dispatch.objects.filter(document=document).exclude(unit_id__in=wanted).delete()
    _name(document, wanted)
    details = {"to_act": sum(wanted.values()), "to_know": len(wanted) - sum(wanted.values())}
    journal.record("documents.name-recipients", document, by=by, over=document.unit_id, details=details)
    return list(Dispatch.objects.filter(document=document).select_related("unit").order_by("unit__code"))


@transaction.atomic
def distribute(document_id: int, to_act: Collection[int] = (), to_know: Collection[int] = (), *, by: Actor) -> int:
    """Send an issued document to further units; answers with how many it was sent to now. Those who have it already
    are left alone, so that a second click sends nothing twice.

    Raises NotAuthorised; DocumentsRefused (`not_issued`, `addresses_itself`, `no_such_units`, `units_gone`).
    """
    document = document_for_update(document_id, by=by)
    require_own(by, Permission.DOCUMENTS_ISSUE, document.unit_id)
    if document.state not in _CAN_BE_SENT:
        raise DocumentsRefused("not_issued")
    there = set(Dispatch.objects.filter(document=document).values_list("unit_id", flat=True))
    wanted = dict.fromkeys(to_know, False) | dict.fromkeys(to_act, True)
    new = {unit_id: acts for unit_id, acts in wanted.items() if unit_id not in there}
    _check(document, new, by.today)
    _name(document, new)
    sent = send(document, by=by)
    if sent:
        find_document(document)
        find_clauses_of(document)
        journal.record("documents.distribute", document, by=by, over=document.unit_id, details={"sent": sent})
    return sent


def add_addressees(document: Document, unit_ids: Collection[int]) -> None:
    """Whoever a clause addresses by name is to act on the document. Issuing calls it."""
    others = {unit_id: True for unit_id in unit_ids if unit_id != document.unit_id}
    _name(document, others)


def send(document: Document, *, by: Actor) -> int:
    """Send a document to all who are named and have not got it. Issuing calls it.

    Raises DocumentsRefused (`units_gone`) naming the units that are no longer there: their heirs are to be named.
    """
    waiting = Dispatch.objects.filter(document=document, sent_at__isnull=True)
    _check_alive(waiting.values_list("unit_id", flat=True), by.today)
    return waiting.update(sent_at=by.at)


@transaction.atomic
def receive(dispatch_id: int, *, by: Actor) -> Incoming:
    """Take in what was sent: it stands in the unit's register of incoming papers from now on, with its number.

    A second click answers with what is there. Raises NotAuthorised, DocumentsRefused (`recalled`), RegisterRefused.
    """
    dispatch = queries.dispatch_for_update(dispatch_id, by=by)
    require_own(by, Permission.DOCUMENTS_RECEIVE, dispatch.unit_id)
    if dispatch.voided_at is not None:
        raise DocumentsRefused("recalled", on=dispatch.voided_at)
    if dispatch.received_at is not None:
        return Incoming.objects.get(dispatch=dispatch)
    entry = draw_incoming_number(dispatch.unit_id, by.today, by=by)
    incoming = _incoming(dispatch, by.today)
    entry.incoming, entry.subject = incoming, incoming.subject
    entry.save(update_fields=["incoming", "subject"])
    dispatch.received_at, dispatch.received_by = by.at, by.person_name
    dispatch.save(update_fields=["received_at", "received_by"])
    details = {"document": dispatch.document_id, "number": entry.number}
    journal.record("documents.receive", dispatch, by=by, over=dispatch.unit_id, details=details)
    return incoming


@transaction.atomic
def acknowledge(dispatch_id: int, *, by: Actor) -> Dispatch:
    """Say that the unit has read what was sent and goes by it; what was not taken in yet is. A second click changes
    nothing.

    Raises NotAuthorised, DocumentsRefused (`recalled`), RegisterRefused.
    """
    dispatch = queries.dispatch_for_update(dispatch_id, by=by)
    require_own(by, Permission.DOCUMENTS_RECEIVE, dispatch.unit_id)
    if dispatch.acknowledged_at is not None:
        return dispatch
    receive(dispatch_id, by=by)
    dispatch.refresh_from_db(fields=["received_at", "received_by"])
    dispatch.acknowledged_at, dispatch.acknowledged_by = by.at, by.person_name
    dispatch.save(update_fields=["acknowledged_at", "acknowledged_by"])
    details = {"document": dispatch.document_id}
    journal.record("documents.acknowledge", dispatch, by=by, over=dispatch.unit_id, details=details)
    return dispatch


def void_dispatches(document: Document, reason: str, *, by: Actor) -> int:
    """Void a recalled document wherever it went: what came in there is struck out of the register and leaves its
    trace (Decree 30/2020, Annex VI). Recalling calls it; answers with how many units it had been sent to.
    """
    went = Dispatch.objects.select_for_update().filter(document=document, sent_at__isnull=False).order_by("pk")
    ids = list(went.values_list("pk", flat=True))
    Dispatch.objects.filter(pk__in=ids).update(voided_at=by.at)
    struck = RegisterEntry.objects.filter(incoming__dispatch__in=ids)
    struck.update(state=NumberState.VOIDED, reason=reason[:500])
    return len(ids)


def _incoming(dispatch: Dispatch, day: date) -> Incoming:
    document = dispatch.document
    issued_on = document.issued_on
    if issued_on is None or document.number is None:
        raise DocumentsRefused("not_issued")
    issuer = organisation.unit(document.unit_id, issued_on).name
    number = str(document.number)
    earlier = same_paper(dispatch.unit_id, number, document.symbol, issuer, issued_on.year)
    return Incoming.objects.create(
        unit_id=dispatch.unit_id,
        dispatch=dispatch,
        issuer=issuer,
        number=number,
        symbol=document.symbol,
        type_name=document.type.name,
        dated_on=issued_on,
        arrived_on=day,
        subject=document.subject,
        due_on=_first_due(dispatch),
        duplicate_of=earlier[0] if earlier else None,
    )


def _first_due(dispatch: Dispatch) -> date | None:
    """The first day by which a clause of the document wants something of the unit."""
    if not dispatch.to_act:
        return None
    clauses = Clause.objects.filter(document_id=dispatch.document_id, withdrawn_on__isnull=True)
    own = clauses.filter(Q(for_all=True) | Q(addressees__unit_id=dispatch.unit_id))
    due_on: date | None = own.aggregate(due_on=Min("due_on"))["due_on"]
    return due_on


def _check(document: Document, wanted: Collection[int], day: date) -> None:
    if document.unit_id in wanted:
        raise DocumentsRefused("addresses_itself")
    known = set(Unit.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if set(wanted) - known:
        raise DocumentsRefused("no_such_units", units=sorted(set(wanted) - known))
    _check_alive(wanted, day)


def _check_alive(unit_ids: Collection[int], day: date) -> None:
    alive = organisation.units_on(day, ids=unit_ids)
    gone = [unit_id for unit_id in unit_ids if unit_id not in alive]
    if gone:
        names = organisation.units_known_by(day, ids=gone)
        raise DocumentsRefused("units_gone", units=[one.name for one in names.values()])


def _name(document: Document, wanted: dict[int, bool]) -> None:
    """Name units that are not named yet; of the others say whether they are to act."""
    rows = [Dispatch(document=document, unit_id=unit_id, to_act=acts) for unit_id, acts in wanted.items()]
    Dispatch.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["document", "unit"], update_fields=["to_act"]
    )
