"""The organisation on a day, and what an actor may reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from nennep.journal.rules import Actor
from nennep.one_look import once_a_look
from nennep.organisation.models import Appointment, Edge, Post, Succession, SuccessionPart, Unit, UnitName
from nennep.organisation.rules import Line, NotAuthorised, Permission, Snapshot, Span, SuccessionKind, Tree


def on(day: date) -> Q:
    """The rows that are true on this day."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class NamedUnit(NamedTuple):
    """A unit as it stood on a day: light, for pages name hundreds of them."""

    id: int
    code: str
    kind: str
    name: str
    short_name: str
    place: str
    demonstration: bool


def units_on(day: date, *, ids: Collection[int] | None = None) -> dict[int, NamedUnit]:
    """Every unit that existed on this day with the name it bore, by id. One query whatever their number."""
    return _named(UnitName.objects.filter(on(day), *_alive(day)), ids)


def units_known_by(day: date, *, ids: Collection[int] | None = None) -> dict[int, NamedUnit]:
    """As `units_on`, and units that ended before the day under the last name they bore."""
    if ids is None:
        return dict(_all_known_by(day))
    return _named(UnitName.objects.filter(starts_on__lte=day).order_by("starts_on"), ids)


@once_a_look
def _all_known_by(day: date) -> dict[int, NamedUnit]:
    return _named(UnitName.objects.filter(starts_on__lte=day).order_by("starts_on"), None)


def _alive(day: date) -> tuple[Q, ...]:
    return (Q(unit__starts_on__lte=day), Q(unit__ends_on__isnull=True) | Q(unit__ends_on__gt=day))


def _named(rows: QuerySet[UnitName], ids: Collection[int] | None) -> dict[int, NamedUnit]:
    if ids is not None:
        rows = rows.filter(unit_id__in=ids)
    columns = rows.values_list(
        "unit_id", "unit__code", "unit__kind", "name", "short_name", "unit__place", "unit__demonstration"
    )
    return {row[0]: NamedUnit(*row) for row in columns}


def unit(unit_id: int, day: date) -> NamedUnit:
    """One unit under the name it bears on the day, or the last it bore. Raises Unit.DoesNotExist."""
    found = units_known_by(day, ids=[unit_id])
    if unit_id not in found:
        raise Unit.DoesNotExist
    return found[unit_id]


def ids_by_code(codes: Collection[str] | None = None) -> dict[str, int]:
    units = Unit.objects.all() if codes is None else Unit.objects.filter(code__in=codes)
    return dict(units.values_list("code", "id"))


@once_a_look
def tree_on(day: date, line: Line | None = None) -> Tree:
    """Who stands under whom on this day: on one line, or on all lines together. Two queries."""
    units = Unit.objects.filter(on(day)).values_list("id", "kind", "code")
    edges = Edge.objects.filter(on(day)).order_by("line", "id")
    if line is not None:
        edges = edges.filter(line=line)
    superiors: dict[int, list[int]] = {unit_id: [] for unit_id, _, _ in units}
    for child, parent in edges.values_list("unit_id", "parent_id"):
        if child in superiors and parent in superiors and parent not in superiors[child]:
            superiors[child].append(parent)
    return Tree(
        day,
        {unit_id: tuple(above) for unit_id, above in superiors.items()},
        {unit_id: (0, code) for unit_id, _, code in units},
    )


@dataclass(frozen=True)
class Below:
    """A unit that stood right below another on a line, and for how long."""

    unit_id: int
    line: str
    span: Span


def right_below(unit_id: int) -> list[Below]:
    """Every unit that ever stood right below this one, in the order of their codes. One query."""
    rows = Edge.objects.filter(parent_id=unit_id).order_by("unit__code", "starts_on")
    return [
        Below(unit, line, Span(starts_on, ends_on))
        for unit, line, starts_on, ends_on in rows.values_list("unit_id", "line", "starts_on", "ends_on")
    ]


