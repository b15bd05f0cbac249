"""Dated facts, the tree on a day, and how far a permission reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise


class Line(StrEnum):
    """Which superior: one unit may have one for command and party and another for its profession."""

    COMMAND = "command"
    PARTY = "party"
    PROFESSIONAL = "professional"


class SuccessionKind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    TRANSFER = "transfer"


class Certainty(StrEnum):
    CERTAIN = "certain"
    LESS_CERTAIN = "less_certain"


class Permission(StrEnum):
    """What a post may do. Each reaches the post's own unit and what lies under it on the day."""

    ORGANISATION_VIEW = "organisation.view"
    ORGANISATION_CHANGE = "organisation.change"
    ACCOUNTS_MANAGE = "accounts.manage"
    JOURNAL_VIEW = "journal.view"
    REPORTING_VIEW = "reporting.view"
    REPORTING_WRITE = "reporting.write"
    REPORTING_SUBMIT = "reporting.submit"
    REPORTING_REVIEW = "reporting.review"
    REPORTING_OPEN = "reporting.open"
    REPORTING_CLOSE = "reporting.close"
    SYNTHESIS_WRITE = "synthesis.write"
    SYNTHESIS_FINISH = "synthesis.finish"
    DOCUMENTS_VIEW = "documents.view"
    DOCUMENTS_DRAFT = "documents.draft"
    DOCUMENTS_AGREE = "documents.agree"
    DOCUMENTS_SIGN = "documents.sign"
    DOCUMENTS_ISSUE = "documents.issue"
    DOCUMENTS_RECEIVE = "documents.receive"
    DOCUMENTS_CONFIGURE = "documents.configure"
    PLANNING_VIEW = "planning.view"
    PLANNING_WRITE = "planning.write"
    PLANNING_APPROVE = "planning.approve"
    PLANNING_REPORT = "planning.report"


class OrganisationRefused(Exception):
    """A change that would make the organisation contradict itself; the message says how."""


class NotAuthorised(Exception):
    """The actor's post does not carry this permission over this unit.

    `hidden` is true when the actor may not even know that the unit's thing exists: the face answers "not found".
    """

    def __init__(self, permission: str, *, hidden: bool) -> None:
        super().__init__(f"not authorised: {permission}")
        self.permission = permission
        self.hidden = hidden


@dataclass(frozen=True)
class Span:
    """Half-open days: `starts_on` is the first day, `ends_on` the first day no longer; None while open."""

    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def overlaps(self, other: Span) -> bool:
        starts_before_other_ends = other.ends_on is None or self.starts_on < other.ends_on
        other_starts_before_end = self.ends_on is None or other.starts_on < self.ends_on
        return starts_before_other_ends and other_starts_before_end


