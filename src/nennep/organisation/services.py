"""Acts that change the organisation, each by a decision with a number and a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from nennep.accounts.models import Person
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries
from nennep.organisation.models import Appointment, Edge, Post, Succession, SuccessionPart, Unit, UnitName
from nennep.organisation.queries import on, require
from nennep.organisation.rules import (
    Certainty,
    Line,
    OrganisationRefused,
    Permission,
    Span,
    SuccessionKind,
    would_make_a_circle,
)


@dataclass(frozen=True)
class Decided:
    """The decision behind a change: its number, its day, and the day from which it holds."""

    number: str
    decided_on: date | None
    effective_on: date
    certainty: Certainty = Certainty.CERTAIN
    source: str = ""
    note: str = ""


@transaction.atomic
def create_unit(
    code: str,
    kind: str,
    name: str,
    short_name: str,
    *,
    starts_on: date,
    superiors: dict[Line, int],
    by: Actor,
    place: str = "",
    demonstration: bool = False,
) -> Unit:
    """Add a unit under its superiors. The actor must have authority over each of these.

    Raises NotAuthorised, or OrganisationRefused when the code is taken.
    """
    for superior in superiors.values():
        require(by, Permission.ORGANISATION_CHANGE, over=superior)
    if Unit.objects.filter(code=code).exists():
        raise OrganisationRefused(f"the code {code} is taken")
    unit = Unit.objects.create(code=code, kind=kind, place=place, starts_on=starts_on, demonstration=demonstration)
    UnitName.objects.create(unit=unit, name=name, short_name=short_name, starts_on=starts_on)
    for line, superior in superiors.items():
        Edge.objects.create(unit=unit, parent_id=superior, line=line, starts_on=starts_on)
    journal.record("organisation.create", unit, by=by, over=unit.pk, details={"code": code})
    queries.look_again(by)
    return unit


@transaction.atomic
def rename(unit_id: int, name: str, short_name: str, decided: Decided, *, by: Actor) -> Succession:
    """Give a unit another name from a day on; the old name stays true before it. Raises NotAuthorised,
    OrganisationRefused.
    """
    unit = _unit_for_update(unit_id)
    require(by, Permission.ORGANISATION_CHANGE, over=unit_id)
    _check_alive(unit, decided.effective_on)
    if UnitName.objects.filter(unit=unit, starts_on__gte=decided.effective_on).exists():
        raise OrganisationRefused("a name from this day or later is already recorded: change that first")
    UnitName.objects.filter(on(decided.effective_on), unit=unit).update(ends_on=decided.effective_on)
    UnitName.objects.create(unit=unit, name=name, short_name=short_name, starts_on=decided.effective_on)
    return _record(SuccessionKind.RENAME, decided, [(unit, unit)], by=by)


@transaction.atomic
def transfer(unit_id: int, superiors: dict[Line, int], decided: Decided, *, by: Actor) -> Succession:
    """Put a unit under other superiors from a day on. Raises NotAuthorised, OrganisationRefused for a circle."""
    unit = _unit_for_update(unit_id)
    for over in (unit_id, *superiors.values()):
        require(by, Permission.ORGANISATION_CHANGE, over=over)
    _check_alive(unit, decided.effective_on)
    for line, superior in superiors.items():
        _move(unit, line, superior, decided.effective_on)
    return _record(SuccessionKind.TRANSFER, decided, [(unit, unit)], by=by)


@transaction.atomic
def merge(predecessors: Sequence[int], successor_id: int, decided: Decided, *, by: Actor) -> Succession:
    """End units and let another take them in: their past counts under it, what stood under them moves to it.

    The successor may be one of those that existed before or a unit created for it. Raises NotAuthorised,
    OrganisationRefused.
    """
    successor = _unit_for_update(successor_id)
    gone = [_unit_for_update(unit_id) for unit_id in predecessors if unit_id != successor_id]
    for unit in (successor, *gone):
        require(by, Permission.ORGANISATION_CHANGE, over=unit.pk)
        _check_alive(unit, decided.effective_on)
    for unit in gone:
        _move_those_below(unit, successor, decided.effective_on)
        _end(unit, decided.effective_on)
    return _record(SuccessionKind.MERGE, decided, [(unit, successor) for unit in gone], by=by)


@transaction.atomic
def split(unit_id: int, successors: Sequence[int], decided: Decided, *, by: Actor) -> Succession:
    """End a unit in favour of several. Its past stays with the superior it had. Raises NotAuthorised,
    OrganisationRefused.
    """
    unit = _unit_for_update(unit_id)
    heirs = [_unit_for_update(heir) for heir in successors]
    for one in (unit, *heirs):
        require(by, Permission.ORGANISATION_CHANGE, over=one.pk)
    _check_alive(unit, decided.effective_on)
    if queries.tree_on(decided.effective_on).children.get(unit_id):
        raise OrganisationRefused("units stand under it: transfer them first")
    if unit_id not in successors:
        _end(unit, decided.effective_on)
    return _record(SuccessionKind.SPLIT, decided, [(unit, heir) for heir in heirs], by=by)


@transaction.atomic
def appoint(
    person_id: int,
    post_id: int,
    *,
    starts_on: date,
    by: Actor,
    ends_on: date | None = None,
    acting: bool = False,
    decision_number: str = "",
) -> Appointment:
    """Put a person in a post. A post may have one holder in full at a time; acting holders may stand beside.

    Raises NotAuthorised, OrganisationRefused.
    """
    post = Post.objects.select_for_update().select_related("unit").get(pk=post_id)
    require(by, Permission.ACCOUNTS_MANAGE, over=post.unit_id)
    wished = Span(starts_on, ends_on)
    holders = Appointment.objects.filter(post=post, acting=False).exclude(person_id=person_id)
    if not acting and any(wished.overlaps(Span(held.starts_on, held.ends_on)) for held in holders):
        raise OrganisationRefused("somebody holds this post in full on one of these days: end that appointment first")
    appointment = Appointment.objects.create(
        person=Person.objects.get(pk=person_id),
        post=post,
        starts_on=starts_on,
        ends_on=ends_on,
        acting=acting,
        decision_number=decision_number,
    )
    journal.record("organisation.appoint", appointment, by=by, over=post.unit_id, details={"person": person_id})
    return appointment


@transaction.atomic
def end_appointment(appointment_id: int, *, ends_on: date, by: Actor, reason: str) -> Appointment:
    """Let an appointment end: from `ends_on` on the person has none of its permissions. Raises NotAuthorised."""
    appointment = Appointment.objects.select_for_update().select_related("post").get(pk=appointment_id)
    require(by, Permission.ACCOUNTS_MANAGE, over=appointment.post.unit_id)
    if ends_on <= appointment.starts_on:
        raise OrganisationRefused("an appointment ends after it starts")
    appointment.ends_on = ends_on
    appointment.save(update_fields=["ends_on"])
    journal.record("organisation.end-appointment", appointment, by=by, over=appointment.post.unit_id, reason=reason)
    return appointment


# --- what the acts share --------------------------------------------------------------------------


def _unit_for_update(unit_id: int) -> Unit:
    return Unit.objects.select_for_update().get(pk=unit_id)


def _check_alive(unit: Unit, day: date) -> None:
    if not Span(unit.starts_on, unit.ends_on).covers(day):
        raise OrganisationRefused(f"{unit.code} does not exist on {day:%d/%m/%Y}")


def _move(unit: Unit, line: Line, superior: int, day: date) -> None:
    edges = dict(Edge.objects.filter(on(day), line=line).values_list("unit_id", "parent_id"))
    if would_make_a_circle(edges, unit.pk, superior):
        raise OrganisationRefused("a unit cannot stand under itself")
    if Edge.objects.filter(unit=unit, line=line, starts_on__gt=day).exists():
        raise OrganisationRefused("a later change of this superior is already recorded: change that first")
    # A second decision of the same day takes the place of the first: the superior of that morning never was.
    if Edge.objects.filter(unit=unit, line=line, starts_on=day).update(parent_id=superior):
        return
    Edge.objects.filter(on(day), unit=unit, line=line).update(ends_on=day)
    Edge.objects.create(unit=unit, parent_id=superior, line=line, starts_on=day)


def _move_those_below(gone: Unit, successor: Unit, day: date) -> None:
    for edge in Edge.objects.filter(on(day), parent=gone).select_related("unit"):
        _move(edge.unit, Line(edge.line), successor.pk, day)


def _end(unit: Unit, day: date) -> None:
    for dated in (UnitName, Edge):
        dated.objects.filter(unit=unit, starts_on=day).delete()  # what began that very morning never was
        dated.objects.filter(on(day), unit=unit).update(ends_on=day)
    unit.ends_on = day
    unit.save(update_fields=["ends_on"])


def _record(kind: SuccessionKind, decided: Decided, pairs: Sequence[tuple[Unit, Unit]], *, by: Actor) -> Succession:
    if not pairs:
        raise OrganisationRefused("a succession names at least one unit that it changes")
    succession = Succession.objects.create(
        code=_free_code(f"{kind}-{pairs[0][0].code}-{decided.effective_on:%Y%m%d}"),
        kind=kind,
        effective_on=decided.effective_on,
        decision_number=decided.number,
        decision_on=decided.decided_on,
        certainty=decided.certainty,
        source=decided.source,
        note=decided.note,
    )
    SuccessionPart.objects.bulk_create(
        SuccessionPart(succession=succession, predecessor=old, successor=new) for old, new in pairs
    )
    for unit in {unit.pk: unit for pair in pairs for unit in pair}.values():
        journal.record(
            f"organisation.{kind}",
            unit,
            by=by,
            over=unit.pk,
            reason=decided.note,
            details={"decision": decided.number},
        )
    queries.look_again(by)
    return succession


def _free_code(wished: str) -> str:
    """The wished code, or with a number behind it when a decision of the same day on the same unit has it already."""
    taken = set(Succession.objects.filter(code__startswith=wished).values_list("code", flat=True))
    numbered = (f"{wished}-{number}" for number in range(2, len(taken) + 3))
    return wished if wished not in taken else next(code for code in numbered if code not in taken)
