"""Papers that come in from outside: registered, handed to somebody, brought to an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from loom.files import is_secret
from nennep.documents.models import Incoming
from nennep.documents.queries import incoming as queries
from nennep.documents.rules.numbering import plain_number
from nennep.documents.services.authority import own_unit, require_own
from nennep.documents.services.finding import find_incoming
from nennep.documents.services.refusals import DocumentsRefused, DuplicateIncoming
from nennep.documents.services.registers import draw_incoming_number
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation.rules import Permission


@dataclass(frozen=True)
class Arrival:
    """What is written down of a paper that came in. `dated_on` is the day it bears, `arrived_on` the day it came.

    Of a `secret` one the system keeps a stub: who issued it, its number and day, and where the paper lies.
    """

    issuer: str
    number: str
    dated_on: date
    arrived_on: date
    symbol: str = ""
    type_name: str = ""
    subject: str = ""
    due_on: date | None = None
    handler: str = ""
    kept_at: str = ""
    secret: bool = False


_LONGEST = {"issuer": 200, "number": 20, "symbol": 60, "type_name": 100, "subject": 500, "handler": 200, "kept_at": 200}


@transaction.atomic
def register_incoming(arrival: Arrival, *, by: Actor, even_so: bool = False) -> Incoming:
    """Write a paper that came in to the actor's unit into its register.

    One that seems to have come in before (number, symbol, issuer and year) is refused with the earlier ones; `even_so`
    registers it, tied to the first of them. The check holds against whoever registers at the same moment.

    Raises NotAuthorised, DuplicateIncoming, RegisterRefused; DocumentsRefused: `needs_issuer`, `needs_number`,
    `needs_subject`, `too_long` (with `field` and `most`), `arrived_before_dated`, `due_before_arrived`,
    `secret_keeps_no_text`, `secret_needs_place`, `bears_secret_mark` (to be registered as a
    secret one, without its text).
    """
    unit_id = own_unit(by, Permission.DOCUMENTS_RECEIVE)
    _check(arrival)
    entry = draw_incoming_number(unit_id, arrival.arrived_on, by=by)
    year = arrival.dated_on.year
    earlier = queries.same_paper(unit_id, arrival.number, arrival.symbol, arrival.issuer, year)
    if earlier and not even_so:
        raise DuplicateIncoming(earlier)
    incoming = Incoming.objects.create(
        unit_id=unit_id,
        issuer=arrival.issuer.strip(),
        number=plain_number(arrival.number),
        symbol=arrival.symbol.strip(),
        type_name=arrival.type_name.strip(),
        dated_on=arrival.dated_on,
        arrived_on=arrival.arrived_on,
        subject=arrival.subject.strip(),
        due_on=arrival.due_on,
        handler=arrival.handler.strip(),
        kept_at=arrival.kept_at.strip(),
        secret=arrival.secret,
        duplicate_of=earlier[0] if earlier else None,
    )
    entry.incoming, entry.subject = incoming, incoming.subject
    entry.save(update_fields=["incoming", "subject"])
    find_incoming(incoming)
    details = {"number": entry.number, "secret": arrival.secret, "even_so": bool(earlier)}
    journal.record("documents.register-incoming", incoming, by=by, over=unit_id, details=details)
    return incoming


@transaction.atomic
def hand_on(incoming_id: int, handler: str, *, by: Actor, due_on: date | None = None) -> Incoming:
    """Say who deals with an incoming paper, and by when.

    Raises NotAuthorised, DocumentsRefused (`needs_handler`, `due_before_arrived`, `already_handled`).
    """
    incoming = _unhandled(incoming_id, by)
    handler = handler.strip()[:200]
    if not handler:
        raise DocumentsRefused("needs_handler")
    if due_on is not None and due_on < incoming.arrived_on:
        raise DocumentsRefused("due_before_arrived")
    incoming.handler, incoming.due_on = handler, due_on
    incoming.save(update_fields=["handler", "due_on"])
    details = {"due_on": due_on.isoformat() if due_on else ""}
    journal.record("documents.hand-on-incoming", incoming, by=by, over=incoming.unit_id, details=details)
    return incoming


@transaction.atomic
def close_incoming(incoming_id: int, outcome: str, *, by: Actor) -> Incoming:
    """Bring an incoming paper to an end, with what came of it.

    Raises NotAuthorised, DocumentsRefused (`needs_outcome`, `already_handled`, `secret_keeps_no_text`).
    """
    incoming = _unhandled(incoming_id, by)
    outcome = outcome.strip()[:500]
    if not outcome:
        raise DocumentsRefused("needs_outcome")
    if is_secret(outcome):
        raise DocumentsRefused("secret_keeps_no_text")
    incoming.handled_at, incoming.outcome = by.at, outcome
    incoming.save(update_fields=["handled_at", "outcome"])
    journal.record("documents.close-incoming", incoming, by=by, over=incoming.unit_id)
    return incoming


def _unhandled(incoming_id: int, by: Actor) -> Incoming:
    incoming = queries.incoming_for_update(incoming_id, by=by)
    require_own(by, Permission.DOCUMENTS_RECEIVE, incoming.unit_id)
    if incoming.handled_at is not None:
        raise DocumentsRefused("already_handled", at=incoming.handled_at)
    return incoming


def _check(arrival: Arrival) -> None:
    for field, most in _LONGEST.items():
        if len(getattr(arrival, field).strip()) > most:
            raise DocumentsRefused("too_long", field=field, most=most)
    if not arrival.issuer.strip():
        raise DocumentsRefused("needs_issuer")
    if not arrival.number.strip():
        raise DocumentsRefused("needs_number")
    if arrival.arrived_on < arrival.dated_on:
        raise DocumentsRefused("arrived_before_dated")
    if arrival.due_on is not None and arrival.due_on < arrival.arrived_on:
        raise DocumentsRefused("due_before_arrived")
    if arrival.secret:
        _check_stub(arrival)
        return
    if not arrival.subject.strip():
        raise DocumentsRefused("needs_subject")
    if is_secret(f"{arrival.subject}\n{arrival.symbol}\n{arrival.type_name}"):
        raise DocumentsRefused("bears_secret_mark")


def _check_stub(arrival: Arrival) -> None:
    """Law on the protection of state secrets, Article 5: nothing of a secret's content is kept on such a machine."""
    if arrival.subject.strip():
        raise DocumentsRefused("secret_keeps_no_text")
    if not arrival.kept_at.strip():
        raise DocumentsRefused("secret_needs_place")