def first_overlap(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """The first two spans, in order of their start, that share a day."""
    for earlier, later in pairwise(sorted(spans, key=lambda span: span.starts_on)):
        if earlier.overlaps(later):
            return earlier, later
    return None


@dataclass(frozen=True)
class Tree:
    """Who stands under whom on one day: on one line, or on all of them together.

    `parents` maps a unit's id to its superiors' ids: none for a root, two where lines part.
    """

    day: date
    parents: Mapping[int, tuple[int, ...]]
    order: Mapping[int, tuple[int, str]] = field(default_factory=dict)

    @cached_property
    def children(self) -> Mapping[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for unit, superiors in self.parents.items():
            for superior in superiors:
                found.setdefault(superior, []).append(unit)
        return {unit: tuple(sorted(under, key=lambda u: self.order.get(u, (0, "")))) for unit, under in found.items()}

    @property
    def roots(self) -> tuple[int, ...]:
        found = [unit for unit, superiors in self.parents.items() if not superiors]
        return tuple(sorted(found, key=lambda u: self.order.get(u, (0, ""))))

    def subtree(self, unit: int) -> frozenset[int]:
        """The unit itself and everything under it."""
        return frozenset(self.walk(unit))

    def walk(self, unit: int) -> Iterator[int]:
        """The unit and everything under it, each once, a superior before those under it."""
        seen: set[int] = set()
        waiting = [unit]
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            yield here
            waiting.extend(reversed(self.children.get(here, ())))

    def superiors(self, unit: int) -> tuple[int, ...]:
        return self.parents.get(unit, ())

    def path(self, unit: int) -> tuple[int, ...]:
        """From the root down to the unit, by the first superior of each."""
        steps = [unit]
        while above := self.superiors(steps[-1]):
            if above[0] in steps:
                break
            steps.append(above[0])
        return tuple(reversed(steps))


@dataclass(frozen=True)
class Snapshot:
    """The organisation of one day as plain data: what each unit was called, and its superior on each of its lines."""

    day: date
    names: Mapping[int, str]
    superiors: Mapping[int, Mapping[Line, int]]

    @property
    def tree(self) -> Tree:
        """Who stands under whom on all lines together."""
        return Tree(
            self.day, {unit: tuple(dict.fromkeys(self.superiors.get(unit, {}).values())) for unit in self.names}
        )


@dataclass(frozen=True)
class Difference:
    """What became of one unit between two days.

    `into` are the units that a unit which is gone became part of, `out_of` those that a unit took in or came from;
    `moved` are the lines on which it has another superior.
    """

    is_new: bool = False
    is_gone: bool = False
    old_name: str = ""
    moved: tuple[Line, ...] = ()
    into: tuple[int, ...] = ()
    out_of: tuple[int, ...] = ()


def differences(before: Snapshot, after: Snapshot, heirs: Mapping[int, Collection[int]]) -> dict[int, Difference]:
    """Each unit that is not the same on both days. What is the same is absent.

    `heirs` maps a unit to those that a merge or a split between the two days made of it. A unit whose superior was
    merged away and which now stands under that superior's heir has not moved: it went along.
    """
    last_heirs = {unit: _last_heirs(unit, heirs, after.names) for unit in heirs}
    out_of: dict[int, list[int]] = {}
    for gone, into in last_heirs.items():
        for heir in into:
            if gone != heir:
                out_of.setdefault(heir, []).append(gone)
    found = {}
    for unit in before.names.keys() | after.names.keys():
        is_gone = unit not in after.names
        name, old_name = after.names.get(unit), before.names.get(unit)
        difference = Difference(
            is_new=unit not in before.names,
            is_gone=is_gone,
            old_name=old_name if name and old_name and name != old_name else "",
            moved=_moved(unit, before, after, last_heirs),
            into=last_heirs.get(unit, ()) if is_gone else (),
            out_of=tuple(sorted(out_of.get(unit, ()))),
        )
        if difference != Difference():
            found[unit] = difference
    return found


def _last_heirs(unit: int, heirs: Mapping[int, Collection[int]], living: Mapping[int, str]) -> tuple[int, ...]:
    """The units that live on after a chain of successions: A into B, B into C gives C."""
    found: dict[int, None] = {}
    seen: set[int] = set()
    waiting = [unit]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here in living and here != unit:
            found[here] = None
        waiting.extend(sorted(heirs.get(here, ()), reverse=True))
    return tuple(found)


def _moved(unit: int, before: Snapshot, after: Snapshot, last_heirs: Mapping[int, Collection[int]]) -> tuple[Line, ...]:
    if unit not in before.names or unit not in after.names:
        return ()
    then, now = before.superiors.get(unit, {}), after.superiors.get(unit, {})
    return tuple(
        line
        for line in Line
        if then.get(line) != now.get(line) and now.get(line) not in last_heirs.get(then.get(line, 0), ())
    )


def would_make_a_circle(parents: Mapping[int, int], child: int, parent: int) -> bool:
    """Whether putting `child` under `parent` would put a unit under itself."""
    above: int | None = parent
    while above is not None:
        if above == child:
            return True
        above = parents.get(above)
    return False
