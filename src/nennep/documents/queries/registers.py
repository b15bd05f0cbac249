"""Registers and their numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from nennep.documents.models import DocumentType, Register, RegisterEntry, Series, Term
from nennep.documents.rules.layout import Family
from nennep.documents.rules.numbering import DatedNumber, out_of_order, year_of
from nennep.documents.rules.states import Direction, NumberState
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission, Span

_DATED = (NumberState.USED, NumberState.PAPER)


def registers(by: Actor, *, unit_id: int | None = None, direction: Direction | None = None) -> QuerySet[Register]:
    """The registers of the units in reach (or of one of them), newest first."""
    units: Collection[int] = organisation.reach(by, Permission.DOCUMENTS_VIEW)
    if unit_id is not None:
        units = [unit_id] if unit_id in units else []
    found = Register.objects.filter(unit_id__in=units).select_related("series", "unit")
    if direction is not None:
        found = found.filter(direction=direction)
    return found.order_by("-starts_on", "unit__code", "-direction", "series__code", "type_code")


def register(register_id: int, *, by: Actor) -> Register:
    """One register. Raises NotAuthorised(hidden=True) where it is out of reach or is none."""
    found = Register.objects.select_related("series", "unit").filter(pk=register_id).first()
    if found is None or not organisation.may(by, Permission.DOCUMENTS_VIEW, over=found.unit_id):
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    return found


def entries(of: Register, *, states: Collection[NumberState] = ()) -> QuerySet[RegisterEntry]:
    """The numbers of a register in their order, with the document or the incoming paper that has each; to be paged."""
    found = RegisterEntry.objects.filter(register=of).select_related(
        "document__type__series", "document__unit", "incoming__dispatch"
    )
    found = found.defer("document__draft")
    if states:
        found = found.filter(state__in=states)
    return found.order_by("number")


def kept_numbers(by: Actor, type_: DocumentType, day: date) -> QuerySet[RegisterEntry]:
    """The numbers of the actor's unit that are kept for a type on a day, or used on paper without a document here."""
    found = RegisterEntry.objects.filter(
        Q(register__ends_on__isnull=True) | Q(register__ends_on__gt=day),
        register__starts_on__lte=day,
        register__unit_id=by.unit_id or 0,
        register__direction=Direction.OUT,
        register__series_id=type_.series_id,
        register__type_code=register_code(type_),
        document__isnull=True,
        state__in=[NumberState.RESERVED, NumberState.PAPER],
    )
    return found.select_related("register").order_by("number")


def disorder_of(entry: RegisterEntry) -> RegisterEntry | None:
    """The neighbouring number whose day contradicts the order of numbers, if one does. Two queries."""
    neighbours = RegisterEntry.objects.filter(register_id=entry.register_id, state__in=_DATED).select_related(
        "document"
    )
    before = neighbours.filter(number__lt=entry.number).order_by("-number").first()
    after = neighbours.filter(number__gt=entry.number).order_by("number").first()
    told = out_of_order(DatedNumber(entry.number, entry.dated_on), _dated(before), _dated(after))
    return next((one for one in (before, after) if told is not None and _dated(one) == told), None)


def _dated(entry: RegisterEntry | None) -> DatedNumber | None:
    return None if entry is None else DatedNumber(entry.number, entry.dated_on)


# --- for the acts ---------------------------------------------------------------------------------


def type_with_series(type_id: int) -> DocumentType:
    return DocumentType.objects.select_related("series").get(pk=type_id)


def register_code(type_: DocumentType) -> str:
    """What tells the registers of one series apart: the type, where the series runs by type."""
    return type_.code if type_.series.by_type else ""


def span_of(series: Series, day: date) -> Span | None:
    """The days over which the numbers of a series run on: the year of the day, or the term; None without a term."""
    if not series.by_term:
        return year_of(day)
    term = Term.objects.filter(organisation.on(day)).order_by("-starts_on").first()
    return Span(term.starts_on, term.ends_on) if term else None


def incoming_series(family: Family) -> Series | None:
    """The series by the year of a family by which no type is numbered, or else the first of them."""
    types = DocumentType.objects.filter(series=OuterRef("pk"))
    found = Series.objects.filter(family=family, by_term=False).annotate(goes_out=Exists(types))
    return found.order_by("goes_out", "code").first()


def entry_of(of: Register, number: int) -> RegisterEntry | None:
    found = RegisterEntry.objects.filter(register=of, number=number)
    return found.select_related("document__type__series").first()


def entry_for_update(entry_id: int) -> RegisterEntry:
    """A number with its register, locked until the transaction ends. Raises RegisterEntry.DoesNotExist."""
    locked = RegisterEntry.objects.select_for_update(of=("self",)).select_related("register")
    return locked.get(pk=entry_id)
