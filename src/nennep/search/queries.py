"""What an actor finds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.search import words
from nennep.search.models import Entry
from nennep.search.rules import EVERYBODY, NEEDED, Kind, Piece, Question, excerpt, marked, ranks, read_question


@dataclass(frozen=True)
class Hit:
    """One thing that was found: its title and the stretch of its text that answers, in pieces."""

    kind: Kind
    key: int
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    unit_id: int | None
    dated_on: date

    @property
    def name(self) -> str:
        return "".join(piece.text for piece in self.title)


@dataclass(frozen=True)
class Found:
    """Hits in the order of telling; `after` leads on to the next ones, and is empty when there are none."""

    hits: tuple[Hit, ...]
    after: str = ""


def find(by: Actor, typed: str, *, kinds: Collection[Kind] = (), limit: int = 20, after: str = "") -> Found:
    """What the actor may see that holds every word typed: exact accents first, titles first, newest first.

    `kinds` narrows it; none means all. `after` is that of the page before. At most eleven short queries, however much
    is found.
    """
    question = read_question(typed)
    seen = sight(by, kinds)
    if not question or not seen:
        return Found(())
    ends = words.endings(question.terms)
    first, before = _read_after(after)
    found: list[tuple[int, int]] = []
    for rank, wanted in enumerate(ranks(question)):
        missing = limit + 1 - len(found)
        if rank >= first and missing:
            places = words.find(wanted, ends, seen, before=before if rank == first else None, limit=missing)
            found += [(rank, place) for place in places]
    page = found[:limit]
    more = f"{page[-1][0]}-{page[-1][1]}" if len(found) > limit else ""
    return Found(_hits([place for _, place in page], question, seen), more)


def _read_after(after: str) -> tuple[int, int | None]:
    """The rank and the place to go on from; a text that is none of ours begins at the beginning."""
    rank, _, place = after.partition("-")
    if not (rank.isdecimal() and place.isdecimal() and len(after) <= len("3-") + len(str(1 << 62))):
        return 0, None
    return int(rank), int(place)


def sight(by: Actor, kinds: Collection[Kind] = ()) -> list[words.Seen]:
    """Which kinds the actor may find, each with the units over which; kinds of one reach stand together."""
    own = frozenset() if by.unit_id is None else frozenset({-by.unit_id})
    kinds_over: dict[frozenset[int], set[Kind]] = {}
    for kind in kinds_to_find(by):
        if not kinds or kind in kinds:
            kinds_over.setdefault(organisation.reach(by, NEEDED[kind]), set()).add(kind)
    # What is of an open kind carries the sign of everybody and nothing else does, so it may stand in any group.
    return [words.Seen(frozenset(of), reach | own | {EVERYBODY}) for reach, of in kinds_over.items()]


def kinds_to_find(by: Actor) -> list[Kind]:
    """The kinds of which the actor may find anything."""
    return [kind for kind in Kind if by.is_system or NEEDED[kind] in by.permissions]


def _hits(places: Sequence[int], question: Question, seen: Sequence[words.Seen]) -> tuple[Hit, ...]:
    rows = Entry.objects.in_bulk([words.entry_of(place) for place in places])
    entries = (rows.get(words.entry_of(place)) for place in places)
    return tuple(_hit(entry, question) for entry in entries if entry is not None and _may_see(entry, seen))


def _may_see(entry: Entry, seen: Sequence[words.Seen]) -> bool:
    """Asked once more of the entry itself, so that a stray row of words never shows what it must not."""
    return any(Kind(entry.kind) in one.kinds and not one.units.isdisjoint(entry.seen_by) for one in seen)


def _hit(entry: Entry, question: Question) -> Hit:
    return Hit(
        Kind(entry.kind),
        entry.key,
        marked(entry.title, question),
        excerpt(entry.text, question),
        entry.unit_id,
        entry.dated_on,
    )
