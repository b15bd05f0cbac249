"""Acts gathered while a demonstration is made, and written as chains of entries at its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from nennep.demonstration.people import Hand
from nennep.journal.models import Entry, Head
from nennep.journal.rules import START_OF_CHAIN, Sealed, digest_of


class Ids:
    """Numbers for rows of empty tables, given before they are written: a report and its versions name each other."""

    def __init__(self) -> None:
        self._next: dict[str, count[int]] = defaultdict(lambda: count(1))

    def next(self, table: str) -> int:
        return next(self._next[table])


@dataclass(frozen=True)
class Act:
    """One entry to be."""

    unit_id: int
    at: datetime
    act: str
    subject: str
    hand: Hand
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def write_entries(acts: Iterable[Act]) -> int:
    """Chain the acts onto what each unit's chain holds already, in the order of time; returns how many there were.

    The same digests as `journal.record` gives, without a query for each.
    """
    heads = {head.unit_id: (head.sequence, head.digest) for head in Head.objects.all()}
    entries = []
    for told in sorted(acts, key=lambda act: (act.unit_id, act.at)):
        sequence, previous = heads.get(told.unit_id, (0, START_OF_CHAIN))
        sealed = Sealed(
            told.unit_id,
            sequence + 1,
            told.at.astimezone(UTC),
            told.act,
            told.subject,
            told.hand.person_id,
            told.hand.person_name,
            told.hand.post_id,
            told.hand.post_title,
            told.reason,
            dict(told.details),
        )
        digest = digest_of(previous, sealed)
        heads[told.unit_id] = (sealed.sequence, digest)
        entries.append(_entry(sealed, digest))
    Entry.objects.bulk_create(entries, batch_size=2_000)
    Head.objects.bulk_create(
        [Head(unit_id=unit_id, sequence=sequence, digest=digest) for unit_id, (sequence, digest) in heads.items()],
        update_conflicts=True,
        unique_fields=["unit_id"],
        update_fields=["sequence", "digest"],
    )
    return len(entries)


def _entry(sealed: Sealed, digest: str) -> Entry:
    return Entry(
        unit_id=sealed.unit_id,
        sequence=sealed.sequence,
        at=sealed.at,
        act=sealed.act,
        subject=sealed.subject,
        person_id=sealed.person_id,
        person_name=sealed.person_name,
        post_id=sealed.post_id,
        post_title=sealed.post_title,
        reason=sealed.reason,
        details=dict(sealed.details),
        digest=digest,
    )
