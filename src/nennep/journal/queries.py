"""Reading the journal, and finding where it was tampered with."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from nennep.journal.models import Entry, Head
from nennep.journal.rules import first_break
from nennep.one_look import once_a_look


@dataclass(frozen=True)
class Break:
    """A unit's chain does not hold from this entry on."""

    unit_id: int
    sequence: int


def entries(
    units: Collection[int],
    *,
    act: str = "",
    person: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Entries of these units, newest first; `person` is part of a name, `since` inclusive, `until` exclusive."""
    found = Entry.objects.filter(unit_id__in=units)
    if act:
        found = found.filter(act=act)
    if person:
        found = found.filter(person_name__in=_names_like(person))
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found.order_by("-at", "-pk")


def _names_like(part: str) -> list[str]:
    """The names in the journal that hold this part, whatever its case: SQLite itself folds no Đ into đ."""
    names = Entry.objects.order_by().values_list("person_name", flat=True).distinct()
    return [name for name in names if _folded(part) in _folded(name)]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def older_than(found: QuerySet[Entry], entry_id: int) -> QuerySet[Entry]:
    """Of entries that stand newest first, those after this one; all of them when there is no such entry."""
    mark = Entry.objects.filter(pk=entry_id).first()
    if mark is None:
        return found
    return found.filter(Q(at__lt=mark.at) | Q(at=mark.at, pk__lt=mark.pk))


def about(subject: str) -> QuerySet[Entry]:
    """Every entry on one subject (`reporting.report:17`), oldest first."""
    return Entry.objects.filter(subject=subject).order_by("at", "pk")


@once_a_look
def length_of(unit_id: int) -> int:
    """How many entries the chain of a unit has: changes with every act on it, and only then."""
    head = Head.objects.filter(unit_id=unit_id).values_list("sequence", flat=True).first()
    return head or 0


def breaks() -> Iterator[Break]:
    """Walk every chain; say where one was changed, reordered or cut."""
    for head in Head.objects.order_by("unit_id"):
        place = _broken_at(head)
        if place is not None:
            yield Break(head.unit_id, place)


@dataclass(frozen=True)
class Chain:
    """How a unit's chain stands: how many entries it has, the newest one's digest, and the first that does not hold."""

    length: int
    digest: str
    broken_at: int | None


def chain_of(unit_id: int) -> Chain:
    """Walk one unit's chain from its beginning. Two queries, and time that grows with the unit's own entries."""
    head = Head.objects.filter(unit_id=unit_id).first()
    if head is None:
        return Chain(0, "", 1 if Entry.objects.filter(unit_id=unit_id).exists() else None)
    return Chain(head.sequence, head.digest, _broken_at(head))


def _broken_at(head: Head) -> int | None:
    chain = list(Entry.objects.filter(unit_id=head.unit_id).order_by("sequence"))
    place = first_break((entry.sealed(), entry.digest) for entry in chain)
    if place is not None:
        return place
    if len(chain) != head.sequence:
        return len(chain) + 1
    return None if not chain or chain[-1].digest == head.digest else len(chain)
