"""Whom documents went to and what became of them there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from nennep.documents.models import Dispatch
from nennep.documents.queries.sight import own_units, sent_to
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission


@dataclass(frozen=True)
class Addressee:
    """One unit that a document is named for or went to, and what became of it there."""

    dispatch_id: int
    unit_id: int
    unit: str
    to_act: bool
    sent_at: datetime | None
    received_at: datetime | None
    received_by: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    voided_at: datetime | None


@dataclass(frozen=True)
class Spread:
    """How far a document has come: each addressee in the order of codes."""

    addressees: Sequence[Addressee]

    @property
    def sent(self) -> int:
        return sum(1 for one in self.addressees if one.sent_at is not None)

    @property
    def received(self) -> int:
        return sum(1 for one in self.addressees if one.received_at is not None)

    @property
    def acknowledged(self) -> int:
        return sum(1 for one in self.addressees if one.acknowledged_at is not None)

    @property
    def not_received(self) -> list[Addressee]:
        return [one for one in self.addressees if one.sent_at is not None and one.received_at is None]

    @property
    def not_acknowledged(self) -> list[Addressee]:
        return [one for one in self.addressees if one.sent_at is not None and one.acknowledged_at is None]


def spread(document_id: int, day: date) -> Spread:
    """Whom a document is for and who has it, under the names of a day. Two queries however many units there are."""
    rows = list(Dispatch.objects.filter(document_id=document_id).order_by("unit__code"))
    names = organisation.units_known_by(day, ids=[row.unit_id for row in rows])
    return Spread(
        [
            Addressee(
                row.pk,
                row.unit_id,
                names[row.unit_id].short_name if row.unit_id in names else "",
                row.to_act,
                row.sent_at,
                row.received_at,
                row.received_by,
                row.acknowledged_at,
                row.acknowledged_by,
                row.voided_at,
            )
            for row in rows
        ]
    )


def below(unit_id: int, day: date, *, kind: str = "") -> list[int]:
    """All units under one on a day, or those of a kind, in the order of the tree; without itself."""
    tree = organisation.tree_on(day)
    found = [unit for unit in tree.walk(unit_id) if unit != unit_id]
    if not kind:
        return found
    kinds = organisation.units_on(day, ids=found)
    return [unit for unit in found if unit in kinds and kinds[unit].kind == kind]


def dispatches_to(by: Actor, *, received: bool | None = None, acknowledged: bool | None = None) -> QuerySet[Dispatch]:
    """What was sent to the actor's unit, newest first; narrowed to what is (not) received or acknowledged yet."""
    found = sent_to(own_units(by)).select_related("document__type__series", "document__unit", "incoming")
    if received is not None:
        found = found.filter(received_at__isnull=not received, voided_at__isnull=True)
    if acknowledged is not None:
        found = found.filter(acknowledged_at__isnull=not acknowledged, voided_at__isnull=True)
    return found.defer("document__draft").order_by("-sent_at", "-pk")


def dispatch_of(document_id: int, by: Actor) -> Dispatch | None:
    """The dispatch of a document to the actor's own unit, if there is one."""
    found = sent_to(own_units(by)).filter(document_id=document_id).order_by("voided_at", "pk")
    return found.select_related("incoming").first()


def dispatch_for_update(dispatch_id: int, *, by: Actor) -> Dispatch:
    """A dispatch that went out, locked until the transaction ends. Raises NotAuthorised(hidden=True) when the actor's
    reach does not hold the unit it went to.
    """
    reach = organisation.reach(by, Permission.DOCUMENTS_VIEW)
    found = sent_to(reach).select_for_update(of=("self",)).filter(pk=dispatch_id)
    one = found.select_related("document__type__series", "document__unit").first()
    if one is None:
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return one
