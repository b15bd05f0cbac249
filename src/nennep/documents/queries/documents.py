"""Documents a reader sees, types and signers of a day, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from nennep.documents.models import Document, DocumentMove, DocumentType
from nennep.documents.queries.sight import own_units, seen, sent_to
from nennep.documents.rules.paper import Capacity
from nennep.documents.rules.states import Direction, Move, State
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment
from nennep.organisation.rules import NotAuthorised, Permission

# --- lists and single documents -------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a list of documents is narrowed to. Empty narrows nothing.

    `type_code` and `group` are those of the type; `year` is the year of issue, or of the beginning of what has no
    number yet; `direction` OUT is what the actor's own unit (or `unit_id`) issues, IN what was sent to it, None with a
    unit both; `ids` is what a search found.
    """

    states: Collection[State] = ()
    type_code: str = ""
    group: str = ""
    year: int | None = None
    direction: Direction | None = None
    unit_id: int | None = None
    ids: Collection[int] | None = None


def documents(by: Actor, wanted: Wanted | None = None) -> QuerySet[Document]:
    """The documents an actor sees, what is being written first, then the newest; to be paged. Without the drafts."""
    wanted = wanted or Wanted()
    found = Document.objects.filter(seen(by), _narrowed(wanted), _directed(by, wanted))
    found = found.select_related("type__series", "unit", "signer__person").defer("draft")
    return found.order_by(F("issued_on").desc(nulls_first=True), "-pk")


def _narrowed(wanted: Wanted) -> Q:
    asked = Q()
    if wanted.states:
        asked &= Q(state__in=wanted.states)
    if wanted.type_code:
        asked &= Q(type__code=wanted.type_code)
    if wanted.group:
        asked &= Q(type__group=wanted.group)
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        asked &= Q(issued_on__range=(first, last)) | Q(issued_on__isnull=True, created_at__year=wanted.year)
    if wanted.ids is not None:
        asked &= Q(pk__in=wanted.ids)
    return asked


def _directed(by: Actor, wanted: Wanted) -> Q:
    if wanted.direction is None and wanted.unit_id is None:
        return Q()
    units = own_units(by) if wanted.unit_id is None else frozenset({wanted.unit_id})
    reach = organisation.reach(by, Permission.DOCUMENTS_VIEW)
    went_out, came_in = Q(unit__in=units), Q(pk__in=sent_to(units & reach).values("document"))
    return {None: went_out | came_in, Direction.OUT: went_out, Direction.IN: came_in}[wanted.direction]


def document(document_id: int, *, by: Actor) -> Document:
    """One document with all that its page shows of it. Raises NotAuthorised(hidden=True) when it is not seen."""
    found = Document.objects.filter(seen(by), pk=document_id).select_related(
        "type__series",
        "unit",
        "current_version",
        "signer__person",
        "signer__post",
        "replaces__type__series",
        "answers__type__series",
    )
    return _one(found)


def document_for_update(document_id: int, *, by: Actor) -> Document:
    """One document, locked until the transaction ends. Raises NotAuthorised(hidden=True) when it is not seen.

    What it leads to is read once the lock is held: it may have been changed while this waited.
    """
    one = _one(Document.objects.select_for_update().filter(pk=document_id))
    if not Document.objects.filter(seen(by), pk=document_id).exists():
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return one


def _one(found: QuerySet[Document]) -> Document:
    one = found.first()
    if one is None:
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return one


def moves(document_id: int) -> QuerySet[DocumentMove]:
    """The steps of a document's route, in the order they were made."""
    return DocumentMove.objects.filter(document_id=document_id).select_related("version").order_by("pk")


def agreed_version_id(document_id: int) -> int | None:
    """The version that was last agreed to."""
    agreed = DocumentMove.objects.filter(document_id=document_id, move=Move.AGREE).order_by("-pk")
    return agreed.values_list("version_id", flat=True).first()


# --- types and signers ----------------------------------------------------------------------------


def types_on(day: date, unit_kind: str = "") -> list[DocumentType]:
    """The types in force on a day, those that units of a kind issue where one is named, in their order."""
    found = DocumentType.objects.filter(organisation.on(day)).select_related("series").order_by("order", "code")
    return [type_ for type_ in found if not unit_kind or may_issue(type_, unit_kind)]


def may_issue(type_: DocumentType, unit_kind: str) -> bool:
    return not type_.issuers or unit_kind in type_.issuers