def days_of_change(units: Collection[int] | None = None) -> list[date]:
    """The days on which a succession (of these units, when given) took effect, oldest first. One query."""
    rows = SuccessionPart.objects.values_list("succession__effective_on", "predecessor_id", "successor_id")
    return sorted({day for day, gone, heir in rows if units is None or gone in units or heir in units})


def ever_under(units: Collection[int]) -> frozenset[int]:
    """These units, and all that ever stood right under one of them on any line. One query."""
    below = Edge.objects.filter(parent__in=units).values_list("unit_id", flat=True)
    return frozenset(units) | frozenset(below)


def successions_between(after: date, until: date) -> QuerySet[Succession]:
    """Successions that took effect after one day and not later than another, with their parts."""
    return (
        Succession.objects.filter(effective_on__gt=after, effective_on__lte=until)
        .prefetch_related("parts")
        .order_by("effective_on", "kind", "code")
    )


@once_a_look
def merged_into() -> Mapping[int, tuple[int, date]]:
    """Units that were merged away: the unit that took them in, and from which day."""
    rows = Succession.objects.filter(kind=SuccessionKind.MERGE).values_list(
        "parts__predecessor_id", "parts__successor_id", "effective_on"
    )
    return {gone: (into, day) for gone, into, day in rows if gone != into}


def heirs_between(after: date, until: date) -> dict[int, set[int]]:
    """What merges and splits that took effect after one day and not later than another made of each unit. One query."""
    rows = SuccessionPart.objects.filter(
        succession__effective_on__gt=after,
        succession__effective_on__lte=until,
        succession__kind__in=[SuccessionKind.MERGE, SuccessionKind.SPLIT],
    ).values_list("predecessor_id", "successor_id")
    found: dict[int, set[int]] = {}
    for gone, heir in rows:
        if gone != heir:
            found.setdefault(gone, set()).add(heir)
    return found


def ended_between(after: date, until: date) -> dict[int, date]:
    """Units that ended after one day and not later than another, with the first day without them. One query."""
    return {
        unit_id: ends_on
        for unit_id, ends_on in Unit.objects.filter(ends_on__gt=after, ends_on__lte=until).values_list("id", "ends_on")
        if ends_on
    }


def snapshot(day: date, units: Mapping[int, NamedUnit]) -> Snapshot:
    """The organisation of a day, for the units that `units_on` found on it. One query."""
    superiors: dict[int, dict[Line, int]] = {}
    for child, parent, line in Edge.objects.filter(on(day)).values_list("unit_id", "parent_id", "line"):
        if child in units and parent in units:
            superiors.setdefault(child, {})[Line(line)] = parent
    return Snapshot(day, {unit.id: unit.name for unit in units.values()}, superiors)


def first_day() -> date | None:
    """The day from which the organisation is known."""
    return Unit.objects.order_by("starts_on").values_list("starts_on", flat=True).first()


# --- one unit over time --------------------------------------------------------------------------


def names_of(unit_ids: Collection[int]) -> dict[int, list[UnitName]]:
    """Every name these units bore, oldest first, by unit. One query."""
    found: dict[int, list[UnitName]] = {unit_id: [] for unit_id in unit_ids}
    for row in UnitName.objects.filter(unit_id__in=unit_ids).order_by("starts_on"):
        found[row.unit_id].append(row)
    return found


def superiors_over_time(unit_id: int) -> QuerySet[Edge]:
    """A unit's superiors on each line, oldest first within a line."""
    return Edge.objects.filter(unit_id=unit_id).select_related("parent").order_by("line", "starts_on")


def successions_of(unit_id: int) -> QuerySet[Succession]:
    """Successions that a unit went into or came out of, with all their parts, newest first."""
    touching = SuccessionPart.objects.filter(Q(predecessor=unit_id) | Q(successor=unit_id)).values("succession")
    return (
        Succession.objects.filter(pk__in=touching).prefetch_related("parts").order_by("-effective_on", "kind", "code")
    )


