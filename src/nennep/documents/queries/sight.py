"""Which documents an actor sees, and which are their own unit's."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from nennep.documents.models import Dispatch, OpinionRequest
from nennep.documents.rules.states import ISSUED_STATES
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission


def own_units(by: Actor) -> frozenset[int]:
    """The actor's unit and those gone whose papers it keeps; looked up once for each actor."""
    if "own_units" not in by.known:
        known = frozenset() if by.unit_id is None else organisation.with_gone([by.unit_id], by.today)
        by.known["own_units"] = known
    units: frozenset[int] = by.known["own_units"]
    return units


def is_own(by: Actor, unit_id: int) -> bool:
    """Whether a unit's papers are the actor's own to write: their unit, or one gone whose papers it keeps."""
    return by.is_system or unit_id in own_units(by)


def seen(by: Actor) -> Q:
    """The documents an actor sees.

    Those of their own unit; those issued by a unit in reach or sent to one; and drafts on which their unit was asked
    for an opinion. What another unit has not issued yet is nobody's business above it.
    """
    if by.is_system:
        return Q()
    reach = organisation.reach(by, Permission.DOCUMENTS_VIEW)
    if not reach:
        return Q(pk__in=())
    own = own_units(by)
    sent, asked = sent_to(reach), OpinionRequest.objects.filter(unit__in=own)
    written = Q(unit__in=own) | Q(unit__in=reach, state__in=ISSUED_STATES)
    if len(reach) > _WIDE:
        here = OuterRef("pk")
        return written | Exists(sent.filter(document=here)) | Exists(asked.filter(version__document=here))
    return written | Q(pk__in=sent.values("document")) | Q(pk__in=asked.values("version__document"))


#: Over more units than this nearly every document is seen, so each is asked as it comes by; over fewer, the few that
#: are seen are looked up first. Both say the same.
_WIDE = 100


def sent_to(units: frozenset[int]) -> QuerySet[Dispatch]:
    """The dispatches that went out to these units, recalled ones too: their trace stays."""
    return Dispatch.objects.filter(unit__in=units, sent_at__isnull=False)