@dataclass(frozen=True)
class Signer:
    """Somebody who may sign a type of document for a unit on a day, and in what right."""

    appointment_id: int
    person_id: int
    post_id: int
    name: str
    rank: str
    post: str
    capacity: Capacity
    in_place_of: str


def signers_for(type_: DocumentType, unit_id: int, day: date) -> list[Signer]:
    """Who may sign: the holders of the posts that the type names, in its order, those in full before those acting.

    An acting head signs `Q.` (Decree 30/2020, Annex I, part II, item 7). Two queries.
    """
    kind = organisation.unit(unit_id, day).kind
    rows = [row for row in type_.signers if row.get("unit_kind", "") in {"", kind}]
    holders: dict[str, list[Appointment]] = {}
    held = Appointment.objects.filter(
        organisation.on(day), post__unit_id=unit_id, post__code__in=[row["post"] for row in rows]
    )
    for appointment in held.select_related("person", "post").order_by("acting", "starts_on", "pk"):
        holders.setdefault(appointment.post.code, []).append(appointment)
    return [_signer(row, appointment) for row in rows for appointment in holders.get(row["post"], [])]


def _signer(row: dict[str, str], appointment: Appointment) -> Signer:
    capacity = Capacity[row.get("capacity", Capacity.OWN.name)]
    if capacity is Capacity.OWN and appointment.acting:
        capacity = Capacity.ACTING
    return Signer(
        appointment.pk,
        appointment.person_id,
        appointment.post_id,
        appointment.person.full_name,
        appointment.person.rank,
        row.get("title", "") or appointment.post.title,
        capacity,
        row.get("in_place_of", ""),
    )


# --- what waits -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """How many documents and dispatches wait for an actor in the post they act in."""

    to_rewrite: int = 0
    to_agree: int = 0
    to_sign: int = 0
    to_issue: int = 0
    to_receive: int = 0
    to_acknowledge: int = 0

    @property
    def all(self) -> int:
        return self.to_rewrite + self.to_agree + self.to_sign + self.to_issue + self.to_receive + self.to_acknowledge


def waiting(by: Actor) -> Waiting:
    """What waits for the actor. Two queries."""
    documents_ = Document.objects.filter(unit__in=own_units(by)).aggregate(
        to_rewrite=Count("pk", filter=_waits(by, Permission.DOCUMENTS_DRAFT, State.RETURNED)),
        to_agree=Count("pk", filter=_waits(by, Permission.DOCUMENTS_AGREE, State.SUBMITTED)),
        to_sign=Count("pk", filter=_waits(by, Permission.DOCUMENTS_SIGN, State.AGREED) & _for_my_hand(by)),
        to_issue=Count("pk", filter=_waits(by, Permission.DOCUMENTS_ISSUE, State.SIGNED)),
    )
    if Permission.DOCUMENTS_RECEIVE not in by.permissions:
        return Waiting(**documents_)
    dispatches = (
        sent_to(own_units(by))
        .filter(voided_at__isnull=True)
        .aggregate(
            to_receive=Count("pk", filter=Q(received_at__isnull=True)),
            to_acknowledge=Count("pk", filter=Q(received_at__isnull=False, acknowledged_at__isnull=True)),
        )
    )
    return Waiting(**documents_, **dispatches)


def waiting_for(by: Actor, move: Move) -> QuerySet[Document]:
    """The documents that wait for the actor to agree, sign or issue, or to hand in again; longest waiting first."""
    permission, state = _WAITS[move]
    waits = _waits(by, permission, state)
    if move is Move.SIGN:
        waits &= _for_my_hand(by)
    found = Document.objects.filter(waits, unit__in=own_units(by))
    return found.select_related("type__series", "unit", "signer__person").defer("draft").order_by("pk")


_WAITS = {
    Move.SUBMIT: (Permission.DOCUMENTS_DRAFT, State.RETURNED),
    Move.AGREE: (Permission.DOCUMENTS_AGREE, State.SUBMITTED),
    Move.SIGN: (Permission.DOCUMENTS_SIGN, State.AGREED),
    Move.ISSUE: (Permission.DOCUMENTS_ISSUE, State.SIGNED),
}


def _waits(by: Actor, permission: Permission, state: State) -> Q:
    return Q(state=state) if permission in by.permissions else Q(pk__in=())


def _for_my_hand(by: Actor) -> Q:
    """Those on which nobody is named to sign, or the actor is."""
    return Q(signer__isnull=True) | Q(signer__person_id=by.person_id, signer__post_id=by.post_id)
