"""What an entry says, how entries are chained, and who an actor is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

START_OF_CHAIN = "0" * 64


@dataclass(frozen=True)
class Actor:
    """Who acts, in which post, and when: built once per request, command or job, by its face.

    The only place where the clock enters: `at` is the instant (aware, UTC), `today` the day where the organisation is.
    An actor without a person is the system itself: the command line of whoever runs the machine.
    """

    person_id: int | None
    person_name: str
    post_id: int | None
    post_title: str
    unit_id: int | None
    permissions: frozenset[str]
    at: datetime
    today: date
    #: What was looked up once for this actor: authority does not change within one request.
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_system(self) -> bool:
        return self.person_id is None


def system_actor(at: datetime, today: date, *, name: str = "nennep") -> Actor:
    """The actor of a command that whoever runs the machine has started."""
    return Actor(None, name, None, "", None, frozenset(), at, today)


@dataclass(frozen=True)
class Sealed:
    """The part of an entry that its digest covers."""

    unit_id: int
    sequence: int
    at: datetime
    act: str
    subject: str
    person_id: int | None
    person_name: str
    post_id: int | None
    post_title: str
    reason: str
    details: Mapping[str, Any]


def digest_of(previous: str, entry: Sealed) -> str:
    """SHA-256 (hex) over the entry and the digest before it: change one and all that follow differ."""
    said = [
        previous,
        entry.unit_id,
        entry.sequence,
        # The database gives an instant back in UTC, whatever clock it was told by.
        entry.at.astimezone(UTC).isoformat(),
        entry.act,
        entry.subject,
        entry.person_id,
        entry.person_name,
        entry.post_id,
        entry.post_title,
        entry.reason,
        entry.details,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(chain: Iterable[tuple[Sealed, str]]) -> int | None:
    """The sequence number at which a unit's chain no longer holds, or None.

    `chain` is every entry of one unit with its stored digest, in order of sequence.
    """
    previous = START_OF_CHAIN
    for expected, (entry, stored) in enumerate(chain, start=1):
        if entry.sequence != expected or digest_of(previous, entry) != stored:
            return expected
        previous = stored
    return None