def posts_of(unit_id: int, day: date) -> list[tuple[Post, list[Appointment]]]:
    """A unit's posts, highest first, each with who holds it on a day: in full before acting. Two queries."""
    posts = list(Post.objects.filter(unit_id=unit_id).order_by("rank_order", "pk"))
    held: dict[int, list[Appointment]] = {post.pk: [] for post in posts}
    rows = Appointment.objects.filter(on(day), post__in=posts).select_related("person").order_by("acting", "starts_on")
    for appointment in rows:
        held[appointment.post_id].append(appointment)
    return [(post, held[post.pk]) for post in posts]


# --- posts and authority -------------------------------------------------------------------------


def appointments_of(person_id: int, day: date) -> QuerySet[Appointment]:
    """The posts a person holds on a day, highest first."""
    return (
        Appointment.objects.filter(on(day), person_id=person_id)
        .select_related("post__unit")
        .order_by("acting", "post__rank_order", "pk")
    )


def reach(by: Actor, permission: Permission) -> frozenset[int]:
    """The ids of the units over which the actor's post carries this permission today.

    Resolved once for each actor: the post's own unit and what lies under it on any line today, and whatever was merged
    into those.
    """
    if permission not in by.permissions and not by.is_system:
        return frozenset()
    return _subtree(by)


def _subtree(by: Actor) -> frozenset[int]:
    if "subtree" not in by.known:
        by.known["subtree"] = _everything() if by.is_system else _below(by)
    subtree: frozenset[int] = by.known["subtree"]
    return subtree


def _everything() -> frozenset[int]:
    return frozenset(Unit.objects.values_list("id", flat=True))


def _below(by: Actor) -> frozenset[int]:
    if by.unit_id is None:
        return frozenset()
    return with_gone(today_tree(by).subtree(by.unit_id), by.today)


def with_gone(units: Collection[int], day: date) -> frozenset[int]:
    """These units and those gone until this day whose papers they keep.

    What was merged left its papers to the unit that took it in; what was split, or ended otherwise, to the superior it
    had on its last day. Two queries.
    """
    found = set(units)
    heirs: dict[int, set[int]] = {}
    for unit, superior in superiors_at_the_end(day):
        heirs.setdefault(unit, set()).add(superior)
    heirs |= {unit: {into} for unit, (into, since) in merged_into().items() if since <= day}
    while gone := {unit for unit, keepers in heirs.items() if keepers & found} - found:
        found |= gone
    return frozenset(found)


def superiors_at_the_end(day: date) -> list[tuple[int, int]]:
    """The units that are gone on a day, each with a superior it had on its last. One query."""
    ended = Edge.objects.filter(unit__ends_on__lte=day, ends_on=F("unit__ends_on"))
    return list(ended.values_list("unit_id", "parent_id"))


def seen_on(by: Actor, tree: Tree) -> frozenset[int]:
    """The units whose place in the tree of another day the actor may see.

    All that stood, on that day, under what is in reach today. So a province still sees the units that were merged into
    it, and those that have since gone elsewhere while they were its own; of units handed to it, it sees the past too.
    """
    today = reach(by, Permission.ORGANISATION_VIEW)
    return frozenset(unit for known in today if known in tree.parents for unit in tree.walk(known))


def today_tree(by: Actor) -> Tree:
    """The tree of all lines on the actor's day, looked up once for each actor."""
    if "tree" not in by.known:
        by.known["tree"] = tree_on(by.today)
    tree: Tree = by.known["tree"]
    return tree


def look_again(by: Actor) -> None:
    """Forget what was looked up for an actor: they have just changed the organisation themselves."""
    for key in ("subtree", "tree"):
        by.known.pop(key, None)


def may(by: Actor, permission: Permission, *, over: int) -> bool:
    return over in reach(by, permission)


def require(by: Actor, permission: Permission, *, over: int) -> None:
    """Raise NotAuthorised unless the actor's post carries the permission over the unit today."""
    if not may(by, permission, over=over):
        raise NotAuthorised(permission, hidden=over not in _subtree(by) or not by.permissions)
