"""What came in."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from nennep.documents.models import Incoming
from nennep.documents.queries.sight import own_units
from nennep.documents.rules.numbering import is_same_paper, plain_number
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission


def incoming_papers(
    by: Actor, *, unit_id: int | None = None, year: int | None = None, handled: bool | None = None
) -> QuerySet[Incoming]:
    """What came in to the actor's unit, or to one in reach that is named; newest first; to be paged.

    `year` is that of arrival; `handled` narrows to what was (not) brought to an end.
    """
    reach = organisation.reach(by, Permission.DOCUMENTS_VIEW)
    units = own_units(by) & reach if unit_id is None else reach & {unit_id}
    found = Incoming.objects.filter(unit_id__in=units).select_related("dispatch__document__type__series")
    found = found.defer("dispatch__document__draft").prefetch_related("register_entries")
    if year is not None:
        found = found.filter(arrived_on__range=(date(year, 1, 1), date(year, 12, 31)))
    if handled is not None:
        found = found.filter(handled_at__isnull=not handled)
    return found.order_by("-arrived_on", "-pk")


def incoming(incoming_id: int, *, by: Actor) -> Incoming:
    """One incoming paper. Raises NotAuthorised(hidden=True) when the unit it came to is out of reach."""
    found = Incoming.objects.filter(pk=incoming_id).select_related("dispatch__document__type__series", "duplicate_of")
    return _in_reach(found.first(), by)


def incoming_for_update(incoming_id: int, *, by: Actor) -> Incoming:
    """The same, locked until the transaction ends."""
    return _in_reach(Incoming.objects.select_for_update().filter(pk=incoming_id).first(), by)


def _in_reach(one: Incoming | None, by: Actor) -> Incoming:
    if one is None or not organisation.may(by, Permission.DOCUMENTS_VIEW, over=one.unit_id):
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return one


def same_paper(unit_id: int, number: str, symbol: str, issuer: str, year: int) -> list[Incoming]:
    """What came in to a unit before under this number and symbol of this issuer in a year, oldest first."""
    days = (date(year, 1, 1), date(year, 12, 31))
    found = Incoming.objects.filter(unit_id=unit_id, number=plain_number(number), dated_on__range=days).order_by("pk")
    asked = (number, symbol, issuer)
    return [one for one in found if is_same_paper((one.number, one.symbol, one.issuer), asked)]
